#include "conf/check_flow.h"

#include <string.h>

#include "conf/check_marking.h"
#include "conf/check_move.h"
#include "conf/plugin_check.h"

struct exploration {
    struct plugin_check *check;
    struct flow_step *steps;
    struct marking_set *markings;
    struct flow_edge *edges;
    size_t edge_count, edge_cap;
    bool too_large;
    bool refuses_before, refuses_after; /* an end by refusal was seen in either stage */
};

static const struct procedure *procedure_of(const struct exploration *x)
{
    return x->check->procedure;
}

/* Whether a wait says that the clock goes on while it lasts. */
static bool says_running(const struct exploration *x, const struct step *step)
{
    return value_get(rule_step_source(x->check, step), "clock") != NULL;
}

/* What the applicant and the portal are shown is where the dossier is. */
static bool state_fits(const struct step *step, uint8_t clock)
{
    const struct state_info *info = state_info(step->state);

    if (!step->has_state)
        return true;
    if (clock == MARKING_BEFORE)
        return !info->counted;
    return info->counted && (info->clock == CLOCK_ENDED) == (clock == MARKING_FINISHED);
}

static void enter(struct exploration *x, const struct move *move, struct marking *marking,
                  int step_index, int group)
{
    const struct step *step = &procedure_of(x)->steps[step_index];
    struct flow_step *found = &x->steps[step_index];
    int previous = move == NULL ? MARKING_NONE : (int)(move->step - procedure_of(x)->steps);

    found->reached = true;
    found->before |= marking->clock == MARKING_BEFORE;
    found->running |= marking->clock == MARKING_RUNNING && marking->again == 0;
    found->again |= marking->clock == MARKING_RUNNING && marking->again != 0;
    found->after |= marking->clock == MARKING_RUNNING || marking->clock == MARKING_HELD;
    if (move != NULL && marking->clock == MARKING_RUNNING &&
        (step->wait == WAIT_APPLICANT || step->wait == WAIT_PAYMENT) && !says_running(x, step))
        MOVE_TELL(
            x->check, move, RULE_WAIT_RUNNING,
            "\"%s\" của bước \"%s\" chuyển tới bước chờ \"%s\" khi thời hạn vẫn chạy; cần tác động "
            "pause, hoặc \"clock: running\" ở bước chờ",
            move_name(move), move->step->id, step->id);
    if (!state_fits(step, marking->clock))
        rule_fault_step(
            x->check, RULE_STATE, step, NULL,
            "bước \"%s\" nêu trạng thái \"%s\" sai giai đoạn: hồ sơ có thể tới đó khi %s; "
            "cần trạng thái khác, hoặc bỏ \"state\"",
            step->id, state_info(step->state)->code,
            marking->clock == MARKING_BEFORE     ? "chưa tiếp nhận"
            : marking->clock == MARKING_FINISHED ? "đã kết thúc xử lý"
                                                 : "đang xử lý");
    if (!marking_add(marking, step_index, previous, group))
        x->too_large = true;
}

static void end(struct exploration *x, const struct move *move, struct marking *marking, int group,
                uint8_t clock_before)
{
    enum dossier_state state = move->target->end;

    if (marking->token_count > 0 || group != 0)
        MOVE_TELL(
            x->check, move, RULE_END_ALONE,
            "\"%s\" của bước \"%s\" kết thúc hồ sơ khi nhánh song song khác còn việc; cần join rồi "
            "mới kết thúc",
            move_name(move), move->step->id);
    if (state == STATE_RETURNED)
        move_gives(x->check, move, marking);
    if ((state == STATE_NOT_ACCEPTED &&
         (clock_before != MARKING_BEFORE || marking->clock == MARKING_RUNNING)) ||
        (state == STATE_REFUSED &&
         (clock_before == MARKING_BEFORE || clock_before == MARKING_FINISHED)) ||
        (state == STATE_STOPPED &&
         (clock_before == MARKING_FINISHED ||
          (clock_before == MARKING_BEFORE && marking->clock == MARKING_BEFORE))) ||
        (state == STATE_WITHDRAWN && clock_before == MARKING_FINISHED))
        MOVE_TELL(
            x->check, move, RULE_END_STAGE,
            "\"%s\" của bước \"%s\" kết thúc bằng \"%s\" sai giai đoạn: not_accepted chỉ trước khi "
            "tiếp nhận; refused và stopped chỉ sau khi tiếp nhận và trước finish; withdrawn chỉ "
            "trước finish",
            move_name(move), move->step->id, state_info(state)->code);
    x->refuses_before |= state == STATE_NOT_ACCEPTED;
    x->refuses_after |= state == STATE_REFUSED;
    memset(marking->tokens, 0, sizeof(marking->tokens));
    marking->token_count = 0;
    marking->ended = 1;
}

static void join(struct exploration *x, const struct move *move, struct marking *marking, int group)
{
    int step = move->target->steps[0], parent;
    struct marking_group *info;
    bool first = procedure_of(x)->steps[step].join_any;

    if (group == 0) {
        MOVE_TELL(
            x->check, move, RULE_JOIN_OUTSIDE,
            "\"%s\" của bước \"%s\" chờ các nhánh (join) nhưng không ở trong nhánh song song nào; "
            "cần \"to\"",
            move_name(move), move->step->id);
        enter(x, move, marking, step, 0);
        return;
    }
    info = &marking->groups[group - 1];
    parent = info->parent;
    if (info->join != MARKING_NONE && info->join != step)
        MOVE_TELL(
            x->check, move, RULE_JOIN_SAME,
            "\"%s\" của bước \"%s\" chờ nhau ở bước \"%s\" còn nhánh khác chờ ở bước \"%s\"; các "
            "nhánh chia cùng lúc phải join cùng một bước",
            move_name(move), move->step->id, procedure_of(x)->steps[step].id,
            procedure_of(x)->steps[info->join].id);
    info->join = (uint8_t)step;
    for (size_t i = marking->token_count; i-- > 0;) {
        if (!marking_in_group(marking, marking->tokens[i].group, group))
            continue;
        if (!first)
            return;
        marking_remove(marking, i);
    }
    enter(x, move, marking, step, parent);
}

static void split(struct exploration *x, const struct move *move, struct marking *marking,
                  int parent)
{
    int group = 0;

    if (!marking_add_group(marking, parent, &group)) {
        x->too_large = true;
        return;
    }
    for (int i = 0; i < move->target->step_count; i++)
        enter(x, move, marking, move->target->steps[i], group);
}

static void route(struct exploration *x, const struct move *move, struct marking *marking,
                  struct marking_token from, uint8_t clock_before)
{
    switch (move->target->kind) {
    case TARGET_STEP:
        enter(x, move, marking, move->target->steps[0], from.group);
        break;
    case TARGET_PARALLEL:
        split(x, move, marking, from.group);
        break;
    case TARGET_JOIN:
        join(x, move, marking, from.group);
        break;
    case TARGET_END:
        end(x, move, marking, from.group, clock_before);
        break;
    case TARGET_PREVIOUS:
        if (from.previous == MARKING_NONE) {
            MOVE_TELL(
                x->check, move, RULE_PREVIOUS,
                "\"%s\" của bước \"%s\" quay về bước trước (previous) nhưng có thể không có bước "
                "trước",
                move_name(move), move->step->id);
            enter(x, move, marking, from.step, from.group);
        } else {
            enter(x, move, marking, from.previous, from.group);
        }
        break;
    }
}

static bool remember(struct exploration *x, struct flow_edge edge, struct marking *marking)
{
    bool is_new;
    long to;

    marking_normalise(marking);
    to = marking_set_add(x->markings, marking, &is_new);
    if (to < 0) {
        x->too_large = true;
        return false;
    }
    x->edges =
        arena_grow(x->check->arena, x->edges, x->edge_count, &x->edge_cap, sizeof(*x->edges));
    edge.to = (uint32_t)to;
    x->edges[x->edge_count++] = edge;
    return true;
}

/* The held clock runs again in this move, if only to be finished by it. */
static bool goes_on(const struct move *move, uint8_t clock_before)
{
    bool found = false;

    for (size_t i = 0; i < move->effect_count; i++)
        found = found || move->effects[i].kind == EFFECT_RESUME ||
                move->effects[i].kind == EFFECT_RESTART;
    return found && clock_before == MARKING_HELD;
}

static void take(struct exploration *x, size_t from, size_t token, struct move *move)
{
    struct marking marking = *marking_set_at(x->markings, from);
    struct marking_token moved = marking.tokens[token];
    uint8_t clock_before = marking.clock;

    marking_remove(&marking, token);
    move->had_result = marking.result != 0;
    if (move->action != NULL && (move->action->needs & NEED_RESULT) != 0)
        marking.result = 1;
    move_effects(x->check, move, &marking);
    route(x, move, &marking, moved, clock_before);
    if (!x->too_large)
        remember(x,
                 (struct flow_edge){
                     .from = (uint32_t)from,
                     .step = (int16_t)(move->step - procedure_of(x)->steps),
                     .action = move->action != NULL ? (int16_t)(move->action - move->step->actions)
                                                    : FLOW_TIMEOUT,
                     .goes_on = goes_on(move, clock_before),
                 },
                 &marking);
}

static void expand(struct exploration *x, size_t from)
{
    size_t tokens = marking_set_at(x->markings, from)->token_count;

    for (size_t t = 0; t < tokens && !x->too_large; t++) {
        const struct step *step =
            &procedure_of(x)->steps[marking_set_at(x->markings, from)->tokens[t].step];

        for (size_t a = 0; a < step->action_count && !x->too_large; a++) {
            struct move move = move_of_action(step, &step->actions[a]);

            take(x, from, t, &move);
        }
        if (step->timeout.present && step->timeout.action == NULL && !x->too_large) {
            struct move move = move_of_timeout(step);

            take(x, from, t, &move);
        }
    }
}

/* Marks every marking from which a marked one can be reached. Edges are few and the passes fewer:
 * each pass carries a mark over a whole run of edges that lie in order. */
static void spread_back(const struct exploration *x, bool *marked)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (size_t i = x->edge_count; i-- > 0;) {
            if (marked[x->edges[i].to] && !marked[x->edges[i].from])
                changed = marked[x->edges[i].from] = true;
        }
    }
}

static void tell_steps(struct exploration *x, const bool *good, enum plugin_rule rule,
                       uint8_t clock, const char *text)
{
    size_t count = marking_set_count(x->markings);
    bool *told = ARENA_ARRAY(x->check->arena, bool, procedure_of(x)->step_count);

    for (size_t i = 0; i < count; i++) {
        const struct marking *marking = marking_set_at(x->markings, i);

        if (good[i] || (clock != MARKING_NONE && marking->clock != clock))
            continue;
        for (size_t t = 0; t < marking->token_count; t++) {
            const struct step *step = &procedure_of(x)->steps[marking->tokens[t].step];

            if (told[marking->tokens[t].step])
                continue;
            told[marking->tokens[t].step] = true;
            rule_fault_step(x->check, rule, step, NULL, "từ bước \"%s\" %s", step->id, text);
        }
    }
}

static void ends(struct exploration *x)
{
    size_t count = marking_set_count(x->markings);
    bool *good = ARENA_ARRAY(x->check->arena, bool, count);
    bool *runs = ARENA_ARRAY(x->check->arena, bool, count);

    for (size_t i = 0; i < count; i++) {
        good[i] = marking_set_at(x->markings, i)->ended != 0;
        runs[i] = marking_set_at(x->markings, i)->clock == MARKING_RUNNING;
    }
    spread_back(x, good);
    tell_steps(x, good, RULE_END_REACHED, MARKING_NONE,
               "có thể không bao giờ tới được một kết thúc; cần một đường tới \"end\"");
    for (size_t i = 0; i < x->edge_count; i++)
        runs[x->edges[i].from] = runs[x->edges[i].from] || x->edges[i].goes_on;
    spread_back(x, runs);
    tell_steps(x, runs, RULE_HOLD_OUT, MARKING_HELD,
               "thời hạn tạm dừng mà không đường nào tính tiếp; cần một hành động có resume hoặc "
               "restart");
}

static void unreached(struct exploration *x)
{
    for (size_t i = 0; i < procedure_of(x)->step_count; i++) {
        const struct step *step = &procedure_of(x)->steps[i];

        if (!x->steps[i].reached)
            rule_fault_step(x->check, RULE_STEP_REACHED, step, NULL,
                            "không có đường nào tới bước \"%s\"; cần một hành động chuyển tới hoặc "
                            "bỏ bước này",
                            step->id);
    }
    if (!x->refuses_before)
        rule_fault(x->check, RULE_REFUSAL, NULL,
                   "quy trình không có đường từ chối tiếp nhận (end: not_accepted); cần một hành "
                   "động từ chối trước khi tiếp nhận");
    if (!x->refuses_after)
        rule_fault(x->check, RULE_REFUSAL, NULL,
                   "quy trình không có đường từ chối giải quyết (end: refused); cần một hành động "
                   "từ chối sau khi tiếp nhận");
}

/* Every marking that can be reached from the first; too_large when there are more than can be kept.
 */
static void explore(struct exploration *x)
{
    struct marking first;
    bool is_new;

    memset(&first, 0, sizeof(first));
    x->markings = marking_set_new(x->check->arena, PLUGIN_CHECK_MAX_MARKINGS);
    enter(x, NULL, &first, procedure_of(x)->start, 0);
    if (marking_set_add(x->markings, &first, &is_new) < 0)
        x->too_large = true;
    for (size_t i = 0; i < marking_set_count(x->markings) && !x->too_large; i++)
        expand(x, i);
}

const struct marking_set *flow_markings(struct arena *arena, const struct procedure *procedure)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct plugin_check check;
    struct exploration x = {.check = &check,
                            .steps = ARENA_ARRAY(arena, struct flow_step, procedure->step_count)};

    plugin_check_init(&check, arena, procedure, NULL, "published", &errors);
    explore(&x);
    return x.too_large ? NULL : x.markings;
}

bool check_flow(struct plugin_check *check, struct flow_step *steps, struct flow_graph *ret)
{
    struct exploration x = {.check = check, .steps = steps};

    if (!procedure_has_effect(check->procedure,
                              EFFECT_ACCEPT)) { /* nothing about the clock would be right then */
        rule_fault(check, RULE_ACCEPT_ONCE, value_get(check->procedure->source, "workflow"),
                   "không hành động nào tiếp nhận hồ sơ, nên thời hạn không bao giờ chạy; cần "
                   "\"effects: [accept]\" ở hành động tiếp nhận");
        return false;
    }
    explore(&x);
    if (x.too_large) {
        rule_fault(check, RULE_TOO_LARGE, value_get(check->procedure->source, "workflow"),
                   "quy trình có quá nhiều trạng thái để kiểm hết (nhiều nhất %d trạng thái, %d "
                   "việc cùng lúc); có thể nhánh song song chia mãi mà không join",
                   PLUGIN_CHECK_MAX_MARKINGS, MARKING_TOKENS_MAX);
        return false;
    }
    unreached(&x);
    ends(&x);
    *ret = (struct flow_graph){x.markings, x.edges, x.edge_count};
    return true;
}
