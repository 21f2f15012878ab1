#include "core/dossier.h"

#include <errno.h>
#include <string.h>

struct dossier *dossier_new(struct arena *arena, const struct procedure *procedure)
{
    struct dossier *dossier = ARENA_NEW(arena, struct dossier);

    dossier->procedure = procedure;
    dossier->channel = CHANNEL_ONLINE;
    dossier->owner_is_applicant = true;
    dossier->submitted_at = dossier->received_at = dossier->finished_at = WALL_NONE;
    dossier->returned_at = dossier->ended_at = dossier->intake_due = WALL_NONE;
    dossier->due_first = dossier->due_current = dossier->clock_started = WALL_NONE;
    dossier->last_event_at = WALL_NONE;
    dossier->next_task = dossier->next_no = dossier->next_group = 1;
    dossier->visits = ARENA_ARRAY(arena, int, procedure->step_count);
    dossier->holders = ARENA_ARRAY(arena, int64_t, procedure->step_count);
    dossier->budget = ARENA_ARRAY(arena, int64_t, procedure->step_count);
    for (size_t i = 0; i < procedure->step_count; i++)
        dossier->budget[i] = -1;
    return dossier;
}

static void *copy_items(struct arena *arena, const void *items, size_t count, size_t size)
{
    return count > 0 ? arena_copy(arena, items, count * size) : NULL;
}

#define COPY(arena, dossier, items, count, cap)                                                    \
    do {                                                                                           \
        (dossier)->items =                                                                         \
            copy_items((arena), (dossier)->items, (dossier)->count, sizeof(*(dossier)->items));    \
        (dossier)->cap = (dossier)->count;                                                         \
    } while (0)

/* What the last change saved is no change of the next one; closed tasks are history by now. */
static void forget_changes(struct dossier *d)
{
    size_t open = 0;

    for (size_t i = 0; i < d->task_count; i++) {
        if (d->tasks[i].state != TASK_OPEN)
            continue;
        d->tasks[open] = d->tasks[i];
        d->tasks[open++].changed = false;
    }
    d->task_count = open;
    for (size_t i = 0; i < d->hold_count; i++)
        d->holds[i].changed = false;
    for (size_t i = 0; i < d->paper_count; i++)
        d->papers[i].changed = false;
    for (size_t i = 0; i < d->fee_count; i++)
        d->fees[i].changed = false;
    for (size_t i = 0; i < d->supplement_count; i++)
        d->supplements[i].changed = false;
    for (size_t i = 0; i < d->result_count; i++)
        d->results[i].changed = false;
    for (size_t i = 0; i < d->form_count; i++)
        d->forms[i].changed = false;
    for (size_t i = 0; i < d->parcel_count; i++) {
        d->parcels[i].changed = false;
        d->parcels[i].events = NULL;
        d->parcels[i].event_count = 0;
    }
    for (size_t i = 0; i < d->link_count; i++)
        d->links[i].fresh = false;
}

struct dossier *dossier_copy(struct arena *arena, const struct dossier *dossier)
{
    struct dossier *copy = arena_copy(arena, dossier, sizeof(*dossier));
    size_t steps = dossier->procedure->step_count;

    copy->holders = copy_items(arena, dossier->holders, steps, sizeof(*copy->holders));
    copy->visits = copy_items(arena, dossier->visits, steps, sizeof(*copy->visits));
    copy->budget = copy_items(arena, dossier->budget, steps, sizeof(*copy->budget));
    COPY(arena, copy, groups, group_count, group_cap);
    COPY(arena, copy, tasks, task_count, task_cap);
    COPY(arena, copy, holds, hold_count, hold_cap);
    COPY(arena, copy, papers, paper_count, paper_cap);
    COPY(arena, copy, fees, fee_count, fee_cap);
    COPY(arena, copy, supplements, supplement_count, supplement_cap);
    COPY(arena, copy, results, result_count, result_cap);
    COPY(arena, copy, forms, form_count, form_cap);
    COPY(arena, copy, parcels, parcel_count, parcel_cap);
    COPY(arena, copy, links, link_count, link_cap);
    if (dossier->id != 0)
        forget_changes(copy);
    return copy;
}

struct task *dossier_task(const struct dossier *dossier, int no)
{
    for (size_t i = 0; i < dossier->task_count; i++) {
        if (dossier->tasks[i].no == no)
            return &dossier->tasks[i];
    }
    return NULL;
}

size_t dossier_open_tasks(const struct dossier *dossier)
{
    size_t open = 0;

    for (size_t i = 0; i < dossier->task_count; i++)
        open += dossier->tasks[i].state == TASK_OPEN;
    return open;
}

struct hold *dossier_open_hold(const struct dossier *dossier)
{
    for (size_t i = dossier->hold_count; i > 0; i--) {
        struct hold *hold = &dossier->holds[i - 1];

        if (strcmp(hold->kind, "hold") == 0 && wall_is_none(hold->to))
            return hold;
    }
    return NULL;
}

struct parcel *dossier_parcel(const struct dossier *dossier, struct slice order_number)
{
    for (size_t i = 0; i < dossier->parcel_count; i++) {
        if (slice_is(order_number, dossier->parcels[i].order_number))
            return &dossier->parcels[i];
    }
    return NULL;
}

struct dossier_link *dossier_link(const struct dossier *dossier, int no)
{
    for (size_t i = 0; i < dossier->link_count; i++) {
        if (dossier->links[i].no == no)
            return &dossier->links[i];
    }
    return NULL;
}

struct dossier_link *dossier_link_as(const struct dossier *dossier, const char *as)
{
    for (size_t i = dossier->link_count; i > 0; i--) {
        if (strcmp(dossier->links[i - 1].as, as) == 0)
            return &dossier->links[i - 1];
    }
    return NULL;
}

bool dossier_link_over(const struct dossier *part)
{
    return !wall_is_none(part->finished_at) || state_info(part->state)->terminal;
}

static const char *const link_codes[] = {"asked", "open", "done", "failed"};

const char *link_state_code(enum link_state state)
{
    return link_codes[state];
}

int link_state_parse(struct slice code, enum link_state *ret)
{
    for (int state = LINK_ASKED; state <= LINK_FAILED; state++) {
        if (slice_is(code, link_codes[state])) {
            *ret = (enum link_state)state;
            return 0;
        }
    }
    return -EINVAL;
}

bool dossier_fees_paid(const struct dossier *dossier, enum fee_pay when)
{
    const struct procedure *procedure = dossier->procedure;

    for (size_t i = 0; i < dossier->fee_count; i++) {
        const struct dossier_fee *owed = &dossier->fees[i];

        if (owed->waived || !wall_is_none(owed->paid_at))
            continue;
        for (size_t j = 0; j < procedure->fee_count; j++) {
            if (strcmp(procedure->fees[j].id, owed->fee) == 0 && procedure->fees[j].pay <= when)
                return false;
        }
    }
    return true;
}

struct dossier_promise dossier_promised(const struct dossier *dossier)
{
    const struct procedure *procedure = dossier->procedure;
    const struct supplement_rule *appraisal = &procedure->appraisal;

    if (dossier->promise.made)
        return dossier->promise;
    return (struct dossier_promise){
        .version = procedure->version,
        .limit = procedure_limit(procedure, dossier->case_id, dossier->channel),
        .counts_again = appraisal->has_limit_after,
        .again =
            appraisal->has_limit_after ? appraisal->limit_after[dossier->channel] : LIMIT_UNSET,
        .clock = procedure->clock,
        .decision = procedure->decision,
    };
}

const struct clock_rule *dossier_clock_rule(const struct dossier *dossier)
{
    return dossier->promise.made ? &dossier->promise.clock : &dossier->procedure->clock;
}

bool dossier_counts_again(const struct dossier *dossier)
{
    bool may = dossier->promise.made ? dossier->promise.counts_again
                                     : dossier->procedure->appraisal.has_limit_after;

    if (!may || wall_is_none(dossier->clock_started))
        return false;
    for (size_t i = dossier->hold_count; i > 0; i--) {
        const struct hold *entry = &dossier->holds[i - 1];

        if (strcmp(entry->kind, "restart") == 0 && entry->from.us == dossier->clock_started.us)
            return strcmp(entry->reason, "supplement") == 0;
    }
    return false;
}

struct limit dossier_limit(const struct dossier *dossier)
{
    struct dossier_promise promise = dossier_promised(dossier);

    if (dossier_counts_again(dossier) && !limit_is_unset(promise.again))
        return promise.again;
    return promise.limit;
}

struct limit dossier_step_limit(const struct dossier *dossier, int step)
{
    const struct step *spec = &dossier->procedure->steps[step];

    return dossier_counts_again(dossier) ? spec->limit_after[dossier->channel]
                                         : spec->limit[dossier->channel];
}

struct clock_run dossier_clock_run(struct arena *arena, const struct dossier *dossier)
{
    struct clock_hold *holds = ARENA_ARRAY(arena, struct clock_hold, dossier->hold_count);
    struct clock_run run = {.start = WALL_NONE, .holds = holds};

    if (wall_is_none(dossier->received_at))
        return run;
    run.start =
        deadline_start(dossier_clock_rule(dossier), dossier->submitted_at, dossier->received_at);
    if (dossier_counts_again(dossier))
        run.start = dossier->clock_started;
    for (size_t i = 0; i < dossier->hold_count; i++) {
        const struct hold *entry = &dossier->holds[i];
        struct clock_hold *last = run.hold_count > 0 ? &holds[run.hold_count - 1] : NULL;

        if (dossier_counts_again(dossier) && entry->from.us <= run.start.us &&
            !wall_is_none(entry->to) && entry->to.us <= run.start.us)
            continue;
        if (strcmp(entry->kind, "hold") == 0) {
            holds[run.hold_count++] = (struct clock_hold){entry->from, entry->to, false};
        } else if (strcmp(entry->kind, "restart") == 0) {
            if (last != NULL && last->to.us == entry->from.us)
                last->restarts = true;
            else
                holds[run.hold_count++] = (struct clock_hold){entry->from, entry->from, true};
        }
    }
    return run;
}

int dossier_national(const struct dossier *dossier)
{
    int stated = 0;
    size_t open = 0;

    for (size_t i = 0; i < dossier->task_count; i++) {
        const struct task *task = &dossier->tasks[i];

        if (task->state != TASK_OPEN)
            continue;
        open++;
        stated = dossier->procedure->steps[task->step].national;
    }
    if (open == 1 && stated != 0 && dossier->state == dossier->state_before)
        return stated;
    return state_national(dossier->state, dossier->state_before);
}
