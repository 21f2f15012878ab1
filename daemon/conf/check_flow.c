#include "conf/check_flow.h"

#include <string.h>

#include "conf/check_marking.h"
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

/* One move under way: what is done by which action, or by the timeout (action NULL). */
struct move {
    const struct step *step;
    const struct action *action;
    const struct effect *effects;
    size_t effect_count;
    const struct target *target;
    bool had_result; /* before it */
};

static const struct procedure *procedure_of(const struct exploration *x)
{
    return x->check->procedure;
}

#define TELL(x, move, rule, ...)                                                                   \
    ((move)->action != NULL                                                                        \
         ? rule_fault_step((x)->check, (rule), (move)->step, (move)->action, __VA_ARGS__)          \
         : rule_fault_timeout((x)->check, (rule), (move)->step, __VA_ARGS__))

static const char *name_of(const struct move *move)
{
    return move->action != NULL ? move->action->id : "hết hạn chờ";
}

static void do_accept(struct exploration *x, const struct move *move, struct marking *marking)
{
    if (marking->clock != MARKING_BEFORE)
        TELL(x, move, RULE_ACCEPT_ONCE,
             "\"%s\" của bước \"%s\" tiếp nhận (accept) khi hồ sơ đã được tiếp nhận; chỉ tiếp nhận "
             "một lần",
             name_of(move), move->step->id);
    else
        marking->clock = MARKING_RUNNING;
    if (move->action == NULL || move->action->is_default)
        TELL(
            x, move, RULE_ACCEPT_ONCE,
            "\"%s\" của bước \"%s\" tiếp nhận (accept) mà không có ai kiểm tra hồ sơ; cần một hành "
            "động của cán bộ, không tự động",
            name_of(move), move->step->id);
    marking->asked = 0;
}

static void do_pause(struct exploration *x, const struct move *move, struct marking *marking)
{
    if (marking->clock == MARKING_RUNNING)
        marking->clock = MARKING_HELD;
    else if (marking->clock == MARKING_HELD)
        TELL(x, move, RULE_PAUSE_ONCE,
             "\"%s\" của bước \"%s\" tạm dừng (pause) khi thời hạn đang tạm dừng rồi",
             name_of(move), move->step->id);
    else
        TELL(x, move, RULE_CLOCK_STARTED,
             "\"%s\" của bước \"%s\" tạm dừng (pause) khi thời hạn chưa chạy hoặc đã kết thúc; cần "
             "sau accept và trước finish",
             name_of(move), move->step->id);
}

/* Decree 61/2018, Art 19.4: what the procedure says of the time after a supplement is what its
 * workflow does. A hold for another reason goes on as it likes. */
static void after_supplement(struct exploration *x, const struct move *move, bool resumes)
{
    const struct procedure *procedure = procedure_of(x);

    if (procedure->appraisal.max > 0 && procedure->appraisal.resume != resumes)
        TELL(
            x, move, RULE_AFTER_SUPPLEMENT,
            "\"%s\" của bước \"%s\" %s thời hạn sau khi bổ sung, khác \"supplement.appraisal.then: "
            "%s\"; cần cùng một cách",
            name_of(move), move->step->id, resumes ? "tính tiếp (resume)" : "tính lại (restart)",
            resumes ? "restart" : "resume");
}

static void do_go_on(struct exploration *x, const struct move *move, struct marking *marking,
                     bool resumes)
{
    if (marking->asked != 0 && marking->clock == MARKING_HELD && move->target->kind != TARGET_END)
        after_supplement(x, move, resumes);
    marking->asked = 0;
    if (marking->clock == MARKING_HELD)
        marking->clock = MARKING_RUNNING;
    else
        TELL(x, move, RULE_NOT_HELD,
             "\"%s\" của bước \"%s\" tính tiếp hoặc tính lại thời hạn (resume, restart) khi thời "
             "hạn không tạm dừng",
             name_of(move), move->step->id);
}

static void do_finish(struct exploration *x, const struct move *move, struct marking *marking)
{
    bool refusal = move->target->kind == TARGET_END && move->target->end != STATE_RETURNED;

    if (marking->clock == MARKING_BEFORE)
        TELL(x, move, RULE_CLOCK_STARTED,
             "\"%s\" của bước \"%s\" kết thúc xử lý (finish) khi hồ sơ chưa được tiếp nhận",
             name_of(move), move->step->id);
    else if (marking->clock == MARKING_FINISHED)
        TELL(x, move, RULE_FINISH_ONCE,
             "\"%s\" của bước \"%s\" kết thúc xử lý (finish) lần thứ hai; chỉ một lần",
             name_of(move), move->step->id);
    else if (marking->clock == MARKING_HELD && !refusal)
        TELL(
            x, move, RULE_FINISH_HELD,
            "\"%s\" của bước \"%s\" kết thúc xử lý (finish) khi thời hạn đang tạm dừng; cần resume "
            "hoặc restart trước đó",
            name_of(move), move->step->id);
    marking->clock = MARKING_FINISHED;
}

static void supplement(struct exploration *x, const struct move *move, uint8_t clock)
{
    const struct procedure *procedure = procedure_of(x);
    bool intake = clock == MARKING_BEFORE;
    int max = intake ? procedure->intake.max : procedure->appraisal.max;

    if (max == 0)
        TELL(
            x, move, RULE_SUPPLEMENT_MAX,
            "\"%s\" của bước \"%s\" yêu cầu bổ sung %s nhưng \"supplement.%s.max\" chưa có; cần số "
            "lần nhiều nhất của giai đoạn này",
            name_of(move), move->step->id, intake ? "trước khi tiếp nhận" : "sau khi tiếp nhận",
            intake ? "intake" : "appraisal");
}

static const char *giving(const struct move *move)
{
    for (size_t i = 0; i < move->effect_count; i++) {
        if (move->effects[i].kind == EFFECT_PUBLISH_RESULT)
            return "công bố kết quả (publish_result)";
        if (move->effects[i].kind == EFFECT_POST_RETURN)
            return "gửi kết quả qua bưu chính (post_return)";
    }
    return "trả kết quả (returned)";
}

/* What is given to the applicant is there, and the work on it is over. */
static void give(struct exploration *x, const struct move *move, const struct marking *marking)
{
    if (marking->result == 0)
        TELL(x, move, RULE_RESULT_FIRST,
             "\"%s\" của bước \"%s\" %s khi có thể chưa có kết quả; cần "
             "một hành động có \"needs: [result]\" ở mọi đường tới đó",
             name_of(move), move->step->id, giving(move));
    if (marking->clock != MARKING_FINISHED)
        TELL(x, move, RULE_FINISH_FIRST,
             "\"%s\" của bước \"%s\" %s khi chưa kết thúc xử lý; "
             "cần tác động finish trước đó",
             name_of(move), move->step->id, giving(move));
}

static void correct(struct exploration *x, const struct move *move)
{
    if (!move->had_result)
        TELL(
            x, move, RULE_RESULT_FIRST,
            "\"%s\" của bước \"%s\" đính chính kết quả (correct_result) khi có thể chưa có kết quả "
            "nào",
            name_of(move), move->step->id);
    if (move->action == NULL || (move->action->needs & NEED_RESULT) == 0)
        TELL(x, move, RULE_RESULT_FIRST,
             "\"%s\" của bước \"%s\" đính chính kết quả (correct_result) mà không đòi kết quả mới; "
             "cần \"needs: [result]\"",
             name_of(move), move->step->id);
}

/* QĐ 45/2016/QĐ-TTg, Art 5: the post brings the papers of a dossier, or what was still missing. */
static void collect(struct exploration *x, const struct move *move, const struct marking *marking)
{
    if (marking->clock != MARKING_BEFORE && marking->asked == 0)
        TELL(
            x, move, RULE_POST_WAIT,
            "\"%s\" của bước \"%s\" thu gom qua bưu chính (post_collect) khi không còn chờ giấy tờ "
            "nào; chỉ trước khi tiếp nhận, hoặc khi đã yêu cầu bổ sung",
            name_of(move), move->step->id);
}

static void effects(struct exploration *x, const struct move *move, struct marking *marking)
{
    for (size_t i = 0; i < move->effect_count; i++) {
        switch (move->effects[i].kind) {
        case EFFECT_ACCEPT:
            do_accept(x, move, marking);
            break;
        case EFFECT_PAUSE:
            do_pause(x, move, marking);
            break;
        case EFFECT_RESUME:
            do_go_on(x, move, marking, true);
            break;
        case EFFECT_RESTART:
            do_go_on(x, move, marking, false);
            marking->again = procedure_of(x)->appraisal.has_limit_after;
            break;
        case EFFECT_FINISH:
            do_finish(x, move, marking);
            break;
        case EFFECT_ISSUE:
            if (move->effects[i].form == FORM_SUPPLEMENT_REQUEST) {
                supplement(x, move, marking->clock);
                marking->asked = 1;
            }
            break;
        case EFFECT_SPAWN:
            if (marking->clock == MARKING_BEFORE)
                TELL(x, move, RULE_SPAWN_STAGE,
                     "\"%s\" của bước \"%s\" mở hồ sơ liên thông (spawn) khi hồ sơ chưa được tiếp "
                     "nhận; cần sau accept",
                     name_of(move), move->step->id);
            break;
        case EFFECT_PUBLISH_RESULT:
        case EFFECT_POST_RETURN:
            give(x, move, marking);
            break;
        case EFFECT_CORRECT_RESULT:
            correct(x, move);
            break;
        case EFFECT_POST_COLLECT:
            collect(x, move, marking);
            break;
        case EFFECT_REQUEST_PAYMENT:
        case EFFECT_NOTIFY:
        case EFFECT_TAKE_BACK:
            break;
        }
    }
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
        TELL(
            x, move, RULE_WAIT_RUNNING,
            "\"%s\" của bước \"%s\" chuyển tới bước chờ \"%s\" khi thời hạn vẫn chạy; cần tác động "
            "pause, hoặc \"clock: running\" ở bước chờ",
            name_of(move), move->step->id, step->id);
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
        TELL(
            x, move, RULE_END_ALONE,
            "\"%s\" của bước \"%s\" kết thúc hồ sơ khi nhánh song song khác còn việc; cần join rồi "
            "mới kết thúc",
            name_of(move), move->step->id);
    if (state == STATE_RETURNED)
        give(x, move, marking);
    if ((state == STATE_NOT_ACCEPTED &&
         (clock_before != MARKING_BEFORE || marking->clock == MARKING_RUNNING)) ||
        (state == STATE_REFUSED &&
         (clock_before == MARKING_BEFORE || clock_before == MARKING_FINISHED)) ||
        (state == STATE_STOPPED &&
         (clock_before == MARKING_FINISHED ||
          (clock_before == MARKING_BEFORE && marking->clock == MARKING_BEFORE))) ||
        (state == STATE_WITHDRAWN && clock_before == MARKING_FINISHED))
        TELL(
            x, move, RULE_END_STAGE,
            "\"%s\" của bước \"%s\" kết thúc bằng \"%s\" sai giai đoạn: not_accepted chỉ trước khi "
            "tiếp nhận; refused và stopped chỉ sau khi tiếp nhận và trước finish; withdrawn chỉ "
            "trước finish",
            name_of(move), move->step->id, state_info(state)->code);
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
        TELL(x, move, RULE_JOIN_OUTSIDE,
             "\"%s\" của bước \"%s\" chờ các nhánh (join) nhưng không ở trong nhánh song song nào; "
             "cần \"to\"",
             name_of(move), move->step->id);
        enter(x, move, marking, step, 0);
        return;
    }
    info = &marking->groups[group - 1];
    parent = info->parent;
    if (info->join != MARKING_NONE && info->join != step)
        TELL(x, move, RULE_JOIN_SAME,
             "\"%s\" của bước \"%s\" chờ nhau ở bước \"%s\" còn nhánh khác chờ ở bước \"%s\"; các "
             "nhánh chia cùng lúc phải join cùng một bước",
             name_of(move), move->step->id, procedure_of(x)->steps[step].id,
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
            TELL(x, move, RULE_PREVIOUS,
                 "\"%s\" của bước \"%s\" quay về bước trước (previous) nhưng có thể không có bước "
                 "trước",
                 name_of(move), move->step->id);
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
    effects(x, move, &marking);
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
            const struct action *action = &step->actions[a];
            struct move move = {step,        action, action->effects, action->effect_count,
                                &action->to, false};

            take(x, from, t, &move);
        }
        if (step->timeout.present && step->timeout.action == NULL && !x->too_large) {
            struct move move = {
                step, NULL, step->timeout.effects, step->timeout.effect_count, &step->timeout.to,
                false};

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

static bool does(const struct effect *effects, size_t count, enum effect_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        if (effects[i].kind == kind)
            return true;
    }
    return false;
}

static bool accepts(const struct procedure *procedure)
{
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct step *step = &procedure->steps[i];

        if (does(step->timeout.effects, step->timeout.effect_count, EFFECT_ACCEPT))
            return true;
        for (size_t k = 0; k < step->action_count; k++) {
            if (does(step->actions[k].effects, step->actions[k].effect_count, EFFECT_ACCEPT))
                return true;
        }
    }
    return false;
}

bool check_flow(struct plugin_check *check, struct flow_step *steps, struct flow_graph *ret)
{
    struct exploration x = {.check = check, .steps = steps};

    if (!accepts(check->procedure)) { /* nothing about the clock would be right then */
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
