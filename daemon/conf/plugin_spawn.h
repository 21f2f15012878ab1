/* plugin_spawn.h - the effect `spawn`: which other procedure a dossier opens, and what is put into
 * that dossier's form and papers. */
#ifndef DVC_CONF_PLUGIN_SPAWN_H
#define DVC_CONF_PLUGIN_SPAWN_H

#include "conf/plugin_reader.h"

#define PLUGIN_SPAWN_VALUES_MAX 200

extern const struct schema_shape plugin_spawn_shape; /* of the whole effect */

/* `map` is the whole effect: {spawn: "1.004222", as: residence, form: {...}, documents: {...}}.
 * Which procedures and fields there are is looked at when all plugins are known
 * (conf/check_spawn.h). */
void plugin_read_spawn(struct plugin_reader *reader, const struct value *map, struct effect *ret);

#endif
