#include "core/workflow.h"

#include "calendar_fixture.h"
#include "dvc_test.h"
#include "engine_fixture.h"

static int notices_to(const struct engine *engine, enum role role)
{
    int count = 0;

    for (size_t i = 0; i < engine->last->notice_count; i++)
        count += engine->last->notices[i].role == role;
    return count;
}

static bool says(struct slice body, const char *text)
{
    return memmem(body.ptr, body.len, text, strlen(text)) != NULL;
}

/* Exactly these bytes are hashed: their order is part of the contract with who checks the chain. */
DVC_TEST(engine_event, body_of_a_taken_task)
{
    struct engine *engine = engine_new();

    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "take", engine_task(engine, S_WORK)), 0);
    DVC_EQ_SLICE(engine_body(engine),
                 "{\"kind\":\"task_taken\",\"at\":\"2026-03-02T09:00:00+07:00\","
                 "\"by\":{\"account\":12,\"role\":\"officer\",\"agency\":\"H24.15.01\"},"
                 "\"action\":\"take\",\"task\":2,\"step\":\"work\",\"assignee\":12,"
                 "\"from_state\":\"accepted\",\"state\":\"processing\",\"clock\":\"running\","
                 "\"due_first\":\"2026-03-16T17:00:00+07:00\","
                 "\"due_current\":\"2026-03-16T17:00:00+07:00\"}");
    engine_free(engine);
}

DVC_TEST(engine_event, no_name_no_number_no_free_text)
{
    struct engine *engine = engine_new();

    engine->command.form_digest = "00ff";
    DVC_EQ_INT(engine_submit(engine), 0);
    cr_assert(says(engine_body(engine), "\"form_digest\":\"00ff\""));
    cr_assert(!says(engine_body(engine), "Minh") && !says(engine_body(engine), "031085001234"));
    engine->command.reason = "Bí mật";
    engine->command.note = "Riêng tư";
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "refuse", 1), 0);
    cr_assert(!says(engine_body(engine), "mật") && !says(engine_body(engine), "tư"));
    DVC_EQ_STR(engine->last->events[0].reason, "Bí mật");
    DVC_EQ_STR(engine->last->events[0].note, "Riêng tư");
    engine_free(engine);
}

/* A dossier may be taken in at one commune and decided at another. */
DVC_TEST(engine_event, a_notice_finds_the_receiver_where_the_dossier_was_taken_in)
{
    struct engine *engine = engine_new();
    struct action *refuse = &engine->procedure->steps[S_WORK].actions[3];
    struct effect told[] = {{.kind = EFFECT_NOTIFY, .to = ROLE_RECEIVER, .text = "notified"},
                            {.kind = EFFECT_NOTIFY, .to = ROLE_LEADER, .text = "notified"}};

    DVC_EQ_STR(refuse->id, "refuse");
    refuse->effects = told;
    refuse->effect_count = 2;
    engine_accepted(engine);
    engine->dossier->agency_receiving = "H24.15.02";
    engine->command.reason = "Không đủ điều kiện";
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "refuse", engine_task(engine, S_WORK)), 0);
    for (size_t i = 0; i < engine->last->notice_count; i++) {
        const struct notice_row *row = &engine->last->notices[i];

        if (row->role == ROLE_RECEIVER)
            DVC_EQ_STR(row->agency, "H24.15.02");
        if (row->role == ROLE_LEADER)
            DVC_EQ_STR(row->agency, "H24.15.01");
    }
    DVC_EQ_INT(notices_to(engine, ROLE_RECEIVER), 1);
    DVC_EQ_INT(notices_to(engine, ROLE_LEADER), 1);
    engine_free(engine);
}

DVC_TEST(engine_event, never_before_the_one_before_it)
{
    struct engine *engine = engine_new();

    engine_accepted(engine);
    engine_at(engine, "2026-03-02 08:30");
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "take", engine_task(engine, S_WORK)), 0);
    DVC_EQ_STR(fixture_text(engine->last->events[0].at), "2026-03-02 09:00");
    engine_free(engine);
}

DVC_TEST(engine_event, decision_stands_still_for_what_decides_nothing)
{
    struct engine *engine = engine_new();
    int64_t before;

    engine_accepted(engine);
    before = engine->dossier->decision;
    engine->command.note = "Đã gọi điện";
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "note", 0), 0);
    DVC_EQ_INT(engine->dossier->decision, before);
    engine->command.if_decision = before - 1;
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "take", 2), WF_E_STALE);
    engine->command.if_decision = before;
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "take", 2), 0);
    DVC_EQ_INT(engine->dossier->decision, before + 1);
    engine_free(engine);
}

DVC_TEST(engine_event, portal_hears_of_moved_statuses_only)
{
    struct engine *engine = engine_new();

    engine->setting.portal_sync = true;
    DVC_EQ_INT(engine_submit(engine), 0);
    DVC_EQ_INT(engine->last->outbox_count, 1);
    DVC_EQ_STR(engine->last->outbox[0].channel, "portal");
    cr_assert(says(engine->last->outbox[0].body, "\"status\":1,\"state\":\"submitted\""));
    engine->command.note = "x";
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "note", 0), 0);
    DVC_EQ_INT(engine->last->outbox_count, 0);
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "accept", 1), 0);
    DVC_EQ_STR(engine->last->outbox[1].channel, "portal"); /* after the receipt's print */
    cr_assert(says(engine->last->outbox[1].body, "\"status\":2"));
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "take", 2), 0);
    cr_assert(says(engine->last->outbox[0].body, "\"status\":4"));
    /* A request to withdraw shows as the status before it. */
    DVC_EQ_INT(engine_act(engine, ROLE_APPLICANT, "withdraw", 0), 0);
    DVC_EQ_INT(engine->last->outbox_count, 0);
    DVC_EQ_INT(dossier_national(engine->dossier), 4);
    engine_free(engine);
}

/* What is printed later must say what held at that moment: it is kept with the form, and the row
 * that orders the print tells nothing of people. */
DVC_TEST(engine_event, a_form_is_ordered_and_keeps_its_moment)
{
    struct engine *engine = engine_new();
    const struct dossier_form *receipt;
    const struct outbox_row *row;

    engine_accepted(engine);
    receipt = &engine->dossier->forms[0];
    row = &engine->last->outbox[0];
    DVC_EQ_INT(engine->last->outbox_count, 1);
    DVC_EQ_STR(row->channel, "papers");
    DVC_EQ_STR(row->topic, "print");
    DVC_EQ_SLICE(row->body, arena_printf(engine->arena, "{\"form\":%d}", receipt->no));
    cr_assert(value_get_str(receipt->content, "received_at") != NULL);
    cr_assert(value_get_str(receipt->content, "due") != NULL);
    DVC_EQ_INT(value_count(value_get(receipt->content, "papers")), engine->dossier->paper_count);
    DVC_EQ_INT(value_count(value_get(receipt->content, "fees")), engine->dossier->fee_count);
    cr_assert(value_get_str(receipt->content, "delivery") != NULL);
    engine_free(engine);
}
