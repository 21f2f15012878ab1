/* inspect.h - a whole file looked at before it is taken: what it is, its digest, and whether the
 * virus scanner lets it pass. Piece by piece, a turn of the loop each, from memory or from the
 * database. */
#ifndef DVC_SERVICE_INSPECT_H
#define DVC_SERVICE_INSPECT_H

#include "base/hash.h"
#include "service/clamd.h"
#include "service/filetype.h"

struct service;
struct inspector;

/* One per worker: libmagic, and how much is under way. */
struct inspector *inspector_new(struct service *service);
/* Ends what is under way with INSPECT_BUSY, at once or when its source answers; nothing new begins.
 * To be called when the loop has stopped, before the store goes. */
void inspector_close(struct inspector *inspector);
struct inspector *inspector_free(struct inspector *inspector); /* nothing is under way */

struct inspect_stats {
    int64_t under_way;                           /* now */
    int64_t clean, infected, unscanned, refused; /* ever; refused: by type */
    int64_t scans_failed;                        /* ever: clamd away, too slow, too small */
};
struct inspect_stats inspect_stats(const struct inspector *inspector);

enum inspect_verdict {
    INSPECT_GOOD,
    INSPECT_TYPE,     /* none of the formats that anybody asks for */
    INSPECT_INFECTED, /* `signature` */
    INSPECT_BUSY,     /* too many at once, or the scanner is away: later */
    INSPECT_FAILED,   /* the source: `store_code` */
};

struct inspected {
    enum inspect_verdict verdict;
    const struct file_format *format; /* INSPECT_GOOD and INSPECT_INFECTED */
    struct sha256 digest;             /* INSPECT_GOOD and INSPECT_INFECTED */
    char signature[SCAN_WORD_SIZE];
    int store_code;
};

struct inspection;

struct inspect_source {
    /* Gives the next piece by inspect_piece or inspect_fail, now or later; what the last call gave
     * is not needed any more. */
    void (*next)(void *ctx, struct inspection *inspection);
    void *ctx;
};
/* Empty: that was all. The first piece holds at least FILETYPE_LOOK bytes, or the whole file. */
void inspect_piece(struct inspection *inspection, struct slice piece);
void inspect_fail(struct inspection *inspection, int store_code);

/* `done` runs exactly once, never inside this call. */
void inspect(struct inspector *inspector, const struct inspect_source *source,
             void (*done)(void *ctx, const struct inspected *result), void *ctx);

#endif
