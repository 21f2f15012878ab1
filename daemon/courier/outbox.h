/* outbox.h - the delivery loop: claims what has to leave the house, hands it to its channel, and
 * writes back what became of it. Written against a port, so that it knows no database. Order holds
 * per lane (dossier, channel): a lane's next item starts only after the one before it is written as
 * delivered; one that is retried or dead holds its own lane and no other. */
#ifndef DVC_COURIER_OUTBOX_H
#define DVC_COURIER_OUTBOX_H

#include "base/loop.h"
#include "courier/retry.h"

struct outbox;

/* What became of one attempt. Texts are borrowed for the time of the call. */
struct attempt {
    enum attempt_result result;
    int64_t status; /* what the receiver said: Status of the body, else HTTP status, 0 none */
    int64_t retry_after_s; /* -1: not told */
    const char *detail;    /* for last_error and for staff; no names, no addresses. May be NULL */
};

struct outbox_item {
    int64_t id;
    int64_t dossier_id;
    const char *channel, *topic, *key;
    const char *code; /* of the dossier; NULL: there is none */
    struct slice body;
    int attempts, strikes; /* made before */
    wall_t created_at;
};

/* The database's side. Every function starts something and answers later through the matching
 * outbox_* call with the same ticket, exactly once; also at once is allowed. */
struct outbox_port {
    void *ctx;
    /* Up to `max` items that nobody works on and whose time has come, at most the first undelivered
     * one of each lane, lowest id first; they are this courier's until released, settled, or its
     * heartbeat stops. Answer: outbox_claimed. */
    void (*claim)(void *ctx, int max, uint64_t ticket);
    /* Answer to the following: outbox_saved. */
    void (*done)(void *ctx, const struct outbox_item *item, const struct attempt *attempt,
                 uint64_t ticket);
    void (*retry)(void *ctx, const struct outbox_item *item, wall_t at,
                  const struct attempt *attempt, uint64_t ticket);
    void (*dead)(void *ctx, const struct outbox_item *item, const struct attempt *attempt,
                 uint64_t ticket);
    /* Gives an item back as it was: it was claimed but not tried. */
    void (*release)(void *ctx, const struct outbox_item *item, uint64_t ticket);
    /* This courier lives; nothing answers. */
    void (*heartbeat)(void *ctx);
};

/* One receiver. `deliver` answers with outbox_delivered, exactly once, also at once. */
struct outbox_channel {
    const char *name;
    void *ctx;
    int max_in_flight;
    void (*deliver)(void *ctx, struct outbox *outbox, const struct outbox_item *item,
                    uint64_t ticket);
};

struct outbox_options {
    struct retry_policy retry;
    int64_t busy_us, idle_us; /* polling: from the first, doubling to the second while idle */
    int64_t heartbeat_us;
    int64_t save_again_us; /* wait before a result that could not be written is tried again */
    int items_max;         /* claimed at once, all channels together */
};
#define OUTBOX_OPTIONS_DEFAULT                                                                     \
    ((struct outbox_options){                                                                      \
        .retry = {.min_us = 200000, .max_us = 60 * US_PER_SECOND, .strikes_max = 10},             \
        .busy_us = 50000,                                                                          \
        .idle_us = US_PER_SECOND,                                                                  \
        .heartbeat_us = US_PER_SECOND,                                                             \
        .save_again_us = 500000,                                                                   \
        .items_max = 64})

struct outbox_counts {
    int64_t claimed, delivered, retried, dead, released;
    int held, in_flight; /* now */
};

/* Copies port, channels and options; begins at outbox_start. */
struct outbox *outbox_new(struct loop *loop, const struct outbox_port *port,
                          const struct outbox_channel *channels, size_t channel_count,
                          const struct outbox_options *options);
void outbox_start(struct outbox *outbox);
/* Claims no more, releases what was not tried; `fn` is called once nothing is held any longer. */
void outbox_drain(struct outbox *outbox, void (*fn)(void *ctx), void *ctx);
/* Forgets what it holds; another courier takes it over when the heartbeat has run out. Channels end
 * before (their answers are still taken), the port gives none afterwards. */
struct outbox *outbox_free(struct outbox *outbox);
struct outbox_counts outbox_counts(const struct outbox *outbox);

/* Answers. Items are copied. ok false: the database could not be asked or written; it is tried
 * again. */
void outbox_claimed(struct outbox *outbox, uint64_t ticket, bool ok,
                    const struct outbox_item *items, size_t count);
void outbox_delivered(struct outbox *outbox, uint64_t ticket, const struct attempt *attempt);
void outbox_saved(struct outbox *outbox, uint64_t ticket, bool ok);

#endif
