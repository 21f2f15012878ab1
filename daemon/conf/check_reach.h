/* check_reach.h - what a workflow leads to it leads to for everybody: whatever the channel, the
 * case and the way of delivery, the result, the refusals and the requests for papers stay possible
 * (K155), the post takes the result of whoever asked for that (K162), whoever asked for it
 * electronically finds it published (K164), and who owes a fee of a service in full is asked for it
 * online (K165). */
#ifndef DVC_CONF_CHECK_REACH_H
#define DVC_CONF_CHECK_REACH_H

#include "conf/check_flow.h"

/* For a workflow in which check_flow found no fault. */
void check_reach(struct plugin_check *check, const struct flow_graph *graph);

#endif
