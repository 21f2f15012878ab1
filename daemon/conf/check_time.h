/* check_time.h - limits: step sums against the total (K171), and same_day only with its cut-off
 * (K170). */
#ifndef DVC_CONF_CHECK_TIME_H
#define DVC_CONF_CHECK_TIME_H

#include "conf/check_flow.h"

/* `steps` as check_flow left them. */
void check_time(struct plugin_check *check, const struct flow_step *steps);

#endif
