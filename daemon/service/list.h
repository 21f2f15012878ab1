/* list.h - lists for the API: pages of rows that SQL has picked by the caller's rights. Each
 * answers {items: [...], next: token or null}. */
#ifndef DVC_SERVICE_LIST_H
#define DVC_SERVICE_LIST_H

#include "service/answer.h"
#include "service/member.h"

struct service;

struct page_ask {
    int limit;          /* 1..PAGE_LIMIT_MAX */
    struct slice token; /* empty: the first page */
};

#endif
