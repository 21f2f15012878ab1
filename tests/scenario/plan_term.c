#include "plan.h"

#include <string.h>

const char *plan_limit(struct plan *plan)
{
    size_t kind = dice_roll(plan->dice, plan->tight ? 12 : 16);

    if (kind < 9)
        return P(plan, "%zu working_hours", 1 + dice_roll(plan->dice, plan->tight ? 3 : 8));
    if (kind < 12)
        return P(plan, "%zu working_day", 1 + dice_roll(plan->dice, plan->tight ? 1 : 2));
    if (kind < 14)
        return P(plan, "%zu calendar_days", 1 + dice_roll(plan->dice, 5));
    if (kind == 14)
        return plan->has_cut_off ? "same_day" : "2 working_days";
    return P(plan, "{online: %zu working_hours%s, direct: 2 working_days}",
             1 + dice_roll(plan->dice, 8),
             dice_one_in(plan->dice, 30) ? "" : ", post: 1 working_day");
}

static const char *atom(struct plan *plan)
{
    static const char *const fixed[] = {"form.flag",
                                        "form.sure",
                                        "form.kind == \"a\"",
                                        "form.kind in [\"b\", \"c\"]",
                                        "form.kind != null",
                                        "case == \"c0\"",
                                        "channel == \"online\"",
                                        "channel != \"direct\"",
                                        "applicant.kind == \"citizen\"",
                                        "applicant.waiver == \"poor\"",
                                        "applicant.waiver != null",
                                        "dossier.delivery.method == \"post\"",
                                        "dossier.delivery.method == \"electronic\"",
                                        "documents.p0.present",
                                        "dossier.forwarded",
                                        "fees.paid",
                                        "fees.due > 0"};
    size_t kind = dice_roll(plan->dice, DVC_COUNT(fixed) + 4);
    static const char *const orders[] = {"<", "<=", ">", ">=", "==", "!="};

    if (kind < DVC_COUNT(fixed) && plan->cases == 0 && strncmp(fixed[kind], "case", 4) == 0)
        return fixed[0]; /* no case that a condition could ask for */
    if (kind < DVC_COUNT(fixed))
        return fixed[kind];
    if (kind == DVC_COUNT(fixed))
        return P(plan, "clock.used %s %zu", DICE_PICK(plan->dice, orders),
                 dice_roll(plan->dice, 120));
    if (kind == DVC_COUNT(fixed) + 1)
        return P(plan, "visits.s%d %s %zu", plan->step_count - 1, DICE_PICK(plan->dice, orders),
                 1 + dice_roll(plan->dice, 3));
    return P(plan, "form.%s %s %zu", dice_one_in(plan->dice, 2) ? "floors" : "pages",
             DICE_PICK(plan->dice, orders), dice_roll(plan->dice, 10));
}

const char *plan_condition(struct plan *plan)
{
    const char *one = atom(plan);

    if (dice_one_in(plan->dice, 4))
        one = P(plan, "not (%s)", one);
    if (dice_one_in(plan->dice, 4))
        one = P(plan, "%s and %s", one, atom(plan));
    if (dice_one_in(plan->dice, 6))
        one = P(plan, "(%s) or %s", one, atom(plan));
    return one;
}
