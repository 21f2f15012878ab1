#include "core/parcel.h"

#include "core/code.h"

#include <errno.h>

static const char *const codes[PARCEL_STATE_COUNT] = {
    [PARCEL_CREATED] = "created",
    [PARCEL_ORDERED] = "ordered",
    [PARCEL_COLLECTING] = "collecting",
    [PARCEL_PICKED_UP] = "picked_up",
    [PARCEL_HANDED_OVER] = "handed_over",
    [PARCEL_IN_TRANSIT] = "in_transit",
    [PARCEL_INVITED_1] = "invited_1",
    [PARCEL_INVITED_2] = "invited_2",
    [PARCEL_RETURNING] = "returning",
    [PARCEL_DELIVERED] = "delivered",
    [PARCEL_RETURNED_TO_AGENCY] = "returned_to_agency",
    [PARCEL_COLLECTION_FAILED] = "collection_failed",
    [PARCEL_LOST] = "lost",
    [PARCEL_DAMAGED] = "damaged",
    [PARCEL_CANCELLED] = "cancelled",
};

static const char *const names[PARCEL_STATE_COUNT] = {
    [PARCEL_CREATED] = "Đã tạo yêu cầu",
    [PARCEL_ORDERED] = "Bưu chính đã nhận yêu cầu",
    [PARCEL_COLLECTING] = "Bưu tá đang đến thu gom",
    [PARCEL_PICKED_UP] = "Đã thu gom, đã ký phiếu gửi",
    [PARCEL_HANDED_OVER] = "Đã bàn giao (ký biên bản giao nhận)",
    [PARCEL_IN_TRANSIT] = "Đang vận chuyển",
    [PARCEL_INVITED_1] = "Đã mời nhận lần 1",
    [PARCEL_INVITED_2] = "Đã mời nhận lần 2",
    [PARCEL_RETURNING] = "Đang chuyển hoàn về cơ quan",
    [PARCEL_DELIVERED] = "Đã phát cho người nhận",
    [PARCEL_RETURNED_TO_AGENCY] = "Đã chuyển hoàn về cơ quan",
    [PARCEL_COLLECTION_FAILED] = "Thu gom không thành công",
    [PARCEL_LOST] = "Thất lạc",
    [PARCEL_DAMAGED] = "Hư hỏng",
    [PARCEL_CANCELLED] = "Đã huỷ",
};

static const char *const directions[] = {
    [PARCEL_COLLECT] = "collect",
    [PARCEL_RETURN] = "return",
};

/* How far along a way home or to the agency a state is; news of a lower or equal rank is late. 0:
 * no state of this direction. States of a rank exclude each other once both are final. */
static const unsigned char ranks[2][PARCEL_STATE_COUNT] = {
    [PARCEL_COLLECT] =
        {
            [PARCEL_CREATED] = 1,
            [PARCEL_ORDERED] = 2,
            [PARCEL_COLLECTING] = 3,
            [PARCEL_PICKED_UP] = 4,
            [PARCEL_IN_TRANSIT] = 5,
            [PARCEL_DAMAGED] = 6,
            [PARCEL_LOST] = 7,
            [PARCEL_HANDED_OVER] = 9,
            [PARCEL_COLLECTION_FAILED] = 9,
            [PARCEL_CANCELLED] = 9,
        },
    [PARCEL_RETURN] =
        {
            [PARCEL_CREATED] = 1,
            [PARCEL_ORDERED] = 2,
            [PARCEL_HANDED_OVER] = 3,
            [PARCEL_IN_TRANSIT] = 4,
            [PARCEL_INVITED_1] = 5,
            [PARCEL_INVITED_2] = 6,
            [PARCEL_DAMAGED] = 7,
            [PARCEL_LOST] = 7,
            [PARCEL_RETURNING] = 8,
            [PARCEL_DELIVERED] = 9,
            [PARCEL_RETURNED_TO_AGENCY] = 9,
            [PARCEL_CANCELLED] = 9,
        },
};

enum { RANK_FINAL = 9 };

const char *parcel_state_code(enum parcel_state state)
{
    DVC_REQUIRE(state < PARCEL_STATE_COUNT);
    return codes[state];
}

const char *parcel_state_name_vi(enum parcel_state state)
{
    DVC_REQUIRE(state < PARCEL_STATE_COUNT);
    return names[state];
}

const char *parcel_name_vi(enum parcel_direction direction, enum parcel_state state)
{
    if (state != PARCEL_HANDED_OVER)
        return parcel_state_name_vi(state);
    return direction == PARCEL_COLLECT
               ? "Đã bàn giao cho cơ quan (ký biên bản giao nhận)"
               : "Cơ quan đã bàn giao cho bưu chính (ký biên bản giao nhận)";
}

int parcel_state_parse(struct slice code, enum parcel_state *ret)
{
    int found = code_find(codes, PARCEL_STATE_COUNT, code);

    if (found < 0)
        return -EINVAL;
    *ret = (enum parcel_state)found;
    return 0;
}

const char *parcel_direction_code(enum parcel_direction direction)
{
    DVC_REQUIRE(direction < DVC_COUNT(directions));
    return directions[direction];
}

int parcel_direction_parse(struct slice code, enum parcel_direction *ret)
{
    int found = code_find(directions, DVC_COUNT(directions), code);

    if (found < 0)
        return -EINVAL;
    *ret = (enum parcel_direction)found;
    return 0;
}

bool parcel_final(enum parcel_direction direction, enum parcel_state state)
{
    DVC_REQUIRE(direction < DVC_COUNT(directions) && state < PARCEL_STATE_COUNT);
    return ranks[direction][state] == RANK_FINAL;
}

/* Whether the post has the goods in its hands. */
static bool with_the_post(enum parcel_direction direction, enum parcel_state state)
{
    enum parcel_state first = direction == PARCEL_COLLECT ? PARCEL_PICKED_UP : PARCEL_HANDED_OVER;

    return ranks[direction][state] >= ranks[direction][first];
}

/* Found again, or passed on though damaged: the way goes on from there. */
static bool mishap(enum parcel_state state)
{
    return state == PARCEL_LOST || state == PARCEL_DAMAGED;
}

bool parcel_may_move(enum parcel_direction direction, enum parcel_state state,
                     enum parcel_state next)
{
    unsigned char from, to;

    DVC_REQUIRE(direction < DVC_COUNT(directions));
    DVC_REQUIRE(state < PARCEL_STATE_COUNT && next < PARCEL_STATE_COUNT);
    from = ranks[direction][state];
    to = ranks[direction][next];
    if (to == 0 || from == RANK_FINAL || state == next)
        return false;
    /* An order can be called off, or come to nothing, only while nothing was handed over. */
    if (next == PARCEL_CANCELLED || next == PARCEL_COLLECTION_FAILED)
        return !with_the_post(direction, state);
    if (mishap(next) || next == PARCEL_RETURNING)
        return true;
    if (mishap(state))
        return with_the_post(direction, next);
    return to > from;
}
