/* outrows.h - the outbox as the courier works on it: claimed rows, their end, tracking cursors. */
#ifndef DVC_SERVICE_OUTROWS_H
#define DVC_SERVICE_OUTROWS_H

#include "base/wall.h"
#include "service/answer.h"

struct service;

struct outrow {
    int64_t id, dossier_id;
    const char *channel, *topic, *key;
    const char *code; /* of the dossier; empty: there is none */
    struct slice body;
    int attempts, strikes;
    wall_t created_at;
};

/* Moves what is new in the outbox (below the oldest running transaction) to the courier's table and
 * claims up to `max` rows for `courier`: the first of each lane, due, and nobody's, or the
 * courier's own but none of the `held` that it knows of: an earlier claim whose answer got lost. ok
 * false: the database did not answer. Rows are valid during the callback. */
typedef void (*outrows_fn)(void *ctx, bool ok, const struct outrow *rows, size_t count);
void outrows_claim(struct service *service, const char *courier, const int64_t *held,
                   size_t held_count, int max, outrows_fn done, void *ctx);

typedef void (*outrows_saved_fn)(void *ctx, bool ok);
/* Delivered; nothing more to record. An order of a parcel goes by postal_order_answered instead. */
void outrows_done(struct service *service, int64_t id, outrows_saved_fn done, void *ctx);
/* The next attempt at `at`; `error` is kept for staff. `strike`: it counts against the limit. */
void outrows_retry(struct service *service, int64_t id, wall_t at, const char *error, bool strike,
                   outrows_saved_fn done, void *ctx);
/* Waits for a person and holds its lane. */
void outrows_dead(struct service *service, int64_t id, const char *error, outrows_saved_fn done,
                  void *ctx);
/* Never delivered, and nothing waits for it: the desk is told, the lane goes on. */
void outrows_give_up(struct service *service, int64_t id, const char *error, outrows_saved_fn done,
                     void *ctx);
/* Gives a claimed row back untried: whoever claims next may have it. */
void outrows_release(struct service *service, int64_t id, outrows_saved_fn done, void *ctx);
/* The courier lives for another `us`. */
void outrows_heartbeat(struct service *service, const char *courier, int64_t us);

/* last_id NULL: never read. */
typedef void (*cursor_fn)(void *ctx, bool ok, const char *last_id);
void cursor_load(struct service *service, const char *customer, cursor_fn done, void *ctx);
void cursor_save(struct service *service, const char *customer, const char *last_id,
                 outrows_saved_fn done, void *ctx);

#endif
