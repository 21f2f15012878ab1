/* check_law.h - what the law asks of every flow, step by step: waits, supplements, refusals, post
 * and fees (K129, K132..K136, K142..K149, K152, K160, K164, K166..K168). */
#ifndef DVC_CONF_CHECK_LAW_H
#define DVC_CONF_CHECK_LAW_H

#include "conf/plugin_rule.h"

void check_law(struct plugin_check *check);

#endif
