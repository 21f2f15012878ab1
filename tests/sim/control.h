/* control.h - /sim/...: looking into the simulated post and steering it. Works also while it is
 * away. */
#ifndef POSTSIM_CONTROL_H
#define POSTSIM_CONTROL_H

#include "sim.h"

/* True when the path begins with /sim/ and an answer is on its way. */
bool control_handle(struct sim *sim, struct evhttp_request *req);

#endif
