/* throttle.h - how often one address may call a route in a minute, per worker. */
#ifndef DVC_HTTP_THROTTLE_H
#define DVC_HTTP_THROTTLE_H

#include "base/wall.h"

struct throttle;

#define THROTTLE_SLOTS 4096 /* addresses remembered; a newer one may take an older one's place */

struct throttle *throttle_new(int64_t per_minute); /* 0: no limit */
struct throttle *throttle_free(struct throttle *throttle);
/* Counts one call; false when the address has used up its minute. IPv6 counts by its /64. */
bool throttle_take(struct throttle *throttle, const uint8_t ip[16], mono_t now);

#endif
