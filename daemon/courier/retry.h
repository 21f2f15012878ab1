/* retry.h - what becomes of a delivery that did not succeed: again later, or a dead letter that
 * waits for a person. Pure. */
#ifndef DVC_COURIER_RETRY_H
#define DVC_COURIER_RETRY_H

#include "base/wall.h"
#include "courier/curlmux.h"

enum attempt_result {
    ATTEMPT_DONE,      /* the receiver has it, now or from an earlier attempt */
    ATTEMPT_TRANSPORT, /* no answer: no connection, reset, or over the time limit */
    ATTEMPT_THROTTLED, /* 429 */
    ATTEMPT_SERVER,    /* 5xx */
    ATTEMPT_DENIED,    /* 401 or 403 after a fresh token: our keys */
    ATTEMPT_STRANGE,   /* an answer that cannot be read */
    ATTEMPT_REFUSED,   /* the receiver said no to this very thing */
    ATTEMPT_INVALID,   /* we cannot even ask: no contract, incomplete data */
    ATTEMPT_CANCELLED, /* this courier is stopping; says nothing about the receiver */
};
const char *attempt_code(enum attempt_result result); /* snake_case, for logs and last_error */

struct retry_policy {
    int64_t min_us, max_us; /* the wait doubles from the first to the second */
    int strikes_max;        /* denied and strange answers; 0: no limit */
    int64_t age_max_us;     /* of anything that is tried again; 0: no limit */
};

enum retry_verdict { RETRY_DONE, RETRY_LATER, RETRY_DEAD };

/* Full jitter: evenly drawn from [0, min(max, min * 2^attempts)] by `draw`, so that many items that
 * failed together do not come back together. `attempts`: how many were made, at least 1. */
int64_t retry_delay_us(const struct retry_policy *policy, int attempts, uint64_t draw);
/* Whether an attempt that ended so counts against strikes_max: the receiver was there and did not
 * take it. An outage gives none, however many attempts it costs. */
bool retry_strike(enum attempt_result result);
/* `attempts` and `strikes` include the one that ended with `result`. A receiver that is away or
 * busy is waited for without a limit: nothing is dropped however long it takes, unless age_max_us
 * says so. `retry_after_s` (-1: not told) is never undercut. *ret_at is written for RETRY_LATER. */
enum retry_verdict retry_decide(const struct retry_policy *policy, enum attempt_result result,
                                int attempts, int strikes, wall_t created, wall_t now,
                                int64_t retry_after_s, uint64_t draw, wall_t *ret_at);
/* How a call ended, where `answered` is what the receiver's answer says when there was one. */
enum attempt_result attempt_of_call(enum mux_result result, enum attempt_result answered);
/* What an HTTP status outside 2xx says. */
enum attempt_result attempt_of_status(int http_status);

#endif
