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

void buf_add_json_string(struct buf *buf, struct slice text)
{
    size_t from = 0;

    buf_addc(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (escape_of[c] == 0)
            continue;
        buf_add(buf, text.ptr + from, i - from);
        add_escape(buf, c);
        from = i + 1;
    }
    if (text.len > from)
        buf_add(buf, text.ptr + from, text.len - from);
    buf_addc(buf, '"');
}

/* Before each value or key: the comma when its level has a member already. */
static void separate(struct jw *jw)
{
    uint32_t bit = UINT32_C(1) << jw->depth;

    if (jw->after_key) {
        jw->after_key = false;
        return;
    }
    if (jw->filled & bit)
        buf_addc(jw->buf, ',');
    jw->filled |= bit;
}

static void open_level(struct jw *jw, char c)
{
    DVC_REQUIRE(jw->depth < DEPTH_MOST);
    separate(jw);
    buf_addc(jw->buf, c);
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
    open_level(jw, '{');
}

void jw_array(struct jw *jw)
{
    open_level(jw, '[');
}

void jw_end_object(struct jw *jw)
{
    close_level(jw, '}');
}

void jw_end_array(struct jw *jw)
{
    close_level(jw, ']');
}

void jw_key(struct jw *jw, const char *key)
{
    DVC_REQUIRE(!jw->after_key);
    separate(jw);
    buf_add_json_string(jw->buf, slice_str(key));
    buf_addc(jw->buf, ':');
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

void jw_str(struct jw *jw, const char *text)
{
    if (text == NULL)
        jw_null(jw);
    else
        jw_slice(jw, slice_str(text));
}

void jw_slice(struct jw *jw, struct slice text)
{
    separate(jw);
    buf_add_json_string(jw->buf, text);
}

void jw_raw(struct jw *jw, struct slice json)
{
    separate(jw);
    buf_add_slice(jw->buf, json);
}

void jw_wall(struct jw *jw, wall_t at)
{
    if (wall_is_none(at)) {
        jw_null(jw);
        return;
    }
    separate(jw);
    buf_addc(jw->buf, '"');
    buf_add_wall(jw->buf, at);
    buf_addc(jw->buf, '"');
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

void jw_kv_str(struct jw *jw, const char *key, const char *text)
{
    jw_key(jw, key);
    jw_str(jw, text);
}

void jw_kv_slice(struct jw *jw, const char *key, struct slice text)
{
    jw_key(jw, key);
    jw_slice(jw, text);
}

void jw_kv_int(struct jw *jw, const char *key, int64_t value)
{
    jw_key(jw, key);
    jw_int(jw, value);
}

void jw_kv_bool(struct jw *jw, const char *key, bool value)
{
    jw_key(jw, key);
    jw_bool(jw, value);
}

void jw_kv_wall(struct jw *jw, const char *key, wall_t at)
{
    jw_key(jw, key);
    jw_wall(jw, at);
}

void jw_kv_day(struct jw *jw, const char *key, day_t day)
{
    jw_key(jw, key);
    jw_day(jw, day);
}

void jw_kv_null(struct jw *jw, const char *key)
{
    jw_key(jw, key);
    jw_null(jw);
}
