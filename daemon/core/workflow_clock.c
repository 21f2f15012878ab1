#include "core/workflow_clock.h"

#include "core/workflow_state.h"
#include "core/workflow_timer.h"

#include <string.h>

static struct limit total_limit(const struct decision *d)
{
    return dossier_limit(d->after);
}

static const struct clock_rule *total_rule(const struct decision *d)
{
    return dossier_clock_rule(d->after);
}

static void tell_ledger(struct decision *d, const struct hold *entry)
{
    struct jw *told = decision_note(d, &d->draft.ledger);

    jw_kv_int(told, "no", entry->no);
    jw_kv_str(told, "kind", entry->kind);
    jw_kv_str(told, "reason", entry->reason);
    jw_kv_str(told, "party", entry->party);
    jw_kv_wall(told, "from", entry->from);
    jw_kv_wall(told, "to", entry->to);
    jw_kv_wall(told, "old_due", entry->old_due);
    jw_kv_wall(told, "new_due", entry->new_due);
    jw_end_object(told);
}

static struct hold *add_entry(struct decision *d, const char *kind, const char *reason,
                              const char *party)
{
    struct dossier *after = d->after;
    struct hold *entry;

    after->holds = arena_grow(d->arena, after->holds, after->hold_count, &after->hold_cap,
                              sizeof(*after->holds));
    entry = &after->holds[after->hold_count++];
    *entry = (struct hold){
        .no = decision_next_no(d),
        .from = d->at,
        .to = d->at,
        .kind = kind,
        .reason = reason,
        .party = party,
        .old_due = after->due_current,
        .new_due = after->due_current,
        .changed = true,
    };
    return entry;
}

int workflow_clock_accept(struct decision *d, wall_t received_at)
{
    struct dossier *after = d->after;
    int r;

    after->received_at = received_at;
    after->clock_started = deadline_start(total_rule(d), after->submitted_at, received_at);
    r = decision_calendar(d, deadline_due(d->setting->calendar, total_rule(d), total_limit(d),
                                          after->clock_started, &after->due_first));
    if (r != 0)
        return r;
    after->due_current = after->due_first;
    after->calendar_version = d->setting->calendar_version;
    after->clock = CLOCK_RUNNING;
    after->due_epoch++;
    decision_more_wall(d, "received_at", received_at);
    decision_more_bool(d, "accepted_late", past_due(after->intake_due, received_at));
    return workflow_arm_total(d, false);
}

void workflow_clock_pause(struct decision *d, const char *reason, const char *party)
{
    struct hold *hold;

    if (d->after->clock != CLOCK_RUNNING)
        return;
    hold = add_entry(d, "hold", reason, party);
    hold->to = hold->new_due = WALL_NONE;
    d->after->clock = CLOCK_HELD;
    workflow_disarm_total(d);
    tell_ledger(d, hold);
}

/* A date that was given by an appointment is not one that the limit gives: it moves by the hold. */
static bool appointed(const struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->hold_count; i++) {
        if (strcmp(dossier->holds[i].kind, "appointment") == 0 &&
            dossier->holds[i].from.us >= dossier->clock_started.us &&
            dossier->holds[i].old_due.us != dossier->holds[i].new_due.us)
            return true;
    }
    return false;
}

static int due_by_ledger(struct decision *d, wall_t *ret)
{
    struct clock_run run = dossier_clock_run(d->arena, d->after);

    return decision_calendar(
        d, deadline_due_run(d->setting->calendar, total_rule(d), total_limit(d), &run, ret));
}

static int end_hold(struct decision *d, struct hold *hold)
{
    struct dossier *after = d->after;
    struct deadline deadline = {after->clock_started, DAY_NONE, after->due_current};
    struct clock_hold span = {hold->from, d->at, false};
    int r = 0;

    hold->to = d->at;
    hold->changed = true;
    if (wall_is_none(after->due_current)) {
        hold->new_due = WALL_NONE;
    } else if (appointed(after)) {
        deadline.last_day = day_of(after->due_current);
        r = decision_calendar(d, deadline_release(d->setting->calendar, total_rule(d),
                                                  total_limit(d), &deadline, &span, &deadline));
        hold->new_due = deadline.due;
    } else {
        r = due_by_ledger(d, &hold->new_due);
    }
    if (r == 0) {
        after->due_current = hold->new_due;
        tell_ledger(d, hold);
    }
    return r;
}

/* The appraisal has all it asked for. */
static void close_supplement(struct decision *d)
{
    struct dossier_supplement *supplement = workflow_open_supplement(d->after, false);

    if (supplement != NULL) {
        supplement->closed_at = d->at;
        supplement->changed = true;
    }
}

int workflow_clock_resume(struct decision *d)
{
    struct hold *hold = dossier_open_hold(d->after);
    int r;

    if (d->after->clock != CLOCK_HELD || hold == NULL)
        return 0;
    r = end_hold(d, hold);
    if (r != 0)
        return r;
    if (strcmp(hold->reason, "suspended") != 0)
        close_supplement(d);
    d->after->clock = CLOCK_RUNNING;
    d->after->due_epoch++;
    return workflow_arm_total(d, true);
}

static int restart_tasks(struct decision *d)
{
    struct dossier *after = d->after;

    for (size_t i = 0; i < d->procedure->step_count; i++)
        after->budget[i] = -1;
    for (size_t i = 0; i < after->task_count; i++) {
        struct task *task = &after->tasks[i];
        int r;

        if (task->state != TASK_OPEN || wall_is_none(task->due))
            continue;
        task->epoch++;
        task->counted_from = d->at;
        workflow_disarm_task(d, task);
        r = workflow_count_task(d, task, -1);
        if (r == 0)
            r = workflow_arm_task(d, task, false);
        if (r != 0)
            return r;
    }
    return 0;
}

int workflow_clock_restart(struct decision *d)
{
    struct dossier *after = d->after;
    struct hold *hold = dossier_open_hold(after);
    const char *reason = "restart", *party = "office";
    struct hold *entry;
    int r;

    if (after->clock != CLOCK_RUNNING && after->clock != CLOCK_HELD)
        return 0;
    if (hold != NULL) {
        reason = hold->reason;
        party = hold->party;
        hold->to = d->at;
        hold->new_due = after->due_current;
        hold->changed = true;
        tell_ledger(d, hold);
    }
    after->clock_started = d->at;
    entry = add_entry(d, "restart", reason, party);
    r = decision_calendar(d, deadline_due(d->setting->calendar, total_rule(d), total_limit(d),
                                          d->at, &entry->new_due));
    if (r != 0)
        return r;
    after->due_current = entry->new_due;
    tell_ledger(d, entry);
    close_supplement(d);
    after->clock = CLOCK_RUNNING;
    after->due_epoch++;
    workflow_disarm_total(d);
    r = workflow_arm_total(d, false);
    return r == 0 ? restart_tasks(d) : r;
}

int workflow_clock_finish(struct decision *d)
{
    struct dossier *after = d->after;
    struct hold *hold = dossier_open_hold(after);
    int r = 0;

    if (after->clock == CLOCK_ENDED || after->clock == CLOCK_NONE)
        return 0;
    if (hold != NULL)
        r = end_hold(d, hold);
    if (r != 0)
        return r;
    after->clock = CLOCK_ENDED;
    workflow_disarm_total(d);
    if (wall_is_none(after->finished_at))
        after->finished_at = d->at;
    decision_more_wall(d, "finished_at", after->finished_at);
    return 0;
}

/* Each open task has as much more working time as the dossier has. */
static int move_tasks(struct decision *d, wall_t old_due, wall_t new_due)
{
    const struct calendar *calendar = d->setting->calendar;
    int64_t more;
    int r = decision_calendar(d, calendar_work_between(calendar, old_due, new_due, &more));

    for (size_t i = 0; r == 0 && i < d->after->task_count; i++) {
        struct task *task = &d->after->tasks[i];

        if (task->state != TASK_OPEN || wall_is_none(task->due))
            continue;
        r = decision_calendar(d, calendar_add_work(calendar, task->due, more, &task->due));
        if (r != 0)
            break;
        task->last_day = day_of(task->due);
        task->epoch++;
        task->changed = true;
        workflow_disarm_task(d, task);
        r = workflow_arm_task(d, task, true);
    }
    return r;
}

int workflow_clock_appoint(struct decision *d, wall_t new_due)
{
    struct dossier *after = d->after;
    struct hold *entry = add_entry(d, "appointment", "apology", "office");
    wall_t old_due = after->due_current;
    int r;

    entry->new_due = new_due;
    after->due_current = new_due;
    after->extended = true;
    after->due_epoch++;
    tell_ledger(d, entry);
    workflow_disarm_total(d);
    r = workflow_arm_total(d, true);
    return r == 0 ? move_tasks(d, old_due, new_due) : r;
}

static int recalculate_total(struct decision *d, bool *ret_moved)
{
    struct dossier *after = d->after;
    wall_t due = after->due_current;
    struct hold *entry;
    bool working = true;
    int r;

    if (wall_is_none(due) || (after->clock != CLOCK_RUNNING && after->clock != CLOCK_HELD))
        return 0;
    if (!appointed(after)) {
        r = due_by_ledger(d, &due);
    } else {
        /* What was promised stands, unless the desk is closed that day (Civil Code, Art 148.5). */
        day_t day = day_of(due);

        r = decision_calendar(d, calendar_is_working_day(d->setting->calendar, day, &working));
        if (r == 0 && !working)
            r = decision_calendar(d, calendar_next_working_day(d->setting->calendar, day, &day));
        if (r == 0 && !working)
            r = decision_calendar(d, calendar_last_closing(d->setting->calendar, day, &due));
    }
    if (r != 0)
        return r;
    if (due.us != after->due_current.us) {
        entry = add_entry(d, "calendar", "calendar", "office");
        entry->new_due = due;
        after->due_current = due;
        after->due_epoch++;
        tell_ledger(d, entry);
        *ret_moved = true;
    }
    workflow_disarm_total(d);
    return workflow_arm_total(d, true);
}

static int recalculate_task(struct decision *d, struct task *task, bool *ret_moved)
{
    wall_t old = task->due;
    int r = 0;

    if (!wall_is_none(old) && !appointed(d->after))
        r = workflow_count_task(d, task, task->budget_left);
    if (r != 0)
        return r;
    if (task->due.us != old.us) {
        task->epoch++;
        *ret_moved = true;
    } else {
        task->changed = false;
    }
    workflow_disarm_task(d, task);
    return workflow_arm_task(d, task, true);
}

int workflow_clock_recalculate(struct decision *d, bool *ret_moved)
{
    int r;

    *ret_moved = false;
    d->after->calendar_version = d->setting->calendar_version;
    r = recalculate_total(d, ret_moved);
    for (size_t i = 0; r == 0 && i < d->after->task_count; i++) {
        struct task *task = &d->after->tasks[i];

        if (task->state == TASK_OPEN && !workflow_suspended(d->after))
            r = recalculate_task(d, task, ret_moved);
    }
    return r;
}

static struct limit task_limit(const struct decision *d, const struct task *task)
{
    return dossier_step_limit(d->after, task->step);
}

int workflow_count_task(struct decision *d, struct task *task, int64_t left)
{
    struct limit limit = task_limit(d, task);
    struct deadline deadline = {task->counted_from, DAY_NONE, WALL_NONE};
    int r = 0;

    if (limit.unit != LIMIT_NONE && left < 0)
        r = deadline_begin(d->setting->calendar, &d->procedure->clock, limit, task->counted_from,
                           &deadline);
    else if (limit.unit != LIMIT_NONE)
        r = deadline_continue(d->setting->calendar, &d->procedure->clock, limit, left,
                              task->counted_from, task->counted_from, &deadline);
    if (r != 0)
        return decision_calendar(d, r);
    task->due = deadline.due;
    task->last_day = deadline.last_day;
    task->budget_left = left;
    task->changed = true;
    return 0;
}

int workflow_task_left(struct decision *d, const struct task *task, int64_t *ret)
{
    struct deadline deadline = {task->counted_from, task->last_day, task->due};

    *ret = -1;
    if (wall_is_none(task->due))
        return 0;
    return decision_calendar(
        d, deadline_left(d->setting->calendar, task_limit(d, task), &deadline, d->at, ret));
}

void workflow_tasks_hold(struct decision *d)
{
    for (size_t i = 0; i < d->after->task_count; i++) {
        if (d->after->tasks[i].state == TASK_OPEN)
            workflow_disarm_task(d, &d->after->tasks[i]);
    }
}

static int task_goes_on(struct decision *d, struct task *task, wall_t held_since)
{
    struct deadline deadline = {task->counted_from, task->last_day, task->due};
    int64_t left = -1;
    int r = 0;

    if (held_since.us < task->counted_from.us)
        held_since = task->counted_from;
    if (!wall_is_none(task->due))
        r = decision_calendar(d, deadline_left(d->setting->calendar, task_limit(d, task), &deadline,
                                               held_since, &left));
    if (r != 0)
        return r;
    task->counted_from = d->at;
    task->epoch++;
    task->changed = true;
    if (!wall_is_none(task->due))
        r = workflow_count_task(d, task, left);
    return r == 0 ? workflow_arm_task(d, task, true) : r;
}

int workflow_tasks_go_on(struct decision *d, wall_t held_since)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < d->after->task_count; i++) {
        if (d->after->tasks[i].state == TASK_OPEN)
            r = task_goes_on(d, &d->after->tasks[i], held_since);
    }
    return r;
}
