/* plugin_say.h - values of a plugin as people say them, for plugin_diff. */
#ifndef DVC_CONF_PLUGIN_SAY_H
#define DVC_CONF_PLUGIN_SAY_H

#include "core/procedure.h"

/* `of` is the procedure that the value is in; whatever a value is, something is said of it. */
typedef void plugin_say(struct buf *buf, const struct procedure *of, const struct value *value);

plugin_say say_text;      /* "...", a list of texts joined */
plugin_say say_word;      /* a word of the language, or a list of them */
plugin_say say_bool;      /* có, không */
plugin_say say_number;    /* a number as it stands */
plugin_say say_limit;     /* one, or by channel */
plugin_say say_amount;    /* đồng, the same */
plugin_say say_warnings;  /* a list of {at, to} */
plugin_say say_condition; /* fields by their labels */
plugin_say say_step;      /* a step or several, by their names */
plugin_say say_effects;
plugin_say say_needs;
plugin_say say_options;
plugin_say say_json; /* anything */

#endif
