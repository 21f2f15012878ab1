/* gzip.h - bytes packed once, for files that are sent many times (RFC 1952). */
#ifndef DVC_HTTP_GZIP_H
#define DVC_HTTP_GZIP_H

#include "http/head.h"

/* Packs `in` as tightly as zlib can. 0 with *ret (the caller frees it) and *ret_size, or 1 when
 * that would not save a tenth: pictures and very small files go out as they are. */
int gzip_pack(struct slice in, char **ret, size_t *ret_size) DVC_MUSTCHECK;
/* Whether an Accept-Encoding header takes gzip: named, or "*", with a weight that is not 0. */
bool gzip_accepted(struct slice accept_encoding);

#endif
