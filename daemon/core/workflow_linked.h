/* workflow_linked.h - liên thông: dossiers that this one opens, and how their ends come back
 * (Decree 61/2018, Art 19.6). Opening and reporting leave through the outbox, in the commit that
 * decides them; both may arrive twice and in any order. */
#ifndef DVC_CORE_WORKFLOW_LINKED_H
#define DVC_CORE_WORKFLOW_LINKED_H

#include "core/workflow_decision.h"

/* Asks for the other dossier, unless its condition does not hold, or one of that name is there that
 * has not failed. */
int workflow_spawn(struct decision *d, const struct spawn *spawn);
/* CMD_LINKED: begins the event. WF_E_NOT_DUE when it is known already. */
int workflow_linked(struct decision *d);
/* CMD_OUTBOX that gives up opening: what was asked for has failed, and who waited goes on. */
int workflow_links_given_up(struct decision *d);
/* What the linked dossiers' ends take on a task that waits for them: done, failed, or NULL. */
const struct action *workflow_linked_end(struct decision *d, const struct task *task);
/* At the end of a change: what was asked for is ordered, and a part that is over tells its lead. */
void workflow_tell_links(struct decision *d);

#endif
