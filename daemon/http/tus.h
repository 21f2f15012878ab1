/* tus.h - the headers of the resumable upload protocol tus 1.0 (core, creation, termination,
 * expiration). Pure: text in, values out. */
#ifndef DVC_HTTP_TUS_H
#define DVC_HTTP_TUS_H

#include "base/arena.h"
#include "base/wall.h"

#define TUS_VERSION "1.0.0"
#define TUS_EXTENSIONS "creation,termination,expiration"
#define TUS_PART_TYPE "application/offset+octet-stream"

/* Upload-Length and Upload-Offset: decimal digits only. 0 or -EINVAL; -ERANGE above `max`. */
int tus_number(struct slice text, int64_t max, int64_t *ret) DVC_MUSTCHECK;
/* The value of `filename` in Upload-Metadata, "key base64,key base64,key"; without one *ret is
 * empty. 0, or -EINVAL when the header is malformed, names a key twice or holds a NUL. */
int tus_filename(struct arena *arena, struct slice metadata, struct slice *ret) DVC_MUSTCHECK;
/* Whether a Content-Type is that of a part, parameters aside. */
bool tus_is_part(struct slice content_type);
/* Upload-Expires: RFC 9110 date, "Sun, 22 Nov 2026 04:46:00 GMT". */
const char *tus_date(struct arena *arena, wall_t at);

#endif
