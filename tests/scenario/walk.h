/* walk.h - one dossier on its way, with a store and a clock that are no more than they must be, and
 * everything that must hold looked at after each step. */
#ifndef DVC_SCENARIO_WALK_H
#define DVC_SCENARIO_WALK_H

#include "base/buf.h"
#include "core/workflow.h"
#include "dice.h"
#include "marks.h"

#define WALK_TIMERS 400
#define WALK_FIRED 1000
#define WALK_STOCK 100
#define WALK_CALENDARS 4
#define WALK_HOME "H24.15.01"
#define WALK_DESK "H24.15"

struct tally {
    uint64_t steps, applied, refused, early, fired, submitted, accepted, ended;
    uint64_t repeated, reloaded, offers, helped;
    uint64_t beyond; /* the calendar did not reach */
    uint64_t by_state[STATE_COUNT];
    uint64_t by_kind[CMD_LINKED + 1];
};

struct stock_entry {
    enum measure measure;
    day_t due_day;
    int count;
};

struct walk {
    struct arena *arena; /* of this dossier */
    const struct procedure *procedure;
    struct marks *marks;
    const struct calendar *calendars[WALK_CALENDARS];
    size_t calendar_count;
    const struct calendar *longest; /* with years that nobody has decided on yet */
    struct setting setting;
    struct agency_order order;
    struct delegated lent; /* officer 1 of home to officer 9, whoever that is elsewhere */
    wall_t lent_from, lent_to;
    struct dossier *dossier;
    struct dossier *twin; /* the same, come back from the store; NULL: not this time */
    struct timer_row timers[WALK_TIMERS];
    size_t timer_count;
    struct timer_row fired[WALK_FIRED];
    size_t fired_count;
    struct stock_entry stock[WALK_STOCK];
    size_t stock_count;
    int events;           /* so far */
    struct outcome *last; /* of the last command, NULL: refused */
    int result;           /* of the last command: 0 or WF_E_* */
    struct refusal refusal;
    struct dice dice; /* of the step under way */
    struct tally *tally;
    struct buf *log;    /* what was done, for people; NULL: not asked for */
    const char *broken; /* the first thing that did not hold, NULL: all is well */
};

/* Notes the first thing that does not hold. Answers false. */
bool walk_broken(struct walk *walk, const char *what);
#define HOLDS(walk, cond) ((cond) ? true : walk_broken((walk), #cond))

struct walk *walk_new(struct arena *arena, const struct procedure *procedure, struct marks *marks,
                      struct tally *tally);
/* One step: decides, looks at everything, keeps. Answers walk->result. */
int walk_apply(struct walk *walk, const struct command *command, const struct actor *actor);
/* Decides only: what would be. NULL: refused. */
struct outcome *walk_try(struct walk *walk, const struct dossier *dossier,
                         const struct command *command, const struct actor *actor);
/* Lets the clock go to `until` and delivers what comes due, in order; `late`: the daemon slept, and
 * finds all of it at the end. */
void walk_run(struct walk *walk, wall_t until, bool late);
/* A new calendar is published and the dates computed again. At a moment of its own: of two entries
 * of the ledger at one moment nobody could tell which was first. */
int walk_recalculate(struct walk *walk, const struct calendar *calendar);
/* The armed timeout that comes first, or NULL. */
const struct timer_row *walk_next_timeout(const struct walk *walk);
void walk_log(struct walk *walk, const char *fmt, ...) DVC_PRINTF(2, 3);

#endif
