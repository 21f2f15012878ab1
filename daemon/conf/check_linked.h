/* check_linked.h - a wait for linked dossiers: it can end well and badly, and there is something to
 * wait for (K185, K186); each name of a spawn once (K029). What the other procedures must be like:
 * check_spawn.h. */
#ifndef DVC_CONF_CHECK_LINKED_H
#define DVC_CONF_CHECK_LINKED_H

#include "conf/plugin_rule.h"

void check_linked(struct plugin_check *check);

#endif
