/* The clock's jobs beside the figures: lease, timers that have nothing to say or cannot be decided,
 * purging, partitions, and what follows from news. test_clock CONFIG FOLDER */
#include "clock_news.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs until the query gives `wanted`, for at most `us`. */
static bool until(struct world *world, const char *sql, int64_t wanted, int64_t us)
{
    mono_t end = {mono_now().us + us};

    while (world_number(world, sql) != wanted) {
        if (mono_now().us > end.us)
            return false;
        world_run_us(world, 10000);
    }
    return true;
}

static int leaders(struct world *world)
{
    int count = 0;

    for (int i = 0; i < WORLD_NODES; i++)
        count += world->clocks[i] != NULL && clockwork_stats(world->clocks[i]).leader;
    return count;
}

static bool led_by(struct world *world, int node, int64_t us)
{
    mono_t end = {mono_now().us + us};

    while (!clockwork_stats(world->clocks[node]).leader && mono_now().us < end.us)
        world_run_us(world, 5000);
    return clockwork_stats(world->clocks[node]).leader;
}

static void on_drained(void *ctx)
{
    ((struct world *)ctx)->pending--;
}

static void test_lease(struct world *world)
{
    struct clock_options options = clock_news_fast(world);
    int first, other;
    int64_t term;

    tap_about("one clock works, the other takes over");
    options.lease_us = 6 * US_PER_SECOND; /* long, beside what a slow machine needs to ask again */
    world_start_clocks(world, options);
    world_run_us(world, 3 * US_PER_SECOND);
    CHECK_SAY(leaders(world) == 1, "one of two leads (%d)", leaders(world));
    first = clockwork_stats(world->clocks[0]).leader ? 0 : 1;
    other = 1 - first;
    term = clockwork_stats(world->clocks[first]).term;
    world_run_us(world, 3 * US_PER_SECOND);
    CHECK(leaders(world) == 1 && clockwork_stats(world->clocks[first]).leader);
    CHECK(clockwork_stats(world->clocks[first]).term == term);

    world->pending++;
    clockwork_drain(world->clocks[first], on_drained, world);
    world_settle(world);
    CHECK(!clockwork_stats(world->clocks[first]).leader);
    CHECK_SAY(led_by(world, other, options.lease_us * 4 / 5), "a drained one hands over at once");
    CHECK(clockwork_stats(world->clocks[other]).term == term + 1);
    clockwork_free(world->clocks[first]);

    options.holder = "three";
    world->clocks[first] = clockwork_new(world->services[first], &options);
    world_run_us(world, US_PER_SECOND / 2);
    CHECK(leaders(world) == 1);
    world->clocks[other] = clockwork_free(world->clocks[other]); /* as if it were killed */
    CHECK_SAY(led_by(world, first, 2 * options.lease_us), "a killed one is followed");
    CHECK(clockwork_stats(world->clocks[first]).term == term + 2);
    world->clocks[first] = clockwork_free(world->clocks[first]);
}

static void test_timers(struct world *world)
{
    struct clock_options options = clock_news_fast(world);

    tap_about("timers without a use, and one that cannot be decided");
    options.without_lease = true;
    world_set_time(world, day_at(day_from_ymd(2026, 1, 6), 9 * 60));
    world_submit(world, 40);
    world_act(world, 100);
    world_act(world, 100);
    world_sql(world, "INSERT INTO timer (dossier_id, scope, epoch, rung, kind, fire_at)"
                     " VALUES (900000, 0, 1, 0, 'warn', '2026-01-06 08:00+07');"
                     "INSERT INTO timer (dossier_id, scope, epoch, rung, kind, fire_at)"
                     " SELECT id, 0, 77, 0, 'warn', '2026-01-06 08:00+07' FROM dossier LIMIT 5;"
                     "INSERT INTO timer (dossier_id, scope, epoch, rung, kind, fire_at)"
                     " SELECT id, 0, 88, 0, 'warn', '2026-01-07 08:00+07' FROM dossier LIMIT 5;"
                     "UPDATE dossier SET state = 'no_such_state' WHERE id = 7;"
                     "INSERT INTO timer (dossier_id, scope, epoch, rung, kind, fire_at)"
                     " VALUES (7, 0, 99, 0, 'warn', '2026-01-06 07:00+07')");
    world_start_clocks(world, options);
    world_fire(world);
    CHECK(world_number(world, "SELECT count(*) FROM timer WHERE dossier_id = 900000") == 0);
    CHECK(world_number(world, "SELECT count(*) FROM timer WHERE epoch = 77 AND dossier_id <> 7") ==
          0);
    CHECK(world_number(world, "SELECT count(*) FROM timer WHERE epoch = 88") == 5);
    CHECK(world_number(world, "SELECT count(*) FROM timer WHERE epoch = 99 AND dossier_id = 7 AND"
                              " fire_at > '2026-01-06 09:55+07'") == 1);
    CHECK(clockwork_stats(world->clocks[0]).timers_postponed +
              clockwork_stats(world->clocks[1]).timers_postponed >
          0);
    world_stop_clocks(world);
    world_sql(world, "DELETE FROM timer WHERE dossier_id = 7 OR epoch IN (77, 88)");
    world->dossiers[6] = 0;
    world_sql(world, "UPDATE dossier SET clock = 'ended' WHERE id = 7");
}

static void add_upload(struct world *world, const char *id, const char *content, const char *age,
                       bool used)
{
    char sql[600];

    snprintf(sql, sizeof(sql),
             "INSERT INTO blob VALUES (sha256('%s'), 0, '%s') ON CONFLICT DO NOTHING;"
             "INSERT INTO document (id, account, sha256, size, type, created_at, used)"
             " VALUES ('%s', 3, sha256('%s'), 1, 'application/pdf', now() - interval '%s', %s)",
             content, content, id, content, age, used ? "true" : "false");
    world_sql(world, sql);
}

static void add_people(struct world *world)
{
    world_sql(world,
              "INSERT INTO session (token_hash, account, csrf, expires_at) VALUES"
              " ('a', 3, 'x', now() - interval '8 days'),"
              " ('b', 3, 'x', now() - interval '1 day'), ('c', 3, 'x', now() + interval '1 h');"
              "INSERT INTO pin_failure VALUES (1, 0, NULL), (2, 3, NULL),"
              " (3, 5, now() - interval '2 days'), (4, 5, now() + interval '5 minutes')");
}

/* Someone brings the same content while the purge wants its bytes. */
static struct store_sync *keep_meanwhile(struct world *world)
{
    const struct statement *keep = statements_find(world->statements, "upload_keep");
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    struct sha256 digest = sha256_of(SLICE_LIT("contested"));
    struct store_sync *sync;
    struct db_error error;
    struct db_param params[7] = {db_str("u-new"),
                                 db_int(3),
                                 db_bytes((struct slice){(const char *)digest.bytes, SHA256_SIZE}),
                                 db_int(9),
                                 db_str("application/pdf"),
                                 db_null(),
                                 db_bytes(SLICE_LIT("contested"))};

    if (store_sync_open(tap_env("DVCD_TEST_APP"), "keeper", PATIENCE_US, &sync, &error) != 0 ||
        store_sync_script(sync, "BEGIN", NULL, &error) != 0 ||
        store_sync_query(sync, keep, params, 7, &rows, &error) != 0) {
        printf("Bail out! keep: %s\n", error.message);
        exit(99);
    }
    return sync;
}

static void test_purge(struct world *world)
{
    struct clock_options options = clock_news_fast(world);
    struct store_sync *keeper;
    struct db_error error;

    tap_about("what is purged and what stays");
    options.without_lease = true;
    add_upload(world, "u-old", "old", "25 hours", false);
    add_upload(world, "u-fresh", "fresh", "23 hours", false);
    add_upload(world, "u-used", "used", "90 days", true);
    add_upload(world, "u-twin", "used", "90 days", false);
    add_upload(world, "u-contested", "contested", "90 days", false);
    add_people(world);
    keeper = keep_meanwhile(world);
    world_start_clocks(world, options);
    world_run_us(world, US_PER_SECOND / 2);
    CHECK(store_sync_script(keeper, "COMMIT", NULL, &error) == 0);
    store_sync_close(keeper);
    CHECK(until(world,
                "SELECT count(*) FROM document WHERE id IN ('u-old', 'u-twin',"
                " 'u-contested')",
                0, PATIENCE_US));
    CHECK(until(world, "SELECT count(*) FROM session", 2, PATIENCE_US));
    world_stop_clocks(world);
    CHECK(world_number(world, "SELECT count(*) FROM document") == 3);
    CHECK(world_number(world, "SELECT count(*) FROM blob WHERE data = 'old'") == 0);
    CHECK(world_number(world, "SELECT count(*) FROM blob WHERE data IN ('fresh', 'used')") == 2);
    CHECK_SAY(world_number(world, "SELECT count(*) FROM blob WHERE data = 'contested'") == 1,
              "bytes that came in again meanwhile stay");
    CHECK(world_number(world, "SELECT count(*) FROM session WHERE token_hash = 'a'") == 0);
    CHECK(world_number(world, "SELECT count(*) FROM pin_failure WHERE dossier_id IN (2, 4)") == 2);
    CHECK(world_number(world, "SELECT count(*) FROM pin_failure") == 2);
}

static void test_partitions(struct world *world)
{
    struct clock_options options = clock_news_fast(world);

    tap_about("partitions ahead, and those that are done with");
    options.without_lease = true;
    world_sql(world, "SELECT setval('dossier_id_seq', 1999999), setval('outbox_id_seq', 1000001);"
                     "DELETE FROM outbox_retry; UPDATE outbox_mark SET xid = '0', id = 0;"
                     "INSERT INTO outbox (id, dossier_id, channel, topic, key, body, at) VALUES"
                     " (999998, 1, 'portal', 't', 'k1', '{}', now() - interval '31 days')");
    world_start_clocks(world, options);
    CHECK(until(world, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'event'::regclass", 3,
                PATIENCE_US));
    world_run_us(world, US_PER_SECOND / 3);
    CHECK_SAY(world_number(world, "SELECT (to_regclass('outbox_p0') IS NOT NULL)::int") == 1,
              "rows above the mark keep their partition");
    world_sql(world, "INSERT INTO outbox_retry (id, dossier_id, channel, topic, key, body,"
                     " created_at, next_at, dead_at) VALUES (999998, 1, 'portal', 't', 'k1', '{}',"
                     " now(), now(), now());"
                     "UPDATE outbox_mark SET xid = pg_current_xact_id(), id = 0");
    world_run_us(world, US_PER_SECOND / 3);
    CHECK_SAY(world_number(world, "SELECT (to_regclass('outbox_p0') IS NOT NULL)::int") == 1,
              "a dead letter keeps its partition");
    world_sql(world, "DELETE FROM outbox_retry");
    CHECK(until(world, "SELECT (to_regclass('outbox_p0') IS NOT NULL)::int", 0, PATIENCE_US));
    CHECK(world_number(world, "SELECT (to_regclass('outbox_p1') IS NOT NULL)::int") == 1);
    world_stop_clocks(world);
    world_submit(world, 10);
    CHECK(world_number(world, "SELECT count(DISTINCT dossier_id) FROM event"
                              " WHERE dossier_id >= 2000000") == 10);
    CHECK(world_number(world,
                       "SELECT has_table_privilege('dvcd_app', 'event_p2', 'INSERT')::int") == 0);
}

static int64_t fired(const struct world *world)
{
    int64_t sum = 0;

    for (int i = 0; i < WORLD_NODES; i++)
        sum += (int64_t)clockwork_stats(world->clocks[i]).timers_fired;
    return sum;
}

/* The store goes away under clocks that are in the middle of their work. */
static void start_and_leave(struct world *world)
{
    struct clock_options options = clock_news_fast(world);

    options.without_lease = true;
    world_set_time(world, day_at(day_from_ymd(2026, 3, 2), 9 * 60));
    world_start_clocks(world, options);
    /* Without a lease any of them may be the one that fires. */
    for (int i = 0; i < 30000 && fired(world) == 0; i++)
        world_run_us(world, 2000);
    CHECK_SAY(fired(world) > 0, "left while timers fire");
}

int main(int argc, char **argv)
{
    struct world *world = dvc_calloc(1, sizeof(*world));

    if (argc < 3) {
        fprintf(stderr, "usage: test_clock CONFIG FOLDER\n");
        return 100;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    world_seed(42);
    world_open(world, argv[1]);
    test_lease(world);
    test_timers(world);
    test_purge(world);
    test_partitions(world);
    clock_news(world, argv[1], argv[2]);
    start_and_leave(world);
    world_close(world);
    free(world);
    return tap_end();
}
