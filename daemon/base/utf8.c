#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* The code point at `at` and its length in bytes; 0 when the bytes are no UTF-8 (overlong forms,
 * surrogates and what lies beyond U+10FFFF included). */
static size_t decode(struct slice text, size_t at, utf8proc_int32_t *ret)
{
    const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)text.ptr + at;
    utf8proc_ssize_t len;

    if (*from < 0x80) {
        *ret = *from;
        return 1;
    }
    len = utf8proc_iterate(from, (utf8proc_ssize_t)(text.len - at), ret);
    return len > 0 ? (size_t)len : 0;
}

bool utf8_valid(struct slice text)
{
    utf8proc_int32_t c;
    size_t len;

    for (size_t i = 0; i < text.len; i += len) {
        len = decode(text, i, &c);
        if (len == 0)
            return false;
    }
    return true;
}

size_t utf8_length(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (((unsigned char)text.ptr[i] & 0xc0) != 0x80)
            count++;
    }
    return count;
}

/* True for the code points that no normal form C ever changes and that never join with what stands
 * before them, as far as Vietnamese needs them: all below the combining marks, and the precomposed
 * letters with tones. */
static bool is_settled(utf8proc_int32_t c)
{
    return c < 0x300 || (c >= 0x1ea0 && c <= 0x1ef9);
}

/* 1 when text is in NFC for sure, 0 when it must be normalised, -EINVAL for invalid UTF-8. */
static int check_settled(struct slice text)
{
    utf8proc_int32_t c;
    size_t len;
    int settled = 1;

    for (size_t i = 0; i < text.len; i += len) {
        len = decode(text, i, &c);
        if (len == 0)
            return -EINVAL;
        if (!is_settled(c))
            settled = 0;
    }
    return settled;
}

int utf8_nfc(struct arena *arena, struct slice text, struct slice *ret)
{
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t len;
    int settled = check_settled(text);

    if (settled < 0)
        return settled;
    if (settled) {
        *ret = arena_slice(arena, text);
        return 0;
    }
    len = utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &composed,
                       UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    DVC_REQUIRE(len != UTF8PROC_ERROR_NOMEM);
    if (len < 0)
        return -EINVAL;
    *ret = arena_slice(arena, (struct slice){(const char *)composed, (size_t)len});
    free(composed);
    return 0;
}

static bool is_blank(utf8proc_int32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029 ||
           (c > 0x7f && utf8proc_category(c) == UTF8PROC_CATEGORY_ZS);
}

static utf8proc_int32_t fold_one(utf8proc_int32_t c)
{
    if (is_blank(c))
        return ' ';
    c = utf8proc_tolower(c);
    /* The stroke of đ is no combining mark: Unicode does not decompose it. */
    return c == 0x111 ? 'd' : c;
}

int utf8_fold(struct arena *arena, struct slice text, struct slice *ret)
{
    const utf8proc_option_t strip = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK;
    const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)text.ptr;
    utf8proc_ssize_t count, written;
    utf8proc_int32_t *points;
    utf8proc_uint8_t *out;
    size_t len = 0;

    if (text.len == 0) {
        *ret = arena_slice(arena, text);
        return 0;
    }
    count = utf8proc_decompose(from, (utf8proc_ssize_t)text.len, NULL, 0, strip);
    if (count < 0)
        return -EINVAL;
    points = dvc_malloc(((size_t)count + 1) * sizeof(*points));
    written = utf8proc_decompose(from, (utf8proc_ssize_t)text.len, points, count, strip);
    DVC_REQUIRE(written >= 0 && written <= count);
    out = arena_alloc(arena, (size_t)written * 4 + 1);
    for (utf8proc_ssize_t i = 0; i < written; i++) {
        utf8proc_int32_t c = fold_one(points[i]);

        if (c == ' ' && len > 0 && out[len - 1] == ' ')
            continue;
        len += (size_t)utf8proc_encode_char(c, out + len);
    }
    free(points);
    *ret = (struct slice){(const char *)out, len};
    return 0;
}

bool utf8_has_control(struct slice text, const char *allowed)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c == 0xc2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xa0)
            return true; /* U+0080 .. U+009F */
        if (c >= 0x20 && c != 0x7f)
            continue;
        if (c == '\0' || strchr(allowed, c) == NULL)
            return true;
    }
    return false;
}
