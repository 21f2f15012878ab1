/* workflow_decision.h - the change while it is being decided: what is known, the copy that is being
 * changed, and the event that will tell of it. Shared by the parts of the engine, by nobody else.
 *
 * A function of the engine answers 0 or one of WF_E_*, with the refusal filled. */
#ifndef DVC_CORE_WORKFLOW_DECISION_H
#define DVC_CORE_WORKFLOW_DECISION_H

#include "base/jw.h"
#include "core/workflow.h"

#define WORKFLOW_CHAIN_MAX 32 /* automatic steps of one command */

/* What is particular to a kind of event: a member of its body, kept as it is until that is written.
 * What it points at lives in the arena, the dossier, the procedure or the command. */
struct event_member {
    const char *key;
    enum { MEMBER_TEXT, MEMBER_INT, MEMBER_BOOL, MEMBER_WALL, MEMBER_JSON } kind;
    union {
        const char *text; /* NULL: null */
        int64_t number;
        bool truth;
        wall_t at;
        struct slice json;
    };
};

/* One event in the making. Lists are JSON text that grows, NULL while empty. */
struct event_draft {
    const char *kind;
    struct slice action;     /* id, or empty */
    int task;                /* 0: the dossier's */
    int step;                /* index, -1 none */
    enum dossier_state from; /* state and its base before the event */
    enum dossier_state from_base;
    bool accepted_before;
    bool silent; /* reason and note belong to an event before this one */
    struct event_member *more;
    size_t more_count, more_cap;
    struct jw *effects, *automatic, *opened, *closed, *ledger, *parcels, *forms, *linked;
};

struct decision {
    struct arena *arena;
    const struct procedure *procedure;
    const struct dossier *before;
    struct dossier *after;
    struct outcome *outcome;
    const struct command *command;
    const struct actor *actor;
    const struct setting *setting;
    struct refusal *refusal;
    wall_t at;          /* of the events: now, but never before the last event */
    enum role role;     /* in which the actor acts */
    const char *agency; /* where it does, or NULL */
    int64_t assignee;   /* of the next task that is opened, 0 none */
    bool touched;       /* the office began: no longer merely accepted */
    int chain;          /* automatic steps taken so far */
    struct event_draft draft;
};

/* Fills the refusal and answers `code_of` (WF_E_*), so that callers return it. */
int decision_refuse(struct decision *d, int code_of, const char *code, const char *pointer);
/* The same for a message that names `arg`: the limit, the paper, ... */
int decision_refuse_arg(struct decision *d, int code_of, const char *code, const char *pointer,
                        const char *arg);
/* 0 stays 0; an error of the calendar or the deadlines becomes WF_E_CALENDAR. */
int decision_calendar(struct decision *d, int error);

/* Starts an event; its reason and note are the command's. */
void decision_event(struct decision *d, const char *kind, struct slice action, int task, int step);
/* Derives the state, writes the body and puts the event into the outcome. */
void decision_event_end(struct decision *d);
/* Where the next item of a list of the draft is written, whatever it is. */
struct jw *decision_item(struct decision *d, struct jw **list);
/* The same for an object, which is open then: end it with jw_end_object. */
struct jw *decision_note(struct decision *d, struct jw **list);
/* Each adds a member to the event, or says anew what it is. */
void decision_more_str(struct decision *d, const char *key, const char *text);
void decision_more_int(struct decision *d, const char *key, int64_t number);
void decision_more_bool(struct decision *d, const char *key, bool truth);
void decision_more_wall(struct decision *d, const char *key, wall_t at);
void decision_more_json(struct decision *d, const char *key, struct slice json);
struct value *decision_wall(struct decision *d, wall_t at); /* null for WALL_NONE */

/* An empty text in the arena, as long as a body may be. */
struct buf decision_text(struct decision *d);
int decision_next_no(struct decision *d);

/* Whether the actor holds the role at the agency; the daemon's own parties hold none. */
bool decision_holds(const struct decision *d, enum role role, const char *agency);
/* A notice to an account, or (account 0) to a role at an agency; nobody to tell: none. */
void decision_tell(struct decision *d, int64_t account, enum role role, const char *agency,
                   const char *kind, const struct task *task);
/* The agency whose one-stop desk took the dossier in. */
const char *decision_desk(const struct decision *d);
/* In the application, and by mail where that is set up. */
void decision_tell_applicant(struct decision *d, const char *kind);
bool decision_told_applicant(const struct decision *d, const char *kind);

/* Conditions of this dossier at this moment; NULL holds. */
bool decision_when(struct decision *d, const struct expr *when);

#endif
