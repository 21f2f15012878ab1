/* rehearsal.h - a procedure played from the submission to an end by the real engine, everybody as
 * diligent as is said: when each step begins, who has it, its own limit, what becomes of the due.
 *
 * Which way it goes: first the actions that are named; from there on the main path, which is found
 * by trying: of each step the first action, in the order of its buttons, from which the result can
 * still come into the applicant's hands (an end `returned`), without a request for papers and
 * without passing the same place twice unless there is no other way. Nothing is left to chance:
 * the same plan gives the same play.
 *
 * Assumed of those who are not of the office: an applicant who is waited for and whoever pays use
 * the whole time that the timeout gives (by pace), the post needs none, a linked dossier that of
 * `linked_limit`. A step without a limit is done at once, in working hours. Fees that stand in the
 * way and have no step that waits for them are paid at once. */
#ifndef DVC_CORE_REHEARSAL_H
#define DVC_CORE_REHEARSAL_H

#include "core/playback.h"

enum rehearsal_pace {
    PACE_LIMIT, /* at the last moment of the limit */
    PACE_HALF,  /* when half of its working time is over */
    PACE_NOW    /* at once, in working hours */
};

/* In a path: nobody does anything until the step's timeout. */
#define REHEARSAL_TIMEOUT "timeout"

struct rehearsal_plan {
    const struct procedure *procedure;
    struct setting setting;        /* `now`: the submission */
    const char *agency;            /* receives and decides */
    const struct dossier *dossier; /* of dossier_new: channel, delivery, case, waiver, form said */
    enum rehearsal_pace pace;
    const struct slice *path; /* to begin with: action, step.action or REHEARSAL_TIMEOUT */
    size_t path_count;
    /* The time that a linked dossier of that procedure has; NULL: none is needed. */
    struct limit (*linked_limit)(void *ctx, const char *procedure);
    void *ctx;
};

enum rehearsal_how {
    REHEARSAL_OPEN,      /* nobody has done anything yet */
    REHEARSAL_ACTED,     /* `action` was taken */
    REHEARSAL_BY_ITSELF, /* an automatic action */
    REHEARSAL_TIMED_OUT, /* the wait was over, also where silence is consent */
    REHEARSAL_TAKEN_AWAY /* not needed any more: another branch, or the end */
};

/* One task of the play. */
struct rehearsal_step {
    int task;
    const struct step *step;
    const char *agency; /* NULL: a wait */
    wall_t opened_at, closed_at;
    wall_t due;        /* its own limit's; WALL_NONE none */
    wall_t timeout_at; /* a wait is over then; WALL_NONE: it has no timeout */
    enum rehearsal_how how;
    const struct action *action; /* of REHEARSAL_ACTED, else NULL */
    /* The dossier after it: */
    wall_t dossier_due;
    enum clock_state clock;
};

/* A timer that was armed. */
struct rehearsal_timer {
    wall_t at;
    int scope, epoch, rung;  /* as in struct timer_row */
    const struct step *step; /* NULL: the total limit's */
    bool fired;
};

struct rehearsal_payment {
    wall_t at;
    const char *fee; /* id */
    int64_t amount;
};

struct rehearsal {
    struct rehearsal_step *steps; /* as they were opened */
    size_t step_count, step_cap;
    struct rehearsal_timer *timers; /* as they were armed */
    size_t timer_count, timer_cap;
    struct rehearsal_payment *payments;
    size_t payment_count, payment_cap;
    const struct dossier *end; /* as it is in the end, with its ledger (holds) */
    bool stray;                /* see playback.h */
    /* Of a fault: */
    size_t at;                 /* index of the action in the path that could not be taken */
    struct refusal refusal;    /* the engine's, or all NULL */
    const char *const *offers; /* REHEARSAL_E_ACTION: what could be taken instead */
    size_t offer_count;
};

enum rehearsal_error {                          /* apart from WF_E_* */
                       REHEARSAL_E_FILING = 64, /* the submission was refused */
                       REHEARSAL_E_ACTION,  /* an action of the path is not to be had there, or was
                                               refused */
                       REHEARSAL_E_ENDED,   /* the path goes on after the end */
                       REHEARSAL_E_NO_WAY,  /* from there the result is never handed over */
                       REHEARSAL_E_CALENDAR /* a date lies beyond the calendar's last year */
};

/* 0 or enum rehearsal_error, with *ret filled as far as it went in either case. Lives in `arena`,
 * which must outlive it, and borrows from the plan. */
int rehearse(struct arena *arena, const struct rehearsal_plan *plan,
             struct rehearsal *ret) DVC_MUSTCHECK;

#endif
