/* lease.h - which of several clocks works now. It only saves work: every job is right with two at
 * once. Life is counted here from before the asking, so that we let go before another may take it.
 */
#ifndef DVC_CLOCK_LEASE_H
#define DVC_CLOCK_LEASE_H

#include "base/loop.h"

struct service;
struct lease;

/* Asks at once and every third of `life_us`. `changed` tells when it is won or lost. */
struct lease *lease_new(struct service *service, const char *name, const char *holder,
                        int64_t life_us, void (*changed)(void *ctx, bool held), void *ctx);
struct lease *lease_free(struct lease *lease); /* takes NULL, returns NULL; gives nothing back */
/* Stops asking and hands it to whoever asks next; `given` runs once, not before this returns. */
void lease_give(struct lease *lease, void (*given)(void *ctx), void *ctx);
/* Grows with each change of hands; 0 before the first. */
int64_t lease_term(const struct lease *lease);

#endif
