#include "stage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static struct step steps[] = {{.id = "receive", .name = "Tiếp nhận", .role = ROLE_RECEIVER},
                              {.id = "appraise", .name = "Thẩm định", .role = ROLE_OFFICER}};

static void link_files(const char *from, const char *to)
{
    DIR *dir = opendir(from);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char source[4096], target[4096];

        snprintf(source, sizeof(source), "%s/%s", from, entry->d_name);
        snprintf(target, sizeof(target), "%s/%s", to, entry->d_name);
        if (entry->d_name[0] != '.')
            (void)!symlink(source, target);
    }
    if (dir != NULL)
        closedir(dir);
}

/* The daemon's statements and those of the tests, in one folder. */
static void join_statements(char *path, size_t size)
{
    char from[4096];

    snprintf(path, size, "%s/queries", tap_env("DVCD_TEST_DIR"));
    (void)mkdir(path, 0755);
    snprintf(from, sizeof(from), "%s/queries", tap_env("DVCD_TEST_SQL"));
    link_files(from, path);
    snprintf(from, sizeof(from), "%s/../tests/integration/queries", tap_env("DVCD_TEST_SQL"));
    link_files(from, path);
}

void stage_open(struct stage *stage, const struct store_settings *settings)
{
    char path[4000], problem[256];

    *stage = (struct stage){.loop = loop_new(), .arena = arena_new()};
    join_statements(path, sizeof(path));
    if (statements_load(path, &stage->statements, problem, sizeof(problem)) != 0) {
        printf("Bail out! %s\n", problem);
        exit(99);
    }
    if (store_new(stage->loop, settings, stage->statements, &stage->store) != 0) {
        printf("Bail out! store_new\n");
        exit(99);
    }
    stage->procedure = ARENA_NEW(stage->arena, struct procedure);
    stage->procedure->id = 7;
    stage->procedure->code = "1.001193";
    stage->procedure->steps = steps;
    stage->procedure->step_count = DVC_COUNT(steps);
}

void stage_close(struct stage *stage)
{
    store_free(stage->store);
    statements_free(stage->statements);
    loop_free(stage->loop);
    arena_free(stage->arena);
}

static void on_time_over(void *ctx)
{
    struct stage *stage = ctx;

    stage->timed_out = true;
    loop_stop(stage->loop);
}

bool stage_run(struct stage *stage, int64_t timeout_us)
{
    struct loop_timer *timer = loop_timer_new(stage->loop, on_time_over, stage);

    stage->timed_out = false;
    loop_timer_start(timer, timeout_us);
    if (stage->pending > 0 && loop_run(stage->loop) != 0)
        stage->timed_out = true;
    loop_timer_free(timer);
    return !stage->timed_out;
}

void stage_answered(struct stage *stage)
{
    if (--stage->pending == 0)
        loop_stop(stage->loop);
}

bool stage_up(struct stage *stage, int64_t timeout_us)
{
    int64_t end = mono_now().us + timeout_us;

    while (!store_up(stage->store) && mono_now().us < end) {
        stage->pending = 1;
        (void)stage_run(stage, 20 * INT64_C(1000));
    }
    stage->pending = 0;
    return store_up(stage->store);
}

static void add_events(struct stage *stage, struct outcome *outcome, wall_t now, int count)
{
    for (int i = 0; i < count; i++) {
        struct event_row event = {.kind = i == 0 ? "submitted" : "note", .at = now, .actor = 3};

        event.role = ROLE_RECEIVER;
        event.body = slice_str(arena_printf(stage->arena, "{\"kind\":\"thử\",\"n\":%d}", i));
        event.note = i == 1 ? "ghi chú" : NULL;
        outcome_event(stage->arena, outcome, &event);
    }
}

static void add_rows(struct stage *stage, struct outcome *outcome, wall_t now)
{
    struct timer_row timer = {.scope = 1, .kind = TIMER_WARN, .fire_at = {now.us + US_PER_DAY}};
    struct outbox_row message = {.channel = "portal", .topic = "status", .body = SLICE_LIT("{}")};
    struct notice_row notice = {.role = ROLE_RECEIVER, .kind = "assigned", .body = SLICE_LIT("{}")};
    struct delta_row delta = {.day = day_of(now), .measure = MEASURE_RECEIVED, .count = 1};

    notice.agency = outcome->after->agency_competent;
    delta.due_day = DAY_NONE;
    outcome_timer(stage->arena, outcome, &timer);
    outcome_outbox(stage->arena, outcome, &message);
    outcome_notice(stage->arena, outcome, &notice);
    outcome_delta(stage->arena, outcome, &delta);
}

static void fill(struct stage *stage, struct dossier *dossier, const char *agency, wall_t now)
{
    struct arena *arena = stage->arena;
    struct task *task = ARENA_NEW(arena, struct task);

    dossier->procedure = stage->procedure;
    dossier->agency_receiving = dossier->agency_competent = agency;
    dossier->channel = CHANNEL_ONLINE;
    dossier->state = dossier->state_before = STATE_SUBMITTED;
    dossier->filed_by = 3;
    dossier->applicant = (struct party){.kind = "citizen",
                                        .name = "Nguyễn Văn Minh",
                                        .id_number = "031085001234",
                                        .phone = "0912345678"};
    dossier->owner_is_applicant = true;
    dossier->on_behalf = "self";
    dossier->form = value_new(arena, VALUE_MAP);
    value_set(arena, dossier->form, "child_name", value_string(arena, SLICE_LIT("Bình \"Bi\"")));
    dossier->submitted_at = dossier->last_event_at = now;
    dossier->received_at = dossier->finished_at = dossier->returned_at = WALL_NONE;
    dossier->ended_at = dossier->intake_due = dossier->clock_started = WALL_NONE;
    dossier->due_first = dossier->due_current = WALL_NONE;
    dossier->decision = 1;
    *task = (struct task){.no = 1,
                          .role = ROLE_RECEIVER,
                          .agency = agency,
                          .opened_at = now,
                          .closed_at = WALL_NONE,
                          .due = {now.us + US_PER_DAY},
                          .budget_left = -1,
                          .previous = -1,
                          .changed = true};
    dossier->tasks = task;
    dossier->task_count = dossier->task_cap = 1;
}

struct change stage_submission(struct stage *stage, const char *agency, const char *key, int events)
{
    wall_t now = loop_now(stage->loop);
    struct dossier *dossier = dossier_new(stage->arena, stage->procedure);
    struct outcome *outcome = outcome_new(stage->arena, dossier);
    struct change change = {.outcome = outcome, .now = now, .account = 3, .key = key};

    fill(stage, dossier, agency, now);
    outcome->creates = true;
    add_events(stage, outcome, now, events);
    add_rows(stage, outcome, now);
    change.key_digest = sha256_of(slice_str(key != NULL ? key : ""));
    change.name_folded = SLICE_LIT("nguyen van minh");
    return change;
}

struct change stage_following(struct stage *stage, const struct change *first,
                              const struct change_result *result, const char *key)
{
    struct dossier *dossier = ARENA_NEW(stage->arena, struct dossier);
    struct outcome *outcome = outcome_new(stage->arena, dossier);
    struct change change = {.outcome = outcome, .now = first->now, .account = 3, .key = key};

    *dossier = *first->outcome->after;
    dossier->id = result->dossier;
    dossier->version = result->version;
    dossier->decision = result->decision + 1;
    dossier->state = STATE_ACCEPTED;
    add_events(stage, outcome, first->now, 1);
    change.key_digest = sha256_of(slice_str(key != NULL ? key : ""));
    return change;
}

struct store_sync *stage_look(const char *env)
{
    struct store_sync *sync;
    struct db_error error;

    if (store_sync_open(tap_env(env), "test", 60 * US_PER_SECOND, &sync, &error) != 0) {
        printf("Bail out! %s\n", error.message);
        exit(99);
    }
    return sync;
}

int64_t stage_number(struct store_sync *sync, const char *sql)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    struct db_error error;

    if (store_sync_script(sync, sql, &rows, &error) != 0) {
        printf("# %s: %s\n", sql, error.message);
        return INT64_MIN;
    }
    return db_int_at(rows, 0, 0, INT64_MIN);
}

const char *stage_failure(struct store_sync *sync, const char *sql, struct db_error *ret_error)
{
    *ret_error = (struct db_error){0};
    return store_sync_script(sync, sql, NULL, ret_error) != 0 ? ret_error->sqlstate : "";
}
