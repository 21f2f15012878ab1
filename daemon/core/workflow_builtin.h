/* workflow_builtin.h - the actions that every dossier has without its procedure saying so
 * (plugins.md): withdraw, apology, stop, reassign, take, note, pay, correct, suspend. */
#ifndef DVC_CORE_WORKFLOW_BUILTIN_H
#define DVC_CORE_WORKFLOW_BUILTIN_H

#include "core/workflow_decision.h"

struct builtin {
    const char *id;
    const char *name; /* Vietnamese */
    unsigned needs;   /* enum need */
    bool on_task;     /* of a task, else of the dossier itself */
    /* Rights and state: what decides whether it is offered. Sets role and agency. */
    int (*check)(struct decision *d, const struct task *task);
    int (*act)(struct decision *d, struct task *task);
};

/* In the order in which they are offered. */
const struct builtin *workflow_builtins(size_t *ret_count);
const struct builtin *workflow_builtin(struct slice id); /* or NULL */

#endif
