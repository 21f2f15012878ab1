/* workflow_parcel.h - parcels as the agency moves them: ordered, cancelled, taken back at the desk.
 * What the carrier says is in workflow_postal.h. */
#ifndef DVC_CORE_WORKFLOW_PARCEL_H
#define DVC_CORE_WORKFLOW_PARCEL_H

#include "core/workflow_decision.h"

/* One on its way there, or ordered: another may not be ordered beside it. */
bool workflow_parcel_active(const struct dossier *dossier, enum parcel_direction direction);
/* A parcel and the order that goes to the carrier. */
int workflow_order_parcel(struct decision *d, enum parcel_direction direction);
/* Orders that nobody has picked up yet are taken back. */
void workflow_cancel_parcels(struct decision *d);
/* The desk has the result in its hands again without the carrier saying so. */
void workflow_retrieve_parcels(struct decision *d);
/* What the event says of a parcel; `news` NULL: nothing new from the carrier. */
void workflow_tell_parcel(struct decision *d, const struct parcel *parcel, const char *news,
                          bool moved);

#endif
