/* playback.h - one dossier's life in memory: the engine decides, what it decided is kept, armed
 * timers come due as the clock is moved. No database, no loop, no real time: for whoever wants to
 * see what would happen (dvcctl plugin simulate), and for the tests of the engine. */
#ifndef DVC_CORE_PLAYBACK_H
#define DVC_CORE_PLAYBACK_H

#include "core/workflow.h"

struct playback {
    struct arena *arena;
    struct setting *setting; /* its `now` is the clock; playback_run moves it on */
    struct dossier *dossier; /* id 0 before it is filed */
    const char *code;        /* that the dossier is given when it is filed */
    /* Keeps a change: outcome->after is complete, with id, code and version. Answers the dossier as
     * it is read back. NULL: it is outcome->after. */
    struct dossier *(*keep)(void *ctx, struct outcome *outcome);
    void *ctx;
    int result; /* of the last command: 0 or WF_E_* */
    struct refusal refusal;
    bool stray; /* a timer was armed that the engine then did not want: a fault of the engine */
    struct timer_row *timers, *fired;
    size_t timer_count, timer_cap, fired_count, fired_cap;
};

/* Decides and, when not refused, keeps. Answers playback->result. */
int playback_apply(struct playback *playback, const struct command *command,
                   const struct actor *actor) DVC_MUSTCHECK;
/* The armed timer that comes first, at or before `until`, or NULL. Of two at one moment the one
 * that was armed first. */
const struct timer_row *playback_next(const struct playback *playback, wall_t until);
/* Takes that timer away and lets the clock act on it at the later of its moment and now. True when
 * it changed something; else see playback->result: WF_E_CALENDAR, or 0 when it had fired before. */
bool playback_deliver(struct playback *playback, struct timer_row timer);
/* Delivers what comes due up to `until`, each at its moment, then it is `until`. Counts those that
 * changed something. */
int playback_run(struct playback *playback, wall_t until);

/* The daemon's own party: the clock, the post, whoever reports of linked dossiers. */
struct actor playback_party(enum role party);

#endif
