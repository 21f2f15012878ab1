/* webhook.h - the channel that tells another system of each change: CloudEvents 1.0 in JSON
 * (structured mode), signed as standard-webhooks says, so that the receiver can check who speaks,
 * what was said, when, and whether it has heard it before. */
#ifndef DVC_COURIER_WEBHOOK_H
#define DVC_COURIER_WEBHOOK_H

#include "base/wall.h"
#include "core/sink.h"
#include "courier/curlmux.h"
#include "courier/outbox.h"

struct webhook_client;

/* Borrows all; `source` (copied) names this house in every event. */
struct webhook_client *webhook_new(struct loop *loop, struct curlmux *mux,
                                   const struct webhook *webhook, const char *source);
/* After curlmux_free, which ends what still runs. */
struct webhook_client *webhook_free(struct webhook_client *client);
struct outbox_channel webhook_channel(struct webhook_client *client);

/* The event of a row; false when the row's body is none. */
bool webhook_event(struct buf *buf, const char *source, const struct outbox_item *item);
/* The value of webhook-signature: "v1,<base64>" for each secret, separated by blanks. */
void webhook_signature(struct buf *buf, const struct webhook *webhook, const char *id,
                       int64_t timestamp, struct slice body);
enum attempt_result webhook_result(const struct mux_answer *answer);

#endif
