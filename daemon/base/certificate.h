/* certificate.h - what an administrator asks of a TLS certificate's file (OpenSSL behind). */
#ifndef DVC_BASE_CERTIFICATE_H
#define DVC_BASE_CERTIFICATE_H

#include "base/wall.h"

/* When the first certificate of a PEM file ends. 0, -errno when it cannot be read, -EINVAL when it
 * holds none. */
int certificate_ends(const char *path, wall_t *ret) DVC_MUSTCHECK;

#endif
