#include "plan.h"

static const char *const effects[] = {"accept",
                                      "pause",
                                      "resume",
                                      "restart",
                                      "finish",
                                      "request_payment",
                                      "post_return",
                                      "post_collect",
                                      "publish_result",
                                      "take_back",
                                      "correct_result",
                                      "{issue: supplement_request}",
                                      "{issue: stop_notice}",
                                      "{issue: control_slip}"};
static const char *const ends[] = {"not_accepted", "refused", "withdrawn", "stopped", "returned"};
static const char *const people[] = {"receiver", "officer", "leader", "applicant",
                                     "payment",  "post",    "linked", "postal"};
static const char *const needs[] = {"reason",    "papers",   "result", "receiver",
                                    "documents", "assignee", "receipt"};
static const char *const waits[] = {"wait: applicant", "wait: payment", "wait: post",
                                    "wait: linked",    "role: officer", "role: leader"};

static int any_step(struct plan *plan)
{
    return (int)dice_roll(plan->dice, (size_t)plan->step_count);
}

static void wrong_target(struct plan *plan, struct plan_action *action)
{
    switch (dice_roll(plan->dice, 8)) {
    case 0:
        action->target = P(plan, "join: s%d", any_step(plan));
        break;
    case 1:
        action->target = "to: previous";
        break;
    case 2:
        action->target = P(plan, "end: %s", DICE_PICK(plan->dice, ends));
        break;
    case 3:
        action->target = P(plan, "to: [s%d, s%d]", any_step(plan), any_step(plan));
        break;
    case 4:
        if (dice_one_in(plan->dice, 6))
            action->target = "to: nowhere";
        break;
    default:
        action->target = plan_to(plan, any_step(plan));
    }
}

static void wrong_words(struct plan *plan, struct plan_action *action)
{
    switch (dice_roll(plan->dice, 6)) {
    case 0:
        action->effects = NULL;
        break;
    case 1:
    case 2:
        action->effects = action->effects == NULL
                              ? DICE_PICK(plan->dice, effects)
                              : P(plan, "%s, %s", action->effects, DICE_PICK(plan->dice, effects));
        break;
    case 3:
        action->needs = dice_one_in(plan->dice, 2) ? NULL : DICE_PICK(plan->dice, needs);
        break;
    case 4:
        action->by = DICE_PICK(plan->dice, people);
        break;
    default:
        action->when = dice_one_in(plan->dice, 8) ? "form.nothing == 1" : plan_condition(plan);
        action->automatic = dice_one_in(plan->dice, 3);
    }
}

static void wrong_step(struct plan *plan, struct plan_step *step)
{
    int orphan;

    switch (dice_roll(plan->dice, 6)) {
    case 0:
        step->timeout = NULL;
        break;
    case 1:
        step->who = DICE_PICK(plan->dice, waits);
        break;
    case 2:
        step->timeout = P(plan, "after: %zu working_days, to: s%d", 1 + dice_roll(plan->dice, 9),
                          any_step(plan));
        break;
    case 3:
        if (step->action_count > 1)
            step->action_count--;
        break;
    case 4:
        if (plan->step_count < PLAN_STEPS) {
            orphan = plan_step(plan, "role: officer");
            plan_action(plan, orphan, "go", plan_to(plan, any_step(plan)));
        }
        break;
    default:
        if (step->action_count < PLAN_ACTIONS)
            wrong_target(plan, plan_action(plan, (int)(step - plan->steps), "more",
                                           plan_to(plan, any_step(plan))));
    }
}

void plan_spoil(struct plan *plan)
{
    struct plan_step *step = &plan->steps[any_step(plan)];
    struct plan_action *action = &step->actions[dice_roll(plan->dice, (size_t)step->action_count)];

    switch (dice_roll(plan->dice, 5)) {
    case 0:
    case 1:
        wrong_target(plan, action);
        break;
    case 2:
    case 3:
        wrong_words(plan, action);
        break;
    default:
        wrong_step(plan, step);
    }
}
