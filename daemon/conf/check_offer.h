/* check_offer.h - what the law asks of what a procedure offers as a whole: how often it may ask for
 * more papers, the post, its level, its fees (K141, K160..K163, K165, K166). */
#ifndef DVC_CONF_CHECK_OFFER_H
#define DVC_CONF_CHECK_OFFER_H

#include "conf/plugin_rule.h"

void check_offer(struct plugin_check *check);

#endif
