/* Calls by curl beside the loop, against the simulated post: each ends once, no answer is too
 * large. */
#include "harness.h"

#include <string.h>

static bool no_call_runs(struct harness *h)
{
    return curlmux_running(h->mux) == 0;
}

struct tally {
    int calls;
    enum mux_result result;
    size_t body;
};

static void on_tally(void *ctx, const struct mux_answer *answer)
{
    struct tally *tally = ctx;

    tally->calls++;
    tally->result = answer->result;
    tally->body = answer->body.len;
}

static void test_curlmux_ends_each_call_once(struct harness *h)
{
    static const struct {
        const char *url;
        enum mux_result result;
    } rows[] = {{"http://127.0.0.1:1/", MUX_UNREACHED},
                {"ftp://127.0.0.1/", MUX_BAD_CALL},
                {"file:///etc/passwd", MUX_BAD_CALL},
                {"http://", MUX_BAD_CALL},
                {NULL, MUX_ANSWERED},
                {NULL, MUX_UNTRUSTED},
                {NULL, MUX_CANCELLED}};
    struct tally tallies[DVC_COUNT(rows)] = {0};
    uint64_t last = 0;

    harness_open(h, harness_no_options, NULL);
    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        const char *scheme = rows[i].result == MUX_UNTRUSTED ? "https" : "http";
        struct mux_request request = {
            .url = rows[i].url != NULL
                       ? rows[i].url
                       : arena_printf(h->arena, "%s://127.0.0.1:%d/sim/summary", scheme, h->port),
            /* Reading the bundle of certificates counts as connecting. */
            .connect_timeout_ms = 60000,
            .timeout_ms = 60000};

        last = curlmux_start(h->mux, &request, on_tally, &tallies[i]);
        CHECK(h, tallies[i].calls == 0, "called back before start returned");
    }
    curlmux_cancel(h->mux, last);
    curlmux_cancel(h->mux, last);
    CHECK(h, harness_until(h, no_call_runs), "calls are left");
    for (size_t i = 0; i < DVC_COUNT(rows); i++)
        CHECK(h, tallies[i].calls == 1 && tallies[i].result == rows[i].result,
              "call %zu: %d times, result %d", i, tallies[i].calls, tallies[i].result);
    CHECK(h, curlmux_tls_is_openssl(), "libcurl of another flavour than OpenSSL");
    harness_close(h);
}

static void test_curlmux_caps_the_body(struct harness *h)
{
    struct curlmux_options options = {
        .connect_timeout_ms = 60000, .timeout_ms = 60000, .body_max = 100, .host_connections = 2};
    struct tally tally = {0};
    struct mux_request request;
    struct curlmux *mux;

    harness_open(h, harness_no_options, NULL);
    request = (struct mux_request){
        .url = arena_printf(h->arena, "http://127.0.0.1:%d/sim/summary", h->port)};
    mux = curlmux_new(h->loop, &options);
    curlmux_start(mux, &request, on_tally, &tally);
    for (int i = 0; i < 6000 && tally.calls == 0; i++)
        harness_run_ms(h, 10);
    CHECK(h, tally.calls == 1 && tally.result == MUX_TOO_LARGE, "result %d", tally.result);
    curlmux_start(mux, &request, on_tally, &tally);
    curlmux_free(mux);
    CHECK(h, tally.calls == 2 && tally.result == MUX_CANCELLED, "not told at the teardown");
    harness_close(h);
}

static const struct harness_test tests[] = {
    HARNESS_TEST(curlmux_ends_each_call_once),
    HARNESS_TEST(curlmux_caps_the_body),
};

int main(int argc, char **argv)
{
    return harness_run_all(tests, DVC_COUNT(tests), argc, argv);
}
