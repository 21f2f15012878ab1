/* feed.h - a page of the tracking feed as RESTHeart writes it. */
#ifndef POSTSIM_FEED_H
#define POSTSIM_FEED_H

#include "parcel.h"

/* The sequence in an id of ours; any other head is before everything. 0, or -EINVAL when the text
 * (may be NULL) is not 24 hexadecimal digits. */
int feed_parse_id(const char *text, uint64_t *ret) DVC_MUSTCHECK;
/* Up to page_size documents of the account after that sequence. */
void feed_write_page(struct buf *body, const struct account *account, uint64_t after,
                     int64_t page_size);

#endif
