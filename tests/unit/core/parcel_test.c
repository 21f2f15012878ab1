#include "core/parcel.h"

#include "dvc_test.h"

DVC_TEST(parcel, codes_and_names)
{
    enum parcel_state state;
    enum parcel_direction direction;

    for (int i = 0; i < PARCEL_STATE_COUNT; i++) {
        DVC_EQ_INT(parcel_state_parse(slice_str(parcel_state_code((enum parcel_state)i)), &state),
                   0);
        DVC_EQ_INT(state, i);
        cr_assert_not_null(parcel_state_name_vi((enum parcel_state)i));
    }
    cr_assert(parcel_state_parse(SLICE_LIT("arrived"), &state) < 0);
    DVC_EQ_STR(parcel_name_vi(PARCEL_COLLECT, PARCEL_HANDED_OVER),
               "Đã bàn giao cho cơ quan (ký biên bản giao nhận)");
    DVC_EQ_STR(parcel_name_vi(PARCEL_RETURN, PARCEL_HANDED_OVER),
               "Cơ quan đã bàn giao cho bưu chính (ký biên bản giao nhận)");
    DVC_EQ_STR(parcel_name_vi(PARCEL_RETURN, PARCEL_LOST), "Thất lạc");
    DVC_EQ_INT(parcel_direction_parse(SLICE_LIT("return"), &direction), 0);
    DVC_EQ_STR(parcel_direction_code(direction), "return");
}

struct move {
    enum parcel_state from, to;
};

static void expect_moves(enum parcel_direction direction, const struct move *moves, size_t count,
                         bool may)
{
    for (size_t i = 0; i < count; i++)
        cr_expect(parcel_may_move(direction, moves[i].from, moves[i].to) == may, "%s: %s to %s",
                  parcel_direction_code(direction), parcel_state_code(moves[i].from),
                  parcel_state_code(moves[i].to));
}

DVC_TEST(parcel, home_by_post)
{
    static const struct move good[] = {
        {PARCEL_CREATED, PARCEL_ORDERED},        {PARCEL_ORDERED, PARCEL_HANDED_OVER},
        {PARCEL_HANDED_OVER, PARCEL_IN_TRANSIT}, {PARCEL_IN_TRANSIT, PARCEL_DELIVERED},
        {PARCEL_IN_TRANSIT, PARCEL_INVITED_1},   {PARCEL_INVITED_1, PARCEL_INVITED_2},
        {PARCEL_INVITED_2, PARCEL_RETURNING},    {PARCEL_RETURNING, PARCEL_RETURNED_TO_AGENCY},
        {PARCEL_INVITED_1, PARCEL_DELIVERED},    {PARCEL_ORDERED, PARCEL_DELIVERED},
        {PARCEL_IN_TRANSIT, PARCEL_RETURNING},   {PARCEL_RETURNING, PARCEL_DELIVERED},
        {PARCEL_CREATED, PARCEL_CANCELLED},      {PARCEL_ORDERED, PARCEL_CANCELLED},
        {PARCEL_IN_TRANSIT, PARCEL_LOST},        {PARCEL_LOST, PARCEL_IN_TRANSIT},
        {PARCEL_LOST, PARCEL_DELIVERED},         {PARCEL_DAMAGED, PARCEL_RETURNING},
        {PARCEL_RETURNING, PARCEL_DAMAGED},      {PARCEL_DAMAGED, PARCEL_LOST},
    };
    static const struct move bad[] = {
        {PARCEL_IN_TRANSIT, PARCEL_ORDERED},    {PARCEL_INVITED_2, PARCEL_INVITED_1},
        {PARCEL_INVITED_1, PARCEL_IN_TRANSIT},  {PARCEL_DELIVERED, PARCEL_RETURNING},
        {PARCEL_DELIVERED, PARCEL_LOST},        {PARCEL_RETURNED_TO_AGENCY, PARCEL_DELIVERED},
        {PARCEL_CANCELLED, PARCEL_HANDED_OVER}, {PARCEL_IN_TRANSIT, PARCEL_CANCELLED},
        {PARCEL_HANDED_OVER, PARCEL_CANCELLED}, {PARCEL_IN_TRANSIT, PARCEL_IN_TRANSIT},
        {PARCEL_ORDERED, PARCEL_PICKED_UP},     {PARCEL_ORDERED, PARCEL_COLLECTION_FAILED},
        {PARCEL_LOST, PARCEL_ORDERED},          {PARCEL_LOST, PARCEL_CANCELLED},
        {PARCEL_RETURNING, PARCEL_INVITED_2},   {PARCEL_ORDERED, PARCEL_CREATED},
    };

    expect_moves(PARCEL_RETURN, good, DVC_COUNT(good), true);
    expect_moves(PARCEL_RETURN, bad, DVC_COUNT(bad), false);
}

DVC_TEST(parcel, collection)
{
    static const struct move good[] = {
        {PARCEL_CREATED, PARCEL_ORDERED},
        {PARCEL_ORDERED, PARCEL_COLLECTING},
        {PARCEL_COLLECTING, PARCEL_PICKED_UP},
        {PARCEL_PICKED_UP, PARCEL_IN_TRANSIT},
        {PARCEL_PICKED_UP, PARCEL_HANDED_OVER},
        {PARCEL_IN_TRANSIT, PARCEL_HANDED_OVER},
        {PARCEL_COLLECTING, PARCEL_COLLECTION_FAILED},
        {PARCEL_COLLECTING, PARCEL_CANCELLED},
        {PARCEL_IN_TRANSIT, PARCEL_LOST},
        {PARCEL_LOST, PARCEL_HANDED_OVER},
    };
    static const struct move bad[] = {
        {PARCEL_HANDED_OVER, PARCEL_IN_TRANSIT}, {PARCEL_PICKED_UP, PARCEL_COLLECTION_FAILED},
        {PARCEL_PICKED_UP, PARCEL_CANCELLED},    {PARCEL_COLLECTION_FAILED, PARCEL_COLLECTING},
        {PARCEL_IN_TRANSIT, PARCEL_DELIVERED},   {PARCEL_IN_TRANSIT, PARCEL_RETURNING},
        {PARCEL_IN_TRANSIT, PARCEL_PICKED_UP},   {PARCEL_COLLECTING, PARCEL_INVITED_1},
    };

    expect_moves(PARCEL_COLLECT, good, DVC_COUNT(good), true);
    expect_moves(PARCEL_COLLECT, bad, DVC_COUNT(bad), false);
}

/* A final state lets nothing through, whatever the carrier says. */
DVC_TEST(parcel, final_is_final)
{
    for (int way = PARCEL_COLLECT; way <= PARCEL_RETURN; way++) {
        for (int i = 0; i < PARCEL_STATE_COUNT; i++) {
            if (!parcel_final((enum parcel_direction)way, (enum parcel_state)i))
                continue;
            for (int k = 0; k < PARCEL_STATE_COUNT; k++)
                cr_assert(!parcel_may_move((enum parcel_direction)way, (enum parcel_state)i,
                                           (enum parcel_state)k));
        }
    }
    cr_assert(parcel_final(PARCEL_COLLECT, PARCEL_HANDED_OVER));
    cr_assert(!parcel_final(PARCEL_RETURN, PARCEL_HANDED_OVER));
    cr_assert(parcel_final(PARCEL_RETURN, PARCEL_DELIVERED));
    cr_assert(!parcel_final(PARCEL_RETURN, PARCEL_LOST));
}
