/* memory.h - what this process has for itself. */
#ifndef DVC_APP_MEMORY_H
#define DVC_APP_MEMORY_H

#include "base/slice.h"

/* Pages that no other process has, in KiB; negative -errno when the system does not say. Takes some
 * milliseconds when the process is large. */
int64_t memory_private_kib(void);
/* The same from the text of an smaps_rollup; -EINVAL when it is none. */
int64_t memory_private_in(struct slice text);

#endif
