/* workflow_token.h - the tokens: one open task per active step. They are opened, moved to a target,
 * split and joined here, and nowhere else, so that none is lost and none is left at an end. */
#ifndef DVC_CORE_WORKFLOW_TOKEN_H
#define DVC_CORE_WORKFLOW_TOKEN_H

#include "core/workflow_decision.h"

/* Opens a task on a step. Invalidates pointers to tasks of after. */
int workflow_open(struct decision *d, int step, int previous, int group);
/* Closes it; what is left of its limit stays in the step's budget. */
int workflow_close(struct decision *d, struct task *task, enum task_state state);
/* Moves the token of a closed task on. With TARGET_JOIN the last (or, for join_any, the first) of
 * its group goes on; counting is by the open tasks of the group, so two answers at the same instant
 * are two changes that both succeed. */
int workflow_route(struct decision *d, const struct task *from, const struct target *target);
/* The dossier ends: every open task is cancelled, every clock stopped. */
int workflow_end(struct decision *d, enum dossier_state state);
/* The intake limit counts from now on (submission, hand-over by the post, payment made). */
int workflow_count_intake(struct decision *d, struct task *task);
/* The agency behind a plugin's word for it: NULL the competent one, receiving, or a function. */
int workflow_agency(struct decision *d, const char *agency_role, const char **ret);

#endif
