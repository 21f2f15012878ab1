#include "core/workflow.h"

#include "calendar_fixture.h"
#include "dvc_test.h"
#include "engine_fixture.h"

static void held(struct engine *engine, const char *from, const char *to)
{
    engine_accepted(engine);
    engine_at(engine, from);
    engine->command.reason = "Thiếu bản vẽ";
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "hold", engine_task(engine, S_WORK)), 0);
    engine_at(engine, to);
    DVC_EQ_INT(engine_act(engine, ROLE_APPLICANT, "resubmit", engine_task(engine, S_WAIT)), 0);
}

DVC_TEST(engine_clock, accept_starts_it)
{
    struct engine *engine = engine_new();

    engine_accepted(engine);
    DVC_EQ_STR(fixture_text(engine->dossier->due_first), "2026-03-16 17:00");
    DVC_EQ_STR(fixture_text(engine->dossier->due_current), "2026-03-16 17:00");
    DVC_EQ_INT(engine->dossier->calendar_version, 7);
    DVC_EQ_INT(engine_delta(engine, MEASURE_RECEIVED), 1);
    DVC_EQ_INT(engine_delta(engine, MEASURE_OPEN), 1);
    cr_assert(engine_timer_of(engine, 0, 1) != NULL);
    DVC_EQ_STR(fixture_text(engine_timer_of(engine, 0, 1)->fire_at), "2026-03-16 17:00");
    DVC_EQ_STR(fixture_text(engine_timer_of(engine, 2, 1)->fire_at), "2026-03-06 17:00");
    engine_free(engine);
}

DVC_TEST(engine_clock, it_goes_on_with_what_was_left)
{
    struct engine *engine = engine_new();

    held(engine, "2026-03-04 09:00", "2026-03-09 10:00");
    DVC_EQ_STR(fixture_text(engine->dossier->due_current), "2026-03-16 17:00");
    DVC_EQ_INT(engine->dossier->clock, CLOCK_HELD);
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "resume", engine_task(engine, S_CHECK)), 0);
    /* 3 working days stood still: 5, 6 and 9 March. */
    DVC_EQ_STR(fixture_text(engine->dossier->due_current), "2026-03-19 17:00");
    DVC_EQ_STR(fixture_text(engine->dossier->due_first), "2026-03-16 17:00");
    DVC_EQ_INT(engine->dossier->hold_count, 1);
    DVC_EQ_STR(engine->dossier->holds[0].reason, "supplement");
    DVC_EQ_STR(engine->dossier->holds[0].party, "citizen");
    DVC_EQ_INT(engine_delta(engine, MEASURE_HELD), -1);
    DVC_EQ_INT(engine_delta(engine, MEASURE_OPEN), 1);
    /* Work had used 2 of 4 days before it asked. */
    DVC_EQ_STR(fixture_text(dossier_task(engine->dossier, engine_task(engine, S_WORK))->due),
               "2026-03-11 17:00");
    cr_assert(!wall_is_none(engine->dossier->supplements[0].closed_at));
    engine_free(engine);
}

DVC_TEST(engine_clock, a_restart_counts_the_whole_limit_and_fills_the_budgets)
{
    struct engine *engine = engine_new();

    held(engine, "2026-03-04 09:00", "2026-03-09 10:00");
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "restart", engine_task(engine, S_CHECK)), 0);
    DVC_EQ_STR(fixture_text(engine->dossier->due_current), "2026-03-23 17:00");
    DVC_EQ_STR(fixture_text(dossier_task(engine->dossier, engine_task(engine, S_WORK))->due),
               "2026-03-13 17:00");
    DVC_EQ_INT(engine->dossier->hold_count, 2);
    DVC_EQ_STR(engine->dossier->holds[1].kind, "restart");
    engine_free(engine);
}

DVC_TEST(engine_clock, what_stood_still_does_not_make_the_end_late)
{
    struct engine *engine = engine_new();

    held(engine, "2026-03-04 09:00", "2026-03-25 10:00");
    engine->command.reason = "Không bổ sung";
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "stop", 0), 0);
    cr_assert(engine->dossier->due_current.us > engine->dossier->finished_at.us);
    DVC_EQ_INT(engine_delta(engine, MEASURE_RESOLVED), 1);
    DVC_EQ_INT(engine_delta(engine, MEASURE_RESOLVED_LATE_STRICT), 0);
    DVC_EQ_INT(engine_delta(engine, MEASURE_HELD), -1);
    DVC_EQ_INT(engine_delta(engine, MEASURE_STOPPED), 1);
    engine_free(engine);
}

DVC_TEST(engine_clock, a_moved_date_moves_the_stock)
{
    struct engine *engine = engine_new();
    const struct outcome *last;

    engine_accepted(engine);
    engine->command.reason = "Chờ xác minh";
    engine->command.new_due = fixture_at("2026-03-20 09:00");
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "apology", 0), 0);
    last = engine->last;
    DVC_EQ_INT(last->delta_count, 2);
    DVC_EQ_STR(fixture_day_text(last->deltas[0].due_day), "2026-03-16");
    DVC_EQ_INT(last->deltas[0].count, -1);
    DVC_EQ_STR(fixture_day_text(last->deltas[1].due_day), "2026-03-20");
    DVC_EQ_INT(last->deltas[1].count, 1);
    /* What is held after an appointment moves from the appointed date. */
    engine_at(engine, "2026-03-04 09:00");
    engine->command.reason = "Thiếu";
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "hold", engine_task(engine, S_WORK)), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_APPLICANT, "resubmit", engine_task(engine, S_WAIT)), 0);
    engine_at(engine, "2026-03-09 10:00");
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "resume", engine_task(engine, S_CHECK)), 0);
    DVC_EQ_STR(fixture_text(engine->dossier->due_current), "2026-03-25 17:00");
    engine_free(engine);
}

DVC_TEST(engine_clock, no_limit_gives_no_date)
{
    struct engine *engine = engine_new();

    engine->procedure->limit[CHANNEL_ONLINE] = LIMIT_INIT_NONE;
    engine_accepted(engine);
    cr_assert(wall_is_none(engine->dossier->due_current));
    DVC_EQ_INT(engine_delta(engine, MEASURE_OPEN), 1);
    cr_assert(day_is_none(engine->last->deltas[0].due_day));
    cr_assert(engine_timer_of(engine, 0, 1) == NULL);
    engine->command.reason = "Quá tải";
    engine->command.new_due = fixture_at("2026-03-20 09:00");
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "apology", 0), 0);
    cr_assert(wall_is_none(engine->dossier->due_current));
    engine_free(engine);
}

DVC_TEST(engine_clock, a_rung_fires_in_its_epoch_and_not_before_its_time)
{
    struct engine *engine = engine_new();

    engine_accepted(engine);
    DVC_EQ_INT(engine_timer(engine, 2, 1, 1), WF_E_NOT_DUE);
    engine_at(engine, "2026-03-06 17:00");
    DVC_EQ_INT(engine_timer(engine, 2, 1, 1), 0);
    cr_assert(engine->last->fires && !engine->last->decision_moved);
    DVC_EQ_STR(engine->last->events[0].kind, "warned");
    DVC_EQ_INT(engine->last->notice_count, 1);
    DVC_EQ_INT(engine->last->notices[0].role, ROLE_LEADER);
    DVC_EQ_INT(engine_timer(engine, 2, 2, 1), WF_E_NOT_DUE);
    DVC_EQ_INT(engine_timer(engine, 2, 1, 9), WF_E_NOT_DUE);
    DVC_EQ_INT(engine_timer(engine, 9, 1, 1), WF_E_NOT_DUE);
    DVC_EQ_INT(engine_timer(engine, 0, 0, 0), WF_E_NOT_DUE);
    DVC_EQ_INT(engine_timer(engine, 2, 1, -1), WF_E_NOT_DUE);
    engine_free(engine);
}

DVC_TEST(engine_clock, the_calendar_moves_what_it_covers)
{
    struct engine *engine = engine_new();
    struct calendar_spec spec = fixture_spec(false);
    struct calendar_exception *all =
        ARENA_ARRAY(engine->arena, struct calendar_exception, spec.exception_count + 1);
    struct calendar *calendar;
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};
    struct command command = {.kind = CMD_RECALCULATE, .if_decision = -1};
    struct outcome *outcome;

    engine_accepted(engine);
    memcpy(all, spec.exceptions, spec.exception_count * sizeof(*all));
    all[spec.exception_count] =
        (struct calendar_exception){.day = fixture_day("2026-03-05"), .kind = CALENDAR_HOLIDAY};
    spec.exceptions = all;
    spec.exception_count++;
    DVC_EQ_INT(calendar_new(engine->arena, &spec, &calendar, NULL), 0);
    engine->setting.calendar = calendar;
    engine->setting.calendar_version = 8;
    DVC_EQ_INT(workflow_apply(engine->arena, engine->dossier, &command, &actor, &engine->setting,
                              &outcome, &engine->refusal),
               0);
    DVC_EQ_STR(fixture_text(outcome->after->due_current), "2026-03-17 17:00");
    DVC_EQ_STR(fixture_text(outcome->after->due_first), "2026-03-16 17:00");
    DVC_EQ_STR(fixture_text(outcome->after->tasks[0].due), "2026-03-09 17:00");
    DVC_EQ_INT(outcome->after->tasks[0].epoch, 2);
    DVC_EQ_INT(outcome->after->calendar_version, 8);
    DVC_EQ_STR(outcome->after->holds[0].kind, "calendar");
    DVC_EQ_STR(outcome->events[0].kind, "recalculated");
    engine_free(engine);
}
