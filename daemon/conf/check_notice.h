/* check_notice.h - what is told reaches somebody: notices and warnings go to people who read them,
 * and a notice has a text. */
#ifndef DVC_CONF_CHECK_NOTICE_H
#define DVC_CONF_CHECK_NOTICE_H

#include "conf/plugin_rule.h"

void check_notices(struct plugin_check *check);

#endif
