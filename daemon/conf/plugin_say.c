#include "conf/plugin_say.h"

#include <stdio.h>

#include "core/expr.h"
#include "core/flowwords.h"

struct word_vi {
    const char *word, *vi;
};

static const struct word_vi words[] = {
    {"full", "toàn trình"},
    {"partial", "một phần"},
    {"info", "cung cấp thông tin"},
    {"province", "cấp tỉnh"},
    {"department", "cấp sở"},
    {"commune", "cấp xã"},
    {"citizen", "công dân"},
    {"business", "doanh nghiệp"},
    {"organisation", "tổ chức"},
    {"accept", "từ khi tiếp nhận"},
    {"submit", "từ khi nộp"},
    {"end_of_day", "hết giờ làm việc"},
    {"same_time", "đúng giờ bắt đầu"},
    {"restart", "tính lại từ đầu"},
    {"resume", "tính tiếp"},
    {"le_phi", "lệ phí"},
    {"phi", "phí"},
    {"at_submit", "khi nộp hồ sơ"},
    {"before_accept", "trước khi tiếp nhận"},
    {"before_result", "trước khi nhận kết quả"},
    {"text", "chữ"},
    {"textarea", "đoạn văn"},
    {"integer", "số nguyên"},
    {"number", "số"},
    {"boolean", "có hoặc không"},
    {"date", "ngày"},
    {"select", "chọn một"},
    {"multi", "chọn nhiều"},
    {"citizen_id", "số định danh cá nhân"},
    {"phone", "số điện thoại"},
    {"email", "thư điện tử"},
    {"tax_code", "mã số thuế"},
    {"money", "số tiền"},
    {"all", "chờ tất cả"},
    {"first", "chỉ cần một"},
    {"running", "thời hạn vẫn chạy"},
    {"competent", "cơ quan giải quyết"},
    {"receiving", "nơi nhận hồ sơ"},
    {"assignee", "người đang giữ"},
};

static const struct word_vi effects[] = {
    {"accept", "tiếp nhận"},
    {"pause", "tạm dừng tính thời hạn"},
    {"resume", "tính tiếp thời hạn"},
    {"restart", "tính lại thời hạn"},
    {"finish", "giải quyết xong"},
    {"request_payment", "đề nghị nộp tiền"},
    {"post_collect", "bưu chính đến nhận hồ sơ"},
    {"post_return", "giao bưu chính trả kết quả"},
    {"publish_result", "phát hành kết quả điện tử"},
    {"take_back", "thu lại kết quả"},
    {"correct_result", "sửa kết quả"},
    {"issue", "cấp mẫu"},
    {"notify", "báo cho"},
    {"spawn", "mở hồ sơ liên thông"},
    {"receipt", "giấy tiếp nhận hồ sơ và hẹn trả kết quả"},
    {"supplement_request", "phiếu yêu cầu bổ sung"},
    {"refusal", "phiếu từ chối"},
    {"apology", "phiếu xin lỗi"},
    {"stop_notice", "thông báo dừng giải quyết"},
    {"control_slip", "phiếu kiểm soát"},
    {"register", "sổ theo dõi"},
};

static const struct word_vi needs[] = {
    {"reason", "lý do"},        {"papers", "giấy tờ cần bổ sung"}, {"result", "kết quả"},
    {"receiver", "người nhận"}, {"documents", "giấy tờ"},          {"assignee", "người được giao"},
    {"receipt", "số biên lai"},
};

static const char *find(const struct word_vi *table, size_t count, struct slice word)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(word, table[i].word))
            return table[i].vi;
    }
    return NULL;
}

static const char *name_of(struct slice word)
{
    const char *vi = find(words, DVC_COUNT(words), word);
    enum dossier_state state;
    enum channel channel;
    enum role role;

    if (vi != NULL)
        return vi;
    if (channel_parse(word, &channel) == 0)
        return channel_name_vi(channel);
    if (role_parse(word, &role) == 0 && role_name_vi(role) != NULL)
        return role_name_vi(role);
    return state_parse(word, &state) == 0 ? state_info(state)->name_vi : NULL;
}

/* Calls `one` for the value, or for each of a list with commas between. */
static void each(struct buf *buf, const struct procedure *of, const struct value *value,
                 plugin_say *one)
{
    if (value->kind != VALUE_LIST) {
        one(buf, of, value);
        return;
    }
    if (value->list.count == 0)
        buf_adds(buf, "không có");
    for (size_t i = 0; i < value->list.count; i++) {
        if (i > 0)
            buf_adds(buf, ", ");
        one(buf, of, value->list.items[i]);
    }
}

void say_json(struct buf *buf, const struct procedure *of, const struct value *value)
{
    (void)of;
    value_write(buf, value, true);
}

static void one_text(struct buf *buf, const struct procedure *of, const struct value *value)
{
    if (value->kind == VALUE_STRING)
        buf_addf(buf, "\"%s\"", value->string.ptr);
    else
        say_json(buf, of, value);
}

void say_text(struct buf *buf, const struct procedure *of, const struct value *value)
{
    each(buf, of, value, one_text);
}

static void one_word(struct buf *buf, const struct procedure *of, const struct value *value)
{
    const char *vi = value->kind == VALUE_STRING ? name_of(value->string) : NULL;

    if (vi != NULL)
        buf_adds(buf, vi);
    else if (value->kind == VALUE_STRING)
        buf_add_slice(buf, value->string);
    else
        say_json(buf, of, value);
}

void say_word(struct buf *buf, const struct procedure *of, const struct value *value)
{
    each(buf, of, value, one_word);
}

void say_bool(struct buf *buf, const struct procedure *of, const struct value *value)
{
    if (value->kind == VALUE_BOOL)
        buf_adds(buf, value->boolean ? "có" : "không");
    else
        say_json(buf, of, value);
}

void say_number(struct buf *buf, const struct procedure *of, const struct value *value)
{
    if (value->kind == VALUE_STRING)
        buf_add_slice(buf, value->string);
    else
        say_json(buf, of, value);
}

/* One value, or a map by channel in the order of the channels, so that the order of writing is no
 * change. */
static void by_channel(struct buf *buf, const struct procedure *of, const struct value *value,
                       plugin_say *one)
{
    bool first = true;

    if (value->kind != VALUE_MAP) {
        one(buf, of, value);
        return;
    }
    for (int channel = CHANNEL_DIRECT; channel < CHANNEL_SLOTS; channel++) {
        const struct value *part = value_get(value, channel_code((enum channel)channel));

        if (part == NULL)
            continue;
        buf_addf(buf, "%s%s ", first ? "" : ", ", channel_name_vi((enum channel)channel));
        one(buf, of, part);
        first = false;
    }
}

static void one_limit(struct buf *buf, const struct procedure *of, const struct value *value)
{
    struct limit limit;

    if (value->kind == VALUE_STRING && limit_parse(value->string, &limit) == 0)
        limit_name_vi(buf, limit);
    else
        say_json(buf, of, value);
}

void say_limit(struct buf *buf, const struct procedure *of, const struct value *value)
{
    by_channel(buf, of, value, one_limit);
}

/* 1.500.000 đồng */
static void one_amount(struct buf *buf, const struct procedure *of, const struct value *value)
{
    char digits[32];
    size_t len;

    if (value->kind != VALUE_INT || value->integer < 0) {
        say_json(buf, of, value);
        return;
    }
    len = (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)value->integer);
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            buf_addc(buf, '.');
        buf_addc(buf, digits[i]);
    }
    buf_adds(buf, " đồng");
}

void say_amount(struct buf *buf, const struct procedure *of, const struct value *value)
{
    by_channel(buf, of, value, one_amount);
}

static void one_warning(struct buf *buf, const struct procedure *of, const struct value *value)
{
    struct slice at = value_get_text(value, "at");
    const struct value *to = value_get(value, "to");
    struct warn_at warn;

    if (to == NULL || warn_at_parse(at, &warn) != 0) {
        say_json(buf, of, value);
        return;
    }
    if (warn.kind == WARN_PERCENT) {
        buf_addf(buf, "%d%% thời hạn", warn.percent);
    } else if (warn.kind == WARN_DUE) {
        buf_adds(buf, "đến hạn");
    } else {
        buf_adds(buf, warn.kind == WARN_BEFORE ? "trước hạn " : "quá hạn ");
        limit_name_vi(buf, warn.offset);
    }
    buf_adds(buf, " báo ");
    one_word(buf, of, to);
}

void say_warnings(struct buf *buf, const struct procedure *of, const struct value *value)
{
    each(buf, of, value, one_warning);
}

void say_condition(struct buf *buf, const struct procedure *of, const struct value *value)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct expr_error error;
    struct expr *expr;

    if (value->kind == VALUE_STRING && expr_parse(arena, value->string, &expr, &error) == 0)
        flow_condition_vi(buf, of, expr);
    else
        say_bool(buf, of, value);
}

static void one_step(struct buf *buf, const struct procedure *of, const struct value *value)
{
    int step = value->kind == VALUE_STRING ? procedure_step(of, value->string) : -1;

    if (step >= 0)
        buf_addf(buf, "bước \"%s\"", of->steps[step].name);
    else if (value->kind == VALUE_STRING && slice_is(value->string, "previous"))
        buf_adds(buf, "bước trước");
    else
        one_word(buf, of, value);
}

void say_step(struct buf *buf, const struct procedure *of, const struct value *value)
{
    each(buf, of, value, one_step);
}

static void effect_word(struct buf *buf, struct slice word)
{
    const char *vi = find(effects, DVC_COUNT(effects), word);

    if (vi != NULL)
        buf_adds(buf, vi);
    else
        buf_add_slice(buf, word);
}

/* The value beside an effect's word: a form, a role, the code of a procedure. */
static void effect_value(struct buf *buf, const struct procedure *of, const struct value *value)
{
    const char *vi =
        value->kind == VALUE_STRING ? find(effects, DVC_COUNT(effects), value->string) : NULL;

    buf_addc(buf, ' ');
    if (vi != NULL)
        buf_adds(buf, vi);
    else
        one_word(buf, of, value);
}

static void one_effect(struct buf *buf, const struct procedure *of, const struct value *value)
{
    static const char *const heads[] = {"issue", "notify", "spawn"};

    if (value->kind == VALUE_STRING) {
        effect_word(buf, value->string);
        return;
    }
    for (size_t i = 0; i < DVC_COUNT(heads); i++) {
        const struct value *head = value_get(value, heads[i]);

        if (head == NULL)
            continue;
        effect_word(buf, slice_str(heads[i]));
        effect_value(buf, of, head);
        if (value->map.count > 1) {
            buf_addc(buf, ' ');
            say_json(buf, of, value);
        }
        return;
    }
    say_json(buf, of, value);
}

void say_effects(struct buf *buf, const struct procedure *of, const struct value *value)
{
    each(buf, of, value, one_effect);
}

static void one_need(struct buf *buf, const struct procedure *of, const struct value *value)
{
    const char *vi =
        value->kind == VALUE_STRING ? find(needs, DVC_COUNT(needs), value->string) : NULL;

    if (vi != NULL)
        buf_adds(buf, vi);
    else
        say_json(buf, of, value);
}

void say_needs(struct buf *buf, const struct procedure *of, const struct value *value)
{
    each(buf, of, value, one_need);
}

static void one_option(struct buf *buf, const struct procedure *of, const struct value *value)
{
    if (value->kind == VALUE_MAP && value_get_str(value, "label") != NULL &&
        value_get_str(value, "value") != NULL)
        buf_addf(buf, "%s (%s)", value_get_str(value, "label"), value_get_str(value, "value"));
    else
        one_text(buf, of, value);
}

void say_options(struct buf *buf, const struct procedure *of, const struct value *value)
{
    each(buf, of, value, one_option);
}
