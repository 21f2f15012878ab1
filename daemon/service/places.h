/* places.h - provinces and communes in force, for whoever writes an address. Answers at once. */
#ifndef DVC_SERVICE_PLACES_H
#define DVC_SERVICE_PLACES_H

#include "service/answer.h"

struct service;

/* {items: [{code, name}], home}: home is the province of this system's own communes, null where
 * none of its agencies is a commune's; it comes first, the others in the order of their codes. */
void places_provinces(struct service *service, answer_fn answer, void *ctx);
/* {items: [{code, name}]} of one province, by name; 404 when there is no such province. */
void places_communes(struct service *service, struct slice province, answer_fn answer, void *ctx);

#endif
