/* The clock's jobs beside the figures: lease, timers that have nothing to say or cannot be decided,
 * purging, partitions, and the recalculation after a new calendar. test_clock CONFIG FOLDER */
#include "service/figures.h"
#include "service/registry.h"
#include "tap.h"
#include "world.h"

#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_US (60 * US_PER_SECOND) /* a busy machine is slow */

static struct clock_options fast(struct world *world)
{
    struct clock_options options = clock_options_default(world->services[0]);

    options.busy_us = 2000;
    options.idle_us = 20000;
    options.fold_us = options.purge_us = options.partitions_us = 50000;
    options.recalculate_us = 50000;
    options.recalculate_batch = 7;
    options.lease_us = 2 * US_PER_SECOND;
    return options;
}

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
    struct clock_options options = fast(world);
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
    struct clock_options options = fast(world);

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
    struct clock_options options = fast(world);
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
    struct clock_options options = fast(world);

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

static void on_figures(void *ctx, const struct answer *answer)
{
    struct arena *arena = arena_new();
    struct json_error error;
    struct value *tree;

    if (json_parse(arena, answer->json, 16, &tree, &error) == 0)
        *(int64_t *)ctx = value_get_int(tree, "recomputing", -1);
    arena_free(arena);
}

static int64_t recomputing(struct world *world)
{
    int64_t count = INT64_MIN;
    struct figures_ask ask = {.verdict = SLICE_NULL};

    figures_on_time(world->services[0], NULL, &ask, on_figures, &count);
    for (int i = 0; i < 30000 && count == INT64_MIN; i++)
        world_run_us(world, 2000);
    return count;
}

static void close_a_day(const char *folder)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/calendars/vn-default.yaml", folder);
    file = fopen(path, "a");
    DVC_REQUIRE(file != NULL);
    fputs("  - {date: 2026-01-07, kind: closure, source: Thông báo thử nghiệm, note: Mất điện}\n",
          file);
    fclose(file);
}

/* Runs until every node says that it serves what was published last, and holds it to its word:
 * looked at in steps so short that the list's answer and a calendar's text come in different ones.
 */
static bool read_by_all(struct world *world)
{
    mono_t end = {mono_now().us + PATIENCE_US};
    int64_t newest = world_number(world, "SELECT number FROM generation");
    int64_t calendar = world_number(world, "SELECT max(version) FROM calendar_version");
    bool whole = true;

    for (int node = 0; node < WORLD_NODES; node++) {
        const struct registry *registry = world->services[node]->registry;
        int version;

        while (registry_generation(registry) != newest) {
            if (mono_now().us > end.us)
                return false;
            world_run_us(world, 100);
        }
        whole = whole && registry_calendar(registry, "H24.15.01", &version) != NULL &&
                version == calendar;
    }
    return whole;
}

/* What the files say now, over what they said before: *before is replaced. */
static void publish_again(struct world *world, const char *config, struct generation **before)
{
    struct generation *generation = generation_load(config, NULL);
    struct publish_offer offer = {.generation = generation, .before = *before, .publisher = "test"};
    struct publish_report report = {0};
    struct db_error error = {0};

    CHECK(conf_errors_total(&generation->errors) == 0);
    CHECK(publish(world->look, world->statements, &offer, &report, &error) == 0 &&
          report.calendars > 0 && report.older[0] == '\0');
    generation_free(*before);
    *before = generation;
    CHECK(read_by_all(world));
}

/* The closure was a mistake and its line is taken out. */
static void open_the_day(const char *folder)
{
    char path[4096], text[64 * 1024];
    FILE *file;
    char *line;
    size_t size;

    snprintf(path, sizeof(path), "%s/calendars/vn-default.yaml", folder);
    file = fopen(path, "r");
    DVC_REQUIRE(file != NULL);
    size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[size] = '\0';
    line = strstr(text, "  - {date: 2026-01-07, kind: closure, source: Thông báo thử nghiệm");
    DVC_REQUIRE(line != NULL);
    *line = '\0';
    file = fopen(path, "w");
    DVC_REQUIRE(file != NULL);
    fputs(text, file);
    fclose(file);
}

static void test_calendar_taken_back(struct world *world, const char *config, const char *folder,
                                     struct generation **before)
{
    int64_t count;

    tap_about("a calendar that is taken back to what it was");
    open_the_day(folder);
    publish_again(world, config, before);
    CHECK_SAY(world_number(world, "SELECT count(*) FROM calendar_version n JOIN calendar_version o"
                                  " USING (name, sha256) WHERE name = 'vn-default'"
                                  " AND o.version < n.version AND n.version ="
                                  " (SELECT max(version) FROM calendar_version"
                                  " WHERE name = 'vn-default')") == 1,
              "the newest version has the first one's content");
    count = recomputing(world);
    CHECK_SAY(count > 0, "%lld are to be recomputed", (long long)count);
}

/* Files of before at the start of a node: nobody changed anything. */
static void test_calendar_of_before(struct world *world, const char *config, const char *folder)
{
    const char *newest = "SELECT max(version) FROM calendar_version";
    struct publish_offer offer = {.publisher = "test"};
    struct publish_report report = {0};
    struct db_error error = {0};
    struct generation *older;
    int64_t version = world_number(world, newest);

    tap_about("a node with a calendar of before");
    close_a_day(folder);
    offer.generation = older = generation_load(config, NULL);
    for (int i = 0; i < 2; i++) { /* at its start, and at a reload of the same files */
        CHECK(publish(world->look, world->statements, &offer, &report, &error) == 0 &&
              report.calendars == 0 && strstr(report.older, "vn-default") != NULL);
        offer.before = older;
    }
    CHECK(world_number(world, newest) == version);
    generation_free(older);
    open_the_day(folder);
}

static void test_calendar(struct world *world, const char *config, const char *folder,
                          struct generation **before)
{
    struct clock_options options = fast(world);
    int64_t behind, early, done = 0, again;

    tap_about("a new calendar");
    options.without_lease = true;
    world_act(world, 60);
    CHECK(recomputing(world) == 0);
    close_a_day(folder);
    publish_again(world, config, before);
    behind = world_number(world, "SELECT count(*) FROM dossier WHERE clock <> 'ended'"
                                 " AND received_at IS NOT NULL");
    CHECK_SAY(behind > 10 && recomputing(world) == behind, "all %lld are to be recomputed",
              (long long)behind);
    world_act(world, 20); /* no clock runs yet: whoever acts finds the dates recomputed first */
    early = world_number(world, "SELECT count(*) FROM event WHERE kind = 'recalculated'");
    CHECK_SAY(early > 0, "%lld recomputed before someone acted on them", (long long)early);
    behind = world_number(world, "SELECT count(*) FROM dossier d WHERE clock <> 'ended'"
                                 " AND calendar_version < (SELECT max(calendar_version)"
                                 " FROM dossier)");
    world_start_clocks(world, options);
    for (int i = 0; i < 6000 && recomputing(world) > 0; i++)
        world_run_us(world, 10000);
    world_run_us(world, US_PER_SECOND / 5);
    CHECK(recomputing(world) == 0);
    for (int i = 0; i < WORLD_NODES; i++)
        done += (int64_t)clockwork_stats(world->clocks[i]).recalculated;
    world_stop_clocks(world);
    again = world_number(world, "SELECT count(*) FROM event WHERE kind = 'recalculated'");
    CHECK_SAY(again - early == behind && done == behind, "each once by two clocks: %lld of %lld",
              (long long)(again - early), (long long)behind);
    CHECK(world_number(world, "SELECT count(*) FROM event e JOIN dossier d ON d.id = e.dossier_id"
                              " WHERE e.kind = 'recalculated' AND e.body::json ->> 'moved' = 'true'"
                              " AND d.due_current > d.due_first") > 0);
}

/* Version 2 of the test's own procedure, in force from `from`. */
static void write_next_version(const char *folder, day_t from)
{
    char path[4096], text[16 * 1024], *version, *effective;
    struct buf day = BUF_INIT(32), out = BUF_INIT(32 * 1024);
    FILE *file;

    snprintf(path, sizeof(path), "%s/plugins/9.000009.yaml", folder);
    file = fopen(path, "r+");
    DVC_REQUIRE(file != NULL);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    version = strstr(text, "version: 1");
    effective = strstr(text, "2024-01-01");
    DVC_REQUIRE(version != NULL && effective != NULL && version < effective);
    buf_add_day(&day, from);
    buf_addf(&out, "%.*sversion: 2%.*s%s%s", (int)(version - text), text,
             (int)(effective - version - 10), version + 10, day.ptr, effective + 10);
    rewind(file);
    DVC_REQUIRE(fwrite(out.ptr, 1, out.len, file) == out.len);
    fclose(file);
    buf_release(&out);
    buf_release(&day);
}

static int offered(struct world *world, int node)
{
    const struct procedure *procedure = registry_in_force(
        world->services[node]->registry, SLICE_LIT("9.000009"), day_of(loop_now(world->loop)));

    return procedure != NULL ? procedure->version : 0;
}

/* Whether every node has read version `number`, in force or not. */
static bool known_to_all(struct world *world, int number)
{
    bool known = true;

    for (int node = 0; node < WORLD_NODES; node++) {
        struct registry *registry = world->services[node]->registry;
        int64_t id = registry_version(registry, SLICE_LIT("9.000009"), number);

        known = known && id != 0 && registry_procedure(registry, id) != NULL;
    }
    return known;
}

static void test_in_force_at_midnight(struct world *world, const char *config, const char *folder)
{
    day_t today = day_of(loop_now(world->loop)), from = {today.n + 1};
    struct generation *generation;
    struct publish_offer offer = {.publisher = "test"};
    struct publish_report report = {0};
    struct db_error error = {0};

    tap_about("a version that is in force from tomorrow");
    write_next_version(folder, from);
    generation = generation_load(config, NULL);
    CHECK(conf_errors_total(&generation->errors) == 0);
    offer.generation = generation;
    CHECK(publish(world->look, world->statements, &offer, &report, &error) == 0 &&
          report.procedures == 1);
    generation_free(generation);
    for (int i = 0; i < 6000 && !known_to_all(world, 2); i++)
        world_run_us(world, 10000);
    CHECK(known_to_all(world, 2));
    world_set_time(world, (wall_t){day_at(from, 0).us - US_PER_MINUTE});
    CHECK_SAY(offered(world, 0) == 1 && offered(world, 1) == 1, "not before midnight in Vietnam");
    world_set_time(world, day_at(from, 0));
    CHECK_SAY(offered(world, 0) == 2 && offered(world, 1) == 2,
              "from midnight on, by both nodes, nothing read anew");
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
    struct clock_options options = fast(world);

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
    struct generation *before;

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
    before = generation_load(argv[1], NULL);
    test_calendar(world, argv[1], argv[2], &before);
    test_calendar_taken_back(world, argv[1], argv[2], &before);
    generation_free(before);
    test_calendar_of_before(world, argv[1], argv[2]);
    test_in_force_at_midnight(world, argv[1], argv[2]);
    start_and_leave(world);
    world_close(world);
    free(world);
    return tap_end();
}
