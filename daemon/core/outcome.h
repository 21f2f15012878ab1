/* outcome.h - what a decided change consists of: the rows that one commit must hold together. */
#ifndef DVC_CORE_OUTCOME_H
#define DVC_CORE_OUTCOME_H

#include "core/dossier.h"

/* A rung of a ladder to arm. Keyed (dossier, scope, epoch, rung): scope = task number, or 0 for the
 * total limit. */
enum timer_kind { TIMER_WARN, TIMER_TIMEOUT };
struct timer_row {
    int scope, epoch, rung; /* rung: index of the warning, or -1 for the timeout */
    enum timer_kind kind;
    wall_t fire_at;
};
/* Disarms what is left of a scope's epoch; epoch -1: all epochs. */
struct timer_cancel {
    int scope, epoch;
};

struct event_row {
    const char *kind;    /* submitted, accepted, action, task_taken, warned, ... see workflow.c */
    wall_t at;
    int64_t actor;       /* account id, 0 for the daemon or a party without an account */
    enum role role;
    struct slice body;   /* JSON text, hashed exactly as it is */
    const char *reason, *note; /* free text, kept beside the event, never in its body; or NULL */
};

/* Something that has to leave the house. Order holds per lane = (dossier, channel). */
struct outbox_row {
    const char *channel; /* vnpost, portal, mail, papers, or the id of a webhook's target */
    const char *topic;   /* order, cancel, status, print, event, or the kind of a mail's notice */
    const char *key;     /* idempotency key at the receiver, unique; NULL: dossier code + topic + seq */
    struct slice body;   /* JSON */
};

struct notice_row { /* in-app */
    int64_t account;     /* or 0 and */
    enum role role;      /* whoever holds the role */
    const char *agency;
    const char *kind;    /* warned, assigned, supplement_requested, result_ready, ... */
    struct slice body;   /* JSON: ids, codes, dates */
};

/* Statistics (architecture.md, section 5). The stock measures open and held carry the due day that
 * was in force; a moved due date writes -1 and +1. */
enum measure {
    MEASURE_RECEIVED,       /* accepted, on the day of acceptance */
    MEASURE_OPEN,           /* stock: accepted, clock running */
    MEASURE_HELD,           /* stock: accepted, clock held */
    MEASURE_RESOLVED,       /* ended, with the due day in force: every accepted dossier but withdrawn */
    MEASURE_RESOLVED_FIRST, /* the same against due_first */
    MEASURE_RESOLVED_LATE_STRICT, /* finished after the due instant */
    MEASURE_WITHDRAWN,      /* accepted, then withdrawn: counts as on time, shown apart */
    MEASURE_REFUSED,        /* of the resolved */
    MEASURE_STOPPED,        /* of the resolved */
    MEASURE_NOT_ACCEPTED,
    MEASURE_ACCEPTED_LATE,  /* after the intake limit */
    MEASURE_COUNT
};
const char *measure_code(enum measure measure);

struct delta_row {
    day_t day;           /* event day in Asia/Ho_Chi_Minh */
    enum measure measure;
    day_t due_day;       /* DAY_NONE: no due date */
    int count;           /* +1 or -1 */
};

/* `after` is the dossier as it will be, with two exceptions: after->version is the version decided
 * on (the store checks it and adds one), and texts that need a code not yet given: a form's number
 * that begins with "/", and a parcel's order number that begins with "-", are completed by the
 * store with the code in front. after->decision is already the new one. Cancels come before timers.
 */
struct outcome {
    struct dossier *after; /* rows with `changed` are saved */
    bool creates;          /* the first change of its dossier */
    bool decision_moved;
    bool procedure_moved;  /* after->procedure is another version than before */
    struct event_row *events;
    size_t event_count, event_cap;
    struct timer_row *timers;
    size_t timer_count, timer_cap;
    struct timer_cancel *cancels;
    size_t cancel_count, cancel_cap;
    bool fires;            /* claims (fire_scope, fire_epoch, fire_rung) in timer_fire */
    int fire_scope, fire_epoch, fire_rung;
    struct outbox_row *outbox;
    size_t outbox_count, outbox_cap;
    struct notice_row *notices;
    size_t notice_count, notice_cap;
    struct delta_row *deltas;
    size_t delta_count, delta_cap;
};

struct outcome *outcome_new(struct arena *arena, struct dossier *after);
/* Each appends one row, copied; what it points at must live in `arena`. */
void outcome_event(struct arena *arena, struct outcome *outcome, const struct event_row *row);
void outcome_timer(struct arena *arena, struct outcome *outcome, const struct timer_row *row);
/* Takes back the timers of that scope and epoch that this change has armed so far, too. */
void outcome_cancel(struct arena *arena, struct outcome *outcome, const struct timer_cancel *row);
void outcome_outbox(struct arena *arena, struct outcome *outcome, const struct outbox_row *row);
void outcome_notice(struct arena *arena, struct outcome *outcome, const struct notice_row *row);
void outcome_delta(struct arena *arena, struct outcome *outcome, const struct delta_row *row);

#endif
