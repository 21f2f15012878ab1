#include "conf/check_reach.h"

#include <string.h>

#include "conf/check_values.h"

enum {
    GOAL_RETURNED = 1,
    GOAL_NOT_ACCEPTED = 2,
    GOAL_REFUSED = 4,
    GOAL_ASKED_BEFORE = 8,
    GOAL_ASKED_AFTER = 16,
    GOAL_POSTED = 32,
    GOAL_PUBLISHED = 64,
    GOAL_PAYING = 128,
};

static const struct goal {
    unsigned flag;
    enum plugin_rule rule;
    const char *name;
} goals[] = {
    {GOAL_RETURNED, RULE_EVERYBODY, "trả kết quả (end: returned)"},
    {GOAL_NOT_ACCEPTED, RULE_EVERYBODY, "từ chối tiếp nhận (end: not_accepted)"},
    {GOAL_REFUSED, RULE_EVERYBODY, "từ chối giải quyết (end: refused)"},
    {GOAL_ASKED_BEFORE, RULE_EVERYBODY, "yêu cầu bổ sung trước khi tiếp nhận"},
    {GOAL_ASKED_AFTER, RULE_EVERYBODY, "yêu cầu bổ sung sau khi tiếp nhận"},
    {GOAL_POSTED, RULE_POSTAL_RETURN, "gửi kết quả qua bưu chính (post_return)"},
    {GOAL_PUBLISHED, RULE_ELECTRONIC, "trả bản điện tử (publish_result)"},
    {GOAL_PAYING, RULE_FEE_WAY, "nộp tiền từ xa (request_payment) khi còn nợ phí, lệ phí"},
};

/* One kind of dossier; NULL: no condition asks. */
enum { PIN_CHANNEL, PIN_CASE, PIN_DELIVERY, PIN_COUNT };
static const char *const pin_paths[PIN_COUNT] = {"channel", "case", "dossier.delivery.method"};

#define PIN_VALUES_MAX 40
struct pin {
    const char *values[PIN_VALUES_MAX];
    size_t count, chosen;
};

struct reach {
    struct plugin_check *check;
    const struct flow_graph *graph;
    struct pin pins[PIN_COUNT];
    uint64_t *offered;          /* by step, a bit for each action */
    bool *seen;                 /* by marking: can be reached */
    bool *leads, *leads_always; /* the result can be reached from there; whoever's dossier it is */
    bool owing;                 /* and something is still to be paid */
    bool charged, asked;        /* some such dossier may owe from afar; and is asked to pay */
    unsigned told;
};

static const struct procedure *procedure_of(const struct reach *reach)
{
    return reach->check->procedure;
}

/* What is reached by an action; a timeout is nobody's doing. */
static unsigned goals_of(const struct reach *reach, const struct flow_edge *edge)
{
    const struct action *action;
    unsigned found = 0;

    if (edge->action == FLOW_TIMEOUT)
        return 0;
    action = &procedure_of(reach)->steps[edge->step].actions[edge->action];
    if (action->to.kind == TARGET_END)
        found |= action->to.end == STATE_RETURNED       ? GOAL_RETURNED
                 : action->to.end == STATE_NOT_ACCEPTED ? GOAL_NOT_ACCEPTED
                 : action->to.end == STATE_REFUSED      ? GOAL_REFUSED
                                                        : 0;
    if (effects_issue(action->effects, action->effect_count, FORM_SUPPLEMENT_REQUEST))
        found |= marking_set_at(reach->graph->markings, edge->from)->clock == MARKING_BEFORE
                     ? GOAL_ASKED_BEFORE
                     : GOAL_ASKED_AFTER;
    if (effects_have(action->effects, action->effect_count, EFFECT_POST_RETURN))
        found |= GOAL_POSTED;
    if (effects_have(action->effects, action->effect_count, EFFECT_PUBLISH_RESULT))
        found |= GOAL_PUBLISHED;
    if (effects_have(action->effects, action->effect_count, EFFECT_REQUEST_PAYMENT))
        found |= GOAL_PAYING;
    return found;
}

static bool open(const struct reach *reach, const struct flow_edge *edge)
{
    return edge->action == FLOW_TIMEOUT ||
           (reach->offered[edge->step] & (UINT64_C(1) << edge->action)) != 0;
}

static unsigned reached(struct reach *reach)
{
    const struct flow_graph *graph = reach->graph;
    unsigned found = 0;
    bool changed = true;

    memset(reach->seen, 0, sizeof(*reach->seen) * marking_set_count(graph->markings));
    reach->seen[0] = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < graph->edge_count; i++) {
            const struct flow_edge *edge = &graph->edges[i];

            if (!reach->seen[edge->from] || reach->seen[edge->to] || !open(reach, edge))
                continue;
            changed = reach->seen[edge->to] = true;
        }
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        if (reach->seen[graph->edges[i].from] && open(reach, &graph->edges[i]))
            found |= goals_of(reach, &graph->edges[i]);
    }
    return found;
}

static bool hands_over(const struct reach *reach, const struct flow_edge *edge)
{
    const struct step *step = &procedure_of(reach)->steps[edge->step];
    const struct target *to =
        edge->action == FLOW_TIMEOUT ? &step->timeout.to : &step->actions[edge->action].to;

    return to->kind == TARGET_END && to->end == STATE_RETURNED;
}

/* Marks every marking from which the result can be handed over. */
static void spread_back(const struct reach *reach, bool *marked)
{
    const struct flow_graph *graph = reach->graph;
    bool changed = true;

    memset(marked, 0, sizeof(*marked) * marking_set_count(graph->markings));
    while (changed) {
        changed = false;
        for (size_t i = graph->edge_count; i-- > 0;) {
            const struct flow_edge *edge = &graph->edges[i];

            if (!marked[edge->from] && open(reach, edge) &&
                (marked[edge->to] || hands_over(reach, edge)))
                changed = marked[edge->from] = true;
        }
    }
}

/* Where a dossier of this kind can get to and no further, though others can. */
static bool stuck(const struct reach *reach)
{
    spread_back(reach, reach->leads);
    for (size_t i = 0; i < marking_set_count(reach->graph->markings); i++) {
        if (reach->seen[i] && reach->leads_always[i] && !reach->leads[i])
            return true;
    }
    return false;
}

/* Who owes something has not paid it all. */
static bool owes(const struct condition_path *path, const struct value *value)
{
    if (slice_is(path->path, "fees.paid"))
        return value->kind == VALUE_BOOL && !value->boolean;
    return !slice_is(path->path, "fees.due") || (value->kind == VALUE_INT && value->integer > 0);
}

/* The choice is one of this kind of dossier. */
static bool pinned(const struct reach *reach, const struct condition_choice *choice)
{
    for (size_t i = 0; i < choice->values->count; i++) {
        const struct condition_path *path = &choice->values->paths[i];
        const struct value *value = path->values[choice->chosen[i]];

        if (reach->owing && !owes(path, value))
            return false;
        for (int p = 0; p < PIN_COUNT; p++) {
            const struct pin *pin = &reach->pins[p];

            if (pin->count > 0 && slice_is(path->path, pin_paths[p]) &&
                (value->kind != VALUE_STRING || !slice_is(value->string, pin->values[pin->chosen])))
                return false;
        }
    }
    return true;
}

/* Every action of the step that some answers of such a dossier allow. */
static uint64_t offered(struct reach *reach, const struct step *step)
{
    struct condition_values values;
    struct condition_choice choice = {&values, NULL};
    uint64_t set = 0;

    if (!condition_values(reach->check, step, &values))
        return UINT64_MAX;
    choice.chosen = ARENA_ARRAY(reach->check->arena, size_t, values.count + 1);
    do {
        if (!pinned(reach, &choice))
            continue;
        for (size_t i = 0; i < step->action_count; i++) {
            if (step->actions[i].when == NULL ||
                expr_eval(step->actions[i].when, condition_lookup, &choice))
                set |= UINT64_C(1) << i;
        }
    } while (condition_next(&choice));
    if (step->timeout.present && step->timeout.action != NULL) {
        for (size_t i = 0; i < step->action_count; i++) {
            if (strcmp(step->timeout.action, step->actions[i].id) == 0)
                set |= UINT64_C(1) << i;
        }
    }
    return set;
}

static void add(struct pin *pin, const char *value)
{
    if (pin->count < PIN_VALUES_MAX)
        pin->values[pin->count++] = value;
}

struct mention {
    bool of[PIN_COUNT];
};

static void mentioned(void *ctx, struct slice path)
{
    struct mention *mention = ctx;

    for (int p = 0; p < PIN_COUNT; p++)
        mention->of[p] = mention->of[p] || slice_is(path, pin_paths[p]);
}

/* Only what some condition asks for makes a difference. */
static bool pins(struct reach *reach)
{
    const struct procedure *procedure = procedure_of(reach);
    struct mention mention = {{false, false, false}};

    for (size_t s = 0; s < procedure->step_count; s++) {
        for (size_t a = 0; a < procedure->steps[s].action_count; a++) {
            if (procedure->steps[s].actions[a].when != NULL)
                expr_paths(procedure->steps[s].actions[a].when, mentioned, &mention);
        }
    }
    for (int c = CHANNEL_DIRECT; mention.of[PIN_CHANNEL] && c < CHANNEL_SLOTS; c++) {
        if (procedure->channel_open[c])
            add(&reach->pins[PIN_CHANNEL], channel_code((enum channel)c));
    }
    for (size_t i = 0; mention.of[PIN_CASE] && i < procedure->case_count; i++)
        add(&reach->pins[PIN_CASE], procedure->cases[i].id);
    for (int d = 0; mention.of[PIN_DELIVERY] && d < 3; d++) {
        static const char *const ways[] = {"counter", "electronic", "post"};

        if (d < 2 || procedure->postal_return)
            add(&reach->pins[PIN_DELIVERY], ways[d]);
    }
    return mention.of[PIN_CHANNEL] || mention.of[PIN_CASE] || mention.of[PIN_DELIVERY];
}

static bool next(struct reach *reach)
{
    for (int p = 0; p < PIN_COUNT; p++) {
        struct pin *pin = &reach->pins[p];

        if (pin->count == 0)
            continue;
        if (++pin->chosen < pin->count)
            return true;
        pin->chosen = 0;
    }
    return false;
}

static const char *pin_value(const struct reach *reach, int which)
{
    const struct pin *pin = &reach->pins[which];

    return pin->count == 0 ? "" : pin->values[pin->chosen];
}

static const char *kind_of_dossier(struct reach *reach)
{
    static const char *const names[PIN_COUNT] = {"kênh", "trường hợp", "cách nhận kết quả"};
    const char *text = "";

    for (int p = 0; p < PIN_COUNT; p++) {
        if (reach->pins[p].count > 0)
            text = arena_printf(reach->check->arena, "%s%s%s \"%s\"", text,
                                text[0] == '\0' ? "" : ", ", names[p], pin_value(reach, p));
    }
    return text;
}

/* The post carries for whoever chose it, and so does the electronic copy; but for whom there is no
 * result at all, that is said. */
static bool wanted(const struct reach *reach, unsigned goal, unsigned found)
{
    const char *way = pin_value(reach, PIN_DELIVERY);

    if ((goal & (GOAL_POSTED | GOAL_PUBLISHED | GOAL_PAYING)) != 0 && (found & GOAL_RETURNED) == 0)
        return false;
    if (goal == GOAL_POSTED)
        return strcmp(way, "post") == 0;
    return goal != GOAL_PUBLISHED || strcmp(way, "electronic") == 0;
}

/* Whether such a dossier, filed from afar, may have something to pay. */
static bool charged(const struct reach *reach)
{
    const struct procedure *procedure = procedure_of(reach);
    const char *channel = pin_value(reach, PIN_CHANNEL), *of_case = pin_value(reach, PIN_CASE);

    for (size_t i = 0; i < procedure->fee_count; i++) {
        const struct fee *fee = &procedure->fees[i];

        if (fee->case_id != NULL && of_case[0] != '\0' && strcmp(fee->case_id, of_case) != 0)
            continue;
        for (int c = CHANNEL_DIRECT; c < CHANNEL_SLOTS; c++) {
            if (c != CHANNEL_DIRECT && procedure->channel_open[c] && fee->amount[c] > 0 &&
                (channel[0] == '\0' || strcmp(channel, channel_code((enum channel)c)) == 0))
                return true;
        }
    }
    return false;
}

static unsigned found_by(struct reach *reach)
{
    const struct procedure *procedure = procedure_of(reach);

    for (size_t s = 0; s < procedure->step_count; s++)
        reach->offered[s] = offered(reach, &procedure->steps[s]);
    return reached(reach);
}

/* Whether such a dossier is asked for the money when it owes some from afar. */
static bool asks(struct reach *reach, unsigned all)
{
    bool asked;

    if ((all & GOAL_PAYING) == 0 || !charged(reach))
        return true;
    reach->owing = true;
    asked = (found_by(reach) & GOAL_PAYING) != 0;
    reach->owing = false;
    reach->charged = true;
    reach->asked = reach->asked || asked;
    return asked;
}

static void one_kind(struct reach *reach, unsigned all)
{
    unsigned found = found_by(reach);

    if (stuck(reach))
        found &= ~(unsigned)GOAL_RETURNED;
    found |= GOAL_PAYING;
    if (!asks(reach, all) && procedure_of(reach)->level == LEVEL_FULL)
        found &= ~(unsigned)GOAL_PAYING;
    for (size_t i = 0; i < DVC_COUNT(goals); i++) {
        const struct goal *goal = &goals[i];

        if (((all & ~found & ~reach->told) & goal->flag) == 0 || !wanted(reach, goal->flag, found))
            continue;
        reach->told |= goal->flag;
        rule_fault(reach->check, goal->rule, value_get(procedure_of(reach)->source, "workflow"),
                   "hồ sơ có %s có lúc không còn đường tới %s, trong khi hồ sơ khác có; cần sửa "
                   "\"when\" của các hành động",
                   kind_of_dossier(reach), goal->name);
    }
}

/* Whatever kinds of dossier there are: to be asked for the money from afar, one must be able to owe
 * it. */
static void nobody_asked(struct reach *reach)
{
    if (reach->charged && !reach->asked && (reach->told & GOAL_PAYING) == 0)
        rule_fault(reach->check, RULE_FEE_WAY, value_get(procedure_of(reach)->source, "workflow"),
                   "hồ sơ nộp từ xa còn nợ phí, lệ phí không bao giờ được yêu cầu nộp tiền "
                   "(request_payment); cần sửa \"when\" của hành động đó, ví dụ \"fees.due > 0\"");
}

void check_reach(struct plugin_check *check, const struct flow_graph *graph)
{
    size_t steps = check->procedure->step_count;
    struct reach reach = {
        .check = check,
        .graph = graph,
        .offered = ARENA_ARRAY(check->arena, uint64_t, steps),
        .seen = ARENA_ARRAY(check->arena, bool, marking_set_count(graph->markings)),
        .leads = ARENA_ARRAY(check->arena, bool, marking_set_count(graph->markings)),
        .leads_always = ARENA_ARRAY(check->arena, bool, marking_set_count(graph->markings)),
    };
    bool kinds = pins(&reach);
    unsigned all;

    if (!kinds && !procedure_has_effect(check->procedure, EFFECT_REQUEST_PAYMENT))
        return;
    for (size_t s = 0; s < steps; s++)
        reach.offered[s] = UINT64_MAX;
    all = reached(&reach);
    if (kinds) {
        spread_back(&reach, reach.leads_always);
        do
            one_kind(&reach, all);
        while (next(&reach));
    } else {
        asks(&reach, all);
    }
    nobody_asked(&reach);
}
