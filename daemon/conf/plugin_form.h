/* plugin_form.h - the part of a plugin that says what the citizen fills in and hands in. */
#ifndef DVC_CONF_PLUGIN_FORM_H
#define DVC_CONF_PLUGIN_FORM_H

#include "conf/plugin_reader.h"

#define PLUGIN_FIELDS_MAX 200
#define PLUGIN_PAPERS_MAX 60
#define PLUGIN_OPTIONS_MAX 300

extern const struct schema_shape plugin_form_shape, plugin_papers_shape; /* of the lists */
/* Paths of the applicant that a field can be filled from (K109); NULL after the last. */
const char *plugin_fill_word(int index);

/* Lists, or NULL when the plugin has none. */
void plugin_read_form(struct plugin_reader *reader, const struct value *list);
void plugin_read_papers(struct plugin_reader *reader, const struct value *list);

#endif
