/* check_move.h - what one action or timeout does to the clock, the result and what was asked for,
 * and whether it may do that then: the part of check_flow.h that looks at a single move. */
#ifndef DVC_CONF_CHECK_MOVE_H
#define DVC_CONF_CHECK_MOVE_H

#include "conf/check_marking.h"
#include "conf/plugin_rule.h"

/* One move under way: what is done by which action, or by the timeout (action NULL). */
struct move {
    const struct step *step;
    const struct action *action;
    const struct effect *effects;
    size_t effect_count;
    const struct target *target;
    bool had_result; /* before it */
};

struct move move_of_action(const struct step *step, const struct action *action);
/* Of a timeout that leads somewhere by itself, not of one that takes an action. */
struct move move_of_timeout(const struct step *step);
const char *move_name(const struct move *move);

#define MOVE_TELL(check, move, rule, ...)                                                          \
    ((move)->action != NULL                                                                        \
         ? rule_fault_step((check), (rule), (move)->step, (move)->action, __VA_ARGS__)             \
         : rule_fault_timeout((check), (rule), (move)->step, __VA_ARGS__))

/* Its effects in their order, each told when `marking` does not allow it. */
void move_effects(struct plugin_check *check, const struct move *move, struct marking *marking);
/* Tells when what is given to the applicant may not be there, or the work on it is not over. */
void move_gives(struct plugin_check *check, const struct move *move, const struct marking *marking);

#endif
