#include "core/procedure.h"

#include "dvc_test.h"

DVC_TEST(procedure, look_ups)
{
    struct action actions[] = {{.id = "accept"}, {.id = "refuse"}};
    struct step steps[] = {{.id = "receive", .actions = actions, .action_count = 2},
                           {.id = "appraise"}};
    struct case_kind cases[] = {{.id = "house"}};
    struct procedure procedure = {.steps = steps, .step_count = 2, .cases = cases, .case_count = 1};

    DVC_EQ_INT(procedure_step(&procedure, SLICE_LIT("appraise")), 1);
    DVC_EQ_INT(procedure_step(&procedure, SLICE_LIT("app")), -1);
    DVC_EQ_INT(procedure_step(&procedure, SLICE_NULL), -1);
    cr_assert(step_action(&steps[0], SLICE_LIT("refuse")) == &actions[1]);
    cr_assert_null(step_action(&steps[1], SLICE_LIT("refuse")));
    cr_assert(procedure_case(&procedure, SLICE_LIT("house")) == &cases[0]);
    cr_assert_null(procedure_case(&procedure, SLICE_LIT("works")));
}

/* A case overrides the procedure's limit channel by channel, also with "none". */
DVC_TEST(procedure, limit_of_a_case)
{
    const struct limit twenty = {LIMIT_CALENDAR_DAYS, 20}, fifteen = {LIMIT_WORKING_DAYS, 15};
    struct case_kind cases[] = {
        {.id = "house",
         .has_limit = true,
         .limit = {[CHANNEL_DIRECT] = LIMIT_UNSET,
                   [CHANNEL_ONLINE] = {LIMIT_WORKING_DAYS, 15},
                   [CHANNEL_POST] = LIMIT_INIT_NONE}},
        {.id = "works"},
    };
    struct procedure procedure = {.cases = cases, .case_count = 2};

    for (int i = CHANNEL_DIRECT; i <= CHANNEL_POST; i++)
        procedure.limit[i] = twenty;
    cr_assert(limit_eq(procedure_limit(&procedure, "house", CHANNEL_ONLINE), fifteen));
    cr_assert(limit_eq(procedure_limit(&procedure, "house", CHANNEL_DIRECT), twenty));
    cr_assert(limit_eq(procedure_limit(&procedure, "house", CHANNEL_POST), LIMIT_INIT_NONE));
    cr_assert(limit_eq(procedure_limit(&procedure, "works", CHANNEL_ONLINE), twenty));
    cr_assert(limit_eq(procedure_limit(&procedure, NULL, CHANNEL_ONLINE), twenty));
}

DVC_TEST(procedure, words)
{
    DVC_EQ_STR(level_code(LEVEL_PARTIAL), "partial");
    DVC_EQ_STR(authority_code(AUTHORITY_COMMUNE), "commune");
    DVC_EQ_STR(field_type_code(FIELD_CITIZEN_ID), "citizen_id");
    DVC_EQ_STR(effect_code(EFFECT_CORRECT_RESULT), "correct_result");
    DVC_EQ_STR(need_code(NEED_RECEIPT), "receipt");
    cr_assert_null(need_code((enum need)3));
}
