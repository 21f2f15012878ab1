/* sockets.h - which gateway listens where: one row of sockets for each slot, those that speak plain
 * HTTP first and then those that speak TLS. */
#ifndef DVC_APP_SOCKETS_H
#define DVC_APP_SOCKETS_H

#include "app/listen.h"
#include "app/worker.h"
#include "conf/settings.h"

struct sockets {
    int fds[WORKER_LISTEN_MAX * WORKER_SLOTS_MAX]; /* of slot 0, then of slot 1, ...; -1: none */
    unsigned slots;
    size_t count; /* of each slot */
    size_t plain; /* of these */
};

/* Takes over what systemd passed on, else opens http.listen and http.tls_listen. Of several sockets
 * for the same address every slot gets its own as far as they go, and none is left without a slot.
 * 0, or -1 after the reason was logged. */
int sockets_open(struct sockets *sockets, const struct settings *settings,
                 unsigned slots) DVC_MUSTCHECK;

/* The second half of it, for tests: `given` into rows. 0, or -E2BIG when a row would be longer than
 * WORKER_LISTEN_MAX. */
int sockets_arrange(struct sockets *sockets, const struct listen_given *given, size_t count,
                    unsigned slots) DVC_MUSTCHECK;

#endif
