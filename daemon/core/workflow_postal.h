/* workflow_postal.h - news from the carrier: the answer to an order, and tracking events that drive
 * the step which waits for the post. */
#ifndef DVC_CORE_WORKFLOW_POSTAL_H
#define DVC_CORE_WORKFLOW_POSTAL_H

#include "core/workflow_decision.h"

/* CMD_POSTAL. News that is late, repeated or unknown is kept and moves nothing. */
int workflow_postal(struct decision *d);
/* What the post said while the dossier was suspended, of the result that this task waits for: the
 * action that follows from it now, or NULL. */
const struct action *workflow_posted(struct decision *d, const struct task *task);

#endif
