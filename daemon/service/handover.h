/* handover.h - hand-over records (biên bản giao nhận): papers change hands between an agency's
 * one-stop desk (receiver, clerk) and a post office (postal). Whoever makes one signs for his side;
 * the other side's signature completes it, and its parcels are handed over (QĐ 45/2016/QĐ-TTg,
 * Art 7.2-7.4). */
#ifndef DVC_SERVICE_HANDOVER_H
#define DVC_SERVICE_HANDOVER_H

#include "service/list.h"

#define HANDOVER_PARCELS_MAX 200

/* {agency, office, direction: collect or return, parcels: [order number], originals, copies, note}.
 * CREATED with the record; the same key and body again: the same record. */
void handover_make(struct service *service, struct member *who, struct slice body, struct slice key,
                   answer_fn answer, void *ctx);
/* The other side's signature; OK once it is durable, and as a rule its parcels' changes are too. A
 * parcel that "waits" follows by itself. Signed already: the record as it is. */
void handover_sign(struct service *service, struct member *who, int64_t id, answer_fn answer,
                   void *ctx);
/* Before the second signature, by either side. */
void handover_cancel(struct service *service, struct member *who, int64_t id, answer_fn answer,
                     void *ctx);
void handover_view(struct service *service, struct member *who, int64_t id, answer_fn answer,
                   void *ctx);

/* Empty slices do not filter. */
struct handover_filter {
    struct slice agency, office, state;
};
void handover_list(struct service *service, struct member *who,
                   const struct handover_filter *filter, struct page_ask page, answer_fn answer,
                   void *ctx);

#endif
