/* check_time.h - limits: step sums against the total (K171), same_day and transfer only with their
 * cut-off (K170), and one time for the applicant's answer wherever it is written (K147). */
#ifndef DVC_CONF_CHECK_TIME_H
#define DVC_CONF_CHECK_TIME_H

#include "conf/check_flow.h"

/* `steps` as check_flow left them. */
void check_time(struct plugin_check *check, const struct flow_step *steps);

#endif
