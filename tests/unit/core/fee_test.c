#include "core/fee.h"

#include "dvc_test.h"

static int64_t owed(const struct fee *fee, int64_t pages, int64_t copies)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *form = value_new(arena, VALUE_MAP);

    if (pages >= 0)
        value_set(arena, form, "pages", value_int(arena, pages));
    if (copies >= 0)
        value_set(arena, form, "copies", value_int(arena, copies));
    return fee_amount(fee, CHANNEL_DIRECT, form);
}

DVC_TEST(fee, fixed_whatever_the_form_says)
{
    const struct fee fee = {.amount[CHANNEL_DIRECT] = 15000};

    DVC_EQ_INT(owed(&fee, 9, 9), 15000);
    DVC_EQ_INT(fee_amount(&fee, CHANNEL_ONLINE, NULL), 0);
}

DVC_TEST(fee, so_much_a_copy)
{
    const struct fee fee = {.amount[CHANNEL_DIRECT] = 8000, .per = "copies"};

    DVC_EQ_INT(owed(&fee, -1, 3), 24000);
    DVC_EQ_INT(owed(&fee, -1, -1), 8000);
    DVC_EQ_INT(owed(&fee, -1, 0), 0);
}

/* 2,000 đ a page, from page 3 on 1,000 đ, at most 200,000 đ a copy. */
DVC_TEST(fee, so_much_a_page_of_each_copy)
{
    const struct fee fee = {.amount[CHANNEL_DIRECT] = 2000,
                            .per = "pages",
                            .over = 2,
                            .over_amount = 1000,
                            .most = 200000,
                            .times = "copies"};

    DVC_EQ_INT(owed(&fee, 1, 1), 2000);
    DVC_EQ_INT(owed(&fee, 2, 1), 4000);
    DVC_EQ_INT(owed(&fee, 3, 1), 5000);
    DVC_EQ_INT(owed(&fee, 3, 4), 20000);
    DVC_EQ_INT(owed(&fee, 198, 1), 200000);
    DVC_EQ_INT(owed(&fee, 199, 2), 400000);
    DVC_EQ_INT(owed(&fee, 1000000, 1000000), INT64_C(200000) * FEE_COUNT_MAX);
}
