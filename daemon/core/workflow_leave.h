/* workflow_leave.h - what a change has to tell outside the house: rows of the outbox that are
 * written in its own commit. Bodies hold ids, codes, dates and states; never a person's data. */
#ifndef DVC_CORE_WORKFLOW_LEAVE_H
#define DVC_CORE_WORKFLOW_LEAVE_H

#include "core/workflow_decision.h"

/* A mail to the applicant, the body's dates beside the notice's. `account`: who is told in the
 * application, 0 nobody. Address and wish are looked up when it is sent. The same kind twice in one
 * change is one mail. */
void workflow_mail(struct decision *d, int64_t account, const char *kind, struct slice body);
bool workflow_mailed(const struct decision *d, const char *kind);
/* The national status, when it moved. */
void workflow_tell_portal(struct decision *d);
/* Every sink that wants to know of this change. */
void workflow_tell_sinks(struct decision *d);

#endif
