#include "base/jw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 31 };

/* 0: as it is; 'u': \u00xx; else the letter after the backslash. RFC 8259, section 7. */
static const char escape_of[256] = {
    [0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u',  [0x04] = 'u', [0x05] = 'u',
    [0x06] = 'u', [0x07] = 'u', ['\b'] = 'b', ['\t'] = 't',  ['\n'] = 'n', [0x0b] = 'u',
    ['\f'] = 'f', ['\r'] = 'r', [0x0e] = 'u', [0x0f] = 'u',  [0x10] = 'u', [0x11] = 'u',
    [0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u',  [0x16] = 'u', [0x17] = 'u',
    [0x18] = 'u', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u',  [0x1c] = 'u', [0x1d] = 'u',
    [0x1e] = 'u', [0x1f] = 'u', ['"'] = '"',  ['\\'] = '\\',
};

static void add_escape(struct buf *buf, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char text[6] = {'\\', escape_of[c], '0', '0', hex[c >> 4], hex[c & 15]};

    buf_add(buf, text, escape_of[c] == 'u' ? 6 : 2);
}

/* Whether one of eight bytes needs an escape: a byte below 0x20 borrows when 0x20 is taken from it,
 * and one that equals c is zero after an exclusive or with c. */
static bool eight_escape(const char *at)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t word, quote, slash;

    memcpy(&word, at, 8);
    quote = word ^ (ones * '"');
    slash = word ^ (ones * '\\');
    return ((((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
             ((slash - ones) & ~slash)) &
            tops) != 0;
}

/* How many bytes at the beginning need no escape. */
static size_t plain_length(struct slice text)
{
    size_t i = 0;

    while (i + 8 <= text.len && !eight_escape(text.ptr + i))
        i += 8;
    if (i > 0 && i + 8 > text.len && !eight_escape(text.ptr + text.len - 8))
        return text.len;
    while (i < text.len && escape_of[(unsigned char)text.ptr[i]] == 0)
        i++;
    return i;
}

static void add_escaped(struct buf *buf, struct slice text)
{
    while (text.len > 0) {
        size_t plain = plain_length(text);

        buf_add(buf, text.ptr, plain);
        if (plain < text.len)
            add_escape(buf, (unsigned char)text.ptr[plain++]);
        text = slice_sub(text, plain, text.len);
    }
}

/* [,]"text"[:] in one piece. */
static void add_plain(struct buf *buf, bool comma, struct slice text, bool colon)
{
    char *at = buf_extend(buf, text.len + 2 + comma + colon);

    if (at == NULL)
        return;
    if (comma)
        *at++ = ',';
    *at++ = '"';
    if (text.len > 0)
        memcpy(at, text.ptr, text.len);
    at += text.len;
    *at++ = '"';
    if (colon)
        *at = ':';
}

static void add_string(struct buf *buf, bool comma, struct slice text)
{
    if (plain_length(text) == text.len) {
        add_plain(buf, comma, text, false);
        return;
    }
    buf_adds(buf, comma ? ",\"" : "\"");
    add_escaped(buf, text);
    buf_addc(buf, '"');
}

void buf_add_json_string(struct buf *buf, struct slice text)
{
    add_string(buf, false, text);
}

/* Whether a comma stands before the next value or key: its level has a member already. */
static bool comma_next(struct jw *jw)
{
    uint32_t bit = UINT32_C(1) << jw->depth;
    bool comma = !jw->after_key && (jw->filled & bit) != 0;

    if (!jw->after_key)
        jw->filled |= bit;
    jw->after_key = false;
    return comma;
}

static void separate(struct jw *jw)
{
    if (comma_next(jw))
        buf_addc(jw->buf, ',');
}

/* `open`: a comma and the bracket; the comma is left out before a first member. */
static void open_level(struct jw *jw, const char *open)
{
    DVC_REQUIRE(jw->depth < DEPTH_MOST);
    if (comma_next(jw))
        buf_add(jw->buf, open, 2);
    else
        buf_add(jw->buf, open + 1, 1);
    jw->depth++;
    jw->filled &= ~(UINT32_C(1) << jw->depth);
}

static void close_level(struct jw *jw, char c)
{
    DVC_REQUIRE(jw->depth > 0 && !jw->after_key);
    jw->depth--;
    buf_addc(jw->buf, c);
}

void jw_object(struct jw *jw)
{
    open_level(jw, ",{");
}

void jw_array(struct jw *jw)
{
    open_level(jw, ",[");
}

void jw_end_object(struct jw *jw)
{
    close_level(jw, '}');
}

void jw_end_array(struct jw *jw)
{
    close_level(jw, ']');
}

void jw_key_slice(struct jw *jw, struct slice key)
{
    DVC_REQUIRE(!jw->after_key);
    add_plain(jw->buf, comma_next(jw), key, true);
    jw->after_key = true;
}

void jw_null(struct jw *jw)
{
    separate(jw);
    buf_adds(jw->buf, "null");
}

void jw_bool(struct jw *jw, bool value)
{
    separate(jw);
    buf_adds(jw->buf, value ? "true" : "false");
}

void jw_int(struct jw *jw, int64_t value)
{
    separate(jw);
    buf_add_i64(jw->buf, value);
}

/* The shortest text that reads back as the same number, and always as a real one. JSON has no
 * infinities: they become null. */
void jw_real(struct jw *jw, double value)
{
    char text[40];
    int precision = 15;

    if (!isfinite(value)) {
        jw_null(jw);
        return;
    }
    separate(jw);
    do {
        snprintf(text, sizeof(text), "%.*g", precision, value);
    } while (precision++ < 17 && islessgreater(strtod(text, NULL), value));
    buf_adds(jw->buf, text);
    if (strpbrk(text, ".e") == NULL)
        buf_adds(jw->buf, ".0");
}

void jw_slice(struct jw *jw, struct slice text)
{
    add_string(jw->buf, comma_next(jw), text);
}

void jw_raw(struct jw *jw, struct slice json)
{
    separate(jw);
    buf_add_slice(jw->buf, json);
}

void jw_wall(struct jw *jw, wall_t at)
{
    char text[WALL_TEXT_MAX];

    if (wall_is_none(at)) {
        jw_null(jw);
        return;
    }
    add_plain(jw->buf, comma_next(jw), (struct slice){text, wall_write(at, text)}, false);
}

void jw_day(struct jw *jw, day_t day)
{
    if (day_is_none(day)) {
        jw_null(jw);
        return;
    }
    separate(jw);
    buf_addc(jw->buf, '"');
    buf_add_day(jw->buf, day);
    buf_addc(jw->buf, '"');
}

void jw_kv_strs(struct jw *jw, const char *key, const char *const *texts, size_t count)
{
    jw_key(jw, key);
    jw_array(jw);
    for (size_t i = 0; i < count; i++)
        jw_str(jw, texts[i]);
    jw_end_array(jw);
}
