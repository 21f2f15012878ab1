/* fetch.h - a dossier out of the database, as the engine knows it. */
#ifndef DVC_SERVICE_FETCH_H
#define DVC_SERVICE_FETCH_H

#include "core/dossier.h"

struct service;

struct fetched {
    int code;                /* 0, or a store's error (store/fault.h) */
    struct dossier *dossier; /* NULL: there is none */
    struct value *row;       /* what it was read from */
};

/* By our code or the portal's, or by id when `code` is NULL. `done` runs exactly once, later; what
 * it gets lives in `arena`. A procedure version that this worker has not compiled yet is read
 * first; one that cannot be had is STORE_E_BUSY. Rights are the caller's matter. */
void fetch_dossier(struct service *service, struct arena *arena, const char *code, int64_t id,
                   void (*done)(void *ctx, const struct fetched *fetched), void *ctx);

#endif
