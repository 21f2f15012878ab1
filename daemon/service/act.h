/* act.h - people act on dossiers, one or many at once, and look at one. */
#ifndef DVC_SERVICE_ACT_H
#define DVC_SERVICE_ACT_H

#include "service/answer.h"
#include "service/member.h"

struct service;

#define ACT_MANY_MAX 200

/* The full view with `etag`, when the caller may see it. */
void act_view(struct service *service, struct member *who, struct slice code, answer_fn answer,
              void *ctx);
/* POST /dossiers/{code}/actions; `if_decision` -1: no If-Match. OK with the new view. */
void act_one(struct service *service, struct member *who, struct slice code, struct slice body,
             struct slice key, int64_t if_decision, answer_fn answer, void *ctx);
/* POST /actions: {action, items: [{code, task}]}; reason, assignee and result stand beside action
 * for all of them or in an item for itself. OK at once with an outcome per item, {items: [{code,
 * task, ok, state, error, detail}]}. */
void act_many(struct service *service, struct member *who, struct slice body, struct slice key,
              answer_fn answer, void *ctx);

#endif
