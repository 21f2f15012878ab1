#include "conf/check_marking.h"

#include <string.h>

enum { FIRST_SLOTS = 256 };

struct marking_set {
    struct arena *arena;
    struct marking *items;
    size_t count, cap, max;
    uint32_t *slots; /* index + 1, open addressing */
    size_t slot_count;
};

static bool token_before(struct marking_token a, struct marking_token b)
{
    if (a.step != b.step)
        return a.step < b.step;
    if (a.previous != b.previous)
        return a.previous < b.previous;
    return a.group < b.group;
}

void marking_normalise(struct marking *marking)
{
    struct marking_group groups[MARKING_GROUPS_MAX];
    uint8_t renamed[MARKING_GROUPS_MAX + 1] = {0};
    uint8_t used = 0;

    for (size_t i = 1; i < marking->token_count; i++) {
        struct marking_token token = marking->tokens[i];
        size_t at = i;

        for (; at > 0 && token_before(token, marking->tokens[at - 1]); at--)
            marking->tokens[at] = marking->tokens[at - 1];
        marking->tokens[at] = token;
    }
    memset(groups, 0, sizeof(groups));
    for (size_t i = 0; i < marking->token_count; i++) {
        for (uint8_t group = marking->tokens[i].group; group != 0 && renamed[group] == 0;
             group = marking->groups[group - 1].parent) {
            groups[used] = marking->groups[group - 1];
            renamed[group] = ++used;
        }
    }
    for (size_t i = 0; i < used; i++)
        groups[i].parent = renamed[groups[i].parent];
    for (size_t i = 0; i < marking->token_count; i++)
        marking->tokens[i].group = renamed[marking->tokens[i].group];
    memcpy(marking->groups, groups, sizeof(groups));
    memset(&marking->tokens[marking->token_count], 0,
           sizeof(marking->tokens[0]) * (MARKING_TOKENS_MAX - marking->token_count));
    marking->group_count = used;
}

bool marking_eq(const struct marking *a, const struct marking *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

bool marking_add(struct marking *marking, int step, int previous, int group)
{
    if (marking->token_count == MARKING_TOKENS_MAX)
        return false;
    marking->tokens[marking->token_count++] =
        (struct marking_token){(uint8_t)step, (uint8_t)previous, (uint8_t)group};
    return true;
}

bool marking_add_group(struct marking *marking, int parent, int *ret_group)
{
    if (marking->group_count == MARKING_GROUPS_MAX)
        return false;
    marking->groups[marking->group_count++] = (struct marking_group){(uint8_t)parent, MARKING_NONE};
    *ret_group = marking->group_count;
    return true;
}

void marking_remove(struct marking *marking, size_t token)
{
    memmove(&marking->tokens[token], &marking->tokens[token + 1],
            sizeof(marking->tokens[0]) * (marking->token_count - token - 1));
    marking->token_count--;
}

bool marking_in_group(const struct marking *marking, int group, int ancestor)
{
    while (group != 0 && group != ancestor)
        group = marking->groups[group - 1].parent;
    return group == ancestor;
}

struct marking_set *marking_set_new(struct arena *arena, size_t max)
{
    struct marking_set *set = ARENA_NEW(arena, struct marking_set);

    set->arena = arena;
    set->max = max;
    set->slot_count = FIRST_SLOTS;
    set->slots = ARENA_ARRAY(arena, uint32_t, set->slot_count);
    return set;
}

/* FNV-1a: the struct is bytes without padding. */
static uint64_t hash(const struct marking *marking)
{
    const unsigned char *bytes = (const unsigned char *)marking;
    uint64_t value = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < sizeof(*marking); i++)
        value = (value ^ bytes[i]) * UINT64_C(1099511628211);
    return value;
}

/* Where it is, or the free slot where it belongs. */
static size_t slot_of(const struct marking_set *set, const struct marking *marking)
{
    size_t slot = (size_t)hash(marking) & (set->slot_count - 1);

    while (set->slots[slot] != 0 && !marking_eq(&set->items[set->slots[slot] - 1], marking))
        slot = (slot + 1) & (set->slot_count - 1);
    return slot;
}

bool marking_set_has(const struct marking_set *set, const struct marking *marking)
{
    return set->slots[slot_of(set, marking)] != 0;
}

static void widen(struct marking_set *set)
{
    set->slot_count *= 4;
    set->slots = ARENA_ARRAY(set->arena, uint32_t, set->slot_count);
    for (size_t i = 0; i < set->count; i++)
        set->slots[slot_of(set, &set->items[i])] = (uint32_t)i + 1;
}

long marking_set_add(struct marking_set *set, const struct marking *marking, bool *ret_new)
{
    size_t slot = slot_of(set, marking);

    if (set->slots[slot] != 0) {
        *ret_new = false;
        return (long)set->slots[slot] - 1;
    }
    if (set->count == set->max)
        return -1;
    if (set->count * 2 >= set->slot_count) {
        widen(set);
        slot = slot_of(set, marking);
    }
    set->items = arena_grow(set->arena, set->items, set->count, &set->cap, sizeof(*set->items));
    set->items[set->count++] = *marking;
    set->slots[slot] = (uint32_t)set->count;
    *ret_new = true;
    return (long)set->count - 1;
}

const struct marking *marking_set_at(const struct marking_set *set, size_t index)
{
    return &set->items[index];
}

size_t marking_set_count(const struct marking_set *set)
{
    return set->count;
}
