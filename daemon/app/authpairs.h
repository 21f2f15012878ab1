/* authpairs.h - the socket pairs between gateways and the auth helper: two of each gateway's slot,
 * so that one and its successor never read each other's answers. The supervisor holds all ends, so
 * that a pair outlives the processes at it. */
#ifndef DVC_APP_AUTHPAIRS_H
#define DVC_APP_AUTHPAIRS_H

#include "app/worker.h"

#define AUTHPAIRS_PER_SLOT 2u

struct authpairs {
    int gateway[AUTHPAIRS_PER_SLOT * WORKER_SLOTS_MAX];
    int helper[AUTHPAIRS_PER_SLOT * WORKER_SLOTS_MAX];
    size_t count;
};

/* Adds what is missing for so many slots. 0 or -errno. */
int authpairs_open(struct authpairs *pairs, unsigned slots) DVC_MUSTCHECK;
void authpairs_close(struct authpairs *pairs);
/* In a worker that has only the gateway's end at `own` (SIZE_MAX: none) or, with `serves`, all ends
 * of the helper. */
void authpairs_close_others(const struct authpairs *pairs, size_t own, bool serves);

#endif
