/* check_values.h - for each path that a step's conditions use, the values that can make a
 * difference: those the conditions compare with, one beside each, and null where it may be missing.
 */
#ifndef DVC_CONF_CHECK_VALUES_H
#define DVC_CONF_CHECK_VALUES_H

#include "conf/plugin_rule.h"

#define CONDITION_PATHS_MAX 12
#define CONDITION_VALUES_MAX 24
#define CONDITION_OTHER "\x01"              /* a text that no condition names, before all of them */
#define CONDITION_BEYOND "\xf4\x8f\xbf\xbf" /* one after all of them */

struct condition_path {
    struct slice path;
    const struct value *values[CONDITION_VALUES_MAX];
    size_t count;
};

struct condition_values {
    struct condition_path paths[CONDITION_PATHS_MAX];
    size_t count;
};

/* Of the step's conditions, or with step NULL of all of the workflow. False when there are too many
 * paths, values or combinations (PLUGIN_CHECK_MAX_CASES). */
bool condition_values(struct plugin_check *check, const struct step *step,
                      struct condition_values *ret);

/* One value for each path: taken one by one, as the digits of a number whose bases are the counts.
 * `chosen` has as many entries as there are paths, all 0 at first. */
struct condition_choice {
    const struct condition_values *values;
    size_t *chosen;
};
const struct value *condition_lookup(void *ctx, struct slice path); /* an expr_lookup on a choice */
bool condition_next(struct condition_choice *choice);               /* false after the last */

#endif
