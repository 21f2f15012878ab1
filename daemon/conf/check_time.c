#include "conf/check_time.h"

#include <string.h>

/* 8 working hours in sevenths of a minute, as core/limit.h counts. */
#define SEVENTHS_PER_HOUR (60 * 7)

/* The steps of one branch: from its first step, up to where branches join. */
static void mark_branch(const struct procedure *procedure, int step, bool *marked)
{
    const struct step *spec = &procedure->steps[step];

    if (marked[step])
        return;
    marked[step] = true;
    for (size_t a = 0; a < spec->action_count; a++) {
        const struct target *to = &spec->actions[a].to;

        if (to->kind != TARGET_STEP && to->kind != TARGET_PARALLEL)
            continue;
        for (int i = 0; i < to->step_count; i++)
            mark_branch(procedure, to->steps[i], marked);
    }
}

struct sum {
    struct plugin_check *check;
    const struct flow_step *steps;
    enum channel channel;
    bool again;    /* of the count that a supplement begins again */
    bool *counted; /* steps that are in the sum already */
};

static int64_t of_step(const struct sum *sum, size_t step)
{
    const struct step *spec = &sum->check->procedure->steps[step];

    if (!(sum->again ? sum->steps[step].again : sum->steps[step].running))
        return 0;
    return limit_nominal_sevenths(sum->again ? spec->limit_after[sum->channel]
                                             : spec->limit[sum->channel]);
}

/* The longest branch of one split; all its branches' steps count as done with. */
static int64_t longest_branch(struct sum *sum, const struct target *split)
{
    const struct procedure *procedure = sum->check->procedure;
    bool *taken = ARENA_ARRAY(sum->check->arena, bool, procedure->step_count);
    int64_t longest = 0;

    for (int i = 0; i < split->step_count; i++) {
        bool *branch = ARENA_ARRAY(sum->check->arena, bool, procedure->step_count);
        int64_t length = 0;

        mark_branch(procedure, split->steps[i], branch);
        for (size_t s = 0; s < procedure->step_count; s++) {
            if (!branch[s])
                continue;
            if (!sum->counted[s])
                length += of_step(sum, s);
            taken[s] = true;
        }
        longest = length > longest ? length : longest;
    }
    for (size_t s = 0; s < procedure->step_count; s++)
        sum->counted[s] = sum->counted[s] || taken[s];
    return longest;
}

static int64_t total(struct sum *sum)
{
    const struct procedure *procedure = sum->check->procedure;
    int64_t all = 0;

    for (size_t s = 0; s < procedure->step_count; s++) {
        for (size_t a = 0; a < procedure->steps[s].action_count; a++) {
            const struct target *to = &procedure->steps[s].actions[a].to;

            if (to->kind == TARGET_PARALLEL)
                all += longest_branch(sum, to);
        }
    }
    for (size_t s = 0; s < procedure->step_count; s++) {
        if (!sum->counted[s])
            all += of_step(sum, s);
    }
    return all;
}

static void compare(struct plugin_check *check, enum channel channel, struct limit limit,
                    int64_t all, const struct value *at, const char *what)
{
    int64_t allowed = limit_nominal_sevenths(limit);
    struct buf name = BUF_INIT(100);

    if (limit.unit == LIMIT_NONE || all <= allowed)
        return;
    limit_name_vi(&name, limit);
    rule_fault(check, RULE_STEP_SUM, at,
               "%skênh \"%s\": tổng thời hạn các bước là %.1f giờ làm việc, quá thời hạn chung %s "
               "(%.1f giờ làm việc)",
               what, channel_code(channel), (double)all / SEVENTHS_PER_HOUR, name.ptr,
               (double)allowed / SEVENTHS_PER_HOUR);
    buf_release(&name);
}

static struct sum sum_of(struct plugin_check *check, const struct flow_step *steps,
                         enum channel channel, bool again)
{
    return (struct sum){.check = check,
                        .steps = steps,
                        .channel = channel,
                        .again = again,
                        .counted = ARENA_ARRAY(check->arena, bool, check->procedure->step_count)};
}

/* What the law gives after the supplement must be enough for the steps that come then. */
static void sums_after(struct plugin_check *check, const struct flow_step *steps)
{
    const struct procedure *procedure = check->procedure;
    const struct value *at = value_path(procedure->source, SLICE_LIT("supplement.appraisal"));

    for (int c = CHANNEL_DIRECT; c < CHANNEL_SLOTS; c++) {
        struct sum sum = sum_of(check, steps, (enum channel)c, true);

        if (procedure->channel_open[c] && !limit_is_unset(procedure->appraisal.limit_after[c]))
            compare(check, sum.channel, procedure->appraisal.limit_after[c], total(&sum),
                    value_get(at, "limit_after"), "sau khi bổ sung, ");
    }
}

/* A limit after a supplement stands where a supplement begins the count again. */
static void limits_after(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    const struct value *supplement = value_get(procedure->source, "supplement");

    if (procedure->intake.has_limit_after)
        rule_fault(check, RULE_LIMIT_AFTER, value_get(supplement, "intake"),
                   "\"supplement.intake.limit_after\": trước khi tiếp nhận chưa tính thời hạn; chỉ "
                   "\"appraisal\" có \"limit_after\"");
    if (procedure->appraisal.has_limit_after && procedure->appraisal.resume)
        rule_fault(check, RULE_LIMIT_AFTER, value_get(supplement, "appraisal"),
                   "\"supplement.appraisal.limit_after\" cần \"then: restart\": tính tiếp (resume) "
                   "thì vẫn là thời hạn cũ");
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct step *step = &procedure->steps[i];

        if (!procedure->appraisal.has_limit_after &&
            value_get(rule_step_source(check, step), "limit_after") != NULL)
            rule_fault_step(check, RULE_LIMIT_AFTER, step, NULL,
                            "bước \"%s\" có \"limit_after\" mà \"supplement.appraisal\" không có; "
                            "cần thời hạn chung sau khi bổ sung",
                            step->id);
    }
}

static void sums(struct plugin_check *check, const struct flow_step *steps)
{
    const struct procedure *procedure = check->procedure;
    const struct value *channels = value_get(procedure->source, "channels");

    for (int c = CHANNEL_DIRECT; c < CHANNEL_SLOTS; c++) {
        struct sum sum = sum_of(check, steps, (enum channel)c, false);
        int64_t all;

        if (!procedure->channel_open[c])
            continue;
        all = total(&sum);
        compare(check, sum.channel, procedure->limit[c], all,
                value_get(channels, channel_code(sum.channel)), "");
        for (size_t i = 0; i < procedure->case_count; i++) {
            const struct case_kind *kind = &procedure->cases[i];

            if (kind->has_limit && !limit_is_unset(kind->limit[c]))
                compare(check, sum.channel, kind->limit[c], all,
                        value_at(value_get(procedure->source, "cases"), i),
                        arena_printf(check->arena, "trường hợp \"%s\", ", kind->id));
        }
    }
}

static void same_day(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    const struct value *source = procedure->source;
    bool used = false;

    for (int c = CHANNEL_DIRECT; c < CHANNEL_SLOTS; c++) {
        used = used || (procedure->channel_open[c] && procedure->limit[c].unit == LIMIT_SAME_DAY);
        for (size_t i = 0; i < procedure->case_count; i++)
            used = used || (procedure->cases[i].has_limit &&
                            procedure->cases[i].limit[c].unit == LIMIT_SAME_DAY);
        for (size_t i = 0; i < procedure->step_count; i++)
            used = used || procedure->steps[i].limit[c].unit == LIMIT_SAME_DAY ||
                   procedure->steps[i].limit[c].unit == LIMIT_TRANSFER;
    }
    if (used && value_is_null(value_path(source, SLICE_LIT("clock.cut_off"))))
        rule_fault(check, RULE_SAME_DAY,
                   value_get(source, "clock") != NULL ? value_get(source, "clock")
                                                      : value_get(source, "channels"),
                   "thời hạn trong ngày (same_day, transfer) cần giờ chốt \"clock: {cut_off: "
                   "\"15:00\"}\": "
                   "tiếp nhận sau giờ đó thì trả vào ngày làm việc tiếp theo");
}

/* One fault for a place that gives its limit to several channels. */
static void not_transfer(struct plugin_check *check, const struct limit *limits, int count,
                         const struct value *at, const char *what)
{
    bool found = false;

    for (int i = 0; i < count; i++)
        found = found || limits[i].unit == LIMIT_TRANSFER;
    if (found)
        rule_fault(check, RULE_TRANSFER, at,
                   "\"%s\": \"transfer\" (chuyển trong ngày) chỉ là hạn của một bước; cần hạn khác",
                   what);
}

/* Handing the papers over is one step's duty, nobody's total and no waiting. */
static void transfer(struct plugin_check *check)
{
    const struct procedure *p = check->procedure;
    const struct value *source = p->source, *stage = value_get(source, "supplement");
    const struct supplement_rule *rules[] = {&p->intake, &p->appraisal};
    static const char *const stages[] = {"intake", "appraisal"};

    for (int c = CHANNEL_DIRECT; c < CHANNEL_SLOTS; c++) {
        const char *channel = channel_code((enum channel)c);

        not_transfer(check, &p->limit[c], 1, value_get(value_get(source, "channels"), channel),
                     channel);
    }
    for (size_t i = 0; i < p->case_count; i++) {
        const struct value *at = value_at(value_get(source, "cases"), i);

        if (p->cases[i].has_limit)
            not_transfer(check, p->cases[i].limit, CHANNEL_SLOTS, at, p->cases[i].id);
    }
    for (size_t i = 0; i < DVC_COUNT(rules); i++) {
        const struct value *at = value_get(stage, stages[i]);

        not_transfer(check, &rules[i]->within, 1, at, "within");
        not_transfer(check, &rules[i]->closes_after, 1, at, "closes_after");
        if (rules[i]->has_limit_after)
            not_transfer(check, rules[i]->limit_after, CHANNEL_SLOTS, at, "limit_after");
    }
    for (size_t i = 0; i < p->step_count; i++) {
        if (p->steps[i].timeout.present && p->steps[i].timeout.after.unit == LIMIT_TRANSFER)
            rule_fault_timeout(check, RULE_TRANSFER, &p->steps[i],
                               "\"timeout\" của bước \"%s\": \"transfer\" (chuyển trong ngày) chỉ "
                               "là hạn của một bước; cần hạn khác",
                               p->steps[i].id);
    }
}

static void closing(struct plugin_check *check, const struct step *wait,
                    const struct supplement_rule *rule, const char *stage)
{
    struct buf text = BUF_INIT(200);

    if (rule->closes_after.unit == LIMIT_NONE || !wait->timeout.present ||
        limit_eq(wait->timeout.after, rule->closes_after))
        return;
    limit_name_vi(&text, wait->timeout.after);
    buf_addf(&text, ", khác \"supplement.%s.closes_after\" là ", stage);
    limit_name_vi(&text, rule->closes_after);
    rule_fault_timeout(check, RULE_CLOSING, wait,
                       "bước chờ \"%s\" hết hạn sau %s; cần cùng một hạn", wait->id, text.ptr);
    buf_release(&text);
}

static bool asks_supplement(const struct action *action)
{
    for (size_t i = 0; i < action->effect_count; i++) {
        if (action->effects[i].kind == EFFECT_ISSUE &&
            action->effects[i].form == FORM_SUPPLEMENT_REQUEST)
            return action->to.kind == TARGET_STEP && action->to.step_count == 1;
    }
    return false;
}

static void closings(struct plugin_check *check, const struct flow_step *steps)
{
    const struct procedure *procedure = check->procedure;

    for (size_t s = 0; s < procedure->step_count; s++) {
        for (size_t a = 0; a < procedure->steps[s].action_count; a++) {
            const struct action *action = &procedure->steps[s].actions[a];

            if (!asks_supplement(action))
                continue;
            if (steps[s].before)
                closing(check, &procedure->steps[action->to.steps[0]], &procedure->intake,
                        "intake");
            if (steps[s].after)
                closing(check, &procedure->steps[action->to.steps[0]], &procedure->appraisal,
                        "appraisal");
        }
    }
}

void check_time(struct plugin_check *check, const struct flow_step *steps)
{
    same_day(check);
    transfer(check);
    limits_after(check);
    if (steps == NULL)
        return;
    sums(check, steps);
    sums_after(check, steps);
    closings(check, steps);
}
