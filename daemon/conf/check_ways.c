#include "conf/check_ways.h"

#include <string.h>

#include "conf/check_values.h"
#include "conf/plugin_check.h"

/* Which actions a step may find itself left with: as bits, one set for each way in which its
 * conditions can turn out. A set that holds another is as good as the other, and is not kept. */
#define SETS_MAX 64
struct step_sets {
    uint64_t sets[SETS_MAX];
    size_t count;
};

#define TOGETHER_MAX 10000000 /* values of all conditions, times the ways between markings */

struct ways {
    struct plugin_check *check;
    const struct flow_graph *graph;
    struct step_sets *steps;
    bool *good;        /* by marking: an end is reached from here */
    uint64_t *leading; /* by marking and token's step: actions that lead to a good one */
};

static void add_set(struct step_sets *sets, uint64_t set)
{
    for (size_t i = 0; i < sets->count; i++) {
        if ((sets->sets[i] & set) == sets->sets[i])
            return;
    }
    if (sets->count < SETS_MAX)
        sets->sets[sets->count++] = set;
    else
        sets->sets[0] &= set; /* fewer ways than there are: never too many */
}

/* A supplement is asked for so often and no more; the post may keep what it has and say nothing. */
static bool may_never_be(const struct action *action)
{
    if (action->by == ROLE_POST)
        return true;
    for (size_t i = 0; i < action->effect_count; i++) {
        const struct effect *effect = &action->effects[i];

        if ((effect->kind == EFFECT_ISSUE && effect->form == FORM_SUPPLEMENT_REQUEST) ||
            effect->kind == EFFECT_POST_RETURN || effect->kind == EFFECT_POST_COLLECT)
            return true;
    }
    return false;
}

/* What the step offers by this choice of values. */
static uint64_t offered(const struct step *step, struct condition_choice *choice)
{
    uint64_t set = 0;

    for (size_t i = 0; i < step->action_count; i++) {
        const struct action *action = &step->actions[i];
        bool timed = step->timeout.present && step->timeout.action != NULL &&
                     strcmp(step->timeout.action, action->id) == 0;

        if (may_never_be(action))
            continue;
        if (timed || action->when == NULL || expr_eval(action->when, condition_lookup, choice))
            set |= UINT64_C(1) << i;
    }
    return set;
}

static bool stands(const struct ways *ways, size_t marking, int step)
{
    const struct marking *at = marking_set_at(ways->graph->markings, marking);

    for (size_t i = 0; i < at->token_count; i++) {
        if (at->tokens[i].step == step)
            return true;
    }
    return false;
}

/* Adds to `marked` what can follow; not beyond where somebody stands at `without` (-1: nowhere). */
static void spread_on(const struct ways *ways, bool *marked, int without)
{
    const struct flow_graph *graph = ways->graph;
    bool changed = true;

    while (changed) {
        changed = false;
        for (size_t i = 0; i < graph->edge_count; i++) {
            uint32_t from = graph->edges[i].from, to = graph->edges[i].to;

            if (marked[from] && !marked[to] && (without < 0 || !stands(ways, to, without)))
                changed = marked[to] = true;
        }
    }
}

/* Whether some marked one stands at the step; takes the others' marks away. */
static bool only_at(const struct ways *ways, bool *marked, int step)
{
    bool found = false;

    for (size_t i = 0; i < marking_set_count(ways->graph->markings); i++) {
        marked[i] = marked[i] && stands(ways, i, step);
        found = found || marked[i];
    }
    return found;
}

/* Whoever is at `step` can go by `visited` and come back, as often as it takes. */
static bool goes_round(const struct ways *ways, int step, int visited)
{
    bool *marked = ARENA_ARRAY(ways->check->arena, bool, marking_set_count(ways->graph->markings));

    for (size_t i = 0; i < ways->graph->edge_count; i++) {
        if (ways->graph->edges[i].step == step)
            marked[ways->graph->edges[i].to] = true;
    }
    spread_on(ways, marked, -1);
    if (!only_at(ways, marked, visited))
        return false;
    spread_on(ways, marked, -1);
    return only_at(ways, marked, step);
}

static bool reached_without(const struct ways *ways, int step, int visited)
{
    bool *marked = ARENA_ARRAY(ways->check->arena, bool, marking_set_count(ways->graph->markings));

    if (step == visited || stands(ways, 0, visited))
        return false;
    marked[0] = true;
    spread_on(ways, marked, visited);
    return only_at(ways, marked, step);
}

struct mention {
    struct slice path;
    bool found;
};

static void mentioned(void *ctx, struct slice path)
{
    struct mention *mention = ctx;

    mention->found = mention->found || slice_eq(path, mention->path);
}

static bool asks_for(const struct step *step, struct slice path)
{
    struct mention mention = {path, false};

    for (size_t i = 0; i < step->action_count; i++) {
        if (step->actions[i].when != NULL)
            expr_paths(step->actions[i].when, mentioned, &mention);
    }
    return mention.found;
}

/* How often a step was visited, where `only` asks for it (-1: wherever that is asked): as often as
 * one likes where one can go round by it, else as it happened to be. */
static void visits(struct ways *ways, struct condition_path *path, int only)
{
    const struct procedure *procedure = ways->check->procedure;
    int visited = procedure_step(procedure, slice_sub(path->path, 7, path->path.len));
    bool round = true, never = false, again = goes_round(ways, visited, visited);
    size_t kept = 0;

    for (int s = 0; s < (int)procedure->step_count; s++) {
        if (only >= 0 ? s != only : !asks_for(&procedure->steps[s], path->path))
            continue;
        round = round && goes_round(ways, s, visited);
        never = never || reached_without(ways, s, visited);
    }
    if (round) {
        path->values[0] = value_int(ways->check->arena, INT32_MAX);
        path->count = 1;
        return;
    }
    for (size_t i = 0; i < path->count; i++) {
        const struct value *value = path->values[i];

        if (value->kind == VALUE_INT && value->integer > 0 && (again || value->integer == 1))
            path->values[kept++] = value;
    }
    path->count = kept;
    if (never && path->count < CONDITION_VALUES_MAX)
        path->values[path->count++] = value_int(ways->check->arena, 0);
}

/* Whoever is owed can be paid, and what is done again and again is visited often. */
static void in_the_end(struct ways *ways, struct condition_values *values, int step)
{
    for (size_t i = 0; i < values->count; i++) {
        struct condition_path *path = &values->paths[i];
        const struct value *last = NULL;

        if (slice_is(path->path, "fees.paid"))
            last = value_bool(ways->check->arena, true);
        else if (slice_is(path->path, "fees.due"))
            last = value_int(ways->check->arena, 0);
        else if (slice_starts(path->path, "visits."))
            visits(ways, path, step);
        if (last != NULL) {
            path->values[0] = last;
            path->count = 1;
        }
    }
}

static void linked_sets(const struct step *step, struct step_sets *sets)
{
    uint64_t others = 0, done = 0, failed = 0;

    for (size_t i = 0; i < step->action_count; i++) {
        uint64_t bit = UINT64_C(1) << i;

        if (step->actions[i].by != ROLE_LINKED)
            others |= bit;
        else if (strcmp(step->actions[i].id, "done") == 0)
            done |= bit;
        else
            failed |= bit;
    }
    add_set(sets, others | done);
    add_set(sets, others | failed);
}

/* Everything that the step can be left with; `choice` NULL: for any values of its conditions, else
 * for these. False when there are too many to try. */
static bool step_sets(struct ways *ways, size_t index, struct condition_choice *given)
{
    const struct step *step = &ways->check->procedure->steps[index];
    struct step_sets *sets = &ways->steps[index];
    struct condition_values values;
    struct condition_choice choice = {&values, NULL};

    sets->count = 0;
    if (step->wait == WAIT_LINKED) {
        linked_sets(step, sets);
        return true;
    }
    if (given != NULL) {
        add_set(sets, offered(step, given));
        return true;
    }
    if (!condition_values(ways->check, step, &values))
        return false;
    in_the_end(ways, &values, (int)index);
    choice.chosen = ARENA_ARRAY(ways->check->arena, size_t, values.count + 1);
    do
        add_set(sets, offered(step, &choice));
    while (condition_next(&choice));
    return true;
}

/* One token is enough, if every way its step may turn out leads on. */
static bool leads(const struct step_sets *sets, uint64_t leading)
{
    for (size_t i = 0; i < sets->count; i++) {
        if ((sets->sets[i] & leading) == 0)
            return false;
    }
    return sets->count > 0;
}

/* Marks every marking from which an end is reached. */
static bool all_good(struct ways *ways)
{
    const struct flow_graph *graph = ways->graph;
    size_t count = marking_set_count(graph->markings), found = 0;
    size_t steps = ways->check->procedure->step_count;
    bool changed = true;

    memset(ways->leading, 0, sizeof(*ways->leading) * count * steps);
    for (size_t i = 0; i < count; i++)
        ways->good[i] = marking_set_at(graph->markings, i)->ended != 0;
    while (changed) {
        changed = false;
        for (size_t i = graph->edge_count; i-- > 0;) {
            const struct flow_edge *edge = &graph->edges[i];
            uint64_t *leading = &ways->leading[edge->from * steps + (size_t)edge->step];

            if (ways->good[edge->from] || !ways->good[edge->to])
                continue;
            if (edge->action != FLOW_TIMEOUT)
                *leading |= UINT64_C(1) << edge->action;
            ways->good[edge->from] =
                edge->action == FLOW_TIMEOUT || leads(&ways->steps[edge->step], *leading);
            changed = changed || ways->good[edge->from];
        }
    }
    for (size_t i = 0; i < count; i++)
        found += ways->good[i];
    return found == count;
}

/* The steps that could lead out of where nothing else does, if only they were let. */
static void tell(struct ways *ways)
{
    const struct flow_graph *graph = ways->graph;
    bool *told = ARENA_ARRAY(ways->check->arena, bool, ways->check->procedure->step_count);
    size_t before = ways->check->faults;

    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct flow_edge *edge = &graph->edges[i];

        if (ways->good[edge->from] || !ways->good[edge->to] || told[edge->step])
            continue;
        told[edge->step] = true;
        rule_fault_step(
            ways->check, RULE_WAY_OUT, &ways->check->procedure->steps[edge->step], NULL,
            "từ bước \"%s\" có thể không tới được kết thúc nào: điều kiện có thể sai "
            "mãi, hết lượt yêu cầu bổ sung, hoặc hồ sơ liên thông không có kết quả; cần "
            "một đường khác tới \"end\"",
            ways->check->procedure->steps[edge->step].id);
    }
    if (ways->check->faults == before)
        rule_fault(ways->check, RULE_WAY_OUT, value_get(ways->check->procedure->source, "workflow"),
                   "có quá nhiều trường hợp của các điều kiện để thử xem có luôn tới được một kết "
                   "thúc; cần một đường tới \"end\" không có \"when\"");
}

/* Conditions of several steps may hang together: tried with the same values everywhere. */
static bool good_together(struct ways *ways)
{
    struct condition_values values;
    struct condition_choice choice = {&values, NULL};
    size_t cases = 1;
    bool good = true;

    if (!condition_values(ways->check, NULL, &values))
        return false;
    in_the_end(ways, &values, -1);
    for (size_t i = 0; i < values.count; i++)
        cases *= values.paths[i].count;
    if (cases * ways->graph->edge_count > TOGETHER_MAX)
        return false;
    choice.chosen = ARENA_ARRAY(ways->check->arena, size_t, values.count + 1);
    do {
        for (size_t i = 0; i < ways->check->procedure->step_count; i++)
            good = step_sets(ways, i, &choice) && good;
        good = good && all_good(ways);
    } while (good && condition_next(&choice));
    return good;
}

void check_ways(struct plugin_check *check, const struct flow_graph *graph)
{
    size_t markings = marking_set_count(graph->markings);
    size_t steps = check->procedure->step_count;
    struct ways ways = {
        .check = check,
        .graph = graph,
        .steps = ARENA_ARRAY(check->arena, struct step_sets, steps),
        .good = ARENA_ARRAY(check->arena, bool, markings),
        .leading = ARENA_ARRAY(check->arena, uint64_t, markings * steps),
    };
    bool tried = true;

    for (size_t i = 0; i < steps; i++)
        tried = step_sets(&ways, i, NULL) && tried;
    if ((tried && all_good(&ways)) || good_together(&ways))
        return;
    tell(&ways);
}
