/* plugin_reader.h - what the parts of a plugin's reading share: where errors go, and values that
 * differ by channel. */
#ifndef DVC_CONF_PLUGIN_READER_H
#define DVC_CONF_PLUGIN_READER_H

#include "conf/schema.h"
#include "core/procedure.h"

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
