/* slice.h - a borrowed piece of text: pointer and length, not terminated, never owned. */
#ifndef DVC_BASE_SLICE_H
#define DVC_BASE_SLICE_H

#include "base/check.h"

#include <string.h>

struct slice {
    const char *ptr; /* may be NULL when len is 0 */
    size_t len;
};

#define SLICE_NULL ((struct slice){NULL, 0})
#define SLICE_LIT(s) ((struct slice){"" s, sizeof(s) - 1})

/* NULL gives SLICE_NULL. These four are inline so that the length of a literal is known where they
 * are called. */
static inline struct slice slice_str(const char *text)
{
    return text != NULL ? (struct slice){text, strlen(text)} : SLICE_NULL;
}
static inline bool slice_eq(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
static inline bool slice_is(struct slice a, const char *text)
{
    return slice_eq(a, slice_str(text));
}
static inline bool slice_starts(struct slice a, const char *prefix)
{
    size_t len = strlen(prefix);

    return a.len >= len && (len == 0 || memcmp(a.ptr, prefix, len) == 0);
}
int slice_cmp(struct slice a, struct slice b); /* bytewise, shorter first */
bool slice_ends(struct slice a, const char *suffix);
struct slice slice_trim(struct slice a); /* without ASCII blanks at both ends */
struct slice slice_sub(struct slice a, size_t from, size_t len); /* clamped to a */
/* Index of the first c at or after `from`, or -1. */
ptrdiff_t slice_find(struct slice a, char c, size_t from);
/* Cuts the part of *rest before the first `sep` off into *ret_part; the separator is dropped.
 * False when *rest is used up, which is ptr NULL. An empty slice gives one empty part, SLICE_NULL
 * none; "a," gives "a" and "". */
bool slice_next(struct slice *rest, char sep, struct slice *ret_part);

#endif
