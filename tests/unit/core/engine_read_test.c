#include "core/dossier_read.h"

#include "calendar_fixture.h"
#include "core/bookkeeping.h"
#include "dvc_test.h"
#include "engine_fixture.h"

#include <errno.h>

static void set_str(struct engine *engine, struct value *map, const char *key, const char *text)
{
    value_set(engine->arena, map, key, value_string(engine->arena, slice_str(text)));
}

static struct value *map(struct engine *engine)
{
    return value_new(engine->arena, VALUE_MAP);
}

/* The columns of a dossier with one open task, as the database gives them. */
static struct value *row(struct engine *engine)
{
    struct value *row = map(engine), *tasks = value_new(engine->arena, VALUE_LIST),
                 *task = map(engine), *bookkeeping = map(engine), *visits = map(engine),
                 *budget = map(engine);
    static const char *const words[][2] = {{"code", "H24.15.01-260302-0001"},
                                           {"agency_competent", "H24.15.01"},
                                           {"agency_receiving", "H24.15.01"},
                                           {"channel", "online"},
                                           {"delivery", "post"},
                                           {"state", "processing"},
                                           {"clock", "running"},
                                           {"submitted_at", "2026-03-02T08:00:00+07:00"},
                                           {"received_at", "2026-03-02T09:00:00+07:00"}};

    for (size_t i = 0; i < DVC_COUNT(words); i++)
        set_str(engine, row, words[i][0], words[i][1]);
    value_set(engine->arena, row, "id", value_int(engine->arena, 41));
    value_set(engine->arena, row, "version", value_int(engine->arena, 6));
    value_set(engine->arena, visits, "work", value_int(engine->arena, 2));
    value_set(engine->arena, visits, "gone_since", value_int(engine->arena, 9));
    value_set(engine->arena, budget, "work", value_int(engine->arena, 3));
    value_set(engine->arena, bookkeeping, "visits", visits);
    value_set(engine->arena, bookkeeping, "budget", budget);
    value_set(engine->arena, bookkeeping, "next_task", value_int(engine->arena, 5));
    value_set(engine->arena, row, "engine", bookkeeping);
    set_str(engine, task, "step", "work");
    set_str(engine, task, "role", "officer");
    set_str(engine, task, "agency", "H24.15.01");
    set_str(engine, task, "opened_at", "2026-03-02T09:00:00+07:00");
    value_set(engine->arena, task, "no", value_int(engine->arena, 4));
    value_append(engine->arena, tasks, task);
    value_set(engine->arena, row, "tasks", tasks);
    return row;
}

static int read_row(struct engine *engine, const struct value *from, struct dossier **ret)
{
    return dossier_read(engine->arena, engine->procedure, from, ret);
}

DVC_TEST(engine_read, a_row_becomes_a_dossier)
{
    struct engine *engine = engine_new();
    struct dossier *d = NULL;

    DVC_EQ_INT(read_row(engine, row(engine), &d), 0);
    DVC_EQ_INT(d->id, 41);
    DVC_EQ_INT(d->version, 6);
    DVC_EQ_INT(d->visits[S_WORK], 2);
    DVC_EQ_INT(d->budget[S_WORK], 3);
    DVC_EQ_INT(d->budget[S_SIGN], -1);
    DVC_EQ_INT(d->next_task, 5);
    DVC_EQ_INT(d->task_count, 1);
    DVC_EQ_INT(d->tasks[0].step, S_WORK);
    DVC_EQ_INT(d->tasks[0].previous, -1);
    DVC_EQ_STR(fixture_text(d->tasks[0].counted_from), "2026-03-02 09:00");
    DVC_EQ_INT(d->state_before, STATE_PROCESSING);
    cr_assert(wall_is_none(d->finished_at) && wall_is_none(d->tasks[0].due));
    engine_free(engine);
}

/* A row of another version of the procedure must not become a dossier that lost a token. */
DVC_TEST(engine_read, what_does_not_fit_is_refused)
{
    static const char *const wrong[][2] = {{"state", "sleeping"},
                                           {"clock", "stopped"},
                                           {"channel", "fax"},
                                           {"delivery", "drone"},
                                           {"submitted_at", "yesterday"}};
    struct engine *engine = engine_new();
    struct dossier *d = NULL;
    struct value *from;

    for (size_t i = 0; i < DVC_COUNT(wrong); i++) {
        from = row(engine);
        value_get(from, wrong[i][0])->string = slice_str(wrong[i][1]);
        cr_assert(read_row(engine, from, &d) == -EINVAL, "%s %s was read", wrong[i][0],
                  wrong[i][1]);
    }
    from = row(engine);
    value_get(value_at(value_get(from, "tasks"), 0), "step")->string = SLICE_LIT("gone_since");
    DVC_EQ_INT(read_row(engine, from, &d), -EINVAL);
    from = row(engine);
    value_get(from, "id")->integer = 0;
    DVC_EQ_INT(read_row(engine, from, &d), -EINVAL);
    DVC_EQ_INT(read_row(engine, NULL, &d), -EINVAL);
    DVC_EQ_INT(read_row(engine, map(engine), &d), -EINVAL);
    cr_assert(d == NULL);
    engine_free(engine);
}

/* What the engine changes of its copy stays out of the dossier it was made from. */
DVC_TEST(engine_read, a_copy_is_apart)
{
    struct engine *engine = engine_new();
    struct dossier *d = NULL, *copy;

    DVC_EQ_INT(read_row(engine, row(engine), &d), 0);
    copy = dossier_copy(engine->arena, d);
    copy->tasks[0].state = TASK_DONE;
    copy->visits[S_WORK] = 7;
    copy->budget[S_WORK] = 1;
    DVC_EQ_INT(d->tasks[0].state, TASK_OPEN);
    DVC_EQ_INT(d->visits[S_WORK], 2);
    DVC_EQ_INT(d->budget[S_WORK], 3);
    /* Closed tasks are history for the change after the one that closed them. */
    DVC_EQ_INT(dossier_copy(engine->arena, copy)->task_count, 0);
    engine_free(engine);
}

DVC_TEST(engine_read, the_run_of_the_clock_knows_its_restarts)
{
    struct engine *engine = engine_new();
    struct dossier *d = NULL;
    struct hold holds[2] = {{.kind = "hold", .reason = "supplement", .party = "citizen"},
                            {.kind = "restart", .reason = "supplement", .party = "citizen"}};
    struct clock_run run;

    DVC_EQ_INT(read_row(engine, row(engine), &d), 0);
    holds[0].from = fixture_at("2026-03-04 09:00");
    holds[0].to = holds[1].from = holds[1].to = fixture_at("2026-03-06 09:00");
    d->holds = holds;
    d->hold_count = 2;
    run = dossier_clock_run(engine->arena, d);
    DVC_EQ_STR(fixture_text(run.start), "2026-03-02 09:00");
    DVC_EQ_INT(run.hold_count, 1);
    cr_assert(run.holds[0].restarts);
    d->received_at = WALL_NONE;
    cr_assert(wall_is_none(dossier_clock_run(engine->arena, d).start));
    engine_free(engine);
}

/* What a dossier was promised in an earlier version comes back from the database. */
DVC_TEST(engine_read, the_promise_of_an_earlier_version)
{
    struct engine *engine = engine_new();
    struct value *from = row(engine), *bookkeeping = value_get(from, "engine"),
                 *promise = map(engine), *renamed = map(engine), *holders = map(engine),
                 *holder = map(engine);
    struct dossier *d = NULL;
    struct buf text = BUF_INIT(16384);

    value_set(engine->arena, promise, "version", value_int(engine->arena, 1));
    set_str(engine, promise, "limit", "7 working_days");
    value_set(engine->arena, promise, "counts_again", value_bool(engine->arena, true));
    set_str(engine, promise, "again", "2 working_days");
    set_str(engine, promise, "starts", "submit");
    set_str(engine, promise, "due_time", "same_time");
    set_str(engine, promise, "after_supplement", "resume");
    value_set(engine->arena, promise, "cut_off", value_int(engine->arena, 840));
    set_str(engine, promise, "decision", "7/QĐ");
    value_set(engine->arena, bookkeeping, "promise", promise);
    set_str(engine, renamed, "study", "work");
    value_set(engine->arena, bookkeeping, "renamed", renamed);
    value_set(engine->arena, holder, "id", value_int(engine->arena, 77));
    value_set(engine->arena, holders, "study", holder);
    value_set(engine->arena, from, "holders", holders);
    DVC_EQ_INT(read_row(engine, from, &d), 0);
    DVC_EQ_INT(dossier_limit(d).amount, 7);
    DVC_EQ_INT(d->promise.again.amount, 2);
    cr_assert(d->promise.counts_again);
    DVC_EQ_INT(dossier_clock_rule(d)->starts, CLOCK_STARTS_SUBMIT);
    DVC_EQ_INT(dossier_clock_rule(d)->due_time, DUE_SAME_TIME);
    DVC_EQ_INT(dossier_clock_rule(d)->after_supplement, AFTER_SUPPLEMENT_RESUME);
    DVC_EQ_INT(dossier_clock_rule(d)->cutoff_minute, 840);
    DVC_EQ_STR(d->promise.decision, "7/QĐ");
    DVC_EQ_INT(d->holders[S_WORK], 77);
    bookkeeping_write(&text, d);
    cr_assert(strstr(text.ptr,
                     "\"promise\":{\"version\":1,\"limit\":\"7 working_days\",\"counts_again\":true,"
                     "\"again\":\"2 working_days\",\"starts\":\"submit\",\"due_time\":\"same_time\","
                     "\"after_supplement\":\"resume\",\"cut_off\":840,\"decision\":\"7/QĐ\"},"
                     "\"renamed\":{\"study\":\"work\"}") != NULL,
              "%s", text.ptr);
    set_str(engine, promise, "limit", "7 days");
    DVC_EQ_INT(read_row(engine, from, &d), -EINVAL);
    buf_release(&text);
    engine_free(engine);
}
