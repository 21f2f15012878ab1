/* workflow_postal.h - news from the carrier: the answer to an order, and tracking events that drive
 * the step which waits for the post. */
#ifndef DVC_CORE_WORKFLOW_POSTAL_H
#define DVC_CORE_WORKFLOW_POSTAL_H

#include "core/workflow_decision.h"

/* CMD_POSTAL. News that is late, repeated or unknown is kept and moves nothing. */
int workflow_postal(struct decision *d);

#endif
