#include "core/workflow_migrate.h"

#include "calendar_fixture.h"
#include "core/bookkeeping.h"
#include "dvc_test.h"
#include "engine_fixture.h"

/* A second version of the fixture's procedure: the same workflow in memory of its own, so that a
 * test may change it. */
struct second {
    struct engine *engine;
    struct procedure *to;
    struct migrate migrate;
    const char *reason;
};

static struct procedure *copy(struct engine *engine)
{
    struct procedure *to = ARENA_NEW(engine->arena, struct procedure);

    *to = *engine->procedure;
    to->version = engine->procedure->version + 1;
    to->steps = ARENA_ARRAY(engine->arena, struct step, to->step_count);
    for (size_t i = 0; i < to->step_count; i++)
        to->steps[i] = engine->procedure->steps[i];
    return to;
}

static struct second second_new(void)
{
    struct second s = {.engine = engine_new(), .reason = "Quyết định 12/QĐ-UBND"};

    s.to = copy(s.engine);
    s.migrate = (struct migrate){.to = s.to, .order = 31};
    return s;
}

static int move(struct second *s)
{
    struct engine *engine = s->engine;
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};
    struct command command = command_blank(CMD_MIGRATE);
    struct outcome *outcome = NULL;
    int r;

    command.migrate = &s->migrate;
    command.reason = s->reason;
    engine->refusal = (struct refusal){"", "", ""};
    r = workflow_apply(engine->arena, engine->dossier, &command, &actor, &engine->setting, &outcome,
                       &engine->refusal);
    engine->last = r == 0 ? outcome : NULL;
    if (r == 0)
        engine->dossier = dossier_copy(engine->arena, outcome->after);
    return r;
}

static bool said(const struct second *s, const char *part)
{
    struct slice body = engine_body(s->engine);

    return memmem(body.ptr, body.len, part, strlen(part)) != NULL;
}

static void refused(struct second *s, const char *code)
{
    DVC_EQ_INT(move(s), WF_E_REFUSED);
    DVC_EQ_STR(s->engine->refusal.code, code);
    cr_assert(s->engine->dossier->procedure == s->engine->procedure, "nothing changed");
    engine_free(s->engine);
}

static bool anywhere(void *ctx, const struct dossier *moved)
{
    (void)moved;
    return *(bool *)ctx;
}

static struct value *map_of(struct second *s, const char *from, const char *to)
{
    struct value *map = value_new(s->engine->arena, VALUE_MAP);

    value_set(s->engine->arena, map, from, value_string(s->engine->arena, slice_str(to)));
    return map;
}

/* The dates are those that were promised; the desk goes on counting, for its limit is the same. */
DVC_TEST(engine_migrate, the_dates_stay_and_one_event_tells)
{
    struct second s = second_new();
    wall_t desk;

    engine_accepted(s.engine);
    desk = s.engine->dossier->tasks[0].due;
    s.to->limit[CHANNEL_ONLINE] = (struct limit){LIMIT_WORKING_DAYS, 3};
    engine_at(s.engine, "2026-03-03 10:00");
    DVC_EQ_INT(move(&s), 0);
    cr_assert(s.engine->dossier->procedure == s.to);
    DVC_EQ_STR(fixture_text(s.engine->dossier->due_first), "2026-03-16 17:00");
    DVC_EQ_STR(fixture_text(s.engine->dossier->due_current), "2026-03-16 17:00");
    DVC_EQ_INT(s.engine->dossier->tasks[0].due.us, desk.us);
    DVC_EQ_INT(s.engine->dossier->tasks[0].no, 2);
    DVC_EQ_INT(s.engine->last->event_count, 1);
    DVC_EQ_STR(s.engine->last->events[0].kind, "migrated");
    DVC_EQ_STR(s.engine->last->events[0].reason, "Quyết định 12/QĐ-UBND");
    DVC_EQ_INT(s.engine->last->events[0].role, ROLE_ADMIN);
    cr_assert(said(&s, "\"order\":31,\"from\":3,\"to\":4,\"limit_kept\":\"10 working_days\""));
    cr_assert(said(&s, "\"steps\":[{\"task\":2,\"from\":\"work\",\"to\":\"work\""));
    cr_assert(!said(&s, "12/Q"), "free text stays out of the chain");
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
    DVC_EQ_INT(move(&s), 0);
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
    DVC_EQ_INT(move(&s), 0);
    third = copy(s.engine);
    third->version = 9;
    third->limit[CHANNEL_ONLINE] = (struct limit){LIMIT_WORKING_DAYS, 1};
    s.migrate.to = third;
    DVC_EQ_INT(move(&s), 0);
    DVC_EQ_INT(dossier_promised(s.engine->dossier).version, 3);
    DVC_EQ_INT(dossier_limit(s.engine->dossier).amount, 10);
    DVC_EQ_INT(dossier_clock_rule(s.engine->dossier)->due_time, DUE_END_OF_DAY);
    bookkeeping_write(&text, s.engine->dossier);
    cr_assert(strstr(text.ptr, "\"promise\":{\"version\":3,\"limit\":\"10 working_days\"") != NULL,
              "%s", text.ptr);
    cr_assert(said(&s, "\"from\":4,\"to\":9,\"limit_kept\":\"10 working_days\",\"promised_by\":3"));
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
    DVC_EQ_INT(move(&s), 0);
    cr_assert(!s.engine->dossier->promise.made);
    cr_assert(!said(&s, "limit_kept"));
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
    DVC_EQ_INT(move(&s), 0);
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
    DVC_EQ_INT(move(&s), 0);
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
    DVC_EQ_INT(move(&s), WF_E_REFUSED);
    DVC_EQ_STR(s.engine->refusal.code, "migrate_step_gone");
    cr_assert(strstr(s.engine->refusal.message, "work") != NULL);
    s.engine->dossier->holders[S_WORK] = 77;
    s.migrate.steps = map_of(&s, "work", "study");
    DVC_EQ_INT(move(&s), 0);
    cr_assert(said(&s, "\"from\":\"work\",\"to\":\"study\""));
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
    s.migrate.reaches = anywhere;
    s.migrate.ctx = &fits;
    s.to->steps[S_WORK].role = ROLE_UNIT_HEAD;
    s.to->steps[S_WORK].agency_role = "other";
    DVC_EQ_INT(move(&s), 0);
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
    s.migrate.reaches = anywhere;
    s.migrate.ctx = &fits;
    DVC_EQ_INT(move(&s), 0);
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
    DVC_EQ_INT(move(&s), 0);
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
    DVC_EQ_INT(move(&s), 0);
    DVC_EQ_INT(engine_task(s.engine, S_WORK), 0);
    cr_assert(engine_task(s.engine, S_SIGN) != 0);
    cr_assert(said(&s, "\"automatic\":"));
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
    refused(&s, "reason_required");
}

DVC_TEST(engine_migrate, refused_the_same_version)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->version = s.engine->procedure->version;
    refused(&s, "migrate_same_version");
}

DVC_TEST(engine_migrate, refused_another_procedure)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->code = "8.888888";
    refused(&s, "migrate_other_procedure");
}

DVC_TEST(engine_migrate, refused_what_has_ended)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.engine->command.reason = "Không đủ điều kiện";
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "refuse", engine_task(s.engine, S_WORK)), 0);
    refused(&s, "dossier_ended");
}

DVC_TEST(engine_migrate, refused_a_case_that_is_gone)
{
    struct second s = second_new();
    struct case_kind house = {.id = "works", .name = "Công trình"};

    engine_accepted(s.engine);
    s.to->cases = &house;
    s.to->case_count = 1;
    DVC_EQ_INT(move(&s), WF_E_REFUSED);
    DVC_EQ_STR(s.engine->refusal.code, "migrate_case_needed");
    s.engine->dossier->case_id = "works";
    DVC_EQ_INT(move(&s), 0);
    s.to->version++;
    s.engine->dossier->procedure = s.engine->procedure;
    s.engine->dossier->case_id = "house";
    refused(&s, "migrate_case_gone");
}

DVC_TEST(engine_migrate, refused_a_closed_channel)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->channel_open[CHANNEL_ONLINE] = false;
    refused(&s, "migrate_channel_closed");
}

DVC_TEST(engine_migrate, refused_a_field_that_is_absent)
{
    struct second s = second_new();
    struct field field = {
        .id = "floors", .label = "Số tầng", .type = FIELD_INTEGER, .required = true};

    engine_accepted(s.engine);
    s.to->form = &field;
    s.to->field_count = 1;
    DVC_EQ_INT(move(&s), WF_E_REFUSED);
    cr_assert(strstr(s.engine->refusal.message, "Số tầng") != NULL, "%s",
              s.engine->refusal.message);
    refused(&s, "migrate_field_missing");
}

/* An answer that the new version would not take is no answer that is missing. */
DVC_TEST(engine_migrate, an_old_answer_is_not_judged_again)
{
    struct second s = second_new();
    struct field field = {.id = "floors",
                          .label = "Số tầng",
                          .type = FIELD_INTEGER,
                          .required = true,
                          .has_max = true,
                          .max = 2};

    engine_accepted(s.engine);
    s.engine->dossier->form = value_new(s.engine->arena, VALUE_MAP);
    value_set(s.engine->arena, s.engine->dossier->form, "floors", value_int(s.engine->arena, 9));
    s.to->form = &field;
    s.to->field_count = 1;
    DVC_EQ_INT(move(&s), 0);
    engine_free(s.engine);
}

DVC_TEST(engine_migrate, refused_a_fee_that_is_owed_and_gone)
{
    struct second s = second_new();
    struct dossier_fee fee = {.no = 1, .fee = "le_phi", .amount = 75000, .paid_at = WALL_NONE};

    engine_accepted(s.engine);
    s.engine->dossier->fees = &fee;
    s.engine->dossier->fee_count = 1;
    fee.waived = true;
    s.to->version = 8;
    DVC_EQ_INT(move(&s), 0);
    s.engine->dossier->procedure = s.engine->procedure;
    s.engine->dossier->fees[0].waived = false;
    refused(&s, "migrate_fee_gone");
}

static void hold(struct second *s)
{
    engine_accepted(s->engine);
    s->engine->command.reason = "Thiếu bản vẽ";
    s->engine->procedure->steps[S_WAIT].timeout =
        (struct timeout){.present = true,
                         .after = {LIMIT_CALENDAR_DAYS, 30},
                         .to = {.kind = TARGET_STEP, .steps = {S_WORK}, .step_count = 1}};
    s->to->steps[S_WAIT].timeout = s->engine->procedure->steps[S_WAIT].timeout;
    DVC_EQ_INT(engine_act(s->engine, ROLE_OFFICER, "hold", engine_task(s->engine, S_WORK)), 0);
}

DVC_TEST(engine_migrate, refused_a_paper_that_is_asked_for_and_gone)
{
    struct second s = second_new();
    struct value *papers;

    hold(&s);
    papers = value_new(s.engine->arena, VALUE_LIST);
    value_append(s.engine->arena, papers, value_string(s.engine->arena, slice_str("drawings")));
    s.engine->dossier->supplements[0].papers = papers;
    refused(&s, "migrate_paper_gone");
}

DVC_TEST(engine_migrate, refused_a_link_that_is_gone)
{
    struct second s = second_new();
    struct dossier_link link = {
        .no = 1, .as = "residence", .procedure = "1.004222", .state = LINK_OPEN};

    engine_accepted(s.engine);
    s.engine->dossier->links = &link;
    s.engine->dossier->link_count = 1;
    refused(&s, "migrate_link_gone");
}

DVC_TEST(engine_migrate, refused_a_step_that_waits_for_somebody_else)
{
    struct second s = second_new();

    hold(&s);
    s.to->steps[S_WAIT].wait = WAIT_PAYMENT;
    refused(&s, "migrate_step_kind");
}

DVC_TEST(engine_migrate, refused_another_desk_when_nobody_explored)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->steps[S_WORK].role = ROLE_UNIT_HEAD;
    DVC_EQ_INT(move(&s), WF_E_REFUSED);
    DVC_EQ_STR(s.engine->refusal.code, "migrate_step_desk");
    s.to->steps[S_WORK].role = ROLE_OFFICER;
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "split", engine_task(s.engine, S_WORK)), 0);
    refused(&s, "migrate_step_desk");
}

DVC_TEST(engine_migrate, refused_where_the_way_back_is_gone)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "submit", engine_task(s.engine, S_WORK)), 0);
    s.to->steps[S_WORK].id = "study";
    refused(&s, "migrate_step_gone");
}

/* The applicant was told 30 days: 40 give him more, 20 would take some away. */
DVC_TEST(engine_migrate, who_is_waited_for_has_no_less_time)
{
    struct second s = second_new();

    hold(&s);
    engine_at(s.engine, "2026-03-04 09:00");
    s.to->steps[S_WAIT].timeout.after.amount = 40;
    DVC_EQ_INT(move(&s), 0);
    DVC_EQ_STR(fixture_text(engine_timer_of(s.engine, 3, -1)->fire_at), "2026-04-13 17:00");
    DVC_EQ_INT(s.engine->dossier->clock, CLOCK_HELD);
    s.migrate.to = copy(s.engine);
    s.engine->procedure = s.to;
    s.to = copy(s.engine);
    s.to->steps[S_WAIT].timeout.after.amount = 20;
    s.migrate.to = s.to;
    refused(&s, "migrate_wait_shorter");
}

DVC_TEST(engine_migrate, refused_a_place_that_the_new_version_never_has)
{
    struct second s = second_new();
    bool fits = false;

    engine_accepted(s.engine);
    s.migrate.reaches = anywhere;
    s.migrate.ctx = &fits;
    refused(&s, "migrate_marking");
}
