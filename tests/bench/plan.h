/* plan.h - the requests of one run, rendered before it starts: all that is left to do when one is
 * sent is to put in its Idempotency-Key. */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include "base/slice.h"

#define PLAN_KEY_LEN 32

struct plan_request {
    struct slice before, after; /* of the key */
};

struct plan {
    char *text; /* all requests, one after the other */
    struct plan_request *requests;
    size_t count;
    size_t next;    /* requests given out so far */
    bool once;      /* each request once; else in turn, for ever */
    char nonce[17]; /* makes the keys of this run its own */
};

/* Each line of `path`: request path, TAB, bearer token, TAB, body ("-": none, a GET). 0, -errno, or
 * -EINVAL for a line that is not so (ret_line: its number) and for a file without lines. */
int plan_read(const char *path, bool once, struct plan *ret, size_t *ret_line) DVC_MUSTCHECK;
void plan_release(struct plan *plan);
/* The next request with a key of its own; NULL when each was sent. */
const struct plan_request *plan_take(struct plan *plan, char key[PLAN_KEY_LEN]);

#endif
