/* handovers.h - carries out what signed hand-over records left to do, when the gateway that took
 * the second signature did not come to it. */
#ifndef DVC_CLOCK_HANDOVERS_H
#define DVC_CLOCK_HANDOVERS_H

#include "base/loop.h"

struct service;
struct handovers;

struct handovers *handovers_new(struct service *service);
struct handovers *handovers_free(struct handovers *job); /* takes NULL, returns NULL */
void handovers_start(struct handovers *job);
void handovers_stop(struct handovers *job);
bool handovers_idle(const struct handovers *job);

#endif
