/* workflow_submit.h - the first change of a dossier: fees, the first token, the parcel that fetches
 * the papers. */
#ifndef DVC_CORE_WORKFLOW_SUBMIT_H
#define DVC_CORE_WORKFLOW_SUBMIT_H

#include "core/workflow_decision.h"

/* CMD_SUBMIT up to the open event "submitted"; the caller ends it. */
int workflow_submit(struct decision *d);
/* received_at earlier than now: by the receiver, at the counter, with a reason, within the
 * setting's hours, and not before the submission unless the submission is this very act. */
int workflow_backdate(struct decision *d, bool submitting);

#endif
