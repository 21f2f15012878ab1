#include "core/workflow_migrate.h"

#include "calendar_fixture.h"
#include "core/bookkeeping.h"
#include "dvc_test.h"
#include "migrate_fixture.h"

/* The dates are those that were promised; the desk goes on counting, for its limit is the same. */
DVC_TEST(engine_migrate, the_dates_stay_and_one_event_tells)
{
    struct second s = second_new();
    wall_t desk;

    engine_accepted(s.engine);
    desk = s.engine->dossier->tasks[0].due;
    s.to->limit[CHANNEL_ONLINE] = (struct limit){LIMIT_WORKING_DAYS, 3};
    engine_at(s.engine, "2026-03-03 10:00");
    DVC_EQ_INT(second_move(&s), 0);
    cr_assert(s.engine->dossier->procedure == s.to);
    DVC_EQ_STR(fixture_text(s.engine->dossier->due_first), "2026-03-16 17:00");
    DVC_EQ_STR(fixture_text(s.engine->dossier->due_current), "2026-03-16 17:00");
    DVC_EQ_INT(s.engine->dossier->tasks[0].due.us, desk.us);
    DVC_EQ_INT(s.engine->dossier->tasks[0].no, 2);
    DVC_EQ_INT(s.engine->last->event_count, 1);
    DVC_EQ_STR(s.engine->last->events[0].kind, "migrated");
    DVC_EQ_STR(s.engine->last->events[0].reason, "Quyết định 12/QĐ-UBND");
    DVC_EQ_INT(s.engine->last->events[0].role, ROLE_ADMIN);
    cr_assert(
        second_said(&s, "\"order\":31,\"from\":3,\"to\":4,\"limit_kept\":\"10 working_days\""));
    cr_assert(second_said(&s, "\"steps\":[{\"task\":2,\"from\":\"work\",\"to\":\"work\""));
    cr_assert(!second_said(&s, "12/Q"), "free text stays out of the chain");
    cr_assert(s.engine->last->decision_moved);
    DVC_EQ_INT(s.engine->last->delta_count, 0);
    engine_free(s.engine);
}

/* A supplement's restart after the move takes the promised limit, not the new version's. */
DVC_TEST(engine_migrate, later_counts_take_the_promised_limit)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->limit[CHANNEL_ONLINE] = (struct limit){LIMIT_WORKING_DAYS, 3};
    DVC_EQ_INT(second_move(&s), 0);
    engine_at(s.engine, "2026-03-04 09:00");
    s.engine->command.reason = "Thiếu bản vẽ";
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "hold", engine_task(s.engine, S_WORK)), 0);
    engine_at(s.engine, "2026-03-09 10:00");
    DVC_EQ_INT(engine_act(s.engine, ROLE_APPLICANT, "resubmit", engine_task(s.engine, S_WAIT)), 0);
    DVC_EQ_INT(engine_act(s.engine, ROLE_RECEIVER, "restart", engine_task(s.engine, S_CHECK)), 0);
    DVC_EQ_STR(fixture_text(s.engine->dossier->due_current), "2026-03-23 17:00");
    DVC_EQ_STR(fixture_text(s.engine->dossier->due_first), "2026-03-16 17:00");
    engine_free(s.engine);
}

/* Through the database and back, and once more to a third version: the first promise still holds.
 */
DVC_TEST(engine_migrate, the_promise_survives_the_next_version)
{
    struct second s = second_new();
    struct procedure *third;
    struct buf text = BUF_INIT(16384);

    engine_accepted(s.engine);
    s.to->limit[CHANNEL_ONLINE] = (struct limit){LIMIT_WORKING_DAYS, 3};
    s.to->clock.due_time = DUE_SAME_TIME;
    DVC_EQ_INT(second_move(&s), 0);
    third = second_copy(s.engine);
    third->version = 9;
    third->limit[CHANNEL_ONLINE] = (struct limit){LIMIT_WORKING_DAYS, 1};
    s.migrate.to = third;
    DVC_EQ_INT(second_move(&s), 0);
    DVC_EQ_INT(dossier_promised(s.engine->dossier).version, 3);
    DVC_EQ_INT(dossier_limit(s.engine->dossier).amount, 10);
    DVC_EQ_INT(dossier_clock_rule(s.engine->dossier)->due_time, DUE_END_OF_DAY);
    bookkeeping_write(&text, s.engine->dossier);
    cr_assert(strstr(text.ptr, "\"promise\":{\"version\":3,\"limit\":\"10 working_days\"") != NULL,
              "%s", text.ptr);
    cr_assert(second_said(
        &s, "\"from\":4,\"to\":9,\"limit_kept\":\"10 working_days\",\"promised_by\":3"));
    buf_release(&text);
    engine_free(s.engine);
}

/* Before the legal reception nothing is promised: the new version's limit is the one that counts.
 */
DVC_TEST(engine_migrate, before_reception_the_new_limit_counts)
{
    struct second s = second_new();

    DVC_EQ_INT(engine_submit(s.engine), 0);
    s.to->limit[CHANNEL_ONLINE] = (struct limit){LIMIT_WORKING_DAYS, 3};
    DVC_EQ_INT(second_move(&s), 0);
    cr_assert(!s.engine->dossier->promise.made);
    cr_assert(!second_said(&s, "limit_kept"));
    engine_at(s.engine, "2026-03-02 09:00");
    DVC_EQ_INT(engine_act(s.engine, ROLE_RECEIVER, "accept", 1), 0);
    DVC_EQ_STR(fixture_text(s.engine->dossier->due_first), "2026-03-05 17:00");
    engine_free(s.engine);
}

/* A desk with another limit begins it at the move, and hears the new version's warnings of it. */
DVC_TEST(engine_migrate, another_limit_of_a_desk_begins_anew)
{
    struct second s = second_new();
    const struct outcome *last;

    engine_accepted(s.engine);
    s.to->steps[S_WORK].limit[CHANNEL_ONLINE] = (struct limit){LIMIT_WORKING_DAYS, 2};
    s.to->steps[S_WORK].rungs += 1;
    s.to->steps[S_WORK].rung_count = 1;
    engine_at(s.engine, "2026-03-05 10:00");
    DVC_EQ_INT(second_move(&s), 0);
    last = s.engine->last;
    DVC_EQ_STR(fixture_text(s.engine->dossier->tasks[0].due), "2026-03-09 17:00");
    DVC_EQ_INT(s.engine->dossier->tasks[0].epoch, 2);
    DVC_EQ_INT(last->cancel_count, 2);
    DVC_EQ_INT(last->cancels[0].scope, 2);
    DVC_EQ_INT(last->cancels[0].epoch, -1);
    DVC_EQ_INT(last->cancels[1].scope, 0);
    DVC_EQ_STR(fixture_text(engine_timer_of(s.engine, 2, 0)->fire_at), "2026-03-09 17:00");
    cr_assert(engine_timer_of(s.engine, 2, 1) == NULL);
    DVC_EQ_INT(engine_timer_of(s.engine, 0, 1)->epoch, s.engine->dossier->due_epoch);
    engine_free(s.engine);
}

/* What a desk has left over several visits goes with it; a moment of warning that is over stays
 * silent. */
DVC_TEST(engine_migrate, the_same_limit_keeps_its_budget)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    engine_at(s.engine, "2026-03-04 10:00");
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "submit", engine_task(s.engine, S_WORK)), 0);
    cr_assert(s.engine->dossier->budget[S_WORK] > 0);
    DVC_EQ_INT(second_move(&s), 0);
    DVC_EQ_INT(s.engine->dossier->budget[S_WORK], 2);
    DVC_EQ_INT(s.engine->dossier->visits[S_WORK], 1);
    DVC_EQ_INT(engine_act(s.engine, ROLE_LEADER, "back", engine_task(s.engine, S_SIGN)), 0);
    DVC_EQ_STR(fixture_text(dossier_task(s.engine->dossier, engine_task(s.engine, S_WORK))->due),
               "2026-03-06 17:00");
    engine_free(s.engine);
}

DVC_TEST(engine_migrate, a_renamed_step_is_found_by_the_map)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->steps[S_WORK].id = "study";
    DVC_EQ_INT(second_move(&s), WF_E_REFUSED);
    DVC_EQ_STR(s.engine->refusal.code, "migrate_step_gone");
    cr_assert(strstr(s.engine->refusal.message, "work") != NULL);
    s.engine->dossier->holders[S_WORK] = 77;
    s.migrate.steps = second_map(&s, "work", "study");
    DVC_EQ_INT(second_move(&s), 0);
    cr_assert(second_said(&s, "\"from\":\"work\",\"to\":\"study\""));
    DVC_EQ_STR(arena_slice_str(s.engine->arena, value_get_text(s.engine->dossier->renamed, "work")),
               "study");
    DVC_EQ_INT(s.engine->dossier->holders[S_WORK], 77);
    DVC_EQ_INT(s.engine->dossier->visits[S_WORK], 1);
    engine_free(s.engine);
}

/* Where the explored markings allow it, a desk may become another role's; its holder is no more. */
DVC_TEST(engine_migrate, a_desk_of_another_role_belongs_to_the_unit_there)
{
    struct second s = second_new();
    bool fits = true;

    engine_accepted(s.engine);
    s.engine->dossier->tasks[0].assignee = 12;
    s.migrate.reaches = second_reaches;
    s.migrate.ctx = &fits;
    s.to->steps[S_WORK].role = ROLE_UNIT_HEAD;
    s.to->steps[S_WORK].agency_role = "other";
    DVC_EQ_INT(second_move(&s), 0);
    DVC_EQ_INT(s.engine->dossier->tasks[0].role, ROLE_UNIT_HEAD);
    DVC_EQ_STR(s.engine->dossier->tasks[0].agency, "H24.OTHER");
    DVC_EQ_INT(s.engine->dossier->tasks[0].assignee, 0);
    engine_free(s.engine);
}

DVC_TEST(engine_migrate, open_branches_join_in_the_new_version)
{
    struct second s = second_new();
    bool fits = true;

    engine_accepted(s.engine);
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "split", engine_task(s.engine, S_WORK)), 0);
    s.migrate.reaches = second_reaches;
    s.migrate.ctx = &fits;
    DVC_EQ_INT(second_move(&s), 0);
    DVC_EQ_INT(dossier_open_tasks(s.engine->dossier), 2);
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "answer", engine_task(s.engine, S_ASK_A)), 0);
    DVC_EQ_INT(dossier_open_tasks(s.engine->dossier), 1);
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "answer", engine_task(s.engine, S_ASK_B)), 0);
    DVC_EQ_INT(s.engine->dossier->tasks[0].step, S_WORK);
    engine_free(s.engine);
}

/* A suspended dossier keeps still: its desks are armed when it goes on. */
DVC_TEST(engine_migrate, a_suspended_dossier_stays_suspended)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.engine->command.reason = "Chờ toà";
    DVC_EQ_INT(engine_act(s.engine, ROLE_LEADER, "suspend", 0), 0);
    DVC_EQ_INT(second_move(&s), 0);
    DVC_EQ_INT(s.engine->dossier->state, STATE_SUSPENDED);
    DVC_EQ_INT(s.engine->last->timer_count, 0);
    engine_at(s.engine, "2026-03-05 09:00");
    DVC_EQ_INT(engine_act(s.engine, ROLE_LEADER, "unsuspend", 0), 0);
    cr_assert(engine_timer_of(s.engine, 2, 1) != NULL);
    engine_free(s.engine);
}

/* A step that the new version takes by itself does not wait for the next visitor. */
DVC_TEST(engine_migrate, what_steps_take_by_themselves_is_taken)
{
    struct second s = second_new();
    struct action *own = ARENA_NEW(s.engine->arena, struct action);

    engine_accepted(s.engine);
    *own = s.to->steps[S_WORK].actions[2];
    own->is_default = true;
    s.to->steps[S_WORK].actions = own;
    s.to->steps[S_WORK].action_count = 1;
    DVC_EQ_INT(second_move(&s), 0);
    DVC_EQ_INT(engine_task(s.engine, S_WORK), 0);
    cr_assert(engine_task(s.engine, S_SIGN) != 0);
    cr_assert(second_said(&s, "\"automatic\":"));
    engine_free(s.engine);
}

/* Nobody but the daemon, and not without a reason. */
DVC_TEST(engine_migrate, who_may)
{
    struct second s = second_new();
    struct grant grant = {ROLE_ADMIN, "H24.15.01", true};
    struct actor admin = {.account = 3, .kind = ACCOUNT_STAFF, .grants = &grant, .grant_count = 1};
    struct command command = command_blank(CMD_MIGRATE);
    struct outcome *outcome = NULL;

    engine_accepted(s.engine);
    command.migrate = &s.migrate;
    command.reason = "x";
    DVC_EQ_INT(workflow_apply(s.engine->arena, s.engine->dossier, &command, &admin,
                              &s.engine->setting, &outcome, &s.engine->refusal),
               WF_E_FORBIDDEN);
    s.reason = "";
    second_refused(&s, "reason_required");
}
