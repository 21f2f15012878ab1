/* parcelnews.h - what a post office's own people report of a parcel: by the same rules and on the
 * same path as the carrier's feed (service/postal.h). */
#ifndef DVC_SERVICE_PARCELNEWS_H
#define DVC_SERVICE_PARCELNEWS_H

#include "service/answer.h"
#include "service/member.h"

struct service;

/* {state, at, receiver: {name, relation, identity_checked}, note}; OK with the parcel's row.
 * Delivered needs its receiver, with the identity paper looked at; its number has no place here. */
void parcelnews(struct service *service, struct member *who, struct slice order_number,
                struct slice body, struct slice key, answer_fn answer, void *ctx);

#endif
