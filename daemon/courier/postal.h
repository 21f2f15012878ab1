/* postal.h - calls VNPost's interface A: keeps a token per contract, renews it once when the post
 * says 401, and tells what became of each call. Texts are vnpost.h's, the line is curlmux.h's. */
#ifndef DVC_COURIER_POSTAL_H
#define DVC_COURIER_POSTAL_H

#include "courier/curlmux.h"
#include "courier/outbox.h"
#include "courier/vnpost.h"

struct postal;

/* One call's end. */
struct postal_answer {
    struct attempt attempt;
    struct slice body; /* of a good tracking answer; valid during the callback */
};
typedef void (*postal_fn)(void *ctx, const struct postal_answer *answer);

/* Borrows all; the target must outlive it. */
struct postal *postal_new(struct loop *loop, struct curlmux *mux,
                          const struct vnpost_target *target);
/* Before curlmux_free: calls that still run end with ATTEMPT_CANCELLED. */
struct postal *postal_free(struct postal *postal);
const struct vnpost_target *postal_target(const struct postal *postal);

/* Each answers exactly once, never before it returns. */
void postal_order(struct postal *postal, const struct carrier_customer *customer,
                  const struct vnpost_order *order, postal_fn fn, void *ctx);
void postal_cancel(struct postal *postal, const struct carrier_customer *customer,
                   const char *order_number, postal_fn fn, void *ctx);
void postal_tracking(struct postal *postal, const struct carrier_customer *customer,
                     const char *last_id, postal_fn fn, void *ctx);

/* The channel of the outbox that delivers topics `order` and `cancel` by this client. */
struct outbox_channel postal_channel(struct postal *postal);

#endif
