/* workflow_act.h - taking an action of a step: may it be taken, what does it ask for, and what it
 * then does; and the actions that steps take by themselves. */
#ifndef DVC_CORE_WORKFLOW_ACT_H
#define DVC_CORE_WORKFLOW_ACT_H

#include "core/workflow_decision.h"

/* Everything but rights and what the caller must give: the dossier's state, the condition, fees,
 * the limits of supplement requests. */
int workflow_may(struct decision *d, const struct task *task, const struct action *action);
/* What the action needs of its caller is there and makes sense; bits of enum need. */
int workflow_needs(struct decision *d, unsigned needs);
/* Closes the task, applies the effects and moves the token. The event is already begun. */
int workflow_take(struct decision *d, struct task *task, const struct action *action);
/* The same without an action: a timeout's own target and effects. */
int workflow_move(struct decision *d, struct task *task, const struct target *target,
                  const struct effect *effects, size_t effect_count);
/* Takes what steps take by themselves, until nothing is left to take. */
int workflow_automatic(struct decision *d);
/* Documents that came with the command. */
void workflow_add_documents(struct decision *d);

#endif
