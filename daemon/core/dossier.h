/* dossier.h - one dossier (hồ sơ) as plain values: what the store loads, the engine decides on and
 * the store saves. Lives in the arena of one operation. */
#ifndef DVC_CORE_DOSSIER_H
#define DVC_CORE_DOSSIER_H

#include "base/value.h"
#include "base/wall.h"
#include "core/deadline.h"
#include "core/parcel.h"
#include "core/procedure.h"

enum task_state { TASK_OPEN, TASK_DONE, TASK_CANCELLED };

/* A token of the workflow: one per active step. Numbered within its dossier from 1, never reused.
 */
struct task {
    int no;
    int step;             /* index into procedure->steps */
    enum task_state state;
    enum role role;       /* ROLE_NONE while waiting for a party */
    const char *agency;   /* code; NULL while waiting for a party */
    int64_t assignee;     /* account id, 0 = the unit's */
    int epoch;            /* of its timers; grows on every restart or new appointment */
    wall_t opened_at, closed_at;
    wall_t due;           /* WALL_NONE: no limit */
    wall_t counted_from;  /* its limit counts from here: opened_at, or later after a suspension */
    day_t last_day;       /* of its limit, before a rest day moved the due; DAY_NONE: see deadline.h */
    int64_t budget_left;  /* in the unit of its limit (see deadline.h) when not at its full value; -1 = full */
    int group;            /* branches of one parallel split share it; 0: not parallel */
    int previous;         /* step that the token came from, -1 none: the pseudo-target `previous` */
    bool changed;         /* set by the engine: must be saved */
};

/* An entry of the clock ledger: a pause, a restart or a moved date. Open while to is WALL_NONE. */
struct hold {
    int no;
    wall_t from, to;
    const char *kind;   /* hold, restart, appointment, calendar */
    const char *reason; /* stable code: supplement, payment, suspended, apology, ... */
    const char *party;  /* citizen, office, other_agency, post */
    wall_t old_due, new_due;
    bool changed;
};

/* A parallel split inside another: where its branches join, the token belongs to `parent` again.
 * Splits outside any other are not listed. Kept in the engine's bookkeeping. */
struct token_group {
    int no, parent;
};

struct dossier_paper { /* a document handed in */
    int no;
    const char *paper;  /* id in the procedure */
    const char *upload; /* document id, NULL: on paper or not handed in */
    const char *sha256; /* of the file, or NULL */
    /* On paper: originals (bản chính), certified copies (bản sao chứng thực) and plain ones; the
     * first two -1: not told apart, `copies` counts all. */
    int originals, certified, copies;
    bool changed;
};

struct dossier_fee {
    int no;
    const char *fee;    /* id in the procedure */
    int64_t amount;     /* đồng; 0 when waived */
    bool waived;
    wall_t paid_at;     /* WALL_NONE: not paid */
    const char *receipt, *method; /* method: cash, transfer, online */
    bool changed;
};

struct dossier_supplement { /* yêu cầu bổ sung */
    int no;
    bool intake;        /* before acceptance, else in appraisal */
    wall_t requested_at, closed_at;
    int64_t by;         /* account */
    const char *reason; /* free text: never in an event */
    struct value *papers; /* list of paper ids */
    bool changed;
};

struct dossier_result {
    int no;             /* version, from 1 */
    const char *code;   /* result kind */
    const char *number, *signed_by;
    wall_t signed_at;
    const char *upload; /* document id, NULL: paper only */
    bool changed;
};

struct dossier_form { /* a printable form issued */
    int no;
    enum form_id form;
    const char *number;
    wall_t issued_at;
    int64_t by;
    struct value *content; /* what the paper says beyond the dossier: reason, papers, dates */
    bool changed;
};

/* A dossier that this one opened (liên thông), as this one knows it: asked for in the change that
 * wants it, open once it is there, then how it ended. */
enum link_state { LINK_ASKED, LINK_OPEN, LINK_DONE, LINK_FAILED };
struct dossier_link {
    int no;
    const char *as;        /* its name in the workflow */
    const char *procedure; /* code */
    const char *agency;    /* the competent one there */
    const char *code;      /* of that dossier; NULL: not opened, or given up */
    enum link_state state;
    enum dossier_state end; /* of LINK_DONE and LINK_FAILED: the state in which it was reported */
    bool fresh;             /* asked for by this change; not kept */
};

/* A person or body: applicant and owner. */
struct party {
    const char *kind; /* citizen, business, state_agency, organisation */
    const char *name, *id_number, *phone, *email;
    const char *province, *commune, *line; /* address since 01/07/2025: two levels */
    const char *waiver; /* NULL, or poor, merit, disabled, ... */
};

/* The total limit and how it is counted, of the version in force at legal reception. What was
 * promised then stands: whoever moves the dossier to another version does not move its dates. */
struct dossier_promise {
    bool made;   /* by another version than the dossier's; else all this is the procedure's own */
    int version; /* in force at reception */
    struct limit limit;
    bool counts_again;  /* a supplement begins a count with a limit of its own, */
    struct limit again; /* LIMIT_UNSET: the same limit */
    struct clock_rule clock;
    const char *decision;
};

struct dossier {
    int64_t id;         /* 0 before it is saved the first time */
    const char *code;   /* NULL before it is saved the first time */
    const char *external_code;
    int64_t version;    /* of the row: every saved change adds one */
    int64_t decision;   /* the ETag: grows only when tasks, form, due or state change */
    const struct procedure *procedure;
    const char *case_id;
    const char *agency_helping, *agency_receiving, *agency_competent;
    enum channel channel;
    enum delivery delivery;
    enum dossier_state state;
    enum dossier_state state_before; /* of withdrawal_requested or suspended; else = state */
    enum clock_state clock;
    int64_t filed_by;   /* account */
    int64_t owner_account; /* account whose verified ID number is the applicant's, 0 none */
    struct party applicant, owner;
    bool owner_is_applicant;
    const char *on_behalf; /* self parent authorised post */
    struct value *form;    /* map */
    struct value *delivery_to; /* map {method, name, phone, address} */
    struct value *returned_to; /* who took the result: map {name, relation, identity_checked}, or NULL.
                                * Personal data: kept in the engine's column, never in an event */
    wall_t submitted_at, received_at, finished_at, returned_at, ended_at;
    wall_t intake_due;  /* limit of the acceptance notice, WALL_NONE none */
    wall_t due_first, due_current;
    wall_t clock_started; /* start of the running count: acceptance, or the last restart */
    int due_epoch;      /* scope 0 of the timers */
    int calendar_version;
    bool extended;      /* the one new appointment was used (NĐ 61/2018 Art 19.9) */
    wall_t last_event_at;
    int64_t head_seq;   /* seq of the last event, 0 none */
    int next_task, next_no; /* next task number; next number of any other child row */
    int next_group;
    struct token_group *groups;
    size_t group_count, group_cap;
    struct dossier_promise promise;
    struct value *renamed; /* map: step of a version before -> this one's, where they differ; or NULL */
    int *visits;        /* per step: how often entered */
    int64_t *holders;   /* per step: who held its last task and still may, 0 nobody */
    int64_t *budget;    /* per step: what is left of its limit, -1 = full */
    struct task *tasks; /* open ones, and those closed by this change */
    size_t task_count, task_cap;
    const char **asked; /* agencies whose opinion was ever asked; borrowed */
    size_t asked_count;
    struct hold *holds;
    size_t hold_count, hold_cap;
    struct dossier_paper *papers;
    size_t paper_count, paper_cap;
    struct dossier_fee *fees;
    size_t fee_count, fee_cap;
    struct dossier_supplement *supplements;
    size_t supplement_count, supplement_cap;
    struct dossier_result *results;
    size_t result_count, result_cap;
    struct dossier_form *forms;
    size_t form_count, form_cap;
    struct parcel *parcels;
    size_t parcel_count, parcel_cap;
    struct dossier_link *links;
    size_t link_count, link_cap;
    const char *lead; /* code of the dossier that opened this one, or NULL */
    int64_t lead_id;
    int lead_no; /* which of the lead's links this is */
};

/* A dossier with the arrays that its procedure's size asks for, all else empty. */
struct dossier *dossier_new(struct arena *arena, const struct procedure *procedure);
/* Deep enough that the engine may change the copy and leave the original untouched. */
struct dossier *dossier_copy(struct arena *arena, const struct dossier *dossier);

struct task *dossier_task(const struct dossier *dossier, int no); /* any state, or NULL */
size_t dossier_open_tasks(const struct dossier *dossier);
struct hold *dossier_open_hold(const struct dossier *dossier); /* kind hold, or NULL */
struct parcel *dossier_parcel(const struct dossier *dossier, struct slice order_number);
struct dossier_link *dossier_link(const struct dossier *dossier, int no); /* or NULL */
/* The newest under that name of the workflow, or NULL. */
struct dossier_link *dossier_link_as(const struct dossier *dossier, const char *as);
/* Whether it came to an end that its lead waits for: a result, or none. */
bool dossier_link_over(const struct dossier *part);
/* All that must be paid at or before `when` is paid or waived. */
bool dossier_fees_paid(const struct dossier *dossier, enum fee_pay when);

/* Whether the count that runs now was begun again by a supplement and has a limit of its own. */
bool dossier_counts_again(const struct dossier *dossier);
/* The total limit of the count that runs now. */
struct limit dossier_limit(const struct dossier *dossier);
/* How it is counted. */
const struct clock_rule *dossier_clock_rule(const struct dossier *dossier);
/* What the version that a dossier is in promises those who are received in it. */
struct dossier_promise dossier_promised(const struct dossier *dossier);
/* What one step of it has in that count. */
struct limit dossier_step_limit(const struct dossier *dossier, int step);
/* The count of the total limit with all its holds and restarts since its first start, as
 * core/deadline.h and core/explain.h take it. Holds live in `arena`. Start WALL_NONE before
 * acceptance. Where that limit is another one since a supplement, only from there on. A new
 * appointment is not in it: see due_current. */
struct clock_run dossier_clock_run(struct arena *arena, const struct dossier *dossier);
/* National status 1..10, 0 = not sent: of the step when it states one, else of the state; that of
 * state_before while a withdrawal is asked for. */
int dossier_national(const struct dossier *dossier);

const char *link_state_code(enum link_state state); /* asked open done failed */
int link_state_parse(struct slice code, enum link_state *ret) DVC_MUSTCHECK;

#endif
