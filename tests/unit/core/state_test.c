#include "core/state.h"

#include "dvc_test.h"

#include <stdio.h>

DVC_TEST(state, every_code_is_read_back)
{
    for (int i = 0; i < STATE_COUNT; i++) {
        enum dossier_state back;
        const struct state_info *info = state_info((enum dossier_state)i);

        cr_assert(info->code != NULL && info->name_vi != NULL, "state %d has no words", i);
        DVC_EQ_INT(state_parse(slice_str(info->code), &back), 0);
        DVC_EQ_INT(back, i);
        cr_assert(info->national >= 0 && info->national <= 10);
    }
}

DVC_TEST(state, unknown_codes_are_refused)
{
    enum dossier_state state = STATE_DRAFT;
    enum channel channel;
    enum clock_state clock;

    cr_assert(state_parse(SLICE_LIT("Accepted"), &state) < 0);
    cr_assert(state_parse(SLICE_LIT(""), &state) < 0);
    cr_assert(state_parse(SLICE_NULL, &state) < 0);
    DVC_EQ_INT(state, STATE_DRAFT);
    cr_assert(channel_parse(SLICE_NULL, &channel) < 0);
    cr_assert(clock_state_parse(SLICE_LIT("run"), &clock) < 0);
}

/* The terminal states and those outside report II.06a, as the glossary lists them. */
DVC_TEST(state, terminal_and_counted)
{
    static const char terminal[] = " not_accepted withdrawn stopped refused returned ";
    static const char out[] = " draft awaiting_collection submitted intake_payment "
                              "intake_supplement not_accepted ";

    for (int i = 0; i < STATE_COUNT; i++) {
        const struct state_info *info = state_info((enum dossier_state)i);
        char word[40];

        snprintf(word, sizeof(word), " %s ", info->code);
        cr_assert(info->terminal == (strstr(terminal, word) != NULL), "%s", info->code);
        cr_assert(info->counted == (strstr(out, word) == NULL), "%s", info->code);
        /* What is counted has a clock, and what is final has one that ended. */
        cr_assert(!info->terminal || info->clock == CLOCK_ENDED, "%s", info->code);
        cr_assert(info->counted ? info->clock != CLOCK_NONE : info->clock != CLOCK_RUNNING, "%s",
                  info->code);
    }
}

DVC_TEST(state, words_that_people_see)
{
    DVC_EQ_STR(state_info(STATE_BACK_AT_DESK)->name_vi,
               "Bưu chính chuyển hoàn, chờ nhận tại Bộ phận Một cửa");
    DVC_EQ_STR(state_info(STATE_INTAKE_PAYMENT)->name_vi,
               "Chờ nộp phí, lệ phí trước khi tiếp nhận");
    DVC_EQ_STR(national_name_vi(state_info(STATE_SUPPLEMENT)->national), "Yêu cầu bổ sung giấy tờ");
    DVC_EQ_STR(national_name_vi(10), "Đã trả kết quả");
    cr_assert_null(national_name_vi(0));
    cr_assert_null(national_name_vi(11));
}

DVC_TEST(state, a_withdrawal_request_keeps_the_national_status)
{
    DVC_EQ_INT(state_national(STATE_WITHDRAWAL_REQUESTED, STATE_SUPPLEMENT), 5);
    DVC_EQ_INT(state_national(STATE_WITHDRAWAL_REQUESTED, STATE_PROCESSING), 4);
    DVC_EQ_INT(state_national(STATE_SUSPENDED, STATE_PROCESSING), 8);
}

DVC_TEST(state, channels_deliveries_forms)
{
    enum channel channel;
    enum delivery delivery;
    enum form_id form;

    DVC_EQ_INT(channel_parse(SLICE_LIT("online"), &channel), 0);
    DVC_EQ_INT(channel, 2);
    DVC_EQ_STR(channel_code(CHANNEL_POST), "post");
    DVC_EQ_STR(channel_name_vi(CHANNEL_POST), "bưu chính công ích");
    DVC_EQ_INT(delivery_parse(SLICE_LIT("electronic"), &delivery), 0);
    DVC_EQ_STR(delivery_code(delivery), "electronic");
    for (int i = 0; i < FORM_COUNT; i++) {
        DVC_EQ_INT(form_id_parse(slice_str(form_id_code((enum form_id)i)), &form), 0);
        DVC_EQ_INT(form, i);
    }
    DVC_EQ_STR(clock_state_code(CLOCK_HELD), "held");
}
