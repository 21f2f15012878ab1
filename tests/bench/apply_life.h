/* apply_life.h - the life of one dossier of a procedure, taken command by command through the
 * engine, each kept with what it was decided on: what tests/bench/apply measures again and again.
 */
#ifndef DVC_BENCH_APPLY_LIFE_H
#define DVC_BENCH_APPLY_LIFE_H

#include "core/workflow.h"

#define LIFE_ACTS_MAX 24
#define LIFE_FIELDS 30

struct life_act {
    const char *name;
    const struct dossier *dossier; /* as the database gives it back, decided on */
    struct command command;
    struct actor actor;
    struct setting setting;
};

struct life {
    struct life_act acts[LIFE_ACTS_MAX];
    size_t count;
    const char *fault; /* NULL, or why there is no such life */
};

/* `root`: of the source tree. The procedure is 1.013225 widened by apply.yaml. With `outlets` a
 * mail server and one webhook are set up as well. Lives in `arena`. */
void life_take(struct arena *arena, const char *root, bool outlets, struct life *life);

#endif
