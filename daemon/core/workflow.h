/* workflow.h - the one way in which a dossier changes: a pure function from what is known to what
 * will be, or a refusal that names the rule. */
#ifndef DVC_CORE_WORKFLOW_H
#define DVC_CORE_WORKFLOW_H

#include "core/access.h"
#include "core/calendar.h"
#include "core/outcome.h"

enum command_kind {
    CMD_SUBMIT, /* creates; the dossier's data are filled in by intake, checked against the form */
    CMD_ACTION, /* an action of a task's step, or one that every dossier has */
    CMD_TIMER,  /* the clock: (scope, epoch, rung) came due */
    CMD_POSTAL, /* the carrier: news of a parcel, or the answer to an order */
    CMD_RECALCULATE, /* a new calendar version moved the dates */
    CMD_OUTBOX,      /* an administrator decided on a dead letter: an event, nothing else */
    CMD_READ,        /* someone opened a document: an event, nothing else */
    CMD_LINKED,      /* of a dossier that this one opened: it is there, or it came to an end */
    CMD_MIGRATE      /* to another version of its procedure: core/workflow_migrate.h */
};

/* To another version of its procedure: core/workflow_migrate.h says what stays as it was. */
struct migrate {
    const struct procedure *to; /* the same code, another version; lives as long as the dossier */
    const struct value *steps;  /* map: step here -> step there, where they differ; or NULL */
    int64_t order;              /* of the administrator; told in the event */
    /* Whether the new version's workflow can bring a dossier to stand where `moved` does, tokens,
     * branches and clock. NULL: unknown; then each desk must keep its role and agency, and no
     * branch may be open. */
    bool (*reaches)(void *ctx, const struct dossier *moved);
    void *ctx;
};

struct command {
    enum command_kind kind;
    struct slice action; /* CMD_ACTION: id in the plugin, or withdraw confirm_withdraw
                          * refuse_withdraw apology stop reassign delegate take note pay correct
                          * suspend unsuspend. CMD_SUBMIT: empty, or an action of the first step
                          * taken in the same act (accept at the counter) */
    int task;            /* 0: the dossier itself */
    int64_t if_decision; /* If-Match; -1: not asked */
    const char *reason;
    const char *note;
    struct value *papers;            /* list of paper ids asked for */
    struct dossier_paper *documents; /* handed in with a resubmission */
    size_t document_count;
    struct dossier_result *result;
    struct value *receiver; /* {name, relation, identity_checked} */
    int64_t assignee;       /* account; the caller checked that it holds the role there, or, for
                             * delegate, has it from the actor for a time */
    const char *fee, *receipt, *method; /* pay */
    bool waive;
    wall_t received_at;        /* counter only: earlier than now, WALL_NONE: now */
    wall_t new_due;            /* apology: proposed, WALL_NONE: none */
    int scope, epoch, rung;    /* CMD_TIMER */
    struct slice order_number; /* CMD_POSTAL */
    struct parcel_event parcel;
    bool order_answer; /* CMD_POSTAL: the carrier's answer to our order instead of news */
    bool order_accepted;
    const char *item_code;
    const char *source; /* CMD_POSTAL: NULL the carrier's own news; handover, operator */
    const char *form_digest; /* CMD_SUBMIT: salted digests made by intake, hex */
    const char *document;    /* CMD_READ: what was read */
    bool skip;               /* CMD_OUTBOX: given up, else to be tried again; with a reason */
    const char *channel, *topic; /* CMD_OUTBOX: what it is about */
    int link;                    /* CMD_LINKED: number of the link */
    const char *link_code;       /* CMD_LINKED: code of that dossier */
    bool link_over;              /* CMD_LINKED: it ended, in */
    enum dossier_state link_end;
    const struct migrate *migrate; /* CMD_MIGRATE; with a reason */
};

/* A command with nothing said but its kind: no If-Match, no moments of its own. */
struct command command_blank(enum command_kind kind);

/* What the engine must be told; nothing is read from anywhere else. */
struct setting {
    const struct calendar *calendar; /* of the competent agency */
    int calendar_version;
    const struct agency_order *agencies;
    /* The agency that serves `function` for `competent` (a plugin step's agency), or NULL;
     * "post_office": the one that comes to that agency's desk. */
    const char *(*agency_for)(void *ctx, const char *function, const char *competent);
    void *agency_ctx;
    struct limit intake_limit; /* 8 working hours [M], an option */
    int backdate_hours;        /* counter: how far back received_at may lie; 0: not at all */
    bool portal_sync;          /* each change of the national status goes to the portal */
    bool mail;                 /* what the applicant is told goes out as a mail too */
    const struct sink *sinks;  /* who is told of each change of a dossier's state */
    size_t sink_count;
    wall_t now;
};

enum {
    WF_E_TASK_GONE = 1, /* task closed or changed: 409 */
    WF_E_STALE,         /* If-Match failed: 409 */
    WF_E_FORBIDDEN,     /* 403 */
    WF_E_REFUSED,       /* 422 with the rule */
    WF_E_NOT_DUE,       /* timer fired too early or belongs to an old epoch: drop it */
    WF_E_CALENDAR /* a due date lies beyond the last loaded year: 422, and the clock retries */
};

struct refusal {
    const char *code;    /* stable snake_case: supplement_limit, action_unknown, fee_unpaid, ... */
    const char *pointer; /* JSON pointer into the request, or "" */
    const char *message; /* Vietnamese, names rule and limit */
};

/* Decides. `dossier` stays as it is; *ret_outcome->after is a changed copy in `arena`. 0, or one of
 * WF_E_* with *ret_refusal filled. Same inputs, same outcome. */
int workflow_apply(struct arena *arena, const struct dossier *dossier,
                   const struct command *command, const struct actor *actor,
                   const struct setting *setting, struct outcome **ret_outcome,
                   struct refusal *ret_refusal) DVC_MUSTCHECK;

/* Share of the steps done, 0..100, for the anonymous look-up. */
int workflow_completion(const struct dossier *dossier);

#endif
