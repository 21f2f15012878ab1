/* parcellist.h - parcels of the caller's post office or agencies: for handing over, following,
 * scanning. */
#ifndef DVC_SERVICE_PARCELLIST_H
#define DVC_SERVICE_PARCELLIST_H

#include "service/list.h"

/* Empty slices do not filter. */
struct parcel_filter {
    struct slice direction, state, agency, office;
    struct slice q; /* an order number or waybill in full */
};
void parcellist(struct service *service, struct member *who, const struct parcel_filter *filter,
                struct page_ask page, answer_fn answer, void *ctx);
/* The one with this order number, as its row of the list; NOT_FOUND when the caller may not see it.
 */
void parcellist_one(struct service *service, struct member *who, struct slice order_number,
                    answer_fn answer, void *ctx);

#endif
