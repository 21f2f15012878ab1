/* world.h - a fake store around core/playback: one dossier, read back from its row after each
 * change, what it told and what it added to the figures. No database, no loop, no real time. */
#ifndef DVC_SCENARIO_WORLD_H
#define DVC_SCENARIO_WORLD_H

#include "base/hash.h"
#include "core/playback.h"

struct delta_sum { /* figures by measure, since the dossier began */
    int by_measure[MEASURE_COUNT];
};

#define WORLD_DELEGATIONS 8

struct delegation { /* uỷ quyền, on its first and last day and between */
    int64_t to;
    struct delegated given;
    day_t from, until;
};

struct world {
    struct arena *arena;
    const struct procedure *procedure;
    struct setting setting;
    struct agency_order order;
    struct playback play;
    struct dossier *dossier; /* play's: as reloaded; id 0 before it is filed */
    struct outcome *last;    /* of the last command that changed something, or NULL */
    int result;              /* of the last command: 0 or WF_E_* */
    struct refusal refusal;
    struct notice_row notices[1000]; /* since the last question about them */
    size_t notice_count;
    struct event_row events[1000]; /* all of them */
    size_t event_count;
    struct outbox_row outbox[200];
    size_t outbox_count;
    struct delta_row deltas[1000]; /* all of them */
    size_t delta_count;
    struct sha256_sum *digest; /* of every outcome and refusal in turn; NULL: not asked for */
    struct delegation delegations[WORLD_DELEGATIONS];
    size_t delegation_count;
};

struct world *world_new(struct arena *arena, const struct procedure *procedure,
                        const struct calendar *calendar);
/* Decides and, when not refused, saves and reloads. Answers world->result. */
int world_apply(struct world *world, const struct command *command, const struct actor *actor);
/* Lets time pass to `until`, delivering each timer at its moment. */
int world_run(struct world *world, wall_t until);
int world_sum(const struct world *world, enum measure measure);

/* One of staff gives another what it may do in its role; `procedure` NULL: in all. False: unknown
 * names, or no room. */
bool world_delegate(struct world *world, struct slice from, struct slice to, day_t first,
                    day_t last, const char *procedure);
/* "officer", "officer#2", "officer@H24.PCCC", "citizen", "stranger", "portal". False: unknown. */
bool world_actor(struct world *world, struct slice name, struct actor *ret);

#endif
