/* Orders that the courier brings to the real simulated post: each of its misbehaviours, kills and
 * absences. */
#include "harness.h"

#include <string.h>

static struct value *order_at(const struct value *look, size_t i)
{
    return value_at(value_get(look, "orders"), i);
}

/* One order that meets `kind` first and must get there in at most so many attempts: libcurl itself
 * repeats a call whose kept-alive connection was reset before an answer began. */
static void one_through(struct harness *h, const char *kind, int attempts, int64_t status)
{
    CHECK(h, harness_steer(h, arena_printf(h->arena, "/sim/fault?kind=%s", kind)) != NULL, "%s",
          kind);
    harness_add(h, 1, "order", "HS-1");
    harness_start_outbox(h);
    CHECK(h, harness_until(h, harness_all_done), "%s: state %d", kind, h->items[0].state);
    CHECK(h, h->items[0].item.attempts <= attempts, "%s: %d attempts", kind,
          h->items[0].item.attempts);
    CHECK(h, h->items[0].last_status == status, "%s: Status %lld", kind,
          (long long)h->items[0].last_status);
    CHECK(h, harness_accepted(h) == 1, "%s", kind);
}

static void run_one_through(const char *kind, int attempts, int64_t status, struct harness *h)
{
    static const char *const options[] = {"--slow-ms", "4000", "--retry-after", "1", NULL};

    harness_open(h, options, NULL);
    one_through(h, kind, attempts, status);
    harness_close(h);
}

static void test_an_order_gets_there(struct harness *h)
{
    struct value *order;

    harness_open(h, harness_no_options, NULL);
    harness_add(h, 1, "order", "HS-1-R");
    harness_start_outbox(h);
    CHECK(h, harness_until(h, harness_all_done), "not delivered");
    CHECK(h, h->items[0].item.attempts == 1 && h->items[0].last_status == 100, "%lld",
          (long long)h->items[0].last_status);
    order = order_at(harness_look(h, "/sim/orders"), 0);
    CHECK(h, value_count(value_get(order, "body")) == 17, "%zu fields",
          value_count(value_get(order, "body")));
    CHECK(h, slice_is(value_get_text(value_get(order, "body"), "ReceiverName"), "Nguyễn Văn An"),
          "receiver");
    CHECK(h, h->heartbeats >= 1, "no heartbeat");
    harness_close(h);
}

static void test_expired_token_is_renewed_within_the_attempt(struct harness *h)
{
    run_one_through("token_expired", 1, 100, h);
}

static void test_too_many_waits_and_comes_back(struct harness *h)
{
    mono_t start = mono_now();

    run_one_through("too_many", 2, 100, h);
    CHECK(h, mono_now().us - start.us >= US_PER_SECOND, "came back before Retry-After");
}

static void test_server_error(struct harness *h)
{
    run_one_through("server_error", 2, 100, h);
}

static void test_reset_before_accepting(struct harness *h)
{
    run_one_through("reset_before", 2, 100, h);
}

static void test_status_as_text(struct harness *h)
{
    run_one_through("status_text", 1, 100, h);
}

static void test_no_content_type(struct harness *h)
{
    run_one_through("no_content_type", 1, 100, h);
}

/* The order arrives, its answer does not: sent again it must find 101 and count as delivered.
 */
static void lost_answer(struct harness *h, const char *kind)
{
    static const char *const options[] = {"--slow-ms", "4000", NULL};

    harness_open(h, options, NULL);
    harness_add(h, 1, "order", "HS-0");
    harness_start_outbox(h); /* fetches the token, so that the fault meets an order */
    CHECK(h, harness_until(h, harness_all_done), "%s: first", kind);
    harness_steer(h, arena_printf(h->arena, "/sim/fault?kind=%s", kind));
    harness_add(h, 2, "order", "HS-1");
    CHECK(h, harness_until(h, harness_all_done), "%s: state %d", kind, h->items[1].state);
    CHECK(h, h->items[1].item.attempts <= 2 && h->items[1].last_status == 101,
          "%s: %d attempts, Status %lld", kind, h->items[1].item.attempts,
          (long long)h->items[1].last_status);
    CHECK(h, harness_accepted(h) == 2, "%s", kind);
    harness_close(h);
}

static void test_reset_after_accepting(struct harness *h)
{
    lost_answer(h, "reset_after");
}

static void test_slow_beyond_our_limit(struct harness *h)
{
    lost_answer(h, "slow");
}

static void test_refused_is_dead_and_blocks_its_lane_only(struct harness *h)
{
    size_t first, behind, other;

    harness_open(h, harness_no_options, NULL);
    harness_steer(h, "/sim/fault?kind=refused&count=1");
    first = harness_add(h, 1, "order", "HS-1");
    behind = harness_add(h, 1, "cancel", "HS-1");
    other = harness_add(h, 2, "order", "HS-2");
    harness_start_outbox(h);
    harness_run_ms(h, 600);
    CHECK(h, h->items[first].state == STORED_DEAD && h->items[first].last == ATTEMPT_REFUSED,
          "state %d, %s", h->items[first].state, attempt_code(h->items[first].last));
    CHECK(h, h->items[first].item.attempts == 1, "tried again after a refusal");
    CHECK(h, h->items[behind].state == STORED_TODO && h->items[behind].item.attempts == 0,
          "what waits behind a dead letter went out");
    CHECK(h, h->items[other].state == STORED_DONE, "another lane was held up");
    h->items[first].state = STORED_TODO; /* a person retries it */
    CHECK(h, harness_until(h, harness_all_done), "the lane did not go on");
    harness_close(h);
}

static void test_lanes_keep_their_order(struct harness *h)
{
    int64_t last[10] = {0};
    struct value *look;

    harness_open(h, harness_no_options, NULL);
    harness_steer(h, "/sim/rate?kind=reset_before&rate=0.2");
    harness_steer(h, "/sim/rate?kind=server_error&rate=0.2");
    for (int i = 0; i < 60; i++)
        harness_add(h, i % 10, "order", arena_printf(h->arena, "HS-%d-%d", i % 10, i / 10));
    harness_start_outbox(h);
    CHECK(h, harness_until(h, harness_all_done), "not all delivered");
    look = harness_look(h, "/sim/orders?brief=1");
    CHECK(h, value_count(value_get(look, "orders")) == 60, "%zu orders",
          value_count(value_get(look, "orders")));
    for (size_t i = 0; i < value_count(value_get(look, "orders")); i++) {
        const char *number = value_get_str(order_at(look, i), "number"); /* HS-lane-n */
        int lane = number[3] - '0';

        CHECK(h, number[5] - '0' == last[lane], "%s came out of order", number);
        last[lane]++;
    }
    harness_close(h);
}

static void test_a_lane_claimed_whole_is_held_by_the_loop_itself(struct harness *h)
{
    struct value *look;

    harness_open(h, harness_no_options, NULL);
    h->loose_claim = true;
    for (int i = 0; i < 3; i++)
        harness_add(h, 1, "order", arena_printf(h->arena, "HS-%d", i));
    harness_add(h, 2, "order", "HS-9");
    harness_steer(h, "/sim/fault?kind=server_error&count=2"); /* the token's, then an order's */
    harness_start_outbox(h);
    CHECK(h, harness_until(h, harness_all_done), "not delivered");
    CHECK(h, h->releases >= 2, "%d released behind a failed item", h->releases);
    look = harness_look(h, "/sim/orders?brief=1");
    for (size_t i = 0, next = 0; i < 4; i++) {
        const char *number = value_get_str(order_at(look, i), "number");

        if (number[3] != '9')
            CHECK(h, number[3] - '0' == (int)next++, "%s came out of order", number);
    }
    harness_close(h);
}

static void test_denied_keys_are_dead_after_the_limit(struct harness *h)
{
    static const char *const options[] = {"--customer", "khoa:bi-mat:KH01", NULL};

    harness_open(h, options, "sai");
    harness_add(h, 1, "order", "HS-1");
    harness_start_outbox(h);
    CHECK(h, harness_until(h, harness_all_settled), "goes on for ever");
    CHECK(h, h->items[0].state == STORED_DEAD && h->items[0].last == ATTEMPT_DENIED, "%s",
          attempt_code(h->items[0].last));
    CHECK(h, h->items[0].item.attempts == 3, "%d attempts", h->items[0].item.attempts);
    harness_close(h);
}

static void test_invalid_items_are_dead_without_a_call(struct harness *h)
{
    harness_open(h, harness_no_options, NULL);
    harness_add(h, 1, "order", "");
    harness_add(h, 2, "dance", "HS-2");
    h->items[harness_add(h, 3, "order", "HS-3")].item.body = SLICE_LIT("{");
    h->items[harness_add(h, 4, "order", "HS-4")].item.channel = "nowhere";
    harness_start_outbox(h);
    CHECK(h, harness_until(h, harness_all_settled), "not settled");
    for (size_t i = 0; i < h->item_count; i++)
        CHECK(h, h->items[i].state == STORED_DEAD && h->items[i].last == ATTEMPT_INVALID,
              "item %zu: %s", i, attempt_code(h->items[i].last));
    CHECK(h, harness_accepted(h) == 0, "something was sent");
    harness_close(h);
}

static void test_cancel_goes_after_its_order(struct harness *h)
{
    harness_open(h, harness_no_options, NULL);
    harness_add(h, 1, "order", "HS-1");
    harness_add(h, 1, "cancel", "HS-1");
    harness_start_outbox(h);
    CHECK(h, harness_until(h, harness_all_done), "not delivered");
    CHECK(h, value_get_int(order_at(harness_look(h, "/sim/orders"), 0), "code", 0) == 7,
          "not cancelled");
    harness_close(h);
}

static bool some_done(struct harness *h)
{
    return outbox_counts(h->outbox).delivered > 0;
}

static void test_post_killed_and_away_loses_nothing(struct harness *h)
{
    mono_t back;

    harness_open(h, harness_no_options, NULL);
    for (int i = 0; i < 400; i++)
        harness_add(h, i, "order", arena_printf(h->arena, "HS-%d", i));
    harness_start_outbox(h);
    CHECK(h, harness_until(h, some_done), "none delivered");
    harness_kill_post(h);
    harness_run_ms(h, 1200);
    CHECK(h, !harness_all_settled(h), "settled with nobody there");
    harness_restart_post(h);
    back = mono_now();
    CHECK(h, harness_until(h, harness_all_done), "not delivered after its return");
    printf("# all delivered %lld ms after the return\n",
           (long long)(mono_now().us - back.us) / 1000);
    harness_steer(h, "/sim/away?seconds=1&how=hang");
    harness_add(h, 1000, "order", "HS-1000");
    CHECK(h, harness_until(h, harness_all_done), "not delivered after hanging");
    CHECK(h, harness_accepted(h) == 401, "orders");
    harness_close(h);
}

static void test_storm_of_everything_accepts_each_once(struct harness *h)
{
    static const char *const options[] = {"--seed",
                                          "11",
                                          "--slow-ms",
                                          "4000",
                                          "--retry-after",
                                          "0",
                                          "--rate",
                                          "slow=0.02",
                                          "--rate",
                                          "token_expired=0.05",
                                          "--rate",
                                          "too_many=0.1",
                                          "--rate",
                                          "server_error=0.1",
                                          "--rate",
                                          "reset_before=0.1",
                                          "--rate",
                                          "reset_after=0.1",
                                          "--rate",
                                          "status_text=0.5",
                                          NULL};
    struct value *look;

    harness_open(h, options, NULL);
    for (int i = 0; i < 200; i++)
        harness_add(h, i, "order", arena_printf(h->arena, "HS-%d", i));
    /* Every attempt counts towards the limit of those that a wrong key spends, and here most fail.
     */
    h->attempts_max = 100;
    harness_start_outbox(h);
    harness_run_ms(h, 100);
    harness_kill_post(h);
    harness_restart_post(h);
    CHECK(h, harness_until(h, harness_all_done), "not all delivered");
    look = harness_look(h, "/sim/orders?brief=1");
    CHECK(h, value_get_int(look, "count", 0) == 200, "%lld orders for 200 parcels",
          (long long)value_get_int(look, "count", 0));
    harness_close(h);
}

static void test_failed_writes_are_written_again_not_sent_again(struct harness *h)
{
    harness_open(h, harness_no_options, NULL);
    harness_add(h, 1, "order", "HS-1");
    h->fail_saves = 3;
    harness_start_outbox(h);
    CHECK(h, harness_until(h, harness_all_done), "not written");
    CHECK(h, h->items[0].claims == 1 && h->items[0].saves == 1, "%d claims", h->items[0].claims);
    CHECK(h, value_get_int(harness_look(h, "/sim/summary"), "duplicates", -1) == 0, "sent twice");
    harness_close(h);
}

static bool drained;

static void on_drained(void *ctx)
{
    (void)ctx;
    drained = true;
}

static bool is_drained(struct harness *h)
{
    (void)h;
    return drained;
}

static bool four_in_flight(struct harness *h)
{
    return outbox_counts(h->outbox).in_flight == 4;
}

static void test_drain_finishes_what_is_in_flight(struct harness *h)
{
    static const char *const options[] = {"--slow-ms", "200", "--rate", "slow=1", NULL};
    int claimed_after;

    harness_open(h, options, NULL);
    for (int i = 0; i < 20; i++)
        harness_add(h, i, "order", arena_printf(h->arena, "HS-%d", i));
    harness_start_outbox(h);
    CHECK(h, harness_until(h, four_in_flight), "%d in flight, 4 is the target's limit",
          outbox_counts(h->outbox).in_flight);
    drained = false;
    outbox_drain(h->outbox, on_drained, NULL);
    CHECK(h, harness_until(h, is_drained), "does not end");
    claimed_after = (int)outbox_counts(h->outbox).claimed;
    CHECK(h, outbox_counts(h->outbox).held == 0, "still holds");
    for (size_t i = 0; i < 4; i++)
        CHECK(h, h->items[i].state == STORED_DONE, "item %zu in flight was dropped", i);
    CHECK(h, h->releases == 16, "%d released", h->releases);
    harness_run_ms(h, 300);
    CHECK(h, outbox_counts(h->outbox).claimed == claimed_after, "claims while draining");
    harness_close(h);
}

static void test_teardown_gives_back_what_runs(struct harness *h)
{
    static const char *const options[] = {"--slow-ms", "5000", "--rate", "slow=1", NULL};

    harness_open(h, options, NULL);
    for (int i = 0; i < 6; i++)
        harness_add(h, i, "order", arena_printf(h->arena, "HS-%d", i));
    harness_start_outbox(h);
    CHECK(h, harness_until(h, four_in_flight), "not begun");
    h->postal = postal_free(h->postal);
    CHECK(h, h->releases == 4, "%d released", h->releases);
    for (size_t i = 0; i < h->item_count; i++)
        CHECK(h, h->items[i].item.attempts == 0, "a stop counted as an attempt");
    h->outbox = outbox_free(h->outbox);
    h->postal = postal_new(h->loop, h->mux, &h->target);
    harness_close(h);
}

static const struct harness_test tests[] = {
    HARNESS_TEST(an_order_gets_there),
    HARNESS_TEST(expired_token_is_renewed_within_the_attempt),
    HARNESS_TEST(too_many_waits_and_comes_back),
    HARNESS_TEST(server_error),
    HARNESS_TEST(reset_before_accepting),
    HARNESS_TEST(reset_after_accepting),
    HARNESS_TEST(slow_beyond_our_limit),
    HARNESS_TEST(status_as_text),
    HARNESS_TEST(no_content_type),
    HARNESS_TEST(refused_is_dead_and_blocks_its_lane_only),
    HARNESS_TEST(lanes_keep_their_order),
    HARNESS_TEST(a_lane_claimed_whole_is_held_by_the_loop_itself),
    HARNESS_TEST(denied_keys_are_dead_after_the_limit),
    HARNESS_TEST(invalid_items_are_dead_without_a_call),
    HARNESS_TEST(cancel_goes_after_its_order),
    HARNESS_TEST(post_killed_and_away_loses_nothing),
    HARNESS_TEST(storm_of_everything_accepts_each_once),
    HARNESS_TEST(failed_writes_are_written_again_not_sent_again),
    HARNESS_TEST(drain_finishes_what_is_in_flight),
    HARNESS_TEST(teardown_gives_back_what_runs),
};

int main(int argc, char **argv)
{
    return harness_run_all(tests, DVC_COUNT(tests), argc, argv);
}
