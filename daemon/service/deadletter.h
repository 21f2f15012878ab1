/* deadletter.h - deliveries that wait or were put aside, for an administrator of an agency above
 * the dossier's: seen, tried again or given up, with a reason that stays. */
#ifndef DVC_SERVICE_DEADLETTER_H
#define DVC_SERVICE_DEADLETTER_H

#include "service/list.h"

/* {items: [{id, channel, topic, dossier, created_at, attempts, strikes, next_at, dead_at,
 * last_error}], next}, oldest first; dead ones, or those that wait for their next attempt. */
void deadletter_list(struct service *service, struct member *who, bool waiting,
                     struct page_ask page, answer_fn answer, void *ctx);
/* {reason}: the row is tried again at once with its strikes forgotten, or leaves for good and its
 * lane goes on. DONE; CONFLICT for a row that is not dead. The dossier's history tells of it; when
 * there is no dossier, or none that can be read, outbox_record does. */
void deadletter_decide(struct service *service, struct member *who, struct slice id, bool skip,
                       struct slice body, struct slice key, answer_fn answer, void *ctx);
/* A carrier's news of dossiers that cannot be read: {items: [{id, order_number, dossier, event,
 * status_code, at, place, told_at}], next}. */
void deadletter_news(struct service *service, struct member *who, struct page_ask page,
                     answer_fn answer, void *ctx);

#endif
