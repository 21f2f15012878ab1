#include "base/buf.h"

#include "base/arena.h"

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Never written: every write first makes room, and that moves the text off it. */
char buf_empty[1];

void buf_release(struct buf *buf)
{
    if (buf->cap > 0 && buf->arena == NULL)
        free(buf->ptr);
    *buf = BUF_IN(buf->arena, buf->max);
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->overflow = false;
    if (buf->cap > 0)
        buf->ptr[0] = '\0';
}

/* A text that lost a part takes no more: what it holds stays a beginning of what was meant. */
bool buf_make_room(struct buf *buf, size_t len)
{
    char *old = buf->cap > 0 ? buf->ptr : NULL;
    size_t need, least, cap;

    if (buf->overflow || len > buf->max - buf->len) {
        buf->overflow = true;
        return false;
    }
    need = buf->len + len + 1;
    if (need <= buf->cap)
        return true;
    least = buf->arena != NULL ? 256 : 64;
    cap = buf->cap < least ? least : buf->cap * 2;
    if (cap < need)
        cap = need;
    if (cap > buf->max + 1)
        cap = buf->max + 1;
    buf->ptr =
        buf->arena != NULL ? arena_widen(buf->arena, old, buf->cap, cap) : dvc_realloc(old, cap);
    buf->cap = cap;
    return true;
}

void buf_add(struct buf *buf, const void *data, size_t len)
{
    char *at = len > 0 ? buf_extend(buf, len) : NULL;

    if (at != NULL)
        memcpy(at, data, len);
}

void buf_addc(struct buf *buf, char c)
{
    char *at = buf_extend(buf, 1);

    if (at != NULL)
        *at = c;
}

void buf_adds(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_add_slice(struct buf *buf, struct slice text)
{
    buf_add(buf, text.ptr, text.len);
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
    char small[256];
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);
    DVC_REQUIRE(len >= 0);
    if ((size_t)len < sizeof(small)) {
        buf_add(buf, small, (size_t)len);
        return;
    }
    if (!buf_make_room(buf, (size_t)len))
        return;
    va_start(args, fmt);
    vsnprintf(buf->ptr + buf->len, (size_t)len + 1, fmt, args);
    va_end(args);
    buf->len += (size_t)len;
}

void buf_add_i64(struct buf *buf, int64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--at] = '-';
    buf_add(buf, digits + at, sizeof(digits) - at);
}

void buf_add_be16(struct buf *buf, uint16_t value)
{
    value = htobe16(value);
    buf_add(buf, &value, sizeof(value));
}

void buf_add_be32(struct buf *buf, uint32_t value)
{
    value = htobe32(value);
    buf_add(buf, &value, sizeof(value));
}

void buf_add_be64(struct buf *buf, uint64_t value)
{
    value = htobe64(value);
    buf_add(buf, &value, sizeof(value));
}

struct slice buf_slice(const struct buf *buf)
{
    return (struct slice){buf->ptr, buf->len};
}

void buf_truncate(struct buf *buf, size_t len)
{
    if (len >= buf->len)
        return;
    buf->len = len;
    buf->ptr[len] = '\0';
}
