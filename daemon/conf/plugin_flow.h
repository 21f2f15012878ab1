/* plugin_flow.h - the part of a plugin that says which desks a dossier passes: steps, actions,
 * targets, effects, timeouts. */
#ifndef DVC_CONF_PLUGIN_FLOW_H
#define DVC_CONF_PLUGIN_FLOW_H

#include "conf/plugin_reader.h"

#define PLUGIN_STEPS_MAX 60
#define PLUGIN_ACTIONS_MAX 20
#define PLUGIN_BRANCHES_MAX 8
#define PLUGIN_EFFECTS_MAX 12

extern const struct schema_shape plugin_steps_shape;
extern const struct schema_shape plugin_workflow_shape; /* of a procedure: its own, or `use` */

/* `map` is the complete workflow: start and steps. */
void plugin_read_flow(struct plugin_reader *reader, const struct value *map);

#endif
