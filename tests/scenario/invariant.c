#include "invariant.h"

#include "core/workflow_state.h"

#include <string.h>

#define CHECK(walk, cond)                                                                          \
    do {                                                                                           \
        if (!HOLDS((walk), cond))                                                                  \
            return;                                                                                \
    } while (0)

static bool ended(const struct dossier *d)
{
    return state_info(d->state)->terminal;
}

/* Tokens: every action and every timeout moves exactly one, by the checker's graph. */
static void tokens(struct walk *walk, const struct dossier *before, const struct command *command,
                   const struct dossier *after)
{
    uint64_t from = before->id == 0 ? marks_first(walk->marks) : marks_place(before);
    uint64_t to = marks_place(after);
    bool by_law = command->kind == CMD_ACTION && (slice_is(command->action, "withdraw") ||
                                                  slice_is(command->action, "confirm_withdraw") ||
                                                  slice_is(command->action, "stop"));
    size_t moves = 0;

    for (size_t i = 0; i < after->task_count; i++)
        moves += after->tasks[i].state == TASK_DONE;
    if (moves == 0 && by_law && ended(after))
        return;
    CHECK(walk, moves > 0 || command->kind != CMD_TIMER || command->rung >= 0);
    CHECK(walk, marks_known(walk->marks, to));
    CHECK(walk, marks_lead(walk->marks, from, to, moves));
}

static void numbers(struct walk *walk, const struct dossier *before, const struct dossier *after)
{
    for (size_t i = 0; i < after->task_count; i++) {
        const struct task *task = &after->tasks[i];

        CHECK(walk, task->no > 0 && task->no < after->next_task);
        CHECK(walk, dossier_task(before, task->no) != NULL || task->no >= before->next_task);
        for (size_t j = 0; j < i; j++)
            CHECK(walk, after->tasks[j].no != task->no);
    }
    CHECK(walk, after->next_task >= before->next_task && after->next_no >= before->next_no);
    CHECK(walk, after->next_group >= before->next_group && after->due_epoch >= before->due_epoch);
    for (size_t i = 0; i < after->group_count; i++) {
        bool used = false;

        for (size_t t = 0; t < after->task_count && !used; t++) {
            int group = after->tasks[t].state == TASK_OPEN ? after->tasks[t].group : 0;

            while (group != 0 && group != after->groups[i].no) {
                int parent = 0;

                for (size_t k = 0; k < after->group_count; k++)
                    parent = after->groups[k].no == group ? after->groups[k].parent : parent;
                group = parent;
            }
            used = group != 0;
        }
        CHECK(walk, used || !"a branch is remembered that nobody is in");
    }
}

/* What was written down once stays. */
static void kept(struct walk *walk, const struct dossier *before, const struct dossier *after)
{
    CHECK(walk, after->hold_count >= before->hold_count);
    for (size_t i = 0; i < before->hold_count; i++) {
        const struct hold *old = &before->holds[i], *now = &after->holds[i];

        CHECK(walk, old->no == now->no && old->from.us == now->from.us &&
                        old->old_due.us == now->old_due.us && strcmp(old->kind, now->kind) == 0);
        CHECK(walk, wall_is_none(old->to) ||
                        (old->to.us == now->to.us && old->new_due.us == now->new_due.us));
    }
    CHECK(walk, after->result_count >= before->result_count);
    CHECK(walk, after->form_count >= before->form_count);
    CHECK(walk, after->supplement_count >= before->supplement_count);
    CHECK(walk, after->fee_count >= before->fee_count);
    for (size_t i = 0; i < before->supplement_count; i++)
        CHECK(walk, wall_is_none(before->supplements[i].closed_at) ||
                        before->supplements[i].closed_at.us == after->supplements[i].closed_at.us);
    for (size_t i = 0; i < before->fee_count; i++)
        CHECK(walk, wall_is_none(before->fees[i].paid_at) ||
                        before->fees[i].paid_at.us == after->fees[i].paid_at.us);
}

static bool once(wall_t before, wall_t after)
{
    return wall_is_none(before) || before.us == after.us;
}

static void dates(struct walk *walk, const struct dossier *before, const struct dossier *after)
{
    CHECK(walk, once(before->received_at, after->received_at));
    CHECK(walk, wall_is_none(before->received_at) || before->due_first.us == after->due_first.us);
    CHECK(walk,
          wall_is_none(before->received_at) || before->submitted_at.us == after->submitted_at.us);
    CHECK(walk, once(before->finished_at, after->finished_at));
    CHECK(walk, once(before->returned_at, after->returned_at));
    CHECK(walk, once(before->ended_at, after->ended_at));
    /* A date never moves after the result. */
    CHECK(walk,
          wall_is_none(before->finished_at) || before->due_current.us == after->due_current.us);
    /* A date that moved stands in the ledger, and what begins now begins now. */
    CHECK(walk, wall_is_none(before->received_at) ||
                    before->due_current.us == after->due_current.us ||
                    after->hold_count > before->hold_count || dossier_open_hold(before) != NULL);
    for (size_t i = before->hold_count; i < after->hold_count; i++)
        CHECK(walk, after->holds[i].from.us == after->last_event_at.us ||
                        after->last_event_at.us == before->last_event_at.us);
}

static void after_end(struct walk *walk, const struct dossier *before,
                      const struct command *command, const struct outcome *outcome)
{
    if (!ended(before))
        return;
    CHECK(walk, command->kind != CMD_SUBMIT && command->kind != CMD_TIMER);
    CHECK(walk, command->kind != CMD_ACTION || slice_is(command->action, "correct") ||
                    slice_is(command->action, "note"));
    CHECK(walk, outcome->after->state == before->state && outcome->timer_count == 0);
    CHECK(walk, dossier_open_tasks(outcome->after) == 0);
    for (size_t i = 0; i < outcome->delta_count; i++)
        CHECK(walk, outcome->deltas[i].count == 0);
}

static void count_stock(struct walk *walk, const struct delta_row *row)
{
    for (size_t i = 0; i < walk->stock_count; i++) {
        struct stock_entry *entry = &walk->stock[i];

        if (entry->measure == row->measure && entry->due_day.n == row->due_day.n) {
            entry->count += row->count;
            return;
        }
    }
    CHECK(walk, walk->stock_count < WALK_STOCK);
    walk->stock[walk->stock_count++] = (struct stock_entry){row->measure, row->due_day, row->count};
}

static int sum(const struct walk *walk, enum measure measure)
{
    int all = 0;

    for (size_t i = 0; i < walk->stock_count; i++)
        all += walk->stock[i].measure == measure ? walk->stock[i].count : 0;
    return all;
}

/* Exactly one class; the stock stands under the due day in force and nowhere else. */
static void figures(struct walk *walk, const struct dossier *d)
{
    int accepted = !wall_is_none(d->received_at);
    int open = sum(walk, MEASURE_OPEN), held = sum(walk, MEASURE_HELD);
    int resolved = sum(walk, MEASURE_RESOLVED), withdrawn = sum(walk, MEASURE_WITHDRAWN);
    day_t due = wall_is_none(d->due_current) ? DAY_NONE : day_of(d->due_current);

    CHECK(walk, sum(walk, MEASURE_RECEIVED) == accepted);
    CHECK(walk, open == (d->clock == CLOCK_RUNNING) && held == (d->clock == CLOCK_HELD));
    CHECK(walk, open + held + resolved + withdrawn == accepted);
    CHECK(walk, sum(walk, MEASURE_RESOLVED_FIRST) == resolved);
    CHECK(walk, sum(walk, MEASURE_REFUSED) + sum(walk, MEASURE_STOPPED) <= resolved);
    CHECK(walk, sum(walk, MEASURE_NOT_ACCEPTED) == (d->state == STATE_NOT_ACCEPTED));
    CHECK(walk, sum(walk, MEASURE_RESOLVED_LATE_STRICT) ==
                    (resolved == 1 && !wall_is_none(d->due_current) &&
                     d->finished_at.us > d->due_current.us));
    CHECK(walk, sum(walk, MEASURE_ACCEPTED_LATE) == (accepted && !wall_is_none(d->intake_due) &&
                                                     d->received_at.us > d->intake_due.us));
    for (size_t i = 0; i < walk->stock_count; i++) {
        const struct stock_entry *entry = &walk->stock[i];
        bool stock = entry->measure == MEASURE_OPEN || entry->measure == MEASURE_HELD ||
                     entry->measure == MEASURE_RESOLVED;

        CHECK(walk, entry->count >= 0);
        CHECK(walk, !stock || entry->count == 0 || entry->due_day.n == due.n);
    }
}

static bool restarted(const struct dossier *before, const struct dossier *after)
{
    for (size_t i = before->hold_count; i < after->hold_count; i++) {
        if (strcmp(after->holds[i].kind, "restart") == 0)
            return true;
    }
    return false;
}

static bool appointed(const struct dossier *d)
{
    for (size_t i = 0; i < d->hold_count; i++) {
        if (strcmp(d->holds[i].kind, "appointment") == 0)
            return true;
    }
    return false;
}

/* A step's limit is one budget over all its visits: it only gets less, until a restart or by what
 * an apology promises. A visit that begins after closing has until the next working day, which is
 * one more; of calendar days that may be any number. */
static void budgets(struct walk *walk, const struct dossier *before, const struct dossier *after)
{
    if (wall_is_none(before->received_at) || restarted(before, after) || appointed(after))
        return;
    for (size_t i = 0; i < walk->procedure->step_count; i++) {
        enum limit_unit unit = dossier_step_limit(after, (int)i).unit;
        int64_t most = before->budget[i] + (unit == LIMIT_WORKING_DAYS);

        if (before->budget[i] < 0 || (unit != LIMIT_WORKING_DAYS && unit != LIMIT_WORKING_HOURS))
            continue;
        CHECK(walk, after->budget[i] >= 0 && after->budget[i] <= most);
        for (size_t k = 0; k < after->task_count; k++) {
            const struct task *task = &after->tasks[k];

            CHECK(walk, task->step != (int)i || task->no < before->next_task ||
                            (task->budget_left >= 0 && task->budget_left <= most));
        }
    }
}

static void events(struct walk *walk, const struct dossier *before, const struct outcome *outcome)
{
    wall_t last = before->last_event_at;

    CHECK(walk, outcome->event_count > 0);
    for (size_t i = 0; i < outcome->event_count; i++) {
        const struct event_row *event = &outcome->events[i];

        CHECK(walk, event->kind != NULL && event->body.len > 0);
        CHECK(walk, wall_is_none(last) || event->at.us >= last.us);
        last = event->at;
    }
    CHECK(walk, outcome->after->last_event_at.us == last.us);
}

static void decision(struct walk *walk, const struct dossier *before, const struct outcome *outcome)
{
    bool moved = before->id == 0 || before->state != outcome->after->state ||
                 before->due_current.us != outcome->after->due_current.us;

    CHECK(walk, outcome->after->decision == before->decision + outcome->decision_moved);
    CHECK(walk, !moved || outcome->decision_moved);
    CHECK(walk, outcome->creates == (before->id == 0));
}

void invariant_change(struct walk *walk, const struct dossier *before,
                      const struct command *command, const struct outcome *outcome)
{
    const struct dossier *after = outcome->after;

    tokens(walk, before, command, after);
    numbers(walk, before, after);
    kept(walk, before, after);
    dates(walk, before, after);
    after_end(walk, before, command, outcome);
    events(walk, before, outcome);
    decision(walk, before, outcome);
    budgets(walk, before, after);
    for (size_t i = 0; i < outcome->delta_count; i++)
        count_stock(walk, &outcome->deltas[i]);
    figures(walk, after);
}

/* Every entry begins at the date in force then; a hold moves it when it ends, and a new calendar
 * may have moved it meanwhile. */
static void ledger(struct walk *walk)
{
    const struct dossier *d = walk->dossier;
    const struct hold *ending = NULL;
    wall_t due = d->due_first;
    size_t open = 0;

    for (size_t i = 0; i < d->hold_count; i++) {
        const struct hold *entry = &d->holds[i];
        bool meanwhile = ending != NULL && strcmp(entry->kind, "calendar") == 0 &&
                         entry->from.us <= ending->to.us;

        if (ending != NULL && !meanwhile) {
            due = ending->new_due;
            ending = NULL;
        }
        CHECK(walk, entry->old_due.us == due.us);
        CHECK(walk, i == 0 || entry->no > d->holds[i - 1].no);
        CHECK(walk, i == 0 || entry->from.us >= d->holds[i - 1].from.us);
        CHECK(walk, wall_is_none(entry->to) || entry->to.us >= entry->from.us);
        open += wall_is_none(entry->to);
        if (strcmp(entry->kind, "hold") == 0)
            ending = wall_is_none(entry->to) ? NULL : entry;
        else
            due = entry->new_due;
    }
    if (ending != NULL)
        due = ending->new_due;
    CHECK(walk, open == (d->clock == CLOCK_HELD));
    CHECK(walk, due.us == d->due_current.us);
}

/* The date is what the limit gives over the whole ledger; after a new appointment, no earlier than
 * promised. */
static void due_date(struct walk *walk)
{
    const struct dossier *d = walk->dossier;
    struct clock_run run;
    wall_t due;

    if (d->clock != CLOCK_RUNNING || appointed(d) ||
        d->calendar_version != walk->setting.calendar_version)
        return;
    run = dossier_clock_run(walk->arena, d);
    if (deadline_due_run(walk->setting.calendar, &walk->procedure->clock, dossier_limit(d), &run,
                         &due) != 0)
        return;
    CHECK(walk, due.us == d->due_current.us);
    CHECK(walk, wall_is_none(due) == (dossier_limit(d).unit == LIMIT_NONE));
}

static bool has_timer(const struct walk *walk, const struct task *task)
{
    size_t found = 0;

    for (size_t i = 0; i < walk->timer_count; i++)
        found += walk->timers[i].scope == task->no && walk->timers[i].rung == -1;
    return found == 1;
}

static void timers(struct walk *walk)
{
    const struct dossier *d = walk->dossier;
    bool held = workflow_suspended(d);

    CHECK(walk, !ended(d) || walk->timer_count == 0);
    for (size_t i = 0; i < walk->timer_count; i++) {
        const struct timer_row *timer = &walk->timers[i];
        const struct task *task = timer->scope == 0 ? NULL : dossier_task(d, timer->scope);

        CHECK(walk, (timer->kind == TIMER_TIMEOUT) == (timer->rung < 0));
        if (timer->scope == 0) {
            CHECK(walk, d->clock == CLOCK_RUNNING && timer->epoch == d->due_epoch);
            CHECK(walk, timer->rung >= 0 && (size_t)timer->rung < walk->procedure->rung_count);
        } else {
            CHECK(walk, task != NULL && task->state == TASK_OPEN && task->epoch == timer->epoch);
            CHECK(walk, !held);
        }
    }
    for (size_t i = 0; i < d->task_count; i++) {
        if (walk->procedure->steps[d->tasks[i].step].timeout.present)
            CHECK(walk, held || has_timer(walk, &d->tasks[i]));
    }
}

static bool armed(const struct walk *walk, int scope, int epoch, size_t rung)
{
    for (size_t i = 0; i < walk->timer_count; i++) {
        const struct timer_row *timer = &walk->timers[i];

        if (timer->scope == scope && timer->epoch == epoch && timer->rung == (int)rung)
            return true;
    }
    return false;
}

/* Nobody is left without the warnings that are still to come, of a desk and of the whole. */
static void warnings(struct walk *walk)
{
    const struct dossier *d = walk->dossier;
    const struct procedure *p = walk->procedure;
    const struct calendar *calendar = walk->setting.calendar;
    wall_t at, now = walk->setting.now;
    struct clock_run run;

    if (d->calendar_version != walk->setting.calendar_version || workflow_suspended(d))
        return;
    if (now.us < d->last_event_at.us)
        now = d->last_event_at; /* nothing is decided for a moment before the last one */
    for (size_t i = 0; i < d->task_count; i++) {
        const struct task *task = &d->tasks[i];
        const struct step *step = &p->steps[task->step];

        for (size_t k = 0; k < step->rung_count && !wall_is_none(task->due); k++)
            CHECK(walk, deadline_point(calendar, task->counted_from, task->due, step->rungs[k].at,
                                       &at) != 0 ||
                            at.us <= now.us || armed(walk, task->no, task->epoch, k));
    }
    if (d->clock != CLOCK_RUNNING || wall_is_none(d->due_current))
        return;
    run = dossier_clock_run(walk->arena, d);
    for (size_t k = 0; k < p->rung_count; k++)
        CHECK(walk, deadline_point_run(calendar, &run, d->due_current, p->rungs[k].at, &at) != 0 ||
                        at.us <= now.us || armed(walk, 0, d->due_epoch, k));
}

static void limits(struct walk *walk)
{
    const struct dossier *d = walk->dossier;
    int intake = 0, appraisal = 0;

    for (size_t i = 0; i < d->supplement_count; i++)
        *(d->supplements[i].intake ? &intake : &appraisal) += 1;
    CHECK(walk, intake <= walk->procedure->intake.max);
    CHECK(walk, appraisal <= walk->procedure->appraisal.max);
    for (size_t i = 0; i < walk->procedure->step_count; i++)
        CHECK(walk, d->budget[i] >= -1 && d->visits[i] >= 0);
    CHECK(walk, workflow_completion(d) >= 0 && workflow_completion(d) <= 100);
}

static void shape(struct walk *walk)
{
    const struct dossier *d = walk->dossier;
    const struct state_info *info = state_info(d->state);

    CHECK(walk, info->terminal == (dossier_open_tasks(d) == 0));
    CHECK(walk, !info->terminal || d->clock == CLOCK_ENDED);
    CHECK(walk, info->terminal == !wall_is_none(d->ended_at));
    CHECK(walk, info->counted == !wall_is_none(d->received_at) || d->state == STATE_WITHDRAWN);
    CHECK(walk,
          (d->clock == CLOCK_NONE || d->clock == CLOCK_ENDED) || !wall_is_none(d->received_at));
    CHECK(walk, wall_is_none(d->received_at) || d->clock != CLOCK_NONE);
    CHECK(walk, wall_is_none(d->finished_at) || d->clock == CLOCK_ENDED);
    CHECK(walk, wall_is_none(d->finished_at) || d->finished_at.us >= d->received_at.us);
    CHECK(walk, d->state != STATE_RETURNED || !wall_is_none(d->finished_at));
    CHECK(walk, d->state != STATE_SUSPENDED || workflow_suspended(d));
    CHECK(walk, state_info(d->state)->terminal || d->state == d->state_before ||
                    d->state == STATE_SUSPENDED || d->state == STATE_WITHDRAWAL_REQUESTED);
    for (size_t i = 0; i < d->task_count; i++)
        CHECK(walk, d->tasks[i].role == ROLE_NONE || d->tasks[i].agency != NULL);
}

void invariant_state(struct walk *walk)
{
    if (walk->dossier->id == 0)
        return;
    shape(walk);
    ledger(walk);
    due_date(walk);
    timers(walk);
    warnings(walk);
    limits(walk);
}
