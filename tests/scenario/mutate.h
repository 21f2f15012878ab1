/* mutate.h - one small change of a plugin's tree: a line less, another target, another word. Each
 * change has a kind, by which one may ask whether the checker must find it. */
#ifndef DVC_SCENARIO_MUTATE_H
#define DVC_SCENARIO_MUTATE_H

#include "base/arena.h"
#include "base/value.h"

struct mutation {
    struct arena *arena;
    size_t at;         /* which change: 0, 1, 2 ... */
    size_t seen;       /* how many there were before */
    const char *kind;  /* "drop effect issue receipt", "end returned"; NULL: there is none */
    const char *where; /* "receive.accept" */
};

/* Makes the change `at` in `tree`, which is a copy. False when there are not so many. */
bool mutate(struct mutation *mutation, struct value *tree);
/* A copy of all of it, places included. */
struct value *mutate_copy(struct arena *arena, const struct value *value);

#endif
