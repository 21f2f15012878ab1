/* plugin_reader.h - what the parts of a plugin's reading share: where errors go, and values that
 * differ by channel. */
#ifndef DVC_CONF_PLUGIN_READER_H
#define DVC_CONF_PLUGIN_READER_H

#include "conf/schema_shape.h"
#include "core/procedure.h"

/* For schemas: one limit or one a channel; the same of amounts; lists of warnings; roles. */
extern const struct schema_shape plugin_limits_shape, plugin_amounts_shape, plugin_rungs_shape;
extern const struct schema_shape plugin_roles_shape; /* and parties */
extern const struct schema_shape plugin_roles_assignee_shape;
extern const struct schema_shape plugin_staff_shape; /* who settles dossiers */
/* May `role` do the work of a step. */
bool plugin_role_works(enum role role);
/* Words of the channels, for a map by channel. */
const char *plugin_channel_word(int index);

struct plugin_reader {
    struct schema_reader schema;
    struct procedure *procedure;
};

/* `limit: 3 working_days`, or one a channel: `limit: {online: 8 working_hours, direct: none}`.
 * Channels that are not named keep what `limits` holds. */
bool plugin_limits(struct plugin_reader *reader, const struct value *value, const char *name,
                   struct limit limits[CHANNEL_SLOTS]);
/* `amount: 8000`, or one a channel. */
bool plugin_amounts(struct plugin_reader *reader, const struct value *value, const char *name,
                    int64_t amounts[CHANNEL_SLOTS]);
/* A list of `{at: 50%, to: assignee}`. */
bool plugin_rungs(struct plugin_reader *reader, const struct value *value, struct rung **ret,
                  size_t *ret_count);
/* A role's word; `assignee` gives ROLE_NONE when `assignee` is true. */
bool plugin_role(struct plugin_reader *reader, const struct value *value, const char *name,
                 bool assignee, enum role *ret);
/* Adds a fault when `id` is among the `count` names before it; `stride` bytes from name to name. */
void plugin_unique(struct plugin_reader *reader, const struct value *at, const char *what,
                   const char *id, const void *first, size_t stride, size_t count);

#endif
