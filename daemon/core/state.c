#include "core/state.h"

#include "core/code.h"

#include <errno.h>

/* Glossary, section 3, line by line. */
static const struct state_info states[STATE_COUNT] = {
    [STATE_DRAFT] = {"draft", "Bản nháp", 0, CLOCK_NONE, false, false},
    [STATE_AWAITING_COLLECTION] = {"awaiting_collection", "Chờ bưu chính thu gom", 0, CLOCK_NONE,
                                   false, false},
    [STATE_SUBMITTED] = {"submitted", "Chờ tiếp nhận", 1, CLOCK_NONE, false, false},
    [STATE_INTAKE_PAYMENT] = {"intake_payment", "Chờ nộp phí, lệ phí trước khi tiếp nhận", 6,
                              CLOCK_NONE, false, false},
    [STATE_INTAKE_SUPPLEMENT] = {"intake_supplement", "Chờ bổ sung trước khi tiếp nhận", 5,
                                 CLOCK_NONE, false, false},
    [STATE_NOT_ACCEPTED] = {"not_accepted", "Từ chối tiếp nhận", 3, CLOCK_ENDED, true, false},
    [STATE_ACCEPTED] = {"accepted", "Đã tiếp nhận", 2, CLOCK_RUNNING, false, true},
    [STATE_PROCESSING] = {"processing", "Đang xử lý", 4, CLOCK_RUNNING, false, true},
    [STATE_CONSULTING] = {"consulting", "Đang lấy ý kiến cơ quan phối hợp", 4, CLOCK_RUNNING, false,
                          true},
    [STATE_LINKED] = {"linked", "Đang xử lý liên thông", 4, CLOCK_RUNNING, false, true},
    [STATE_AWAITING_CONFIRMATION] = {"awaiting_confirmation",
                                     "Chờ người nộp xác nhận dự thảo kết quả", 4, CLOCK_RUNNING,
                                     false, true},
    [STATE_SUPPLEMENT] = {"supplement", "Chờ bổ sung hồ sơ", 5, CLOCK_HELD, false, true},
    [STATE_SUPPLEMENT_CHECK] = {"supplement_check", "Đang kiểm tra hồ sơ bổ sung", 5, CLOCK_HELD,
                                false, true},
    [STATE_PAYMENT] = {"payment", "Chờ thực hiện nghĩa vụ tài chính", 6, CLOCK_HELD, false, true},
    [STATE_SUSPENDED] = {"suspended", "Tạm dừng xử lý", 8, CLOCK_HELD, false, true},
    [STATE_SIGNING] = {"signing", "Đang trình ký", 4, CLOCK_RUNNING, false, true},
    [STATE_ISSUING] = {"issuing", "Đang phát hành kết quả", 4, CLOCK_RUNNING, false, true},
    [STATE_WITHDRAWAL_REQUESTED] = {"withdrawal_requested", "Đã đề nghị rút hồ sơ", 0,
                                    CLOCK_RUNNING, false, true},
    [STATE_WITHDRAWN] = {"withdrawn", "Đã rút hồ sơ", 7, CLOCK_ENDED, true, true},
    [STATE_STOPPED] = {"stopped", "Dừng giải quyết", 8, CLOCK_ENDED, true, true},
    [STATE_REFUSED] = {"refused", "Từ chối giải quyết", 8, CLOCK_ENDED, true, true},
    [STATE_FINISHED] = {"finished", "Đã có kết quả, chờ trả", 9, CLOCK_ENDED, false, true},
    [STATE_IN_POST] = {"in_post", "Bưu chính đang chuyển kết quả", 9, CLOCK_ENDED, false, true},
    [STATE_BACK_AT_DESK] = {"back_at_desk", "Bưu chính chuyển hoàn, chờ nhận tại Bộ phận Một cửa",
                            9, CLOCK_ENDED, false, true},
    [STATE_RETURNED] = {"returned", "Đã trả kết quả", 10, CLOCK_ENDED, true, true},
};

static const char *const national_names[] = {
    [1] = "Mới đăng ký",
    [2] = "Được tiếp nhận",
    [3] = "Không được tiếp nhận",
    [4] = "Đang xử lý",
    [5] = "Yêu cầu bổ sung giấy tờ",
    [6] = "Yêu cầu thực hiện nghĩa vụ tài chính",
    [7] = "Công dân yêu cầu rút hồ sơ",
    [8] = "Dừng xử lý",
    [9] = "Đã xử lý xong",
    [10] = "Đã trả kết quả",
};

static const char *const clock_codes[] = {
    [CLOCK_NONE] = "none",
    [CLOCK_RUNNING] = "running",
    [CLOCK_HELD] = "held",
    [CLOCK_ENDED] = "ended",
};

static const char *const channel_codes[CHANNEL_SLOTS] = {
    [CHANNEL_DIRECT] = "direct",
    [CHANNEL_ONLINE] = "online",
    [CHANNEL_POST] = "post",
};

static const char *const channel_names[CHANNEL_SLOTS] = {
    [CHANNEL_DIRECT] = "trực tiếp",
    [CHANNEL_ONLINE] = "trực tuyến",
    [CHANNEL_POST] = "bưu chính công ích",
};

static const char *const delivery_codes[] = {
    [DELIVERY_COUNTER] = "counter",
    [DELIVERY_POST] = "post",
    [DELIVERY_ELECTRONIC] = "electronic",
};

static const char *const form_codes[FORM_COUNT] = {
    [FORM_RECEIPT] = "receipt",         [FORM_SUPPLEMENT_REQUEST] = "supplement_request",
    [FORM_REFUSAL] = "refusal",         [FORM_APOLOGY] = "apology",
    [FORM_STOP_NOTICE] = "stop_notice", [FORM_CONTROL_SLIP] = "control_slip",
    [FORM_REGISTER] = "register",
};

const struct state_info *state_info(enum dossier_state state)
{
    DVC_REQUIRE(state < STATE_COUNT);
    return &states[state];
}

int state_parse(struct slice code, enum dossier_state *ret)
{
    for (int i = 0; i < STATE_COUNT; i++) {
        if (slice_is(code, states[i].code)) {
            *ret = (enum dossier_state)i;
            return 0;
        }
    }
    return -EINVAL;
}

int state_national(enum dossier_state state, enum dossier_state before)
{
    if (state == STATE_WITHDRAWAL_REQUESTED)
        state = before;
    return state_info(state)->national;
}

const char *national_name_vi(int national)
{
    if (national < 1 || (size_t)national >= DVC_COUNT(national_names))
        return NULL;
    return national_names[national];
}

const char *clock_state_code(enum clock_state clock)
{
    DVC_REQUIRE(clock < DVC_COUNT(clock_codes));
    return clock_codes[clock];
}

int clock_state_parse(struct slice code, enum clock_state *ret)
{
    int found = code_find(clock_codes, DVC_COUNT(clock_codes), code);

    if (found < 0)
        return -EINVAL;
    *ret = (enum clock_state)found;
    return 0;
}

static bool channel_known(enum channel channel)
{
    return channel >= CHANNEL_DIRECT && channel <= CHANNEL_POST;
}

const char *channel_code(enum channel channel)
{
    DVC_REQUIRE(channel_known(channel));
    return channel_codes[channel];
}

const char *channel_name_vi(enum channel channel)
{
    DVC_REQUIRE(channel_known(channel));
    return channel_names[channel];
}

int channel_parse(struct slice code, enum channel *ret)
{
    int found = code_find(channel_codes, DVC_COUNT(channel_codes), code);

    if (found < 0)
        return -EINVAL;
    *ret = (enum channel)found;
    return 0;
}

const char *delivery_code(enum delivery delivery)
{
    DVC_REQUIRE(delivery < DVC_COUNT(delivery_codes));
    return delivery_codes[delivery];
}

int delivery_parse(struct slice code, enum delivery *ret)
{
    int found = code_find(delivery_codes, DVC_COUNT(delivery_codes), code);

    if (found < 0)
        return -EINVAL;
    *ret = (enum delivery)found;
    return 0;
}

const char *form_id_code(enum form_id form)
{
    DVC_REQUIRE(form < FORM_COUNT);
    return form_codes[form];
}

int form_id_parse(struct slice code, enum form_id *ret)
{
    int found = code_find(form_codes, DVC_COUNT(form_codes), code);

    if (found < 0)
        return -EINVAL;
    *ret = (enum form_id)found;
    return 0;
}
