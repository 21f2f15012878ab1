/* check_condition.h - conditions: every path exists (K108), and no step is left without an action
 * because all its conditions are false at once (K150). */
#ifndef DVC_CONF_CHECK_CONDITION_H
#define DVC_CONF_CHECK_CONDITION_H

#include "conf/plugin_rule.h"

void check_conditions(struct plugin_check *check);

#endif
