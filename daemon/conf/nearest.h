/* nearest.h - which word somebody may have meant. */
#ifndef DVC_CONF_NEAREST_H
#define DVC_CONF_NEAREST_H

#include "base/slice.h"

/* The one of `names` nearest to `text`, or NULL when none is near (edit distance over bytes of at
 * most a third of its length). Words of more than 40 bytes are near to nothing. */
const char *nearest_word(struct slice text, const char *const *names, size_t count);

#endif
