#include "core/workflow_state.h"

#include <string.h>

bool workflow_suspended(const struct dossier *dossier)
{
    const struct hold *hold = dossier_open_hold(dossier);

    return hold != NULL && strcmp(hold->reason, "suspended") == 0;
}

struct dossier_supplement *workflow_open_supplement(const struct dossier *dossier, bool intake)
{
    for (size_t i = dossier->supplement_count; i > 0; i--) {
        struct dossier_supplement *supplement = &dossier->supplements[i - 1];

        if (supplement->intake == intake && wall_is_none(supplement->closed_at))
            return supplement;
    }
    return NULL;
}

static const struct parcel *last_parcel(const struct dossier *dossier,
                                        enum parcel_direction direction)
{
    for (size_t i = dossier->parcel_count; i > 0; i--) {
        if (dossier->parcels[i - 1].direction == direction)
            return &dossier->parcels[i - 1];
    }
    return NULL;
}

static enum dossier_state before_acceptance(const struct dossier *d, const struct step *step)
{
    const struct parcel *collect = last_parcel(d, PARCEL_COLLECT);

    if (collect != NULL && collect->state != PARCEL_HANDED_OVER)
        return STATE_AWAITING_COLLECTION;
    if (step->has_state)
        return step->state;
    switch (step->wait) {
    case WAIT_APPLICANT:
        return STATE_INTAKE_SUPPLEMENT;
    case WAIT_PAYMENT:
        return STATE_INTAKE_PAYMENT;
    case WAIT_POST:
        return STATE_AWAITING_COLLECTION;
    case WAIT_NOTHING:
    case WAIT_LINKED:
        break;
    }
    /* Who stands at the counter pays there; who filed from afar owes before anyone looks at it. */
    if (d->channel != CHANNEL_DIRECT && !dossier_fees_paid(d, FEE_AT_SUBMIT))
        return STATE_INTAKE_PAYMENT;
    return STATE_SUBMITTED;
}

static enum dossier_state by_role(const struct dossier *d, const struct task *task)
{
    switch (task->role) {
    case ROLE_LEADER:
        return STATE_SIGNING;
    case ROLE_CLERK:
        return STATE_ISSUING;
    case ROLE_RECEIVER:
        return workflow_open_supplement(d, false) != NULL ? STATE_SUPPLEMENT_CHECK
                                                          : STATE_PROCESSING;
    case ROLE_NONE:
    case ROLE_OFFICER:
    case ROLE_UNIT_HEAD:
    case ROLE_CASHIER:
    case ROLE_POSTAL:
    case ROLE_AUDITOR:
    case ROLE_ADMIN:
    case ROLE_APPLICANT:
    case ROLE_POST:
    case ROLE_PAYMENT:
    case ROLE_PORTAL:
    case ROLE_LINKED:
    case ROLE_CLOCK:
    case ROLE_COUNT:
        break;
    }
    if (task->agency != NULL && d->agency_competent != NULL &&
        strcmp(task->agency, d->agency_competent) != 0 &&
        (d->agency_receiving == NULL || strcmp(task->agency, d->agency_receiving) != 0))
        return STATE_CONSULTING;
    return STATE_PROCESSING;
}

static enum dossier_state in_progress(const struct dossier *d, const struct task *task)
{
    const struct step *step = &d->procedure->steps[task->step];

    if (step->has_state)
        return step->state;
    switch (step->wait) {
    case WAIT_APPLICANT:
        return workflow_open_supplement(d, false) != NULL ? STATE_SUPPLEMENT
                                                          : STATE_AWAITING_CONFIRMATION;
    case WAIT_PAYMENT:
        return STATE_PAYMENT;
    case WAIT_LINKED:
        return STATE_LINKED;
    case WAIT_POST:
        return STATE_IN_POST;
    case WAIT_NOTHING:
        break;
    }
    return by_role(d, task);
}

static enum dossier_state after_finish(const struct dossier *d, const struct step *step)
{
    const struct parcel *sent = last_parcel(d, PARCEL_RETURN);

    if (step->has_state)
        return step->state;
    if (step->wait == WAIT_POST)
        return STATE_IN_POST;
    return sent != NULL && sent->state == PARCEL_RETURNED_TO_AGENCY ? STATE_BACK_AT_DESK
                                                                    : STATE_FINISHED;
}

/* Of several tokens the one that says most to the citizen: what is asked of them first. */
static int weight(enum dossier_state state)
{
    static const enum dossier_state order[] = {
        STATE_ISSUING,   STATE_SIGNING,          STATE_PROCESSING, STATE_CONSULTING,
        STATE_LINKED,    STATE_SUPPLEMENT_CHECK, STATE_PAYMENT,    STATE_AWAITING_CONFIRMATION,
        STATE_SUPPLEMENT};

    for (size_t i = 0; i < DVC_COUNT(order); i++) {
        if (order[i] == state)
            return (int)i + 1;
    }
    return 0;
}

static enum dossier_state by_tasks(const struct dossier *d)
{
    enum dossier_state best = d->state_before;
    int best_weight = -1;

    for (size_t i = 0; i < d->task_count; i++) {
        const struct task *task = &d->tasks[i];
        const struct step *step = &d->procedure->steps[task->step];
        enum dossier_state state;

        if (task->state != TASK_OPEN)
            continue;
        if (wall_is_none(d->received_at))
            state = before_acceptance(d, step);
        else if (wall_is_none(d->finished_at))
            state = in_progress(d, task);
        else
            state = after_finish(d, step);
        if (weight(state) > best_weight) {
            best = state;
            best_weight = weight(state);
        }
    }
    return best;
}

/* "Accepted" lasts until the office begins: a state in which nobody is asked for anything yet. */
static bool merely_accepted(const struct decision *d, enum dossier_state base)
{
    const struct dossier *after = d->after;
    bool was = d->draft.accepted_before && d->draft.from_base == STATE_ACCEPTED && !d->touched;
    bool is_new = !d->draft.accepted_before && !wall_is_none(after->received_at);

    if (!was && !is_new)
        return false;
    for (size_t i = 0; i < after->task_count; i++) {
        if (after->tasks[i].state == TASK_OPEN &&
            d->procedure->steps[after->tasks[i].step].has_state)
            return false;
    }
    return base == STATE_PROCESSING || base == STATE_CONSULTING || base == STATE_SIGNING ||
           base == STATE_ISSUING;
}

void workflow_settle_state(struct decision *d)
{
    struct dossier *after = d->after;
    enum dossier_state base;

    if (state_info(after->state)->terminal) {
        after->state_before = after->state;
        return;
    }
    base = by_tasks(after);
    if (merely_accepted(d, base))
        base = STATE_ACCEPTED;
    after->state_before = base;
    if (!wall_is_none(after->finished_at))
        after->state = base;
    else if (workflow_suspended(after))
        after->state = after->state == STATE_WITHDRAWAL_REQUESTED ? after->state : STATE_SUSPENDED;
    else if (after->state != STATE_WITHDRAWAL_REQUESTED)
        after->state = base;
}
