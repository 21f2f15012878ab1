/* clamd.h - a client of clamd over its Unix socket: one connection a file, command INSTREAM, all of
 * it on the loop. */
#ifndef DVC_SERVICE_CLAMD_H
#define DVC_SERVICE_CLAMD_H

#include "base/loop.h"
#include "base/slice.h"

enum scan_verdict {
    SCAN_CLEAN,
    SCAN_INFECTED, /* `word` is the signature's name */
    SCAN_FAILED,   /* clamd is away, too slow or refuses: `word` says why, for the log */
};

#define SCAN_WORD_SIZE 128

struct scan_result {
    enum scan_verdict verdict;
    char word[SCAN_WORD_SIZE]; /* printable ASCII */
};

struct scan;

/* Connects. `more` is called when the scanner can take bytes, and again each time it took what
 * scan_feed gave; the callee calls scan_feed or scan_finish, then or later. `done` runs exactly
 * once unless scan_free came before; the scan is to be freed in it or after. Neither runs inside a
 * call of these functions. */
struct scan *scan_new(struct loop *loop, const char *path, int64_t timeout_us,
                      void (*more)(void *ctx),
                      void (*done)(void *ctx, const struct scan_result *result), void *ctx);
/* Borrows the bytes until `more` or `done`. Not empty. */
void scan_feed(struct scan *scan, struct slice bytes);
void scan_finish(struct scan *scan);       /* that was all */
struct scan *scan_free(struct scan *scan); /* at any time; takes NULL, returns NULL */

#endif
