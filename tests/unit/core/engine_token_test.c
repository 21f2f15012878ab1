#include "core/workflow.h"

#include "dvc_test.h"
#include "engine_fixture.h"

DVC_TEST(engine_token, branches_join_when_the_last_has_come)
{
    struct engine *engine = engine_new();

    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "split", engine_task(engine, S_WORK)), 0);
    DVC_EQ_INT(dossier_open_tasks(engine->dossier), 2);
    DVC_EQ_STR(dossier_task(engine->dossier, engine_task(engine, S_ASK_B))->agency, "H24.OTHER");
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "consulting");
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "answer", engine_task(engine, S_ASK_A)), 0);
    DVC_EQ_INT(dossier_open_tasks(engine->dossier), 1);
    DVC_EQ_INT(engine_task(engine, S_WORK), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "answer", engine_task(engine, S_ASK_B)), 0);
    DVC_EQ_INT(dossier_open_tasks(engine->dossier), 1);
    cr_assert(engine_task(engine, S_WORK) > 0);
    DVC_EQ_INT(dossier_task(engine->dossier, engine_task(engine, S_WORK))->group, 0);
    engine_free(engine);
}

/* Decided on the same dossier: each is a change of its own, the second is decided again on what the
 * first left, and its task is still open there. */
DVC_TEST(engine_token, two_answers_at_the_same_instant)
{
    struct engine *engine = engine_new();
    int a, b;

    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "split", engine_task(engine, S_WORK)), 0);
    a = engine_task(engine, S_ASK_A);
    b = engine_task(engine, S_ASK_B);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "answer", a), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "answer", b), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "answer", b), WF_E_TASK_GONE);
    engine_free(engine);
}

DVC_TEST(engine_token, a_split_inside_a_split_joins_back_into_it)
{
    struct engine *engine = engine_new();
    int outer;

    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "split", engine_task(engine, S_WORK)), 0);
    outer = dossier_task(engine->dossier, engine_task(engine, S_ASK_A))->group;
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "split", engine_task(engine, S_ASK_A)), 0);
    DVC_EQ_INT(dossier_open_tasks(engine->dossier), 3);
    /* The inner two first: their token goes on as one branch of the outer split. */
    for (size_t i = 0; i < 3; i++) {
        const struct task *task = &engine->dossier->tasks[i];

        if (task->group != outer) {
            DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "answer", task->no), 0);
            break;
        }
    }
    for (size_t i = 0; i < 2; i++) {
        const struct task *task = &engine->dossier->tasks[i];

        if (task->group != outer) {
            DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "answer", task->no), 0);
            break;
        }
    }
    DVC_EQ_INT(dossier_open_tasks(engine->dossier), 2);
    DVC_EQ_INT(dossier_task(engine->dossier, engine_task(engine, S_WORK))->group, outer);
    DVC_EQ_INT(engine->dossier->group_count, 0);
    engine_free(engine);
}

DVC_TEST(engine_token, the_first_is_enough_when_the_step_says_so)
{
    struct engine *engine = engine_new();

    engine->procedure->steps[S_WORK].join_any = true;
    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "split", engine_task(engine, S_WORK)), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "answer", engine_task(engine, S_ASK_B)), 0);
    DVC_EQ_INT(dossier_open_tasks(engine->dossier), 1);
    cr_assert(engine_task(engine, S_WORK) > 0);
    engine_free(engine);
}

DVC_TEST(engine_token, an_end_leaves_nothing_running)
{
    struct engine *engine = engine_new();

    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "split", engine_task(engine, S_WORK)), 0);
    engine->command.reason = "Vụ án";
    DVC_EQ_INT(engine_act(engine, ROLE_LEADER, "stop", 0), 0);
    DVC_EQ_INT(dossier_open_tasks(engine->dossier), 0);
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "stopped");
    DVC_EQ_INT(engine->dossier->clock, CLOCK_ENDED);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "answer", 3), WF_E_TASK_GONE);
    engine_free(engine);
}

DVC_TEST(engine_token, previous_goes_where_the_token_came_from)
{
    struct engine *engine = engine_new();

    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "submit", engine_task(engine, S_WORK)), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_LEADER, "back", engine_task(engine, S_SIGN)), 0);
    cr_assert(engine_task(engine, S_WORK) > 0);
    DVC_EQ_INT(engine->dossier->visits[S_WORK], 2);
    engine_free(engine);
}

DVC_TEST(engine_token, a_step_entered_again_is_its_holders)
{
    struct engine *engine = engine_new();

    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "submit", engine_task(engine, S_WORK)), 0);
    DVC_EQ_INT(dossier_task(engine->dossier, engine_task(engine, S_SIGN))->assignee, 0);
    engine->dossier->holders[S_WORK] = 4711;
    DVC_EQ_INT(engine_act(engine, ROLE_LEADER, "back", engine_task(engine, S_SIGN)), 0);
    DVC_EQ_INT(dossier_task(engine->dossier, engine_task(engine, S_WORK))->assignee, 4711);
    engine_free(engine);
}

/* A plugin that passed no checker must not make a worker turn for ever. */
DVC_TEST(engine_token, automatic_steps_are_bounded)
{
    struct engine *engine = engine_new();
    struct step *work = &engine->procedure->steps[S_WORK];

    work->actions[2].is_default = true;
    work->actions[2].to.steps[0] = S_WORK;
    work->actions = &work->actions[2];
    work->action_count = 1;
    DVC_EQ_INT(engine_submit(engine), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "accept", 1), WF_E_REFUSED);
    DVC_EQ_STR(engine->refusal.code, "automatic_chain");
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "submitted");
    engine_free(engine);
}

DVC_TEST(engine_token, an_agency_that_nobody_named_is_refused_by_name)
{
    struct engine *engine = engine_new();

    engine->procedure->steps[S_ASK_B].agency_role = "nobody";
    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "split", engine_task(engine, S_WORK)),
               WF_E_REFUSED);
    DVC_EQ_STR(engine->refusal.code, "agency_unknown");
    cr_assert(strstr(engine->refusal.message, "nobody") != NULL);
    DVC_EQ_INT(dossier_open_tasks(engine->dossier), 1);
    engine_free(engine);
}
