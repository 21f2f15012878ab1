/* workflow_timer.h - the ladders: warnings at, before and after a date, and the ends of waiting.
 * Scope is a task's number, or 0 for the total limit; the epoch makes a second visit warn again. */
#ifndef DVC_CORE_WORKFLOW_TIMER_H
#define DVC_CORE_WORKFLOW_TIMER_H

#include "core/workflow_decision.h"

/* Arms the ladder of the total limit under after->due_epoch. With skip_past, rungs whose moment is
 * over stay silent: they were heard before the clock was held. */
int workflow_arm_total(struct decision *d, bool skip_past);
void workflow_disarm_total(struct decision *d);
/* Warnings and timeout of a task under its epoch. */
int workflow_arm_task(struct decision *d, const struct task *task, bool skip_past);
void workflow_disarm_task(struct decision *d, const struct task *task);

/* CMD_TIMER up to the point where it is known to be due: claims the rung, and finds the task (NULL
 * for scope 0). WF_E_NOT_DUE when it is too early or belongs to what is over. */
int workflow_timer_claim(struct decision *d, struct task **ret_task);
/* Tells of a warning: the event and the notices. */
void workflow_warn(struct decision *d, const struct task *task);

#endif
