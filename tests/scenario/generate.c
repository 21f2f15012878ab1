#include "generate.h"

#include "plan.h"

#include <string.h>

static const char *const channels[] = {"online", "post", "direct"};

/* What stands before the workflow. Small chances are for what the checker should refuse. */
struct head {
    struct buf *out;
    struct dice *dice;
    struct plan *plan;
    bool open[3];
    bool collect;
};

static bool one_in(struct head *head, size_t n)
{
    return dice_one_in(head->dice, n);
}

static void total(struct head *head)
{
    static const char *const wide[] = {"60 working_days", "90 calendar_days", "3 months", "none",
                                       "400 working_hours"};
    static const char *const narrow[] = {"5 working_days", "10 calendar_days", "40 working_hours",
                                         "1 months", "2 working_days"};

    if (head->plan->has_cut_off && head->plan->step_count < 8 && one_in(head, 2))
        buf_adds(head->out, "same_day");
    else
        buf_adds(head->out,
                 head->plan->tight ? DICE_PICK(head->dice, narrow) : DICE_PICK(head->dice, wide));
}

static void identity(struct head *head)
{
    bool payable = head->plan->fees == 0 || head->plan->waits_payment;
    bool presence = one_in(head, 6);
    bool afar =
        payable && head->open[0] && !presence && (head->plan->has_return || head->plan->publishes);
    const char *level = one_in(head, 2) ? "partial" : one_in(head, 4) ? "info" : "full";

    /* Nearly always what the level promises, and what can be paid from afar. */
    if (!one_in(head, 40) &&
        ((strcmp(level, "full") == 0 && !afar) || (strcmp(level, "info") == 0 && head->open[0])))
        level = "partial";
    buf_addf(head->out,
             "dvc: 1\nprocedure: \"9.000001\"\nversion: 1\nname: Thủ tục thử\nfield: Thử\n"
             "decision: 1/QĐ-UBND\nlegal_basis: [Luật thử]\neffective: {from: 2025-01-01}\n"
             "level: %s\nauthority: commune\nsubjects: [citizen%s]\n",
             level, head->plan->spawns == 0 || one_in(head, 40) ? ", business" : "");
    if (presence)
        buf_adds(head->out, "presence_required: true\n");
    if (one_in(head, 20))
        buf_adds(head->out, "authorisation_allowed: false\n");
    if (one_in(head, 6))
        buf_adds(head->out, "on_the_spot: true\n");
    if (one_in(head, 80))
        buf_adds(head->out, "colour: blue\n");
    buf_addf(head->out, "clock: {starts: %s, due_time: %s%s}\n",
             one_in(head, 3) ? "submit" : "accept", one_in(head, 3) ? "same_time" : "end_of_day",
             head->plan->has_cut_off && !one_in(head, 40) ? ", cut_off: \"15:00\"" : "");
}

static void ways_in(struct head *head)
{
    buf_adds(head->out, "channels:\n");
    for (size_t i = 0; i < 3; i++) {
        if (!head->open[i])
            continue;
        buf_addf(head->out, "  %s: {limit: ", channels[i]);
        total(head);
        buf_adds(head->out, "}\n");
    }
    buf_addf(head->out, "postal: {collect: %s, return: %s, decision: QĐ 45}\n",
             head->collect ? "true" : "false", head->plan->has_return ? "true" : "false");
}

static void supplements(struct head *head)
{
    struct plan *plan = head->plan;

    if (plan->intake_max == 0 && plan->appraisal_max == 0)
        return;
    buf_adds(head->out, "supplement:\n");
    if (plan->intake_max > 0)
        buf_addf(head->out, "  intake: {max: %d, closes_after: %d calendar_days%s}\n",
                 plan->intake_max, one_in(head, 40) ? 20 : 30,
                 plan->intake_max > 1 && !one_in(head, 25) ? ", basis: Luật thử" : "");
    if (plan->appraisal_max > 0)
        buf_addf(
            head->out, "  appraisal: {max: %d, closes_after: 30 calendar_days, then: %s%s%s%s}\n",
            plan->appraisal_max, plan->resumes ? "resume" : "restart",
            plan->appraisal_max > 1 && !one_in(head, 25) ? ", basis: Luật thử" : "",
            one_in(head, 40)  ? ""
            : one_in(head, 3) ? ", within: 7 working_days"
                              : ", within: 3 working_days",
            !plan->resumes && one_in(head, 3)
                ? (plan->tight ? ", limit_after: 9 working_days" : ", limit_after: 50 working_days")
                : "");
}

static void money(struct head *head)
{
    static const char *const when[] = {"at_submit", "before_accept", "before_result",
                                       "before_result"};
    struct plan *plan = head->plan;

    if (plan->fees == 0)
        return;
    buf_adds(head->out, "fees:\n");
    for (int i = 0; i < plan->fees; i++) {
        buf_addf(head->out, "  - {id: f%d, name: Phí %d, kind: %s, amount: %d, pay: %s", i, i,
                 one_in(head, 2) ? "phi" : "le_phi", one_in(head, 80) ? 0 : 10000 * (i + 1),
                 plan->waits_payment || one_in(head, 10) ? DICE_PICK(head->dice, when)
                                                         : when[1 + dice_roll(head->dice, 2)]);
        if (one_in(head, 4))
            buf_adds(head->out, ", waive_if: 'applicant.waiver in [\"poor\"]'");
        if (plan->cases > 0 && one_in(head, 4))
            buf_addf(head->out, ", case: c%d", one_in(head, 25) ? 7 : 0);
        if (one_in(head, 4))
            buf_adds(head->out, ", per: pages");
        buf_adds(head->out, "}\n");
    }
}

static void contents(struct head *head)
{
    struct plan *plan = head->plan;

    if (plan->cases > 0)
        buf_adds(head->out, "cases:\n");
    for (int i = 0; i < plan->cases; i++) {
        buf_addf(head->out, "  - {id: c%d, name: Trường hợp %d", i, i);
        if (one_in(head, 3)) {
            buf_adds(head->out, ", limit: ");
            total(head);
        }
        buf_adds(head->out, "}\n");
    }
    money(head);
    buf_addf(head->out,
             "form:\n"
             "  - {id: flag, label: Cờ, type: boolean}\n"
             "  - {id: sure, label: Cam đoan, type: boolean, required: true}\n"
             "  - {id: kind, label: Loại, type: select, options: [a, b, c]%s}\n"
             "  - {id: floors, label: Số tầng, type: integer, min: 0, max: 10%s}\n"
             "  - {id: pages, label: Số trang, type: integer, min: 0, max: 9, required: true%s}\n",
             one_in(head, 2) ? ", required: true" : "", one_in(head, 2) ? ", required: true" : "",
             one_in(head, 150) ? ", fill: applicant.age" : "");
    buf_adds(head->out, "documents:\n");
    for (int i = 0; i < plan->papers; i++)
        buf_addf(head->out, "  - {id: p%d, name: Giấy %d, original: 1}\n", i, i);
    buf_adds(head->out, "results:\n  - {code: \"KQ.G01.000001\", name: Kết quả, electronic: "
                        "true}\n");
    if (one_in(head, 2))
        buf_adds(head->out, "warn: [{at: 50%, to: assignee}, {at: -1 working_day, to: unit_head}, "
                            "{at: due, to: leader}, {at: +1 working_day, to: leader}]\n");
}

static void action(struct buf *out, const struct plan_action *action)
{
    buf_addf(out, "        %s: {name: Việc %s, %s", action->id, action->id, action->target);
    if (action->by != NULL)
        buf_addf(out, ", by: %s", action->by);
    if (action->needs != NULL)
        buf_addf(out, ", needs: [%s]", action->needs);
    if (action->when != NULL)
        buf_addf(out, ", when: '%s'", action->when);
    if (action->effects != NULL)
        buf_adds(out, ", effects: [");
    /* A quoted condition inside a spawn is inside this list. */
    if (action->effects != NULL)
        buf_addf(out, "%s]", action->effects);
    if (action->automatic)
        buf_adds(out, ", automatic: true");
    buf_adds(out, "}\n");
}

static void workflow(struct buf *out, const struct plan *plan)
{
    buf_addf(out, "workflow:\n  start: s%d\n  steps:\n", plan->start);
    for (int i = 0; i < plan->step_count; i++) {
        const struct plan_step *step = &plan->steps[i];

        buf_addf(out, "    s%d:\n      name: Bước %d\n      %s\n%s      actions:\n", i, i,
                 step->who, step->more);
        for (int k = 0; k < step->action_count; k++)
            action(out, &step->actions[k]);
        if (step->timeout != NULL)
            buf_addf(out, "      timeout: {%s}\n", step->timeout);
    }
}

static void decide(struct head *head)
{
    struct plan *plan = head->plan;

    plan->fees = one_in(head, 2) ? 1 + (int)dice_roll(head->dice, 2) : 0;
    plan->cases = one_in(head, 2) ? 1 + (int)dice_roll(head->dice, 2) : 0;
    plan->papers = 1 + (int)dice_roll(head->dice, 3);
    plan->intake_max = (int)dice_roll(head->dice, 3);
    plan->appraisal_max = (int)dice_roll(head->dice, 3);
    plan->resumes = one_in(head, 2);
    plan->has_return = one_in(head, 2);
    plan->has_cut_off = one_in(head, 3);
    plan->tight = one_in(head, 6);
    for (size_t i = 0; i < 3; i++)
        head->open[i] = one_in(head, 2);
    head->open[dice_roll(head->dice, 3)] = true;
    head->collect = head->open[1] ? !one_in(head, 40) : one_in(head, 3);
}

void plugin_generate(struct arena *arena, struct dice *dice, struct buf *ret)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);
    struct head head = {.out = ret, .dice = dice, .plan = plan};

    *plan = (struct plan){.arena = arena, .dice = dice};
    decide(&head);
    plan_flow(plan);
    for (int i = 0; i < 4 && dice_one_in(dice, 6 - (size_t)(i > 0)); i++)
        plan_spoil(plan);
    identity(&head);
    ways_in(&head);
    supplements(&head);
    contents(&head);
    workflow(ret, plan);
}
