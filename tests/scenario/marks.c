#include "marks.h"

#include "conf/check_flow.h"
#include "core/workflow_state.h"

#include <stdlib.h>
#include <string.h>

struct node {
    uint64_t place;
    uint32_t marking;
};

struct marks {
    struct flow_graph graph;
    size_t count;
    uint64_t *places;       /* by marking */
    struct node *by_place;  /* sorted */
    uint32_t *first, *next; /* edges of a marking: next[first[m]] .. next[first[m + 1]] */
    int *distance;
    bool *here, *there; /* markings while moves are followed */
};

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t z = a ^ b * UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t token_print(int step, int previous)
{
    return mix(0x746f6b656e, (uint64_t)(step + 1) << 16 | (uint64_t)(previous + 1));
}

/* Sums do not care in which order tokens and branches are met. */
static uint64_t group_print(uint64_t sum)
{
    return mix(0x67726f7570, sum);
}

static uint64_t whole_print(uint64_t sum, enum marking_clock clock)
{
    return mix(sum, (uint64_t)clock + 100) | 2;
}

static uint64_t marking_sum(const struct marking *marking, int group)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < marking->token_count; i++) {
        const struct marking_token *token = &marking->tokens[i];

        if (token->group == group)
            sum += token_print(token->step, token->previous == MARKING_NONE ? -1 : token->previous);
    }
    for (int i = 0; i < marking->group_count; i++) {
        if (marking->groups[i].parent == group)
            sum += group_print(marking_sum(marking, i + 1));
    }
    return sum;
}

static int parent_of(const struct dossier *dossier, int group)
{
    for (size_t i = 0; i < dossier->group_count; i++) {
        if (dossier->groups[i].no == group)
            return dossier->groups[i].parent;
    }
    return 0;
}

static bool inside(const struct dossier *dossier, int group, int outer)
{
    while (group != 0 && group != outer)
        group = parent_of(dossier, group);
    return group == outer;
}

/* The branch directly under `outer` to which `group` belongs. */
static int branch_under(const struct dossier *dossier, int group, int outer)
{
    while (parent_of(dossier, group) != outer)
        group = parent_of(dossier, group);
    return group;
}

static uint64_t dossier_sum(const struct dossier *dossier, int group)
{
    uint64_t sum = 0;
    int seen[MARKING_GROUPS_MAX * 2], count = 0;

    for (size_t i = 0; i < dossier->task_count; i++) {
        const struct task *task = &dossier->tasks[i];
        int branch = 0;

        if (task->state != TASK_OPEN || !inside(dossier, task->group, group))
            continue;
        if (task->group == group) {
            sum += token_print(task->step, task->previous);
            continue;
        }
        branch = branch_under(dossier, task->group, group);
        for (int k = 0; k < count && branch != 0; k++)
            branch = seen[k] == branch ? 0 : branch;
        if (branch == 0 || count == (int)DVC_COUNT(seen))
            continue;
        seen[count++] = branch;
        sum += group_print(dossier_sum(dossier, branch));
    }
    return sum;
}

uint64_t marks_place(const struct dossier *dossier)
{
    enum marking_clock clock = MARKING_RUNNING;

    if (state_info(dossier->state)->terminal)
        return MARKS_ENDED;
    if (wall_is_none(dossier->received_at))
        clock = MARKING_BEFORE;
    else if (!wall_is_none(dossier->finished_at))
        clock = MARKING_FINISHED;
    else if (dossier->clock == CLOCK_HELD && !workflow_suspended(dossier))
        clock = MARKING_HELD;
    return whole_print(dossier_sum(dossier, 0), clock);
}

static int by_place(const void *a, const void *b)
{
    const struct node *one = a, *two = b;

    return one->place < two->place ? -1 : one->place > two->place;
}

static void index_edges(struct arena *arena, struct marks *marks)
{
    const struct flow_graph *graph = &marks->graph;
    uint32_t *at = ARENA_ARRAY(arena, uint32_t, marks->count + 1);

    marks->first = ARENA_ARRAY(arena, uint32_t, marks->count + 2);
    marks->next = ARENA_ARRAY(arena, uint32_t, graph->edge_count + 1);
    for (size_t i = 0; i < graph->edge_count; i++)
        marks->first[graph->edges[i].from + 1]++;
    for (size_t i = 0; i < marks->count; i++) {
        marks->first[i + 1] += marks->first[i];
        at[i] = marks->first[i];
    }
    for (size_t i = 0; i < graph->edge_count; i++)
        marks->next[at[graph->edges[i].from]++] = graph->edges[i].to;
}

static void measure(struct arena *arena, struct marks *marks)
{
    const struct flow_graph *graph = &marks->graph;
    bool better = true;

    marks->distance = ARENA_ARRAY(arena, int, marks->count);
    for (size_t i = 0; i < marks->count; i++)
        marks->distance[i] = marks->places[i] == MARKS_ENDED ? 0 : -1;
    while (better) {
        better = false;
        for (size_t i = graph->edge_count; i-- > 0;) {
            int through = marks->distance[graph->edges[i].to];
            int *own = &marks->distance[graph->edges[i].from];

            if (through >= 0 && (*own < 0 || through + 1 < *own)) {
                *own = through + 1;
                better = true;
            }
        }
    }
}

struct marks *marks_new(struct arena *arena, const struct procedure *procedure)
{
    struct marks *marks = ARENA_NEW(arena, struct marks);
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct plugin_check check;

    struct flow_step *steps = ARENA_ARRAY(arena, struct flow_step, procedure->step_count);

    plugin_check_init(&check, arena, procedure, NULL, "walked.yaml", &errors);
    if (!check_flow(&check, steps, &marks->graph))
        return NULL;
    marks->count = marking_set_count(marks->graph.markings);
    marks->places = ARENA_ARRAY(arena, uint64_t, marks->count);
    marks->by_place = ARENA_ARRAY(arena, struct node, marks->count);
    marks->here = ARENA_ARRAY(arena, bool, marks->count);
    marks->there = ARENA_ARRAY(arena, bool, marks->count);
    for (size_t i = 0; i < marks->count; i++) {
        const struct marking *marking = marking_set_at(marks->graph.markings, i);

        marks->places[i] = marking->ended != 0 ? MARKS_ENDED
                                               : whole_print(marking_sum(marking, 0),
                                                             (enum marking_clock)marking->clock);
        marks->by_place[i] = (struct node){marks->places[i], (uint32_t)i};
    }
    qsort(marks->by_place, marks->count, sizeof(*marks->by_place), by_place);
    index_edges(arena, marks);
    measure(arena, marks);
    return marks;
}

uint64_t marks_first(const struct marks *marks)
{
    return marks->places[0];
}

/* The first of the markings at that place, in the sorted list; count when there is none. */
static size_t find(const struct marks *marks, uint64_t place)
{
    size_t low = 0, high = marks->count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (marks->by_place[middle].place < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low < marks->count && marks->by_place[low].place == place ? low : marks->count;
}

bool marks_known(const struct marks *marks, uint64_t place)
{
    return find(marks, place) < marks->count;
}

bool marks_lead(struct marks *marks, uint64_t from, uint64_t to, size_t moves)
{
    bool found = false;

    if (moves == 0)
        return from == to;
    memset(marks->here, 0, marks->count);
    for (size_t i = find(marks, from); i < marks->count && marks->by_place[i].place == from; i++)
        marks->here[marks->by_place[i].marking] = true;
    for (size_t m = 0; m < moves; m++) {
        bool *swap = marks->here;

        memset(marks->there, 0, marks->count);
        for (size_t i = 0; i < marks->count; i++) {
            for (uint32_t e = marks->first[i]; marks->here[i] && e < marks->first[i + 1]; e++)
                marks->there[marks->next[e]] = true;
        }
        marks->here = marks->there;
        marks->there = swap;
    }
    for (size_t i = 0; i < marks->count && !found; i++)
        found = marks->here[i] && marks->places[i] == to;
    return found;
}

int marks_distance(const struct marks *marks, uint64_t place)
{
    int best = -1;

    for (size_t i = find(marks, place); i < marks->count && marks->by_place[i].place == place;
         i++) {
        int one = marks->distance[marks->by_place[i].marking];

        if (one >= 0 && (best < 0 || one < best))
            best = one;
    }
    return best;
}
