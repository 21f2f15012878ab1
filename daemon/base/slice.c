#include "base/slice.h"

#include <string.h>

int slice_cmp(struct slice a, struct slice b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common > 0 ? memcmp(a.ptr, b.ptr, common) : 0;

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool slice_ends(struct slice a, const char *suffix)
{
    size_t len = strlen(suffix);

    if (len == 0)
        return true;
    return a.len >= len && memcmp(a.ptr + (a.len - len), suffix, len) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice a)
{
    while (a.len > 0 && is_blank(a.ptr[0])) {
        a.ptr++;
        a.len--;
    }
    while (a.len > 0 && is_blank(a.ptr[a.len - 1]))
        a.len--;
    return a;
}

struct slice slice_sub(struct slice a, size_t from, size_t len)
{
    if (a.ptr == NULL)
        return SLICE_NULL;
    if (from > a.len)
        from = a.len;
    if (len > a.len - from)
        len = a.len - from;
    return (struct slice){a.ptr + from, len};
}

ptrdiff_t slice_find(struct slice a, char c, size_t from)
{
    const char *hit;

    if (from >= a.len)
        return -1;
    hit = memchr(a.ptr + from, c, a.len - from);
    return hit != NULL ? hit - a.ptr : -1;
}

/* "Used up" is ptr NULL: a text that ends in the separator still has its last, empty part to give.
 */
bool slice_next(struct slice *rest, char sep, struct slice *ret_part)
{
    ptrdiff_t at;

    if (rest->ptr == NULL)
        return false;
    at = slice_find(*rest, sep, 0);
    if (at < 0) {
        *ret_part = *rest;
        *rest = SLICE_NULL;
        return true;
    }
    *ret_part = (struct slice){rest->ptr, (size_t)at};
    *rest = slice_sub(*rest, (size_t)at + 1, rest->len);
    return true;
}
