/* page.h - page tokens: where the next page begins, sealed so that only our own come back. */
#ifndef DVC_SERVICE_PAGE_H
#define DVC_SERVICE_PAGE_H

#include "base/buf.h"
#include "base/arena.h"

struct service;

#define PAGE_LIMIT_MAX 200
#define PAGE_LIMIT_DEFAULT 50

/* Appends the token for a place in the list of that name; SLICE_NULL appends nothing. */
void page_seal(const struct service *service, const char *list, struct slice place,
               struct buf *out);
/* {"items": <items, JSON as it is>, "next": token or null}: one page of that list, `next` the place
 * of the page after it or SLICE_NULL. */
void page_write(const struct service *service, const char *list, struct slice items,
                struct slice next, struct buf *out);
/* The place of a token. 0, or -EINVAL when it is not one of ours for that list. An empty token is
 * no place: 0 and SLICE_NULL. */
int page_open(const struct service *service, struct arena *arena, const char *list,
              struct slice token, struct slice *ret) DVC_MUSTCHECK;

#endif
