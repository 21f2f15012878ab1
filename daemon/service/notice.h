/* notice.h - what accounts are told in the application: list with texts, and what they have read.
 */
#ifndef DVC_SERVICE_NOTICE_H
#define DVC_SERVICE_NOTICE_H

#include "service/list.h"

/* {items: [{id, at, kind, title, text, dossier, read}], next, unread}: unread counts to 100. */
void notice_list(struct service *service, struct member *who, struct page_ask page,
                 answer_fn answer, void *ctx);
/* {up_to: id}: everything up to that one is read, by this account only. Of keys the last is known.
 */
void notice_read(struct service *service, struct member *who, struct slice body, struct slice key,
                 answer_fn answer, void *ctx);

#endif
