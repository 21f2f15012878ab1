/* openapi.h - the API's description from the table of routes, OpenAPI 3.1. */
#ifndef DVC_HTTP_OPENAPI_H
#define DVC_HTTP_OPENAPI_H

#include "http/route.h"

void openapi_write(const struct route *routes, size_t count, struct buf *out);

#endif
