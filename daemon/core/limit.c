#include "core/limit.h"

#include "base/num.h"

#include <errno.h>

#define WORD_MAX 64

/* `one` and `many` are the words of the plugin language, `vi` the law's own. */
static const struct unit_row {
    const char *one, *many, *vi;
    int max;
    int64_t sevenths; /* of a working minute, for one */
} units[] = {
    [LIMIT_NONE] = {"none", "none", "không quy định thời hạn", 0, 0},
    [LIMIT_WORKING_DAYS] = {"working_day", "working_days", "ngày làm việc", 1000, 480 * 7},
    [LIMIT_CALENDAR_DAYS] = {"calendar_day", "calendar_days", "ngày", 3650, 480 * 5},
    [LIMIT_WORKING_HOURS] = {"working_hour", "working_hours", "giờ làm việc", 8000, 60 * 7},
    [LIMIT_MONTHS] = {"month", "months", "tháng", 120, 480 * 5 * 30},
    [LIMIT_SAME_DAY] = {"same_day", "same_day", "trong ngày", 0, 480 * 7},
    [LIMIT_TRANSFER] = {"transfer", "transfer", "chuyển trong ngày", 0, 0},
};

int limit_max(enum limit_unit unit)
{
    return units[unit].max;
}

const char *limit_unit_name(enum limit_unit unit)
{
    return units[unit].many;
}

const char *limit_unit_word(enum limit_unit unit, int form)
{
    switch (form) {
    case 0:
        return units[unit].one;
    case 1:
        return units[unit].many;
    case 2:
        return units[unit].vi;
    default:
        return NULL;
    }
}

bool limit_eq(struct limit a, struct limit b)
{
    return a.unit == b.unit && a.amount == b.amount;
}

/* Blanks between words may be several or a tab in hand-written files: compares as if one space. */
static bool words_are(struct slice text, const char *words)
{
    size_t i = 0;

    for (; *words; words++) {
        if (i >= text.len)
            return false;
        if (*words == ' ' && (text.ptr[i] == ' ' || text.ptr[i] == '\t')) {
            while (i < text.len && (text.ptr[i] == ' ' || text.ptr[i] == '\t'))
                i++;
        } else if (text.ptr[i++] != *words) {
            return false;
        }
    }
    return i == text.len;
}

static bool unit_is(struct slice word, enum limit_unit unit)
{
    return words_are(word, units[unit].one) || words_are(word, units[unit].many) ||
           words_are(word, units[unit].vi);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

int limit_parse(struct slice text, struct limit *ret)
{
    static const enum limit_unit counted[] = {LIMIT_WORKING_DAYS, LIMIT_CALENDAR_DAYS,
                                              LIMIT_WORKING_HOURS, LIMIT_MONTHS};
    static const enum limit_unit alone[] = {LIMIT_NONE, LIMIT_SAME_DAY, LIMIT_TRANSFER};
    struct slice word;
    int64_t amount;
    size_t digits = 0;

    text = slice_trim(text);
    for (size_t i = 0; i < DVC_COUNT(alone); i++) {
        if (unit_is(text, alone[i])) {
            *ret = (struct limit){alone[i], 0};
            return 0;
        }
    }
    while (digits < text.len && digit(text.ptr[digits]))
        digits++;
    word = slice_trim(slice_sub(text, digits, text.len));
    if (digits == 0 || word.len == 0 || word.len > WORD_MAX)
        return LIMIT_E_SYNTAX;
    if (slice_is(word, "days") || slice_is(word, "day"))
        return LIMIT_E_BARE_DAYS;
    for (size_t i = 0; i < DVC_COUNT(counted); i++) {
        if (!unit_is(word, counted[i]))
            continue;
        if (num_parse_i64(slice_sub(text, 0, digits), 1, limit_max(counted[i]), &amount) != 0)
            return LIMIT_E_AMOUNT;
        *ret = (struct limit){counted[i], (int)amount};
        return 0;
    }
    return LIMIT_E_UNIT;
}

void limit_write(struct buf *buf, struct limit limit)
{
    if (limit_alone(limit.unit))
        buf_adds(buf, units[limit.unit].many);
    else
        buf_addf(buf, "%d %s", limit.amount,
                 limit.amount == 1 ? units[limit.unit].one : units[limit.unit].many);
}

void limit_write_kv(struct jw *jw, const char *key, struct limit limit)
{
    struct buf text = BUF_INIT(64);

    limit_write(&text, limit);
    jw_kv_slice(jw, key, buf_slice(&text));
    buf_release(&text);
}

void limit_name_vi(struct buf *buf, struct limit limit)
{
    if (limit_alone(limit.unit))
        buf_adds(buf, units[limit.unit].vi);
    else
        buf_addf(buf, "%d %s", limit.amount, units[limit.unit].vi);
}

const char *limit_error_vi(int error)
{
    switch ((enum limit_error)error) {
    case LIMIT_E_SYNTAX:
        return "thời hạn không đúng dạng; cần \"<số> <đơn vị>\" như \"20 calendar_days\", "
               "\"8 working_hours\", hoặc \"same_day\", \"none\"";
    case LIMIT_E_BARE_DAYS:
        return "\"days\" không nói rõ loại ngày; cần \"working_days\" (ngày làm việc) hoặc "
               "\"calendar_days\" (ngày)";
    case LIMIT_E_UNIT:
        return "đơn vị thời hạn không có; cần working_days, calendar_days, working_hours, months, "
               "same_day, transfer hoặc none";
    case LIMIT_E_AMOUNT:
        return "số lượng ngoài khoảng cho phép; cần từ 1 đến 1000 ngày làm việc, 3650 ngày, "
               "8000 giờ làm việc hoặc 120 tháng";
    }
    return "thời hạn không hợp lệ";
}

int64_t limit_nominal_sevenths(struct limit limit)
{
    if (limit.unit == LIMIT_SAME_DAY)
        return units[limit.unit].sevenths;
    return limit.amount * units[limit.unit].sevenths;
}

int64_t limit_nominal_minutes(struct limit limit)
{
    return (limit_nominal_sevenths(limit) + 3) / 7;
}

int warn_at_parse(struct slice text, struct warn_at *ret)
{
    struct warn_at at = {.kind = WARN_DUE};
    int64_t percent;
    int rc;

    text = slice_trim(text);
    if (text.len == 0)
        return LIMIT_E_SYNTAX;
    if (words_are(text, "due") || words_are(text, "đến hạn")) {
        *ret = at;
        return 0;
    }
    if (slice_ends(text, "%")) {
        rc = num_parse_i64(slice_trim(slice_sub(text, 0, text.len - 1)), 1, 99, &percent);
        if (rc != 0)
            return rc == -ERANGE ? LIMIT_E_AMOUNT : LIMIT_E_SYNTAX;
        *ret = (struct warn_at){.kind = WARN_PERCENT, .percent = (int)percent};
        return 0;
    }
    if (text.ptr[0] != '-' && text.ptr[0] != '+')
        return LIMIT_E_SYNTAX;
    at.kind = text.ptr[0] == '-' ? WARN_BEFORE : WARN_AFTER;
    rc = limit_parse(slice_sub(text, 1, text.len), &at.offset);
    if (rc != 0)
        return rc;
    if (limit_alone(at.offset.unit))
        return LIMIT_E_UNIT;
    *ret = at;
    return 0;
}

void warn_at_write(struct buf *buf, struct warn_at at)
{
    switch (at.kind) {
    case WARN_PERCENT:
        buf_addf(buf, "%d%%", at.percent);
        return;
    case WARN_DUE:
        buf_adds(buf, "due");
        return;
    case WARN_BEFORE:
    case WARN_AFTER:
        buf_addc(buf, at.kind == WARN_BEFORE ? '-' : '+');
        limit_write(buf, at.offset);
        return;
    }
}
