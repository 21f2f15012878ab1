/* tracking.h - follows the carrier's tracking feeds: one cursor per contract, page after page until
 * one is not full, then again after a while. Events are handed over one by one; the cursor moves
 * only after every event of its page is written, so a killed courier reads a page again and loses
 * none. Two couriers following the same feed do no harm, only double work. */
#ifndef DVC_COURIER_TRACKING_H
#define DVC_COURIER_TRACKING_H

#include "courier/postal.h"

struct tracking;

/* The database's side. Each function answers exactly once with the same ticket, also at once. */
struct tracking_port {
    void *ctx;
    /* Answer: tracking_loaded. */
    void (*load_cursor)(void *ctx, const char *customer_code, uint64_t ticket);
    /* One event; those of one order come one after the other in the feed's order, those of
     * different orders at the same time. The same event may come again (event->id tells). An event
     * of an unknown order or with an unknown StatusCode is kept or dropped by the port, and
     * answered ok: ok false stops the feed here until it can be written. Answer: tracking_saved. */
    void (*post_event)(void *ctx, const struct vnpost_event *event, uint64_t ticket);
    /* Everything up to `last_id` is written. Answer: tracking_saved. */
    void (*save_cursor)(void *ctx, const char *customer_code, const char *last_id, uint64_t ticket);
};

struct tracking_options {
    int64_t interval_us;       /* between two readings of a feed; 0: the target's tracking_ms */
    struct retry_policy retry; /* after a failure; only the waits are used */
    int events_max;            /* with the port at once, per feed */
};
#define TRACKING_OPTIONS_DEFAULT                                                                   \
    ((struct tracking_options){.retry = {.min_us = 500000, .max_us = 60 * US_PER_SECOND},          \
                               .events_max = 32})

struct tracking_counts {
    int64_t pages, events, unreadable, failures;
};

/* One feed for each contract of the client's target; begins at tracking_start. */
struct tracking *tracking_new(struct loop *loop, struct postal *postal,
                              const struct tracking_port *port,
                              const struct tracking_options *options);
void tracking_start(struct tracking *tracking);
/* After postal_free; the port gives no answers afterwards. */
struct tracking *tracking_free(struct tracking *tracking);
struct tracking_counts tracking_counts(const struct tracking *tracking);

/* Answers. last_id NULL: the feed was never read. Copied. */
void tracking_loaded(struct tracking *tracking, uint64_t ticket, bool ok, const char *last_id);
void tracking_saved(struct tracking *tracking, uint64_t ticket, bool ok);

#endif
