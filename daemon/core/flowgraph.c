#include "core/flowgraph.h"

#include <stdlib.h>
#include <string.h>

struct making {
    struct arena *arena;
    const struct procedure *procedure;
    struct flowgraph *graph;
    size_t edge_cap, node_cap;
    int *first; /* of each node's edges, and one beyond the last */
};

const char *flow_kind_code(enum flow_kind kind)
{
    static const char *const codes[] = {"work", "wait", "automatic", "end"};

    return codes[kind];
}

/* ---- nodes ---- */

static struct flow_node *node_add(struct making *m)
{
    struct flowgraph *graph = m->graph;

    graph->nodes =
        arena_grow(m->arena, graph->nodes, graph->node_count, &m->node_cap, sizeof(*graph->nodes));
    graph->nodes[graph->node_count] = (struct flow_node){.who = ROLE_NONE};
    return &graph->nodes[graph->node_count++];
}

static enum flow_kind kind_of(const struct step *step)
{
    if (step->wait != WAIT_NOTHING)
        return FLOW_WAIT;
    for (size_t i = 0; i < step->action_count; i++)
        if (!step->actions[i].is_default)
            return FLOW_WORK;
    return step->action_count > 0 ? FLOW_AUTOMATIC : FLOW_WORK;
}

static void add_steps(struct making *m)
{
    for (size_t i = 0; i < m->procedure->step_count; i++) {
        const struct step *step = &m->procedure->steps[i];
        struct flow_node *node = node_add(m);

        node->kind = kind_of(step);
        node->id = step->id;
        node->name = step->name;
        node->step = step;
        node->who = step->wait != WAIT_NOTHING ? wait_party(step->wait) : step->role;
    }
}

static int end_of(struct making *m, enum dossier_state state)
{
    struct flow_node *node;

    for (size_t i = m->procedure->step_count; i < m->graph->node_count; i++)
        if (m->graph->nodes[i].end == state)
            return (int)i;
    node = node_add(m);
    node->kind = FLOW_END;
    node->id = arena_printf(m->arena, "end.%s", state_info(state)->code);
    node->name = state_info(state)->name_vi;
    node->end = state;
    return (int)m->graph->node_count - 1;
}

/* ---- edges ---- */

static void edge_add(struct making *m, struct flow_edge edge, int to)
{
    struct flowgraph *graph = m->graph;

    edge.to = to;
    edge.seq = (int)graph->edge_count;
    graph->edges =
        arena_grow(m->arena, graph->edges, graph->edge_count, &m->edge_cap, sizeof(*graph->edges));
    graph->edges[graph->edge_count++] = edge;
}

/* Of branches that are opened together the one on which dossiers are opened: that which waits for
 * such, else the first. */
static int spawning_branch(const struct making *m, const struct target *to)
{
    for (int i = 0; i < to->step_count; i++)
        if (m->procedure->steps[to->steps[i]].wait == WAIT_LINKED)
            return i;
    return 0;
}

static void add_targets(struct making *m, struct flow_edge edge, const struct target *to)
{
    size_t spawns = edge.spawn_count;

    switch (to->kind) {
    case TARGET_STEP:
    case TARGET_PARALLEL:
    case TARGET_JOIN:
        edge.parallel = to->kind == TARGET_PARALLEL;
        edge.join = to->kind == TARGET_JOIN;
        for (int i = 0; i < to->step_count; i++) {
            edge.spawn_count = i == spawning_branch(m, to) ? spawns : 0;
            edge_add(m, edge, to->steps[i]);
            if (edge.join)
                m->graph->nodes[to->steps[i]].joins = true;
        }
        return;
    case TARGET_END:
        edge_add(m, edge, end_of(m, to->end));
        return;
    case TARGET_PREVIOUS:
        return; /* once it is known where one comes from */
    }
}

static void find_spawns(struct making *m, struct flow_edge *edge, const struct effect *effects,
                        size_t count)
{
    edge->spawns = ARENA_ARRAY(m->arena, const struct spawn *, count + 1);
    for (size_t i = 0; i < count; i++)
        if (effects[i].kind == EFFECT_SPAWN)
            edge->spawns[edge->spawn_count++] = effects[i].spawn;
}

/* Calls fn for each action of a step and its timeout, with what they are and where they lead. */
static void each_way(struct making *m, int at,
                     void (*fn)(struct making *m, struct flow_edge edge, const struct target *to))
{
    const struct step *step = &m->procedure->steps[at];
    const struct timeout *timeout = &step->timeout;
    const struct action *taken = NULL;

    for (size_t i = 0; i < step->action_count; i++) {
        const struct action *action = &step->actions[i];
        struct flow_edge edge = {.from = at, .action = action, .place = (int)i};

        edge.by = action->by != ROLE_NONE ? action->by : m->graph->nodes[at].who;
        find_spawns(m, &edge, action->effects, action->effect_count);
        fn(m, edge, &action->to);
    }
    if (!timeout->present)
        return;
    if (timeout->action != NULL)
        taken = step_action(step, slice_str(timeout->action));
    struct flow_edge edge = {.from = at,
                             .action = taken,
                             .timeout = timeout,
                             .by = ROLE_CLOCK,
                             .place = (int)step->action_count};

    if (taken != NULL)
        find_spawns(m, &edge, taken->effects, taken->effect_count);
    else
        find_spawns(m, &edge, timeout->effects, timeout->effect_count);
    fn(m, edge, taken != NULL ? &taken->to : &timeout->to);
}

static bool leads(const struct flowgraph *graph, const struct flow_edge *way, int to)
{
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct flow_edge *edge = &graph->edges[i];

        if (edge->from == way->from && edge->to == to && edge->place == way->place)
            return true;
    }
    return false;
}

static void add_previous(struct making *m, struct flow_edge edge, const struct target *to)
{
    if (to->kind != TARGET_PREVIOUS)
        return;
    edge.previous = true;
    for (size_t i = 0; i < m->graph->edge_count; i++) {
        int source = m->graph->edges[i].from;

        if (m->graph->edges[i].to == edge.from && source != edge.from &&
            !leads(m->graph, &edge, source))
            edge_add(m, edge, source);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct flow_edge *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

static void add_edges(struct making *m)
{
    struct flowgraph *graph = m->graph;
    int steps = (int)m->procedure->step_count;
    size_t before;

    for (int i = 0; i < steps; i++)
        each_way(m, i, add_targets);
    do { /* a way back is a way into where it leads, from which another may lead back */
        before = graph->edge_count;
        for (int i = 0; i < steps; i++)
            each_way(m, i, add_previous);
    } while (graph->edge_count > before);
    if (graph->edge_count > 0)
        qsort(graph->edges, graph->edge_count, sizeof(*graph->edges), by_place);
    m->first = ARENA_ARRAY(m->arena, int, graph->node_count + 1);
    for (size_t i = 0; i < graph->edge_count; i++)
        m->first[graph->edges[i].from + 1]++;
    for (size_t i = 0; i < graph->node_count; i++)
        m->first[i + 1] += m->first[i];
}

/* ---- rows and columns ---- */

enum colour { UNSEEN, OPEN, DONE };

/* Depth first from `root`: marks the edges that close a loop, notes when each node was found, and
 * puts the nodes that are done in front of those done before. */
struct walk {
    int *stack, *next, *found, *done;
    enum colour *colour;
    int depth, found_count, done_left;
};

static void enter(struct making *m, struct walk *walk, int node)
{
    walk->colour[node] = OPEN;
    walk->found[node] = walk->found_count++;
    walk->next[node] = m->first[node];
    walk->stack[walk->depth++] = node;
}

static void walk_from(struct making *m, struct walk *walk, int root)
{
    enter(m, walk, root);
    while (walk->depth > 0) {
        int node = walk->stack[walk->depth - 1];
        struct flow_edge *edge;

        if (walk->next[node] == m->first[node + 1]) {
            walk->colour[node] = DONE;
            walk->done[--walk->done_left] = node;
            walk->depth--;
            continue;
        }
        edge = &m->graph->edges[walk->next[node]++];
        if (walk->colour[edge->to] == UNSEEN)
            enter(m, walk, edge->to);
        else if (walk->colour[edge->to] == OPEN)
            edge->back = true;
    }
}

static void set_ranks(struct making *m, struct walk *walk)
{
    struct flowgraph *graph = m->graph;
    size_t count = graph->node_count;

    walk->stack = ARENA_ARRAY(m->arena, int, count);
    walk->next = ARENA_ARRAY(m->arena, int, count);
    walk->found = ARENA_ARRAY(m->arena, int, count);
    walk->done = ARENA_ARRAY(m->arena, int, count);
    walk->colour = ARENA_ARRAY(m->arena, enum colour, count);
    walk->done_left = (int)count;
    walk_from(m, walk, m->procedure->start);
    for (size_t i = 0; i < count; i++)
        if (walk->colour[i] == UNSEEN)
            walk_from(m, walk, (int)i);
    for (size_t i = 0; i < count; i++) {
        int node = walk->done[i];

        for (int k = m->first[node]; k < m->first[node + 1]; k++) {
            struct flow_node *to = &graph->nodes[graph->edges[k].to];

            if (!graph->edges[k].back && to->rank <= graph->nodes[node].rank)
                to->rank = graph->nodes[node].rank + 1;
        }
        if (graph->nodes[node].rank >= graph->ranks)
            graph->ranks = graph->nodes[node].rank + 1;
    }
}

/* The expected way: of each step the first action that goes on. */
static void set_main(struct making *m)
{
    int node = m->procedure->start, next = node;

    while (next >= 0) {
        node = next;
        next = -1;
        m->graph->nodes[node].main = true;
        for (int k = m->first[node]; k < m->first[node + 1] && next < 0; k++) {
            struct flow_edge *edge = &m->graph->edges[k];

            if (edge->back || edge->timeout != NULL)
                continue;
            edge->main = true;
            next = edge->to;
        }
    }
}

struct placed {
    int node, rank, found;
    bool main;
};

static int by_rank(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->main != y->main)
        return x->main ? -1 : 1;
    return (x->found > y->found) - (x->found < y->found);
}

static void set_columns(struct making *m, const struct walk *walk)
{
    struct flowgraph *graph = m->graph;
    size_t count = graph->node_count;
    struct placed *placed = ARENA_ARRAY(m->arena, struct placed, count);

    for (size_t i = 0; i < count; i++)
        placed[i] =
            (struct placed){(int)i, graph->nodes[i].rank, walk->found[i], graph->nodes[i].main};
    qsort(placed, count, sizeof(*placed), by_rank);
    graph->order = ARENA_ARRAY(m->arena, int, count);
    for (size_t i = 0; i < count; i++) {
        struct flow_node *node = &graph->nodes[placed[i].node];
        bool same = i > 0 && placed[i - 1].rank == placed[i].rank;

        graph->order[i] = placed[i].node;
        node->column = node->main ? 0 : same ? graph->nodes[placed[i - 1].node].column + 1 : 1;
    }
}

struct flowgraph *flowgraph_make(struct arena *arena, const struct procedure *procedure)
{
    struct flowgraph *graph = ARENA_NEW(arena, struct flowgraph);
    struct making m = {.arena = arena, .procedure = procedure, .graph = graph};
    struct walk walk = {.depth = 0};

    graph->procedure = procedure;
    if (procedure->step_count == 0)
        return graph;
    add_steps(&m);
    add_edges(&m);
    set_ranks(&m, &walk);
    set_main(&m);
    set_columns(&m, &walk);
    return graph;
}
