#include "harness.h"

#include "base/json.h"
#include "base/num.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define POST_ARGS_MAX 32
#define PATIENCE_US                                                                                \
    (60 * US_PER_SECOND) /* a busy machine is slow; what is broken never gets there */

/* ---- the post ---- */

static const char *journal_of(struct harness *h)
{
    return arena_printf(h->arena, "%s/journal", h->folder);
}

static void run_post(struct harness *h, int out)
{
    const char *args[POST_ARGS_MAX] = {getenv("POSTSIM"),
                                       "--journal",
                                       journal_of(h),
                                       "--port",
                                       arena_printf(h->arena, "%d", h->port),
                                       "--parent-pid",
                                       arena_printf(h->arena, "%d", getpid())};
    size_t n = 7;
    char *argv[POST_ARGS_MAX];

    for (const char *const *o = h->post_options; o != NULL && *o != NULL; o++)
        args[n++] = *o;
    memcpy(argv, args, sizeof(argv));
    h->post = fork();
    if (h->post == 0) {
        dup2(out, STDOUT_FILENO);
        execv(argv[0], argv);
        _exit(127);
    }
}

void harness_restart_post(struct harness *h)
{
    char line[64] = "";
    int64_t port = 0;
    int pipe_fds[2];
    ssize_t n;

    DVC_REQUIRE(pipe2(pipe_fds, O_CLOEXEC) == 0);
    run_post(h, pipe_fds[1]);
    close(pipe_fds[1]);
    n = read(pipe_fds[0], line, sizeof(line) - 1);
    close(pipe_fds[0]);
    DVC_REQUIRE(n > 5 && num_parse_i64(slice_trim((struct slice){line + 5, (size_t)n - 5}), 1,
                                       65535, &port) == 0);
    h->port = (int)port;
}

void harness_kill_post(struct harness *h)
{
    if (h->post == 0)
        return;
    kill(h->post, SIGKILL);
    waitpid(h->post, NULL, 0);
    h->post = 0;
}

/* ---- the in-memory port ---- */

static struct stored *find(struct harness *h, const struct outbox_item *item)
{
    return &h->items[item->id];
}

static bool lane_blocked(struct harness *h, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (h->items[i].item.dossier_id == h->items[index].item.dossier_id &&
            h->items[i].state != STORED_DONE &&
            !(h->loose_claim && h->items[i].state == STORED_CLAIMED))
            return true;
    }
    return false;
}

static void port_claim(void *ctx, int max, uint64_t ticket)
{
    struct outbox_item items[64];
    struct harness *h = ctx;
    size_t n = 0;

    for (size_t i = 0; i < h->item_count && n < (size_t)max && n < DVC_COUNT(items); i++) {
        struct stored *s = &h->items[i];

        if (s->state == STORED_TODO && s->next_at.us <= loop_now(h->loop).us &&
            !lane_blocked(h, i)) {
            s->state = STORED_CLAIMED;
            s->claims++;
            items[n++] = s->item;
        }
    }
    outbox_claimed(h->outbox, ticket, true, items, n);
}

/* False when the write is to fail. */
static bool may_save(struct harness *h, uint64_t ticket)
{
    if (h->fail_saves > 0) {
        h->fail_saves--;
        outbox_saved(h->outbox, ticket, false);
        return false;
    }
    return true;
}

static void put(struct harness *h, const struct outbox_item *item, enum stored_state state,
                wall_t at, const struct attempt *attempt, uint64_t ticket)
{
    struct stored *s = find(h, item);

    if (!may_save(h, ticket))
        return;
    s->state = state;
    s->next_at = at;
    s->saves++;
    if (attempt != NULL) {
        s->item.attempts++;
        s->item.strikes += retry_strike(attempt->result);
        s->last = attempt->result;
        s->last_status = attempt->status;
    }
    outbox_saved(h->outbox, ticket, true);
}

static void port_done(void *ctx, const struct outbox_item *item, const struct attempt *attempt,
                      uint64_t ticket)
{
    put(ctx, item, STORED_DONE, WALL_NONE, attempt, ticket);
}

static void port_retry(void *ctx, const struct outbox_item *item, wall_t at,
                       const struct attempt *attempt, uint64_t ticket)
{
    put(ctx, item, STORED_TODO, at, attempt, ticket);
}

static void port_dead(void *ctx, const struct outbox_item *item, const struct attempt *attempt,
                      uint64_t ticket)
{
    put(ctx, item, STORED_DEAD, WALL_NONE, attempt, ticket);
}

static void port_release(void *ctx, const struct outbox_item *item, uint64_t ticket)
{
    struct harness *h = ctx;

    h->releases++;
    put(h, item, STORED_TODO, WALL_NONE, NULL, ticket);
}

static void port_heartbeat(void *ctx)
{
    struct harness *h = ctx;

    h->heartbeats++;
}

static void port_load_cursor(void *ctx, const char *customer_code, uint64_t ticket)
{
    struct harness *h = ctx;

    (void)customer_code;
    tracking_loaded(h->tracking, ticket, true, h->cursor[0] == '\0' ? NULL : h->cursor);
}

static void port_post_event(void *ctx, const struct vnpost_event *event, uint64_t ticket)
{
    struct harness *h = ctx;
    struct seen_event *seen = &h->events[h->event_count];

    if (h->fail_event > 0 && --h->fail_event == 0) {
        tracking_saved(h->tracking, ticket, false);
        return;
    }
    DVC_REQUIRE(h->event_count < EVENTS_MAX && strlen(event->order_number) < sizeof(seen->order));
    memcpy(seen->id, event->id, sizeof(seen->id));
    memcpy(seen->order, event->order_number, strlen(event->order_number) + 1);
    seen->code = event->status_code;
    seen->at = event->at;
    h->event_count++;
    tracking_saved(h->tracking, ticket, true);
}

static void port_save_cursor(void *ctx, const char *customer_code, const char *last_id,
                             uint64_t ticket)
{
    struct harness *h = ctx;

    (void)customer_code;
    memcpy(h->cursor, last_id, sizeof(h->cursor));
    h->cursor_saves++;
    tracking_saved(h->tracking, ticket, true);
}

/* ---- the courier ---- */

static void on_alarm(void *ctx)
{
    struct harness *h = ctx;

    h->alarmed = true;
    loop_stop(h->loop);
}

static void set_target(struct harness *h, const char *secret)
{
    const char *base = arena_printf(h->arena, "http://127.0.0.1:%d", h->port);

    h->agencies[0] = "H24";
    h->province = (struct carrier_province){"31", 18};
    h->customer = (struct carrier_customer){
        .code = "KH01",
        .key = "khoa",
        .secret = secret == NULL ? "bi-mat" : secret,
        .agencies = h->agencies,
        .agency_count = 1,
        .sender = {"Trung tâm", "18 Hoàng Diệu", "02253000000", NULL, 18, 1800}};
    h->target =
        (struct vnpost_target){.id = "vnpost",
                               .token_url = arena_printf(h->arena, "%s/token", base),
                               .order_url = arena_printf(h->arena, "%s/order/post", base),
                               .cancel_url = arena_printf(h->arena, "%s/order/cancel", base),
                               .tracking_url = arena_printf(h->arena, "%s/order/tracking", base),
                               .max_in_flight = 4,
                               .page_size = 5,
                               .connect_timeout_ms = 500,
                               .request_timeout_ms = 1500,
                               .tracking_ms = 50,
                               .customers = &h->customer,
                               .customer_count = 1,
                               .provinces = &h->province,
                               .province_count = 1};
}

const char *const harness_no_options[] = {NULL};

void harness_open(struct harness *h, const char *const *post_options, const char *secret)
{
    struct curlmux_options options = {.connect_timeout_ms = 500,
                                      .timeout_ms = 5000,
                                      .body_max = (size_t)4 << 20,
                                      .host_connections = 4};

    memset(h, 0, sizeof(*h));
    h->arena = arena_new();
    memcpy(h->folder, "/tmp/courier-XXXXXX", 20);
    DVC_REQUIRE(mkdtemp(h->folder) != NULL);
    h->post_options = post_options;
    harness_restart_post(h);
    h->loop = loop_new();
    h->alarm = loop_timer_new(h->loop, on_alarm, h);
    h->mux = curlmux_new(h->loop, &options);
    DVC_REQUIRE(h->mux != NULL);
    set_target(h, secret);
    h->postal = postal_new(h->loop, h->mux, &h->target);
}

void harness_stop_outbox(struct harness *h)
{
    h->outbox = outbox_free(h->outbox);
}

void harness_stop_tracking(struct harness *h)
{
    h->tracking = tracking_free(h->tracking);
}

void harness_close(struct harness *h)
{
    h->postal = postal_free(h->postal);
    harness_stop_outbox(h);
    harness_stop_tracking(h);
    h->mux = curlmux_free(h->mux);
    loop_timer_free(h->alarm);
    loop_free(h->loop);
    harness_kill_post(h);
    unlink(journal_of(h));
    rmdir(h->folder);
    arena_free(h->arena);
}

void harness_start_outbox(struct harness *h)
{
    struct outbox_port port = {.ctx = h,
                               .claim = port_claim,
                               .done = port_done,
                               .retry = port_retry,
                               .dead = port_dead,
                               .release = port_release,
                               .heartbeat = port_heartbeat};
    struct outbox_channel channel = postal_channel(h->postal);
    struct outbox_options options = OUTBOX_OPTIONS_DEFAULT;

    options.retry = (struct retry_policy){.min_us = 20000, .max_us = 300000, .strikes_max = 3};
    if (h->attempts_max > 0)
        options.retry.strikes_max = h->attempts_max;
    options.heartbeat_us = 100000;
    options.save_again_us = 50000;
    options.idle_us = 200000;
    h->outbox = outbox_new(h->loop, &port, &channel, 1, &options);
    outbox_start(h->outbox);
}

void harness_start_tracking(struct harness *h)
{
    struct tracking_port port = {.ctx = h,
                                 .load_cursor = port_load_cursor,
                                 .post_event = port_post_event,
                                 .save_cursor = port_save_cursor};
    struct tracking_options options = TRACKING_OPTIONS_DEFAULT;

    options.retry = (struct retry_policy){.min_us = 20000, .max_us = 200000};
    h->tracking = tracking_new(h->loop, h->postal, &port, &options);
    tracking_start(h->tracking);
}

size_t harness_add(struct harness *h, int64_t dossier, const char *topic, const char *number)
{
    struct stored *s = &h->items[h->item_count];
    const char *body = arena_printf(
        h->arena,
        "{\"direction\":\"return\",\"order_number\":\"%s\",\"agency\":\"H24.15\",\"dossier\":"
        "\"HS%lld\",\"procedure\":\"Thủ tục\",\"citizen\":{\"name\":\"Nguyễn Văn An\","
        "\"address\":\"1 Lạch Tray\",\"tel\":\"0912000000\",\"province\":\"31\"}}",
        number, (long long)dossier);

    DVC_REQUIRE(h->item_count < ITEMS_MAX);
    *s = (struct stored){.item = {.id = (int64_t)h->item_count,
                                  .dossier_id = dossier,
                                  .channel = "vnpost",
                                  .topic = topic,
                                  .key = number,
                                  .body = slice_str(body),
                                  .created_at = loop_now(h->loop)},
                         .next_at = WALL_NONE};
    return h->item_count++;
}

bool harness_until(struct harness *h, bool (*done)(struct harness *h))
{
    mono_t end = {mono_now().us + PATIENCE_US};

    while (!done(h)) {
        if (mono_now().us >= end.us)
            return false;
        harness_run_ms(h, 10);
    }
    return true;
}

void harness_run_ms(struct harness *h, int ms)
{
    loop_timer_start(h->alarm, (int64_t)ms * 1000);
    DVC_REQUIRE(loop_run(h->loop) == 0);
}

bool harness_all_done(struct harness *h)
{
    for (size_t i = 0; i < h->item_count; i++) {
        if (h->items[i].state != STORED_DONE)
            return false;
    }
    return true;
}

bool harness_all_settled(struct harness *h)
{
    for (size_t i = 0; i < h->item_count; i++) {
        if (h->items[i].state != STORED_DONE && h->items[i].state != STORED_DEAD)
            return false;
    }
    return true;
}

/* ---- control calls ---- */

struct control {
    struct harness *h;
    struct value *value;
    bool over;
};

static void on_control(void *ctx, const struct mux_answer *answer)
{
    struct control *control = ctx;
    struct json_error error;

    control->over = true;
    if (answer->result != MUX_ANSWERED || answer->status != 200 ||
        json_parse(control->h->arena, arena_slice(control->h->arena, answer->body), 16,
                   &control->value, &error) != 0)
        control->value = NULL;
    loop_stop(control->h->loop);
}

static struct value *control_call(struct harness *h, const char *path, bool post)
{
    struct control control = {.h = h};
    struct mux_request request = {
        .post = post,
        .url = arena_printf(h->arena, "http://127.0.0.1:%d%s", h->port, path),
        .connect_timeout_ms = 60000,
        .timeout_ms = 60000};

    curlmux_start(h->mux, &request, on_control, &control);
    while (!control.over)
        DVC_REQUIRE(loop_run(h->loop) == 0);
    return control.value;
}

struct value *harness_steer(struct harness *h, const char *path)
{
    return control_call(h, path, true);
}

struct value *harness_look(struct harness *h, const char *path)
{
    return control_call(h, path, false);
}

int64_t harness_accepted(struct harness *h)
{
    return value_get_int(harness_look(h, "/sim/summary"), "accepted", -1);
}

int harness_run_all(const struct harness_test *tests, size_t count, int argc, char **argv)
{
    static struct harness h;
    int failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("1..%zu\n", count);
    for (size_t i = 0; i < count; i++) {
        if (argc > 1 && strcmp(argv[1], tests[i].name) != 0)
            continue;
        tests[i].run(&h);
        printf("%sok %zu - %s\n", h.failed ? "not " : "", i + 1, tests[i].name);
        failed += h.failed;
    }
    return failed > 0;
}
