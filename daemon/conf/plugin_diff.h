/* plugin_diff.h - what changed between two plugins, in the words of those who decide on it: limits,
 * fees, papers, fields of the form, steps, buttons, targets, effects. Not a difference of texts:
 * the place of a line, comments and "3 ngày làm việc" for "3 working_days" are no change. */
#ifndef DVC_CONF_PLUGIN_DIFF_H
#define DVC_CONF_PLUGIN_DIFF_H

#include "core/procedure.h"

struct plugin_changes {
    struct arena *arena;
    const char **lines; /* Vietnamese, without a line's end, in the order of the language */
    size_t count, cap;
};

/* Shared workflows are compared by what is in them. The lines live in `arena`. */
void plugin_diff(struct arena *arena, const struct procedure *a, const struct procedure *b,
                 struct plugin_changes *ret);

#endif
