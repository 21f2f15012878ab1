/* desk.h - the queue: open tasks at the caller's desks, and how many there are. */
#ifndef DVC_SERVICE_DESK_H
#define DVC_SERVICE_DESK_H

#include "service/list.h"

/* Empty slices do not filter. */
struct task_filter {
    struct slice role, agency, step;
    struct slice assignee; /* "me", "none", an account's id, or empty */
    struct slice q;        /* part of a code or of a name */
};
/* Each row names what its step has for the caller; the dossier's view says exactly what may be
 * done. */
void desk_tasks(struct service *service, struct member *who, const struct task_filter *filter,
                struct page_ask page, answer_fn answer, void *ctx);
/* {items: [{queue, role, agency, agency_name, open, past_due, due_today, unassigned, mine,
 * steps: [{step, name, open}]}]} */
void desk_summary(struct service *service, struct member *who, answer_fn answer, void *ctx);

#endif
