#include "core/workflow.h"

#include "calendar_fixture.h"
#include "dvc_test.h"
#include "engine_fixture.h"

/* desk -> (post) -> wait for the post -> returned, or back to the desk; finished already. */
static struct engine *at_the_desk(void)
{
    static struct action waits[] = {
        {.id = "delivered", .by = ROLE_POST, .to = {.kind = TARGET_END, .end = STATE_RETURNED}},
        {.id = "came_back",
         .by = ROLE_POST,
         .to = {.kind = TARGET_STEP, .steps = {S_DESK}, .step_count = 1}},
        {.id = "retrieve",
         .name = "Nhận lại",
         .by = ROLE_RECEIVER,
         .to = {.kind = TARGET_STEP, .steps = {S_DESK}, .step_count = 1}}};
    static struct effect order = {.kind = EFFECT_POST_RETURN};
    static struct action post = {.id = "post",
                                 .name = "Bàn giao",
                                 .to = {.kind = TARGET_STEP, .steps = {S_WAIT}, .step_count = 1},
                                 .effects = &order,
                                 .effect_count = 1};
    struct engine *engine = engine_new();
    struct step *steps = engine->procedure->steps;

    steps[S_WAIT].wait = WAIT_POST;
    steps[S_WAIT].actions = waits;
    steps[S_WAIT].action_count = DVC_COUNT(waits);
    steps[S_DESK].actions = &post;
    steps[S_DESK].action_count = 1;
    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "submit", 2), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_LEADER, "sign", 3), 0);
    return engine;
}

static int news(struct engine *engine, enum parcel_state state, const char *when)
{
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_POST};
    struct command command = {.kind = CMD_POSTAL, .if_decision = -1};
    struct outcome *outcome = NULL;
    int r;

    command.order_number =
        slice_str(engine->dossier->parcels[engine->dossier->parcel_count - 1].order_number);
    command.parcel = (struct parcel_event){
        .source_id = when, .at = fixture_at(when), .state = state, .moves = true};
    r = workflow_apply(engine->arena, engine->dossier, &command, &actor, &engine->setting, &outcome,
                       &engine->refusal);
    engine->last = outcome;
    if (r == 0)
        engine->dossier = dossier_copy(engine->arena, outcome->after);
    return r;
}

static const struct parcel *last_parcel(const struct engine *engine)
{
    return &engine->dossier->parcels[engine->dossier->parcel_count - 1];
}

DVC_TEST(engine_postal, an_order_leaves_the_house_with_its_number)
{
    struct engine *engine = at_the_desk();
    const struct outbox_row *row;

    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "post", 4), 0);
    row = &engine->last->outbox[0];
    DVC_EQ_STR(row->channel, "vnpost");
    DVC_EQ_STR(row->topic, "order");
    DVC_EQ_STR(row->key, "H24.15.01-260302-0001-R");
    cr_assert(memmem(row->body.ptr, row->body.len, "Minh", 4) == NULL);
    DVC_EQ_STR(last_parcel(engine)->order_number, "H24.15.01-260302-0001-R");
    DVC_EQ_STR(last_parcel(engine)->office, "H24.POST");
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "in_post");
    engine_free(engine);
}

DVC_TEST(engine_postal, news_moves_forward_only)
{
    struct engine *engine = at_the_desk();

    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "post", 4), 0);
    engine_at(engine, "2026-03-10 08:00");
    DVC_EQ_INT(news(engine, PARCEL_INVITED_1, "2026-03-05 09:00"), 0);
    DVC_EQ_INT(last_parcel(engine)->state, PARCEL_INVITED_1);
    cr_assert(engine->last->after->parcels[0].events[0].moves);
    DVC_EQ_INT(news(engine, PARCEL_IN_TRANSIT, "2026-03-04 09:00"), 0);
    DVC_EQ_INT(last_parcel(engine)->state, PARCEL_INVITED_1);
    cr_assert(!engine->last->after->parcels[0].events[0].moves);
    DVC_EQ_STR(engine->last->events[0].kind, "parcel_news");
    cr_assert(!engine->last->decision_moved);
    DVC_EQ_INT(news(engine, PARCEL_DELIVERED, "2026-03-06 09:00"), 0);
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "returned");
    DVC_EQ_STR(fixture_text(engine->dossier->returned_at), "2026-03-06 09:00");
    DVC_EQ_STR(fixture_text(engine->dossier->finished_at), "2026-03-02 09:00");
    DVC_EQ_INT(engine_delta(engine, MEASURE_RESOLVED), 0);
    /* The same news again changes nothing and is no error. */
    DVC_EQ_INT(news(engine, PARCEL_DELIVERED, "2026-03-06 09:00"), 0);
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "returned");
    engine_free(engine);
}

DVC_TEST(engine_postal, what_comes_back_can_go_out_again)
{
    struct engine *engine = at_the_desk();

    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "post", 4), 0);
    DVC_EQ_INT(news(engine, PARCEL_RETURNED_TO_AGENCY, "2026-03-02 09:00"), 0);
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "back_at_desk");
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "post", engine_task(engine, S_DESK)), 0);
    DVC_EQ_STR(last_parcel(engine)->order_number, "H24.15.01-260302-0001-R2");
    /* In hand again before anyone fetched it: the order is taken back. */
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "retrieve", engine_task(engine, S_WAIT)), 0);
    DVC_EQ_INT(last_parcel(engine)->state, PARCEL_CANCELLED);
    DVC_EQ_STR(engine->last->outbox[0].topic, "cancel");
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "finished");
    engine_free(engine);
}

DVC_TEST(engine_postal, not_where_the_post_is_not_allowed)
{
    struct engine *engine = at_the_desk();

    engine->procedure->postal_return = false;
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "post", 4), WF_E_REFUSED);
    DVC_EQ_STR(engine->refusal.code, "postal_not_allowed");
    DVC_EQ_INT(engine->dossier->parcel_count, 0);
    engine_free(engine);
}
