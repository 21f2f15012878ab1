/* origin.h - whether a browser sends a request on behalf of a page that is not ours. */
#ifndef DVC_HTTP_ORIGIN_H
#define DVC_HTTP_ORIGIN_H

#include "http/request.h"

/* By Sec-Fetch-Site, and from browsers that do not send it by Origin: the host asked for, or
 * `public_url` (scheme, host, port; NULL: not known), which is what a browser sees where a proxy
 * changes the host. A client that sends neither is no browser: false. */
bool origin_is_foreign(const struct request *req, const char *public_url);

#endif
