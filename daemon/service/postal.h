/* postal.h - the carrier's news become changes of dossiers: from the tracking feed, the webhook,
 * and the answers to our orders. Repeated and disordered news do no harm. */
#ifndef DVC_SERVICE_POSTAL_H
#define DVC_SERVICE_POSTAL_H

#include "core/carrier.h"
#include "service/answer.h"

struct service;

struct postal_news {
    const char *source_id; /* the carrier's id of the event */
    const char *order_number;
    int status_code;
    wall_t at;
    const char *place, *item_code, *note; /* or NULL */
};

/* Saves one piece of news. `done`: saved true when it is durable, or of an order that is not ours
 * (logged once and dropped); false: try again later. Exactly once, later. */
typedef void (*postal_fn_saved)(void *ctx, bool saved);
void postal_news(struct service *service, const struct vnpost_target *target,
                 const struct postal_news *news, postal_fn_saved done, void *ctx);

/* The carrier took our order of a parcel: recorded, and that row of the outbox settled, in one
 * commit. Or it did not (`accepted` false): the dossier and the desk are told, the row stays for a
 * person. */
void postal_order_answered(struct service *service, int64_t dossier_id, const char *order_number,
                           bool accepted, int64_t outbox_id, postal_fn_saved done, void *ctx);

/* POST /postal/events: {"events": [{id, order_number, status_code, at, place, item_code, note}]},
 * signed by `signature` = "sha256=" + hexadecimal HMAC-SHA256 of the body under the customer's
 * secret. DONE when every event is durable. */
void postal_webhook(struct service *service, struct slice customer, struct slice signature,
                    struct slice body, answer_fn answer, void *ctx);

#endif
