#include "clock_news.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "service/figures.h"
#include "service/registry.h"
#include "tap.h"

struct clock_options clock_news_fast(struct world *world)
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
    struct clock_options options = clock_news_fast(world);
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

void clock_news(struct world *world, const char *config, const char *folder)
{
    struct generation *before = generation_load(config, NULL);

    test_calendar(world, config, folder, &before);
    test_calendar_taken_back(world, config, folder, &before);
    generation_free(before);
    test_calendar_of_before(world, config, folder);
    test_in_force_at_midnight(world, config, folder);
}
