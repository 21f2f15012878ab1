/* plan.h - a workflow while it is being made up: steps and actions as the texts of the language, so
 * that a fault can be put anywhere before it is written down. */
#ifndef DVC_SCENARIO_PLAN_H
#define DVC_SCENARIO_PLAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "dice.h"

#define PLAN_STEPS 60
#define PLAN_ACTIONS 8

struct plan_action {
    const char *id, *target;                 /* "to: s3", "join: s4", "end: refused" */
    const char *by, *needs, *when, *effects; /* NULL: none */
    bool automatic;
};

struct plan_step {
    const char *who;  /* "role: officer" or "wait: applicant" */
    const char *more; /* further keys, one a line, or "" */
    struct plan_action actions[PLAN_ACTIONS];
    int action_count;
    const char *timeout; /* what stands in its braces, or NULL */
};

/* Where the clock is: decides which effects make sense. */
enum plan_stage { STAGE_BEFORE, STAGE_RUNNING, STAGE_HELD, STAGE_DONE };

struct plan {
    struct arena *arena;
    struct dice *dice;
    struct plan_step steps[PLAN_STEPS];
    int step_count, start;
    int fees, cases, papers;
    int intake_max, appraisal_max;
    bool resumes;    /* supplement.appraisal.then */
    bool has_return; /* postal.return */
    bool has_cut_off;
    bool waits_payment, posts, publishes;
    int spawns;
    int branches; /* how deep in branches the text stands now */
    bool tight;   /* limits are small in everything */
};

#define P(plan, ...) arena_printf((plan)->arena, __VA_ARGS__)

/* Makes the steps; the head's facts (fees, cases, ...) are filled in already. */
void plan_flow(struct plan *plan);
/* Puts one fault, or what may be one, anywhere into the workflow. */
void plan_spoil(struct plan *plan);
/* plan_term.c: a condition that can be read, of whatever is known, and a limit. */
const char *plan_condition(struct plan *plan);
const char *plan_limit(struct plan *plan);

int plan_step(struct plan *plan, const char *who);
struct plan_action *plan_action(struct plan *plan, int step, const char *id, const char *target);
const char *plan_to(struct plan *plan, int step);

#endif
