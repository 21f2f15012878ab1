/* nodename.h - what tells this node apart from all others on one database: the host's name and a
 * random number kept in its data folder. Two daemons on one host have two data folders, two
 * containers with equal host names too; a restart finds the number again. A data folder that goes
 * away with its container is a node that does not come back. */
#ifndef DVC_BASE_NODENAME_H
#define DVC_BASE_NODENAME_H

#include "base/check.h"

#define NODENAME_SIZE 96

/* "host/0123456789abcdef". Only the process that has the data folder's lock (pidlock.h) makes the
 * number, once. Where it cannot be kept or is none the name is the host's alone, and why is
 * returned: -errno, -EINVAL for a file that holds something else. `ret` is written in any case. */
int nodename_make(const char *data, char ret[NODENAME_SIZE]) DVC_MUSTCHECK;
/* The same of a folder in which it was made before: -ENOENT where it was not. */
int nodename_read(const char *data, char ret[NODENAME_SIZE]);

#endif
