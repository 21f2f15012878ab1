/* authhelper.h - the process that hashes and verifies passwords with argon2id, one at a time, so
 * that some 30 ms of hashing and 19 MiB of memory are never spent on a gateway's loop, and a flood
 * of logins costs one processor at most. What it says and hears: service/authproto.h. */
#ifndef DVC_APP_AUTHHELPER_H
#define DVC_APP_AUTHHELPER_H

#include "base/buf.h"

struct authhelper_settings {
    size_t queue_max;    /* requests waiting; one more is answered AUTH_BUSY */
    uint32_t memory_kib; /* of one hash */
    uint32_t passes;
    int64_t memory_max_kib; /* above it the helper ends as by SIGTERM; 0: never */
    int64_t look_every_us;  /* how often it looks */
};
/* 32 waiting, 19 MiB, 2 passes, 1 lane: what OWASP asks for at least. No limit, every 10 s. */
struct authhelper_settings authhelper_settings_default(void);

/* One hash here and now, for commands: appends it to `out`. 0 or -EINVAL. */
int authhelper_hash(const struct authhelper_settings *settings, struct slice password,
                    struct buf *out) DVC_MUSTCHECK;

/* A pair of connected sockets, close-on-exec and not blocking: one end for a gateway slot, one for
 * the helper. 0 or -errno. */
int authhelper_pair(int *ret_gateway, int *ret_helper) DVC_MUSTCHECK;

/* Serves the helper's ends of all pairs until SIGTERM, after which it does what is waiting and
 * returns 0; or -errno. Blocks SIGTERM in its process. `ready` (may be NULL) is called once when
 * requests are served. */
int authhelper_run(const struct authhelper_settings *settings, const int *fds, size_t count,
                   void (*ready)(void *ctx), void *ctx) DVC_MUSTCHECK;

#endif
