#include "core/workflow.h"

#include "dvc_test.h"
#include "engine_fixture.h"

static void owe(struct engine *engine, enum fee_pay pay)
{
    struct fee *fee = ARENA_NEW(engine->arena, struct fee);

    fee->id = "le_phi";
    fee->name = "Lệ phí";
    fee->amount[CHANNEL_ONLINE] = 15000;
    fee->pay = pay;
    engine->procedure->fees = fee;
    engine->procedure->fee_count = 1;
}

DVC_TEST(engine_fee, unpaid_blocks_what_it_is_paid_for)
{
    struct engine *engine = engine_new();

    owe(engine, FEE_BEFORE_ACCEPT);
    DVC_EQ_INT(engine_submit(engine), 0);
    DVC_EQ_INT(engine->dossier->fee_count, 1);
    DVC_EQ_INT(engine->dossier->fees[0].amount, 15000);
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "submitted");
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "accept", 1), WF_E_REFUSED);
    DVC_EQ_STR(engine->refusal.code, "fee_unpaid");
    DVC_EQ_STR(engine->refusal.pointer, "/fees");
    cr_assert(strstr(engine->refusal.message, "Lệ phí") != NULL);
    engine->command.receipt = "AB-1";
    DVC_EQ_INT(engine_act(engine, ROLE_CASHIER, "pay", 0), 0);
    DVC_EQ_STR(engine->dossier->fees[0].receipt, "AB-1");
    DVC_EQ_STR(engine->dossier->fees[0].method, "cash");
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "accept", 1), 0);
    engine_free(engine);
}

DVC_TEST(engine_fee, owed_at_filing_shows_as_waiting_for_it)
{
    struct engine *engine = engine_new();

    owe(engine, FEE_AT_SUBMIT);
    DVC_EQ_INT(engine_submit(engine), 0);
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "intake_payment");
    DVC_EQ_INT(dossier_national(engine->dossier), 6);
    engine->command.waive = true;
    engine->command.reason = "Hộ nghèo";
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "pay", 0), 0);
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "submitted");
    DVC_EQ_INT(engine->dossier->fees[0].amount, 0);
    cr_assert(engine->dossier->fees[0].waived && wall_is_none(engine->dossier->fees[0].paid_at));
    engine_free(engine);
}

DVC_TEST(engine_fee, before_the_result_blocks_the_handing_over_only)
{
    struct engine *engine = engine_new();

    owe(engine, FEE_BEFORE_RESULT);
    engine_accepted(engine);
    DVC_EQ_INT(engine_act(engine, ROLE_OFFICER, "submit", 2), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_LEADER, "sign", 3), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "hand_over", 4), WF_E_REFUSED);
    DVC_EQ_STR(engine->refusal.code, "fee_unpaid");
    engine->command.receipt = "AB-1";
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "pay", 0), 0);
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "hand_over", 4), 0);
    DVC_EQ_STR(state_info(engine->dossier->state)->code, "returned");
    engine_free(engine);
}
