/* eventlist.h - a dossier's history, in words. */
#ifndef DVC_SERVICE_EVENTLIST_H
#define DVC_SERVICE_EVENTLIST_H

#include "service/list.h"

/* Oldest first; `body` and the hashes are the text as it was hashed, all else is beside it.
 * NOT_FOUND for a dossier that the caller may not see. */
void eventlist(struct service *service, struct member *who, struct slice code, struct page_ask page,
               answer_fn answer, void *ctx);
/* Vietnamese, of an event's kind; the kind itself when it is none that the engine writes today. */
const char *event_kind_name_vi(const char *kind);

#endif
