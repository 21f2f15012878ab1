/* check_marking.h - one state of a dossier as the checker sees it: where its tokens stand, which
 * belong together, and what the clock does. Two states that differ only in numbering are equal. */
#ifndef DVC_CONF_CHECK_MARKING_H
#define DVC_CONF_CHECK_MARKING_H

#include "base/arena.h"

#define MARKING_TOKENS_MAX 16
#define MARKING_GROUPS_MAX 8
#define MARKING_NONE 255

enum marking_clock { MARKING_BEFORE, MARKING_RUNNING, MARKING_HELD, MARKING_FINISHED };

struct marking_token {
    uint8_t step, previous; /* MARKING_NONE: no previous step */
    uint8_t group;          /* 0: not in a branch, else an index into groups + 1 */
};

/* Branches that were split together. */
struct marking_group {
    uint8_t parent; /* as marking_token.group */
    uint8_t join;   /* step that the branches before have joined at, MARKING_NONE: none has */
};

struct marking {
    struct marking_token tokens[MARKING_TOKENS_MAX];
    struct marking_group groups[MARKING_GROUPS_MAX];
    uint8_t token_count, group_count;
    uint8_t clock; /* enum marking_clock */
    uint8_t ended; /* no tokens any more */
    uint8_t again; /* the count was begun again, and has a limit of its own then */
    uint8_t result; /* a result was asked for and given */
    uint8_t asked;  /* papers were asked for, and it is not over */
};

/* Puts tokens in order, drops groups that nobody is in, and numbers them by first use. */
void marking_normalise(struct marking *marking);
bool marking_eq(const struct marking *a, const struct marking *b);
/* Both false when there is no more room. */
bool marking_add(struct marking *marking, int step, int previous, int group);
bool marking_add_group(struct marking *marking, int parent, int *ret_group);
void marking_remove(struct marking *marking, size_t token);
/* Whether `group` is `ancestor` or inside it. */
bool marking_in_group(const struct marking *marking, int group, int ancestor);

/* All markings found so far. */
struct marking_set;
struct marking_set *marking_set_new(struct arena *arena, size_t max);
/* The index of an equal marking, or of a new one (*ret_new); -1 when the set is full. */
long marking_set_add(struct marking_set *set, const struct marking *marking, bool *ret_new);
bool marking_set_has(const struct marking_set *set, const struct marking *marking);
const struct marking *marking_set_at(const struct marking_set *set, size_t index);
size_t marking_set_count(const struct marking_set *set);

#endif
