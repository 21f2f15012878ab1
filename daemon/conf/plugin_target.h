/* plugin_target.h - where an action or a timeout leads, and what it does on the way. */
#ifndef DVC_CONF_PLUGIN_TARGET_H
#define DVC_CONF_PLUGIN_TARGET_H

#include "conf/plugin_reader.h"

/* Where to (`to`, `join`, `end`), and the lists of effects and needs. */
extern const struct schema_shape plugin_to_shape, plugin_step_shape, plugin_end_shape;
extern const struct schema_shape plugin_effects_shape, plugin_needs_shape;

/* As written: one of `to`, `join`, `end`, or none of them. */
struct raw_target {
    const struct value *to, *join, *end;
};

/* Exactly one of the three must be there. Steps are looked up in the procedure, whose steps carry
 * their ids already. `what` names the action in errors, at `map`. */
void plugin_target(struct plugin_reader *reader, const struct value *map, const char *what,
                   const struct raw_target *raw, struct target *ret);
void plugin_effects(struct plugin_reader *reader, const struct value *list, struct effect **ret,
                    size_t *ret_count);
/* Words of `needs:` as bits. */
void plugin_needs(struct plugin_reader *reader, const struct value *list, unsigned *ret);

#endif
