/* The courier's port over a real database: what was claimed and not heard of comes again, one
 * dossier that nobody can read holds up no other, and news told twice at the same moment happen
 * once. test_port CONFIG FOLDER */
#include "conf/targets.h"
#include "courier/port.h"
#include "courier/postal.h"
#include "figures/world.h"
#include "service/outrows.h"
#include "service/postal.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEN_MAX 16

struct desk {
    struct world *world;
    struct port *port;
    struct outbox *outbox;
    char seen[SEEN_MAX][64]; /* keys, in the order of delivery */
    size_t seen_count;
    bool drained;
};

static void deliver(void *ctx, struct outbox *outbox, const struct outbox_item *item,
                    uint64_t ticket)
{
    static const struct attempt good = {.result = ATTEMPT_DONE, .retry_after_s = -1};
    static const struct attempt bad = {.result = ATTEMPT_INVALID, .retry_after_s = -1};
    struct desk *desk = ctx;

    if (desk->seen_count < SEEN_MAX)
        snprintf(desk->seen[desk->seen_count++], sizeof(desk->seen[0]), "%s", item->key);
    outbox_delivered(
        outbox, ticket,
        strcmp(item->key, "unreadable") == 0 || strcmp(item->key, "REFUSED-R") == 0 ? &bad : &good);
}

static void desk_open(struct desk *desk, struct world *world, const char *name)
{
    struct outbox_options options = OUTBOX_OPTIONS_DEFAULT;
    struct outbox_channel channel = {
        .name = "vnpost", .ctx = desk, .max_in_flight = 8, .deliver = deliver};
    struct outbox_port port;

    *desk = (struct desk){.world = world};
    desk->port = port_new(world->services[0], name, US_PER_SECOND);
    port = port_outbox(desk->port);
    options.busy_us = 2000;
    options.idle_us = 20000;
    desk->outbox = outbox_new(world->loop, &port, &channel, 1, &options);
    port_serve_outbox(desk->port, desk->outbox);
    outbox_start(desk->outbox);
}

static void on_drained(void *ctx)
{
    ((struct desk *)ctx)->drained = true;
}

static void desk_close(struct desk *desk)
{
    outbox_drain(desk->outbox, on_drained, desk);
    for (int i = 0; i < 12000 && !desk->drained; i++)
        world_run_us(desk->world, 5000);
    CHECK(desk->drained);
    outbox_free(desk->outbox);
    port_free(desk->port);
}

static bool until(struct world *world, const char *sql, int64_t wanted)
{
    for (int i = 0; i < 6000; i++) {
        if (world_number(world, sql) == wanted)
            return true;
        world_run_us(world, 10000);
    }
    return false;
}

static void test_lost_claim(struct world *world)
{
    struct desk desk;

    tap_about("a claim that was committed and whose answer got lost");
    world_sql(world, "INSERT INTO outbox (dossier_id, channel, topic, key, body, at) VALUES"
                     " (910001, 'vnpost', 'note', 'first', '{}', now())");
    world_sql(world, "SELECT * FROM outbox_claim_v3('the courier', 64, '{}')");
    CHECK(world_number(world, "SELECT count(*) FROM outbox_retry WHERE courier = 'the courier'") ==
          1);
    desk_open(&desk, world, "the courier");
    CHECK_SAY(until(world, "SELECT count(*) FROM outbox_retry", 0), "it is claimed again");
    CHECK_SAY(desk.seen_count == 1, "and delivered once, not %zu times", desk.seen_count);
    desk_close(&desk);
}

static void test_unreadable(struct world *world)
{
    struct desk desk;

    tap_about("a dossier that nobody can read");
    world_sql(world, "UPDATE dossier SET state = 'no_such_state' WHERE id = 1;"
                     "INSERT INTO outbox (dossier_id, channel, topic, key, body, at) VALUES"
                     " (1, 'vnpost', 'order', 'unreadable', '{\"parcel\": 1}', now()),"
                     " (910002, 'vnpost', 'note', 'another', '{}', now())");
    desk_open(&desk, world, "second");
    CHECK_SAY(until(world,
                    "SELECT count(*) FROM outbox_retry WHERE key = 'unreadable'"
                    " AND dead_at IS NOT NULL",
                    1),
              "its own lane waits for a person");
    CHECK_SAY(until(world, "SELECT count(*) FROM outbox_retry WHERE key = 'another'", 0) &&
                  desk.seen_count == 2,
              "another lane goes on");
    desk_close(&desk);
    world_sql(world, "DELETE FROM outbox_retry; UPDATE dossier SET clock = 'ended' WHERE id = 1");
    world->dossiers[0] = 0;
}

static void on_saved(void *ctx, bool saved)
{
    struct world *world = ctx;

    world->pending--;
    CHECK(saved);
}

static void test_told_twice(struct world *world)
{
    const struct vnpost_target *target = world->generation->targets->vnposts[0];
    struct postal_news news = {.source_id = "65f000000000000000000001",
                               .order_number = "TWICE-R",
                               .status_code = 9999,
                               .at = loop_now(world->loop)};

    tap_about("the same news by the feed and the webhook at the same moment");
    world_sql(world, "INSERT INTO parcel (dossier_id, no, direction, state, order_number,"
                     " created_at, state_at) VALUES (2, 900, 'return', 'created', 'TWICE-R',"
                     " now(), now())");
    for (int i = 0; i < WORLD_NODES; i++) {
        world->pending++;
        postal_news(world->services[i], target, &news, on_saved, world);
    }
    world_settle(world);
    CHECK_SAY(world_number(world, "SELECT count(*) FROM event WHERE dossier_id = 2"
                                  " AND kind IN ('parcel_news', 'parcel_moved')") == 1,
              "one event");

    tap_about("two couriers hear that the carrier has the order");
    for (int i = 0; i < WORLD_NODES; i++) {
        world->pending++;
        postal_order_answered(world->services[i], 2, "TWICE-R", true, 77, on_saved, world);
    }
    world_settle(world);
    CHECK_SAY(world_number(world, "SELECT count(*) FROM event WHERE dossier_id = 2"
                                  " AND kind = 'parcel_ordered'") == 1,
              "one event");
}

static void test_not_taken(struct world *world)
{
    tap_about("an answer to an order that no dossier knows ends its row all the same");
    world_sql(world, "INSERT INTO outbox_retry (id, dossier_id, channel, topic, key, body,"
                     " created_at, next_at) VALUES (88, 2, 'vnpost', 'order', 'x', '{}', now(),"
                     " now()), (89, 910003, 'vnpost', 'order', 'y', '{}', now(), now())");
    world->pending += 2;
    postal_order_answered(world->services[0], 2, "NOBODY-R", true, 88, on_saved, world);
    postal_order_answered(world->services[0], 910003, "NOBODY-R", true, 89, on_saved, world);
    world_settle(world);
    CHECK(world_number(world, "SELECT count(*) FROM outbox_retry") == 0);
}

static void test_refused(struct world *world)
{
    struct desk desk;

    tap_about("an order that the carrier refuses");
    world_sql(world, "INSERT INTO parcel (dossier_id, no, direction, state, order_number,"
                     " created_at, state_at) VALUES (3, 900, 'return', 'created', 'REFUSED-R',"
                     " now(), now());"
                     "INSERT INTO outbox (dossier_id, channel, topic, key, body, at) VALUES"
                     " (3, 'vnpost', 'order', 'REFUSED-R', '{\"parcel\": 900}', now())");
    desk_open(&desk, world, "third");
    CHECK(until(world,
                "SELECT count(*) FROM outbox_retry WHERE key = 'REFUSED-R'"
                " AND dead_at IS NOT NULL",
                1));
    CHECK_SAY(world_number(world, "SELECT count(*) FROM event WHERE dossier_id = 3"
                                  " AND kind = 'parcel_order_refused'") == 1,
              "is in the dossier's history");
    CHECK_SAY(world_number(world, "SELECT count(*) FROM notice WHERE dossier_id = 3"
                                  " AND kind = 'parcel_order_refused'") == 1,
              "and the desk is told");
    desk_close(&desk);
}

/* As a courier's worker ends: the client goes first, for its answers are saved; then the store
 * gives its last answers, which a feed still takes. */
static void test_ends_with_a_cursor_under_way(struct world *world)
{
    const struct vnpost_target *target = world->generation->targets->vnposts[0];
    struct curlmux_options curl = {.connect_timeout_ms = 1000,
                                   .timeout_ms = 1000,
                                   .body_max = 1u << 20,
                                   .host_connections = 1};
    struct tracking_options options = TRACKING_OPTIONS_DEFAULT;
    struct curlmux *mux = curlmux_new(world->loop, &curl);
    struct postal *postal = postal_new(world->loop, mux, target);
    struct port *port = port_new(world->services[0], "last", US_PER_SECOND);
    struct port_feed *feed = port_feed_new(port, target);
    struct tracking_port tracking_port = port_tracking(feed);
    struct tracking *tracking = tracking_new(world->loop, postal, &tracking_port, &options);

    tap_about("the end of a courier while a cursor is being read");
    port_serve_tracking(feed, tracking);
    tracking_start(tracking);
    world_run_us(world, 0); /* asks for its cursor; the answer comes in a later turn */
    postal_free(postal);
    curlmux_free(mux);
    world->stores[0] = store_free(world->stores[0]);
    CHECK(tracking_counts(tracking).failures > 0);
    tracking_free(tracking);
    port_feed_free(feed);
    port_free(port);
}

int main(int argc, char **argv)
{
    struct world *world = dvc_calloc(1, sizeof(*world));

    if (argc < 3) {
        fprintf(stderr, "usage: test_port CONFIG FOLDER\n");
        return 100;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    world_seed(7);
    world_open(world, argv[1]);
    world_set_time(world, day_at(day_from_ymd(2026, 1, 6), 9 * 60));
    world_submit(world, 4);
    world_sql(world, "DELETE FROM outbox");
    test_lost_claim(world);
    test_unreadable(world);
    test_told_twice(world);
    test_not_taken(world);
    test_refused(world);
    test_ends_with_a_cursor_under_way(world);
    world_close(world);
    free(world);
    return tap_end();
}
