#include "core/workflow_token.h"

#include "core/workflow_clock.h"
#include "core/workflow_parcel.h"
#include "core/workflow_state.h"
#include "core/workflow_timer.h"

#include <string.h>

int workflow_agency(struct decision *d, const char *agency_role, const char **ret)
{
    const struct dossier *after = d->after;
    const struct setting *setting = d->setting;

    *ret = NULL;
    if (agency_role == NULL)
        *ret = after->agency_competent;
    else if (strcmp(agency_role, "receiving") == 0)
        *ret = after->agency_receiving != NULL ? after->agency_receiving : after->agency_competent;
    else if (setting->agency_for != NULL)
        *ret = arena_str(d->arena, setting->agency_for(setting->agency_ctx, agency_role,
                                                       after->agency_competent));
    if (*ret == NULL)
        return decision_refuse_arg(d, WF_E_REFUSED, "agency_unknown", "",
                                   agency_role != NULL ? agency_role : "");
    return 0;
}

static void tell_opened(struct decision *d, const struct task *task)
{
    struct jw *told = decision_note(d, &d->draft.opened);

    jw_kv_int(told, "task", task->no);
    jw_kv_str(told, "step", d->procedure->steps[task->step].id);
    jw_kv_str(told, "role", task->role == ROLE_NONE ? NULL : role_code(task->role));
    jw_kv_str(told, "agency", task->agency);
    jw_kv_wall(told, "due", task->due);
    jw_end_object(told);
}

static bool awaits_collection(const struct dossier *dossier)
{
    for (size_t i = dossier->parcel_count; i > 0; i--) {
        if (dossier->parcels[i - 1].direction == PARCEL_COLLECT)
            return dossier->parcels[i - 1].state != PARCEL_HANDED_OVER;
    }
    return false;
}

int workflow_count_intake(struct decision *d, struct task *task)
{
    struct limit own = d->procedure->steps[task->step].limit[d->after->channel];
    int r;

    task->counted_from = d->at;
    d->after->budget[task->step] = -1;
    r = workflow_count_task(d, task, -1);
    if (r != 0 || own.unit != LIMIT_NONE || d->after->channel == CHANNEL_DIRECT) {
        d->after->intake_due = task->due;
        return r;
    }
    return decision_calendar(d,
                             deadline_due(d->setting->calendar, &d->procedure->clock,
                                          d->setting->intake_limit, d->at, &d->after->intake_due));
}

/* Before acceptance a desk's limit is the intake limit, which counts anew each time the papers come
 * in; after it a step's limit is one budget over all visits. */
static int count(struct decision *d, struct task *task)
{
    struct dossier *after = d->after;

    if (wall_is_none(after->received_at) && task->role != ROLE_NONE)
        return awaits_collection(after) ? 0 : workflow_count_intake(d, task);
    return workflow_count_task(d, task, after->budget[task->step]);
}

/* Whoever the action names; else, at a step entered again, the one who had it before. */
static int64_t holder_of(const struct decision *d, int step)
{
    if (d->procedure->steps[step].role == ROLE_NONE)
        return 0;
    return d->assignee != 0 ? d->assignee : d->after->holders[step];
}

int workflow_open(struct decision *d, int step, int previous, int group)
{
    struct dossier *after = d->after;
    const struct step *spec = &d->procedure->steps[step];
    struct task *task;
    const char *agency = NULL;
    int r = spec->role != ROLE_NONE ? workflow_agency(d, spec->agency_role, &agency) : 0;

    if (r != 0)
        return r;
    after->tasks = arena_grow(d->arena, after->tasks, after->task_count, &after->task_cap,
                              sizeof(*after->tasks));
    task = &after->tasks[after->task_count++];
    *task = (struct task){
        .no = after->next_task++,
        .step = step,
        .state = TASK_OPEN,
        .role = spec->role,
        .agency = agency,
        .assignee = holder_of(d, step),
        .epoch = 1,
        .opened_at = d->at,
        .closed_at = WALL_NONE,
        .due = WALL_NONE,
        .counted_from = d->at,
        .last_day = DAY_NONE,
        .budget_left = -1,
        .group = group,
        .previous = previous,
        .changed = true,
    };
    after->visits[step]++;
    r = count(d, task);
    if (r == 0)
        r = workflow_arm_task(d, task, false);
    if (r != 0)
        return r;
    if (task->assignee != 0) {
        d->assignee = 0;
        decision_tell(d, task->assignee, ROLE_NONE, NULL, "assigned", task);
    }
    tell_opened(d, task);
    return 0;
}

int workflow_close(struct decision *d, struct task *task, enum task_state state)
{
    struct jw *told;
    int64_t left;
    int r = workflow_task_left(d, task, &left);

    /* A calendar that does not reach back to the task cannot say what is left: then all is. */
    if (r != 0)
        return r;
    d->after->budget[task->step] = left;
    task->state = state;
    task->closed_at = d->at;
    task->changed = true;
    workflow_disarm_task(d, task);
    told = decision_note(d, &d->draft.closed);
    jw_kv_int(told, "task", task->no);
    jw_kv_str(told, "step", d->procedure->steps[task->step].id);
    jw_kv_str(told, "state", state == TASK_DONE ? "done" : "cancelled");
    jw_end_object(told);
    return 0;
}

static int group_parent(const struct dossier *dossier, int group)
{
    for (size_t i = 0; i < dossier->group_count; i++) {
        if (dossier->groups[i].no == group)
            return dossier->groups[i].parent;
    }
    return 0;
}

static bool in_group(const struct dossier *dossier, int group, int wanted)
{
    while (group != 0 && group != wanted)
        group = group_parent(dossier, group);
    return group == wanted;
}

/* With all that was split inside it: where the first of the branches goes on, what the others had
 * split is left behind. */
static void forget_group(struct decision *d, int group)
{
    struct dossier *after = d->after;
    struct token_group *kept = ARENA_ARRAY(d->arena, struct token_group, after->group_count + 1);
    size_t count = 0;

    for (size_t i = 0; i < after->group_count; i++) {
        if (!in_group(after, after->groups[i].no, group))
            kept[count++] = after->groups[i];
    }
    after->group_cap = after->group_count + 1;
    after->groups = kept;
    after->group_count = count;
}

static int join(struct decision *d, int from_step, int group, int step)
{
    struct dossier *after = d->after;
    int parent = group_parent(after, group);
    bool any = d->procedure->steps[step].join_any;
    int r = 0;

    for (size_t i = 0; group != 0 && r == 0 && i < after->task_count; i++) {
        struct task *task = &after->tasks[i];

        if (task->state != TASK_OPEN || !in_group(after, task->group, group))
            continue;
        if (!any)
            return 0;
        r = workflow_close(d, task, TASK_CANCELLED);
    }
    if (r != 0)
        return r;
    if (after->group_count > 0)
        forget_group(d, group);
    return workflow_open(d, step, from_step, parent);
}

static int split(struct decision *d, int from_step, int parent, const struct target *target)
{
    struct dossier *after = d->after;
    int group = after->next_group++;
    int64_t assignee = d->assignee;
    int r = 0;

    if (parent != 0) {
        after->groups = arena_grow(d->arena, after->groups, after->group_count, &after->group_cap,
                                   sizeof(*after->groups));
        after->groups[after->group_count++] = (struct token_group){group, parent};
    }
    for (int i = 0; r == 0 && i < target->step_count; i++) {
        d->assignee = assignee;
        r = workflow_open(d, target->steps[i], from_step, group);
    }
    return r;
}

int workflow_route(struct decision *d, const struct task *from, const struct target *target)
{
    int step = from->step, group = from->group, previous = from->previous;

    switch (target->kind) {
    case TARGET_STEP:
        return workflow_open(d, target->steps[0], step, group);
    case TARGET_PARALLEL:
        return split(d, step, group, target);
    case TARGET_JOIN:
        return join(d, step, group, target->steps[0]);
    case TARGET_END:
        return workflow_end(d, target->end);
    case TARGET_PREVIOUS:
        if (previous < 0)
            return decision_refuse(d, WF_E_REFUSED, "no_previous_step", "/action");
        return workflow_open(d, previous, step, group);
    }
    return decision_refuse(d, WF_E_REFUSED, "no_previous_step", "/action");
}

int workflow_end(struct decision *d, enum dossier_state state)
{
    struct dossier *after = d->after;
    int r = workflow_clock_finish(d);

    for (size_t i = 0; r == 0 && i < after->task_count; i++) {
        if (after->tasks[i].state == TASK_OPEN)
            r = workflow_close(d, &after->tasks[i], TASK_CANCELLED);
    }
    if (r != 0)
        return r;
    for (size_t i = 0; i < after->supplement_count; i++) {
        if (wall_is_none(after->supplements[i].closed_at)) {
            after->supplements[i].closed_at = d->at;
            after->supplements[i].changed = true;
        }
    }
    after->group_count = 0;
    after->clock = CLOCK_ENDED;
    after->state = state;
    after->ended_at = d->at;
    if (state == STATE_RETURNED && wall_is_none(after->returned_at))
        after->returned_at = d->at;
    workflow_cancel_parcels(d);
    return 0;
}
