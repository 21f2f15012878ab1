/* The feed of events that the courier reads from the simulated post: its pages, its disorder. */
#include "harness.h"

#include <string.h>

static bool feed_quiet(struct harness *h)
{
    struct tracking_counts counts = tracking_counts(h->tracking);
    static int64_t pages;
    static size_t events;
    bool quiet = h->event_count > 0 && h->event_count == events && counts.pages > pages + 2;

    if (h->event_count != events) {
        events = h->event_count;
        pages = counts.pages;
    }
    return quiet;
}

/* Every event of the post is seen at least once, however the feed misbehaves. */
static void check_all_seen(struct harness *h, int orders)
{
    for (int i = 0; i < orders; i++) {
        const char *number = arena_printf(h->arena, "HS-%d", i);
        int codes = 0;

        for (size_t e = 0; e < h->event_count; e++) {
            if (strcmp(h->events[e].order, number) == 0 && h->events[e].code <= 4)
                codes |= 1 << h->events[e].code;
        }
        CHECK(h, codes == (1 << 1 | 1 << 2 | 1 << 3 | 1 << 4), "%s: codes %x", number, codes);
    }
}

static void order_and_deliver(struct harness *h, int orders)
{
    for (int i = 0; i < orders; i++)
        harness_add(h, i, "order", arena_printf(h->arena, "HS-%d", i));
    harness_start_outbox(h);
    CHECK(h, harness_until(h, harness_all_done), "not delivered");
    for (int i = 0; i < 4; i++) {
        harness_steer(h, "/sim/advance?all=1");
        harness_run_ms(h, 5); /* EventTime has milliseconds */
    }
}

static void test_tracking_reads_all_pages_once(struct harness *h)
{
    size_t before;

    harness_open(h, harness_no_options, NULL);
    order_and_deliver(h, 12); /* 48 events, pages of 5 */
    harness_start_tracking(h);
    CHECK(h, harness_until(h, feed_quiet), "%zu events", h->event_count);
    CHECK(h, h->event_count == 48, "%zu events", h->event_count);
    CHECK(h, h->cursor_saves == 10, "%d saves of the cursor for 10 pages", h->cursor_saves);
    check_all_seen(h, 12);
    before = h->event_count;
    harness_stop_outbox(h);
    h->postal = postal_free(h->postal);
    harness_stop_tracking(h);
    h->postal = postal_new(h->loop, h->mux, &h->target);
    harness_start_tracking(h); /* another courier goes on from the stored cursor */
    harness_run_ms(h, 300);
    CHECK(h, h->event_count == before, "events were read again");
    harness_close(h);
}

static void test_tracking_with_disorder_repeats_and_unknown_codes(struct harness *h)
{
    static const char *const options[] = {
        "--rate", "event_swapped=0.4",   "--rate", "event_twice=0.4",
        "--rate", "event_unknown=0.3",   "--rate", "reset_before=0.1",
        "--rate", "server_error=0.1",    "--rate", "token_expired=0.1",
        "--rate", "no_content_type=0.5", "--rate", "reset_after=0.1",
        NULL};
    int unknown = 0, late = 0;

    harness_open(h, options, NULL);
    order_and_deliver(h, 20);
    harness_start_tracking(h);
    CHECK(h, harness_until(h, feed_quiet), "%zu events", h->event_count);
    check_all_seen(h, 20);
    for (size_t i = 0; i < h->event_count; i++) {
        unknown += h->events[i].code == 99;
        for (size_t j = 0; j < i; j++)
            late += strcmp(h->events[i].order, h->events[j].order) == 0 &&
                    h->events[i].at.us < h->events[j].at.us;
    }
    CHECK(h, unknown > 0 && late > 0 && h->event_count > 80,
          "the post did not misbehave: %d unknown, %d late, %zu events", unknown, late,
          h->event_count);
    harness_close(h);
}

static void test_tracking_keeps_the_cursor_when_an_event_is_not_written(struct harness *h)
{
    harness_open(h, harness_no_options, NULL);
    order_and_deliver(h, 3);
    h->fail_event = 3;
    harness_start_tracking(h);
    CHECK(h, harness_until(h, feed_quiet), "%zu events", h->event_count);
    check_all_seen(h, 3);
    CHECK(h, h->event_count > 12, "the page of the failed event was not read again");
    harness_close(h);
}

static const struct harness_test tests[] = {
    HARNESS_TEST(tracking_reads_all_pages_once),
    HARNESS_TEST(tracking_with_disorder_repeats_and_unknown_codes),
    HARNESS_TEST(tracking_keeps_the_cursor_when_an_event_is_not_written),
};

int main(int argc, char **argv)
{
    return harness_run_all(tests, DVC_COUNT(tests), argc, argv);
}
