/* check_ways.h - an end is reached not only when every choice is free, but whatever the choices
 * turn out to be (K151): a condition may be false for good, a supplement may be asked for only so
 * often, and another agency may refuse for good what is waited for. */
#ifndef DVC_CONF_CHECK_WAYS_H
#define DVC_CONF_CHECK_WAYS_H

#include "conf/check_flow.h"

/* For a workflow in which check_flow found no fault. */
void check_ways(struct plugin_check *check, const struct flow_graph *graph);

#endif
