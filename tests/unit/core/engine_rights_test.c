#include "core/workflow_offer.h"

#include "dvc_test.h"
#include "engine_fixture.h"

static bool offered(struct engine *engine, const struct actor *actor, int task, const char *action)
{
    struct offer *offers;
    size_t count =
        workflow_offers(engine->arena, engine->dossier, dossier_task(engine->dossier, task), actor,
                        &engine->setting, &offers);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(offers[i].action, action) == 0)
            return true;
    }
    return false;
}

/* Whatever is offered is not forbidden, and what is forbidden is not offered. */
DVC_TEST(engine_rights, offers_are_what_may_be_done)
{
    static const char *const own[] = {
        "withdraw", "apology", "stop", "take",      "reassign",        "note",
        "suspend",  "correct", "pay",  "unsuspend", "confirm_withdraw"};
    static const enum role roles[] = {ROLE_RECEIVER, ROLE_OFFICER, ROLE_UNIT_HEAD, ROLE_LEADER,
                                      ROLE_CLERK,    ROLE_CASHIER, ROLE_AUDITOR};
    struct engine *engine = engine_new();

    engine_accepted(engine);
    for (size_t i = 0; i < DVC_COUNT(roles); i++) {
        struct grant grant = {roles[i], "H24.15.01", false};
        struct actor actor = {.account = 10 + (int64_t)roles[i],
                              .kind = ACCOUNT_STAFF,
                              .grants = &grant,
                              .grant_count = 1};

        for (size_t j = 0; j < DVC_COUNT(own); j++) {
            bool on_task = strcmp(own[j], "take") == 0 || strcmp(own[j], "reassign") == 0;
            struct engine copy = *engine;
            struct dossier_result result = {.number = "1"};
            bool shown = offered(engine, &actor, on_task ? 2 : 0, own[j]);
            int r;

            copy.command.reason = copy.command.note = "lý do";
            copy.command.assignee = 55;
            copy.command.receipt = "1";
            copy.command.result = strcmp(own[j], "correct") == 0 ? &result : NULL;
            r = engine_act(&copy, roles[i], own[j], on_task ? 2 : 0);
            cr_assert((r == 0) == shown, "%s as %s: %d, %soffered", own[j], role_code(roles[i]), r,
                      shown ? "" : "not ");
        }
    }
    engine_free(engine);
}

DVC_TEST(engine_rights, a_delegation_for_this_procedure_counts)
{
    struct engine *engine = engine_new();
    struct delegated given = {77, ROLE_LEADER, "H24.15.01", "9.999999"};
    struct actor actor = {
        .account = 5, .kind = ACCOUNT_STAFF, .delegations = &given, .delegation_count = 1};

    engine_accepted(engine);
    cr_assert(offered(engine, &actor, 0, "suspend"));
    given.procedure = "1.000000";
    cr_assert(!offered(engine, &actor, 0, "suspend"));
    engine_free(engine);
}

DVC_TEST(engine_rights, nothing_is_offered_of_what_is_over)
{
    struct engine *engine = engine_new();
    struct actor actor = {.account = 1, .kind = ACCOUNT_CITIZEN, .id_number = "031085001234"};

    DVC_EQ_INT(engine_submit(engine), 0);
    cr_assert(offered(engine, &actor, 0, "withdraw"));
    DVC_EQ_INT(engine_act(engine, ROLE_APPLICANT, "withdraw", 0), 0);
    cr_assert(!offered(engine, &actor, 0, "withdraw"));
    engine_free(engine);
}

DVC_TEST(engine_rights, completion_grows_to_a_hundred)
{
    struct engine *engine = engine_new();
    int last = -1;

    DVC_EQ_INT(engine_submit(engine), 0);
    DVC_EQ_INT(workflow_completion(engine->dossier), 0);
    static const struct {
        enum role role;
        const char *action;
    } way[] = {{ROLE_RECEIVER, "accept"},
               {ROLE_OFFICER, "submit"},
               {ROLE_LEADER, "sign"},
               {ROLE_RECEIVER, "hand_over"}};
    for (size_t i = 0; i < DVC_COUNT(way); i++) {
        DVC_EQ_INT(engine_act(engine, way[i].role, way[i].action, (int)i + 1), 0);
        cr_assert(workflow_completion(engine->dossier) > last);
        last = workflow_completion(engine->dossier);
    }
    DVC_EQ_INT(last, 100);
    engine_free(engine);
}
