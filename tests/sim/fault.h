/* fault.h - which misbehaviour a request or an event meets. A draw depends on the seed, the kind, a
 * key (such as the order number) and a count, never on the order of arrival: the same seed gives
 * the same parcel the same fate however the client interleaves its calls. */
#ifndef POSTSIM_FAULT_H
#define POSTSIM_FAULT_H

#include "base/slice.h"

enum fault_kind {
    FAULT_TOKEN_EXPIRED,   /* 401, and every token of the account is worthless from now on */
    FAULT_TOO_MANY,        /* 429 with Retry-After */
    FAULT_SERVER_ERROR,    /* 500, 502 or 503 with a page that is no JSON */
    FAULT_REFUSED,         /* 200, a Status that is neither 100 nor 101, and a Message */
    FAULT_RESET_BEFORE,    /* connection reset, nothing was done */
    FAULT_RESET_AFTER,     /* connection reset after the work was done and is durable */
    FAULT_SLOW,            /* the work is done, the answer comes after the client's limit */
    FAULT_STATUS_TEXT,     /* Status as "100" instead of 100 */
    FAULT_NO_CONTENT_TYPE, /* the answer says nothing about its type */
    FAULT_EVENT_SWAPPED,   /* a tracking event comes after the one that followed it */
    FAULT_EVENT_TWICE,     /* a tracking event comes twice: same id, or a second id */
    FAULT_EVENT_UNKNOWN,   /* an extra event whose StatusCode nobody has documented */
    FAULT_COUNT,
    FAULT_NONE = FAULT_COUNT,
};

struct fault_plan {
    uint64_t seed;
    double rate[FAULT_COUNT];    /* 0..1 */
    int64_t forced[FAULT_COUNT]; /* the next so many askings meet it, whatever the rate */
    int64_t hits[FAULT_COUNT];   /* how often it was met */
};

const char *fault_name(enum fault_kind kind);
/* 0, or -EINVAL when no kind has that name. */
int fault_by_name(struct slice name, enum fault_kind *ret) DVC_MUSTCHECK;
/* Whether this asking meets `kind`; counts the hit. */
bool fault_draw(struct fault_plan *plan, enum fault_kind kind, struct slice key, uint64_t count);
/* The first of `kinds` that this asking meets, or FAULT_NONE. */
enum fault_kind fault_pick(struct fault_plan *plan, const enum fault_kind *kinds, size_t kind_count,
                           struct slice key, uint64_t count);
/* A repeatable number for the details of a fault. */
uint64_t fault_number(const struct fault_plan *plan, enum fault_kind kind, struct slice key,
                      uint64_t count);

#endif
