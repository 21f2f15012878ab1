/* workflow_rights.h - who may take the actions that every dossier has; core/access decides about
 * grants, this about which of them count. Each sets the decision's role and agency when it holds.
 */
#ifndef DVC_CORE_WORKFLOW_RIGHTS_H
#define DVC_CORE_WORKFLOW_RIGHTS_H

#include "core/workflow_decision.h"

/* Officer, unit head or leader. */
#define RIGHTS_HANDLING ((const enum role[]){ROLE_OFFICER, ROLE_UNIT_HEAD, ROLE_LEADER, ROLE_NONE})

bool rights_at(struct decision *d, enum role role, const char *agency);
/* The first role of the list (ended by ROLE_NONE) that is held at the agency. */
bool rights_any(struct decision *d, const enum role *roles, const char *agency);
/* Applicant, owner or representative; or the receiver who enters it at the counter. */
bool rights_applicant(struct decision *d);
/* Any role at an agency that has to do with the dossier. */
bool rights_staff(struct decision *d);
int rights_forbid(struct decision *d);

#endif
