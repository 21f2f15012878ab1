#include "core/workflow_timer.h"

#include "core/workflow_state.h"

static int total_point(struct decision *d, const struct clock_run *run, struct warn_at at,
                       wall_t *ret)
{
    return deadline_point_run(d->setting->calendar, run, d->after->due_current, at, ret);
}

static int task_point(struct decision *d, const struct task *task, struct warn_at at, wall_t *ret)
{
    return deadline_point(d->setting->calendar, task->counted_from, task->due, at, ret);
}

static int timeout_point(struct decision *d, const struct task *task, wall_t *ret)
{
    return deadline_due(d->setting->calendar, &d->procedure->clock,
                        d->procedure->steps[task->step].timeout.after, task->counted_from, ret);
}

static void arm(struct decision *d, int scope, int epoch, int rung, wall_t at)
{
    struct timer_row row = {scope, epoch, rung, rung < 0 ? TIMER_TIMEOUT : TIMER_WARN, at};

    outcome_timer(d->arena, d->outcome, &row);
}

int workflow_arm_total(struct decision *d, bool skip_past)
{
    const struct procedure *procedure = d->procedure;
    struct clock_run run;
    wall_t at;

    if (wall_is_none(d->after->due_current) || d->after->clock != CLOCK_RUNNING)
        return 0;
    run = dossier_clock_run(d->arena, d->after);
    for (size_t i = 0; i < procedure->rung_count; i++) {
        int error = total_point(d, &run, procedure->rungs[i].at, &at);

        /* A rung after due may lie beyond the calendar although due does not: the next calendar's
         * recalculation arms it. */
        if (error == CALENDAR_E_BEYOND)
            continue;
        if (error != 0)
            return decision_calendar(d, error);
        if (!skip_past || at.us > d->at.us)
            arm(d, 0, d->after->due_epoch, (int)i, at);
    }
    return 0;
}

void workflow_disarm_total(struct decision *d)
{
    struct timer_cancel cancel = {0, -1};

    if (d->procedure->rung_count > 0)
        outcome_cancel(d->arena, d->outcome, &cancel);
}

int workflow_arm_task(struct decision *d, const struct task *task, bool skip_past)
{
    const struct step *step = &d->procedure->steps[task->step];
    wall_t at;

    for (size_t i = 0; i < step->rung_count && !wall_is_none(task->due); i++) {
        int error = task_point(d, task, step->rungs[i].at, &at);

        if (error == CALENDAR_E_BEYOND)
            continue;
        if (error != 0)
            return decision_calendar(d, error);
        if (!skip_past || at.us > d->at.us)
            arm(d, task->no, task->epoch, (int)i, at);
    }
    if (step->timeout.present) {
        int error = timeout_point(d, task, &at);

        if (error != 0)
            return decision_calendar(d, error);
        arm(d, task->no, task->epoch, -1, at);
    }
    return 0;
}

void workflow_disarm_task(struct decision *d, const struct task *task)
{
    const struct step *step = &d->procedure->steps[task->step];
    struct timer_cancel cancel = {task->no, -1};

    if (step->rung_count > 0 || step->timeout.present)
        outcome_cancel(d->arena, d->outcome, &cancel);
}

static int not_due(struct decision *d)
{
    return decision_refuse(d, WF_E_NOT_DUE, "timer_not_due", "");
}

static int claim_total(struct decision *d, wall_t *ret)
{
    const struct command *command = d->command;
    const struct dossier *after = d->after;
    struct clock_run run;

    if (command->epoch != after->due_epoch || after->clock != CLOCK_RUNNING || command->rung < 0 ||
        (size_t)command->rung >= d->procedure->rung_count || wall_is_none(after->due_current))
        return not_due(d);
    run = dossier_clock_run(d->arena, after);
    return decision_calendar(d, total_point(d, &run, d->procedure->rungs[command->rung].at, ret));
}

static int claim_task(struct decision *d, const struct task *task, wall_t *ret)
{
    const struct command *command = d->command;
    const struct step *step;

    if (task == NULL || task->state != TASK_OPEN || task->epoch != command->epoch ||
        workflow_suspended(d->after))
        return not_due(d);
    step = &d->procedure->steps[task->step];
    if (command->rung == -1 && step->timeout.present)
        return decision_calendar(d, timeout_point(d, task, ret));
    if (command->rung < 0 || (size_t)command->rung >= step->rung_count || wall_is_none(task->due))
        return not_due(d);
    return decision_calendar(d, task_point(d, task, step->rungs[command->rung].at, ret));
}

int workflow_timer_claim(struct decision *d, struct task **ret_task)
{
    const struct command *command = d->command;
    struct task *task = command->scope == 0 ? NULL : dossier_task(d->after, command->scope);
    wall_t due = WALL_NONE;
    int r;

    if (state_info(d->after->state)->terminal)
        return not_due(d);
    r = command->scope == 0 ? claim_total(d, &due) : claim_task(d, task, &due);
    if (r != 0)
        return r;
    if (d->setting->now.us < due.us)
        return not_due(d);
    d->outcome->fires = true;
    d->outcome->fire_scope = command->scope;
    d->outcome->fire_epoch = command->epoch;
    d->outcome->fire_rung = command->rung;
    *ret_task = task;
    return 0;
}

static void warn_one(struct decision *d, const struct task *task, enum role to)
{
    const char *agency =
        task != NULL && task->agency != NULL ? task->agency : d->after->agency_competent;

    /* An opinion that another agency owes is asked after by the desk that took the dossier in
     * (Decree 61/2018, Art 19.5). */
    if (to == ROLE_RECEIVER)
        agency = decision_desk(d);
    if (to == ROLE_APPLICANT) {
        decision_tell_applicant(d, "due_near");
        return;
    }
    if (to == ROLE_NONE && task != NULL) {
        decision_tell(d, task->assignee, task->role, agency, "warned", task);
        return;
    }
    decision_tell(d, 0, to == ROLE_NONE ? ROLE_UNIT_HEAD : to, agency, "warned", task);
}

void workflow_warn(struct decision *d, const struct task *task)
{
    const struct rung *rung = task != NULL
                                  ? &d->procedure->steps[task->step].rungs[d->command->rung]
                                  : &d->procedure->rungs[d->command->rung];
    struct buf point = decision_text(d);

    decision_event(d, "warned", SLICE_NULL, task != NULL ? task->no : 0,
                   task != NULL ? task->step : -1);
    warn_at_write(&point, rung->at);
    decision_more_int(d, "scope", d->command->scope);
    decision_more_int(d, "epoch", d->command->epoch);
    decision_more_int(d, "rung", d->command->rung);
    decision_more_str(d, "point", point.ptr);
    decision_more_str(d, "to", rung->to == ROLE_NONE ? "assignee" : role_code(rung->to));
    decision_more_wall(d, "due", task != NULL ? task->due : d->after->due_current);
    /* On the total limit, the assignee is whoever holds the dossier now. */
    if (task == NULL && rung->to == ROLE_NONE) {
        for (size_t i = 0; i < d->after->task_count; i++) {
            if (d->after->tasks[i].state == TASK_OPEN)
                warn_one(d, &d->after->tasks[i], ROLE_NONE);
        }
    } else {
        warn_one(d, task, rung->to);
    }
    decision_event_end(d);
}
