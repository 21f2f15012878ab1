/* anchor.h - keeps the loop's clock anchored to the database's: one short exchange now and then. */
#ifndef DVC_STORE_ANCHOR_H
#define DVC_STORE_ANCHOR_H

#include "base/loop.h"
#include "store/dblink.h"

struct anchor;

/* A link that is ready and has room, or NULL. */
typedef struct dblink *(*anchor_link_fn)(void *ctx);

/* Reads the clock by `clock_read` every `every_us`, on a link that `link` gives. Nothing is read
 * before the first anchor_hurry. */
struct anchor *anchor_new(struct loop *loop, const struct statement *clock_read, int64_t every_us,
                          int64_t timeout_us, anchor_link_fn link, void *ctx);
/* A link came up: reads with the next turn when the clock was never anchored. */
void anchor_hurry(struct anchor *anchor);
/* After its exchange, if one is under way, was answered. */
struct anchor *anchor_free(struct anchor *anchor);

#endif
