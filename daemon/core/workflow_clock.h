/* workflow_clock.h - the legal clock of a dossier and the ledger that says why it moved. The clock
 * starts once, stands still in holds, counts again after a restart, and ends for good: no date
 * moves after that. */
#ifndef DVC_CORE_WORKFLOW_CLOCK_H
#define DVC_CORE_WORKFLOW_CLOCK_H

#include "core/workflow_decision.h"

/* Legal reception: sets received_at, the due dates and the ladder. */
int workflow_clock_accept(struct decision *d, wall_t received_at);
/* Nothing happens when the clock does not run. `reason` and `party` are stable codes. */
void workflow_clock_pause(struct decision *d, const char *reason, const char *party);
/* Goes on with what was left. */
int workflow_clock_resume(struct decision *d);
/* The whole limit again from now (Decree 61/2018/NĐ-CP, Art 19.4); step budgets are full again. */
int workflow_clock_restart(struct decision *d);
/* The work is done: finished_at is written once; a hold that is open ends and moves the due first,
 * for what stood still does not count. */
int workflow_clock_finish(struct decision *d);
/* The one new appointment (Art 19.9): the due moves, and with it what the open tasks have left. */
int workflow_clock_appoint(struct decision *d, wall_t new_due);
/* A new version of the calendar. *ret_moved: some date moved. */
int workflow_clock_recalculate(struct decision *d, bool *ret_moved);

/* Starts the count of a task's limit with `left` of it (-1: all). */
int workflow_count_task(struct decision *d, struct task *task, int64_t left);
/* What is left of the task's limit now, -1 without a limit. */
int workflow_task_left(struct decision *d, const struct task *task, int64_t *ret);
/* Tasks stand still with a suspended dossier, and go on with what was left. */
void workflow_tasks_hold(struct decision *d);
int workflow_tasks_go_on(struct decision *d, wall_t held_since);

#endif
