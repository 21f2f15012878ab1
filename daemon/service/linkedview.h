/* linkedview.h - what a dossier's page shows of its lead and of the dossiers that it opened (liên
 * thông): where they stand, no more. */
#ifndef DVC_SERVICE_LINKEDVIEW_H
#define DVC_SERVICE_LINKEDVIEW_H

#include "service/viewing.h"

/* The member linked: [{relation, as, code, procedure, agency, state, due, outcome, may_open}]. */
void linkedview_members(struct viewing *v);

#endif
