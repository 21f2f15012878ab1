/* linger.h - closes connections without losing their last reply. A socket closed with unread bytes
 * answers with a reset, which overtakes the reply: so a refused client's rest is still read, thrown
 * away, and bounded in time. */
#ifndef DVC_HTTP_LINGER_H
#define DVC_HTTP_LINGER_H

#include "base/loop.h"

struct lingers;

struct lingers *lingers_new(struct loop *loop, size_t max);
struct lingers *lingers_free(struct lingers *lingers);
/* Takes over `fd` and closes it at the other side's end of stream, after `us`, or at once when
 * `max` are lingering. */
void lingers_add(struct lingers *lingers, int fd, int64_t us);

#endif
