/* post.h - interface A as its callers see it: token, order, cancel and tracking feed. */
#ifndef POSTSIM_POST_H
#define POSTSIM_POST_H

#include "sim.h"

/* True when the path is one of interface A's and an answer is on its way. */
bool post_handle(struct sim *sim, struct evhttp_request *req);

#endif
