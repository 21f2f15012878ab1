/* rehearsal_act.h - one act of a rehearsal: by whom, when, and with what it asks for; and the notes
 * taken of what it changed. Used by rehearsal.c alone. */
#ifndef DVC_CORE_REHEARSAL_ACT_H
#define DVC_CORE_REHEARSAL_ACT_H

#include "core/rehearsal.h"

#define REHEARSAL_ID_NUMBER "000000000000" /* the applicant's */

struct rehearsing {
    struct arena *arena;
    const struct rehearsal_plan *plan;
    struct setting setting;
    struct playback play;
    struct rehearsal *out;
    int task;                    /* being acted on; 0: none */
    const struct action *action; /* being taken */
};

/* playback.keep. */
struct dossier *rehearsal_keep(void *ctx, struct outcome *outcome);

/* When `task` is worked on, by the plan's pace; never before now. 0 or REHEARSAL_E_CALENDAR. */
int rehearsal_moment(const struct rehearsing *r, const struct task *task,
                     wall_t *ret) DVC_MUSTCHECK;
/* Its armed timeout, or NULL. */
const struct timer_row *rehearsal_timeout(const struct rehearsing *r, const struct task *task);
/* Lets the clock run up to `at`, timers that come due just then left for later. */
int rehearsal_wait(struct rehearsing *r, wall_t at) DVC_MUSTCHECK;

/* Files the dossier. 0 or WF_E_*. */
int rehearsal_file(struct rehearsing *r) DVC_MUSTCHECK;
/* Takes an action of an open task now, by whoever it belongs to. 0 or WF_E_*. */
int rehearsal_act(struct rehearsing *r, const struct task *task,
                  const struct action *action) DVC_MUSTCHECK;
/* Takes what every dossier has (withdraw, suspend, ...) now. 0 or WF_E_*. */
int rehearsal_builtin(struct rehearsing *r, struct slice id) DVC_MUSTCHECK;
/* Pays all that is owed. 0 or WF_E_*. */
int rehearsal_pay(struct rehearsing *r) DVC_MUSTCHECK;
bool rehearsal_owes(const struct rehearsing *r);
/* Lets the wait's time run out. 0, or WF_E_REFUSED when the step has no timeout. */
int rehearsal_silence(struct rehearsing *r, const struct task *task) DVC_MUSTCHECK;
/* What could be taken of the open tasks: "action", as a path names them. */
size_t rehearsal_offers(struct rehearsing *r, const char *const **ret);

#endif
