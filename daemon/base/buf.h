/* buf.h - growing text with a cap given at birth. The text is always NUL-terminated. It lives on
 * the heap, or in an arena with all else that one operation makes. */
#ifndef DVC_BASE_BUF_H
#define DVC_BASE_BUF_H

#include "base/slice.h"

struct arena;

struct buf {
    char *ptr;     /* never NULL after BUF_INIT: an empty buf points at a static "" */
    size_t len;    /* without the terminator */
    size_t cap;    /* allocated, 0 while static */
    size_t max;    /* len never exceeds it */
    bool overflow; /* an append did not fit and was dropped whole, and so is all that follows: the
                    * text stays a beginning of what was meant. Sticky until buf_clear. */
    struct arena *arena; /* NULL: on the heap */
};

extern char buf_empty[1];
#define BUF_INIT(limit) ((struct buf){.ptr = buf_empty, .max = (limit)})
/* The text stays as long as the arena does; there is nothing to release. */
#define BUF_IN(a, limit) ((struct buf){.ptr = buf_empty, .max = (limit), .arena = (a)})

void buf_release(struct buf *buf); /* frees, and leaves an empty buf with the same max */
void buf_clear(struct buf *buf);   /* keeps the memory */
/* Room for `len` more bytes and the terminator; false when max forbids it. */
bool buf_make_room(struct buf *buf, size_t len);
/* Makes the text `len` bytes longer and answers where they are to be written, all of them; NULL
 * when they do not fit. */
static inline char *buf_extend(struct buf *buf, size_t len)
{
    char *at;

    if ((buf->overflow || len >= buf->cap - buf->len) && !buf_make_room(buf, len))
        return NULL;
    at = buf->ptr + buf->len;
    buf->len += len;
    at[len] = '\0';
    return at;
}
void buf_add(struct buf *buf, const void *data, size_t len);
void buf_addc(struct buf *buf, char c);
void buf_adds(struct buf *buf, const char *text);
void buf_add_slice(struct buf *buf, struct slice text);
void buf_addf(struct buf *buf, const char *fmt, ...) DVC_PRINTF(2, 3);
void buf_add_i64(struct buf *buf, int64_t value); /* in digits */
/* In network byte order, as PostgreSQL's binary forms are. */
void buf_add_be16(struct buf *buf, uint16_t value);
void buf_add_be32(struct buf *buf, uint32_t value);
void buf_add_be64(struct buf *buf, uint64_t value);
struct slice buf_slice(const struct buf *buf);
void buf_truncate(struct buf *buf, size_t len);

#endif
