/* command.h - the body of an action becomes a command of the engine. */
#ifndef DVC_SERVICE_COMMAND_H
#define DVC_SERVICE_COMMAND_H

#include "core/workflow.h"
#include "service/fields.h"

#define COMMAND_TEXT_MAX 2000 /* characters of a reason or note */

struct service;

struct command_reading {
    struct service *service;
    struct arena *arena;
    const struct actor *actor;
    const struct value *body;
    struct form_faults faults;
    struct fields fields; /* set by command_read */
    struct slice *uploads; /* named in it, to be looked up */
    size_t upload_count;
    int64_t assignee;
    void (*done)(void *ctx, int store_code);
    void *ctx;
    struct command *command;
    bool looked_up;
    const struct value *assignee_grants, *upload_rows;
    const struct value *assignee_delegated; /* what the actor has given that one for a time */
};

/* {action, task, reason?, papers?, documents?, result?, receiver?, assignee?, received_at?, note?,
 * fee?, receipt?, method?, waive?, new_due?}. Faults are collected in the reading. */
void command_read(struct command_reading *reading, struct command *command);
/* Looks up what the body names: uploads must be the caller's own, the assignee must exist. `done`
 * runs exactly once, before this returns when nothing is named. */
void command_look_up(struct command_reading *reading, void (*done)(void *ctx, int store_code),
                     void *ctx);
/* Once the dossier is known: the assignee must hold the task's role at its agency (or, for
 * delegate, have it from the actor), and what is handed
 * in must be papers of its procedure in a format that they may have. 0 or WF_E_*. */
int command_complete(struct command_reading *reading, const struct dossier *dossier,
                     struct command *command, struct refusal *refusal) DVC_MUSTCHECK;

#endif
