/* parcelview.h - what a dossier's page shows of its parcels. */
#ifndef DVC_SERVICE_PARCELVIEW_H
#define DVC_SERVICE_PARCELVIEW_H

#include "service/viewing.h"

/* The member parcels: [{id, code, direction, state, office, receiver, events, ...}] (api.md,
 * Shapes). */
void parcelview_members(struct viewing *v);

#endif
