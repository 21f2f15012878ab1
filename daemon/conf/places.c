#include "conf/places.h"

#include <string.h>

#include "conf/check_flow.h"
#include "conf/check_marking.h"

struct places {
    struct marking_set *set; /* without the ways: see forget_ways */
};

/* What a marking knows of how it came about, and of branches that are gone, a dossier does not. */
static void forget_ways(struct marking *marking)
{
    for (size_t i = 0; i < marking->token_count; i++)
        marking->tokens[i].previous = MARKING_NONE;
    for (size_t i = 0; i < marking->group_count; i++)
        marking->groups[i].join = MARKING_NONE;
    marking->again = 0;
    marking->result = 0;
    marking->asked = 0;
    marking_normalise(marking);
}

struct places *places_new(struct arena *arena, const struct procedure *procedure)
{
    struct arena *spare DVC_CLEANUP(arena_freep) = arena_new();
    const struct marking_set *all = flow_markings(spare, procedure);
    struct places *places = ARENA_NEW(arena, struct places);
    bool is_new;

    if (all == NULL)
        return NULL;
    places->set = marking_set_new(arena, marking_set_count(all));
    for (size_t i = 0; i < marking_set_count(all); i++) {
        struct marking marking = *marking_set_at(all, i);

        forget_ways(&marking);
        (void)marking_set_add(places->set, &marking, &is_new);
    }
    return places;
}

size_t places_count(const struct places *places)
{
    return marking_set_count(places->set);
}

static uint8_t clock_of(const struct dossier *dossier)
{
    const struct hold *hold = dossier_open_hold(dossier);

    if (wall_is_none(dossier->received_at))
        return MARKING_BEFORE;
    if (dossier->clock == CLOCK_ENDED)
        return MARKING_FINISHED;
    if (dossier->clock == CLOCK_HELD && hold != NULL && strcmp(hold->reason, "suspended") != 0)
        return MARKING_HELD;
    return MARKING_RUNNING;
}

static int parent_of(const struct dossier *dossier, int group)
{
    for (size_t i = 0; i < dossier->group_count; i++) {
        if (dossier->groups[i].no == group)
            return dossier->groups[i].parent;
    }
    return 0;
}

/* The marking's number of a dossier's group, its parents first. 0 none, -1 too many. */
static int group_of(const struct dossier *dossier, struct marking *marking, int *numbers, int group)
{
    int parent, made;

    if (group == 0)
        return 0;
    for (int i = 0; i < marking->group_count; i++) {
        if (numbers[i] == group)
            return i + 1;
    }
    parent = group_of(dossier, marking, numbers, parent_of(dossier, group));
    if (parent < 0 || !marking_add_group(marking, parent, &made))
        return -1;
    numbers[made - 1] = group;
    return made;
}

bool places_have(const struct places *places, const struct dossier *dossier)
{
    int numbers[MARKING_GROUPS_MAX];
    struct marking marking;

    memset(&marking, 0, sizeof(marking));
    marking.clock = clock_of(dossier);
    for (size_t i = 0; i < dossier->task_count; i++) {
        const struct task *task = &dossier->tasks[i];
        int group;

        if (task->state != TASK_OPEN)
            continue;
        group = group_of(dossier, &marking, numbers, task->group);
        if (group < 0 || !marking_add(&marking, task->step, MARKING_NONE, group))
            return false;
    }
    forget_ways(&marking);
    return marking_set_has(places->set, &marking);
}
