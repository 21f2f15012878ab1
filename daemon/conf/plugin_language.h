/* plugin_language.h - the language of plugins as a whole, for those who write it: JSON Schema with
 * a help in Vietnamese for each key. */
#ifndef DVC_CONF_PLUGIN_LANGUAGE_H
#define DVC_CONF_PLUGIN_LANGUAGE_H

#include "conf/schema_json.h"

/* A procedure's file and a shared workflow's; ended by NULL. */
extern const struct schema_shape *const plugin_language_roots[3];
const struct schema_help *plugin_language_help(size_t *ret_count);
/* JSON Schema 2020-12 of both kinds of files, compact. */
void plugin_language_schema(struct buf *out);

#endif
