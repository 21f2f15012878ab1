/* What stands in the way of a dossier's move to another version. */
#include "core/workflow_migrate.h"

#include "calendar_fixture.h"
#include "dvc_test.h"
#include "migrate_fixture.h"

DVC_TEST(engine_migrate_refused, the_same_version)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->version = s.engine->procedure->version;
    second_refused(&s, "migrate_same_version");
}

DVC_TEST(engine_migrate_refused, another_procedure)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->code = "8.888888";
    second_refused(&s, "migrate_other_procedure");
}

DVC_TEST(engine_migrate_refused, what_has_ended)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.engine->command.reason = "Không đủ điều kiện";
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "refuse", engine_task(s.engine, S_WORK)), 0);
    second_refused(&s, "dossier_ended");
}

DVC_TEST(engine_migrate_refused, a_case_that_is_gone)
{
    struct second s = second_new();
    struct case_kind house = {.id = "works", .name = "Công trình"};

    engine_accepted(s.engine);
    s.to->cases = &house;
    s.to->case_count = 1;
    DVC_EQ_INT(second_move(&s), WF_E_REFUSED);
    DVC_EQ_STR(s.engine->refusal.code, "migrate_case_needed");
    s.engine->dossier->case_id = "works";
    DVC_EQ_INT(second_move(&s), 0);
    s.to->version++;
    s.engine->dossier->procedure = s.engine->procedure;
    s.engine->dossier->case_id = "house";
    second_refused(&s, "migrate_case_gone");
}

DVC_TEST(engine_migrate_refused, a_closed_channel)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->channel_open[CHANNEL_ONLINE] = false;
    second_refused(&s, "migrate_channel_closed");
}

DVC_TEST(engine_migrate_refused, a_field_that_is_absent)
{
    struct second s = second_new();
    struct field field = {
        .id = "floors", .label = "Số tầng", .type = FIELD_INTEGER, .required = true};

    engine_accepted(s.engine);
    s.to->form = &field;
    s.to->field_count = 1;
    DVC_EQ_INT(second_move(&s), WF_E_REFUSED);
    cr_assert(strstr(s.engine->refusal.message, "Số tầng") != NULL, "%s",
              s.engine->refusal.message);
    second_refused(&s, "migrate_field_missing");
}

/* An answer that the new version would not take is no answer that is missing. */
DVC_TEST(engine_migrate_refused, an_old_answer_is_not_judged_again)
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
    DVC_EQ_INT(second_move(&s), 0);
    engine_free(s.engine);
}

DVC_TEST(engine_migrate_refused, a_fee_that_is_owed_and_gone)
{
    struct second s = second_new();
    struct dossier_fee fee = {.no = 1, .fee = "le_phi", .amount = 75000, .paid_at = WALL_NONE};

    engine_accepted(s.engine);
    s.engine->dossier->fees = &fee;
    s.engine->dossier->fee_count = 1;
    fee.waived = true;
    s.to->version = 8;
    DVC_EQ_INT(second_move(&s), 0);
    s.engine->dossier->procedure = s.engine->procedure;
    s.engine->dossier->fees[0].waived = false;
    second_refused(&s, "migrate_fee_gone");
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

DVC_TEST(engine_migrate_refused, a_paper_that_is_asked_for_and_gone)
{
    struct second s = second_new();
    struct value *papers;

    hold(&s);
    papers = value_new(s.engine->arena, VALUE_LIST);
    value_append(s.engine->arena, papers, value_string(s.engine->arena, slice_str("drawings")));
    s.engine->dossier->supplements[0].papers = papers;
    second_refused(&s, "migrate_paper_gone");
}

DVC_TEST(engine_migrate_refused, a_link_that_is_gone)
{
    struct second s = second_new();
    struct dossier_link link = {
        .no = 1, .as = "residence", .procedure = "1.004222", .state = LINK_OPEN};

    engine_accepted(s.engine);
    s.engine->dossier->links = &link;
    s.engine->dossier->link_count = 1;
    second_refused(&s, "migrate_link_gone");
}

DVC_TEST(engine_migrate_refused, a_step_that_waits_for_somebody_else)
{
    struct second s = second_new();

    hold(&s);
    s.to->steps[S_WAIT].wait = WAIT_PAYMENT;
    second_refused(&s, "migrate_step_kind");
}

DVC_TEST(engine_migrate_refused, another_desk_when_nobody_explored)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    s.to->steps[S_WORK].role = ROLE_UNIT_HEAD;
    DVC_EQ_INT(second_move(&s), WF_E_REFUSED);
    DVC_EQ_STR(s.engine->refusal.code, "migrate_step_desk");
    s.to->steps[S_WORK].role = ROLE_OFFICER;
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "split", engine_task(s.engine, S_WORK)), 0);
    second_refused(&s, "migrate_step_desk");
}

DVC_TEST(engine_migrate_refused, where_the_way_back_is_gone)
{
    struct second s = second_new();

    engine_accepted(s.engine);
    DVC_EQ_INT(engine_act(s.engine, ROLE_OFFICER, "submit", engine_task(s.engine, S_WORK)), 0);
    s.to->steps[S_WORK].id = "study";
    second_refused(&s, "migrate_step_gone");
}

/* The applicant was told 30 days: 40 give him more, 20 would take some away. */
DVC_TEST(engine_migrate_refused, who_is_waited_for_has_no_less_time)
{
    struct second s = second_new();

    hold(&s);
    engine_at(s.engine, "2026-03-04 09:00");
    s.to->steps[S_WAIT].timeout.after.amount = 40;
    DVC_EQ_INT(second_move(&s), 0);
    DVC_EQ_STR(fixture_text(engine_timer_of(s.engine, 3, -1)->fire_at), "2026-04-13 17:00");
    DVC_EQ_INT(s.engine->dossier->clock, CLOCK_HELD);
    s.migrate.to = second_copy(s.engine);
    s.engine->procedure = s.to;
    s.to = second_copy(s.engine);
    s.to->steps[S_WAIT].timeout.after.amount = 20;
    s.migrate.to = s.to;
    second_refused(&s, "migrate_wait_shorter");
}

DVC_TEST(engine_migrate_refused, a_place_that_the_new_version_never_has)
{
    struct second s = second_new();
    bool fits = false;

    engine_accepted(s.engine);
    s.migrate.reaches = second_reaches;
    s.migrate.ctx = &fits;
    second_refused(&s, "migrate_marking");
}
