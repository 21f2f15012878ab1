/* plugin_head.h - the part of a plugin that says what the procedure is: name, limits, channels,
 * supplements, cases, fees, results. */
#ifndef DVC_CONF_PLUGIN_HEAD_H
#define DVC_CONF_PLUGIN_HEAD_H

#include "conf/plugin_reader.h"

extern const struct schema_shape plugin_shape;      /* of a whole file */
extern const struct schema_shape plugin_code_shape; /* d.dddddd */

/* The parts that have readers of their own; NULL when absent or wrong. */
struct plugin_parts {
    const struct value *form, *documents, *workflow;
};

/* Fills the procedure from the top level of `tree`. Faults go to the reader. */
void plugin_read_head(struct plugin_reader *reader, const struct value *tree,
                      struct plugin_parts *ret);
/* `d.dddddd`, the code of a procedure. */
bool plugin_code_ok(struct slice code);

#endif
