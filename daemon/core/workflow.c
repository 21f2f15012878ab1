/* Kinds of events: submitted, accepted, action, finished, ended, timed_out, warned, recalculated,
 * migrated, read, outbox_retried, outbox_skipped, linked_opened, linked_ended, parcel_ordered,
 * parcel_order_refused, parcel_moved, parcel_news, and of the actions that every dossier has:
 * task_taken, reassigned, delegated, withdrawn, withdrawal_requested, withdrawal_refused,
 * apologised, stopped, suspended, unsuspended, paid, noted, result_corrected.
 *
 * Members of a body, in this order, those without a value left out unless said: kind, at, by
 * {account, role, agency; null where none}, action, task, step; what is particular to the kind;
 * automatic [{task, step, action}], effects ["accept", "issue:receipt", ...]; from_state (null at
 * the creation), state, clock; opened [{task, step, role, agency, due}], closed [{task, step,
 * state}]; from the acceptance on due_first and due_current (null: no limit); ledger [{no, kind,
 * reason, party, from, to, old_due, new_due}], parcels [{no, direction, state, news, moved}], forms
 * [{form, no}], linked [{no, as, procedure, agency, code, state, end}]. Particular are, for
 * submitted: procedure, version, case, channel, delivery, helping, receiving, competent, on_behalf,
 * submitted_at, form_digest, fees, documents, intake_due; accepted: received_at, accepted_late; the
 * one that ends the clock: finished_at; warned: scope, epoch, rung, point, to, due; outbox_*:
 * channel, topic; migrated: order, from and to (versions), limit_kept and promised_by (from the
 * acceptance on), steps [{task, from, to, role, agency, due}]; paid: fee, amount, waived;
 * apologised: moved, moved_nothing. */
#include "core/workflow.h"

#include "core/measure.h"
#include "core/workflow_act.h"
#include "core/workflow_builtin.h"
#include "core/workflow_clock.h"
#include "core/workflow_decision.h"
#include "core/workflow_effect.h"
#include "core/workflow_leave.h"
#include "core/workflow_linked.h"
#include "core/workflow_migrate.h"
#include "core/workflow_postal.h"
#include "core/workflow_rights.h"
#include "core/workflow_state.h"
#include "core/workflow_submit.h"
#include "core/workflow_timer.h"

/* What the history calls it: the most that the action does. */
static const char *kind_of(const struct action *action)
{
    if (effects_have(action->effects, action->effect_count, EFFECT_ACCEPT))
        return "accepted";
    if (action->to.kind == TARGET_END)
        return "ended";
    if (effects_have(action->effects, action->effect_count, EFFECT_FINISH))
        return "finished";
    return "action";
}

static int find_task(struct decision *d, struct task **ret)
{
    struct task *task = dossier_task(d->after, d->command->task);

    if (task == NULL || task->state != TASK_OPEN)
        return decision_refuse(d, WF_E_TASK_GONE, "task_closed", "/task");
    *ret = task;
    return 0;
}

static int plugin_rights(struct decision *d, const struct task *task, const struct action *action)
{
    if (!access_may_act(d->actor, d->after, task, action, d->setting->agencies, &d->role))
        return decision_refuse(d, WF_E_FORBIDDEN, "forbidden", "");
    d->agency = role_is_staff(d->role) ? task->agency : NULL;
    if (d->agency == NULL && role_is_staff(d->role))
        d->agency = d->after->agency_receiving;
    return 0;
}

static int plugin_action(struct decision *d, struct task *task, const struct action *action)
{
    bool accepts = effects_have(action->effects, action->effect_count, EFFECT_ACCEPT);
    int r = plugin_rights(d, task, action);

    if (r == 0)
        r = workflow_may(d, task, action);
    if (r == 0)
        r = workflow_needs(d, action->needs);
    if (r == 0 && accepts)
        r = workflow_backdate(d, d->before->id == 0);
    if (r != 0)
        return r;
    decision_event(d, kind_of(action), slice_str(action->id), task->no, task->step);
    r = workflow_take(d, task, action);
    return r == 0 ? workflow_automatic(d) : r;
}

static int builtin_action(struct decision *d, struct task *task, const struct builtin *builtin)
{
    int r;

    if (state_info(d->after->state)->terminal && !slice_is(d->command->action, "correct") &&
        !slice_is(d->command->action, "note"))
        return decision_refuse(d, WF_E_REFUSED, "dossier_ended", "/action");
    if (builtin->on_task && task == NULL)
        return decision_refuse(d, WF_E_REFUSED, "task_required", "/task");
    r = builtin->check(d, task);
    if (r == 0)
        r = workflow_needs(d, builtin->needs);
    if (r == 0)
        r = builtin->act(d, task);
    return r == 0 ? workflow_automatic(d) : r;
}

static int act(struct decision *d)
{
    const struct command *command = d->command;
    const struct action *action = NULL;
    const struct builtin *builtin;
    struct task *task = NULL;
    int r;

    if (command->if_decision >= 0 && command->if_decision != d->before->decision)
        return decision_refuse(d, WF_E_STALE, "decision_changed", "");
    if (command->task != 0) {
        r = find_task(d, &task);
        if (r != 0)
            return r;
        action = step_action(&d->procedure->steps[task->step], command->action);
    }
    if (action != NULL) {
        r = plugin_action(d, task, action);
    } else {
        builtin = workflow_builtin(command->action);
        if (builtin == NULL)
            return decision_refuse_arg(d, WF_E_REFUSED,
                                       command->task == 0 ? "task_required" : "action_unknown",
                                       command->task == 0 ? "/task" : "/action",
                                       arena_slice_str(d->arena, command->action));
        r = builtin_action(d, task, builtin);
    }
    if (r == 0)
        decision_event_end(d);
    return r;
}

/* At the counter the receiver files and accepts in one act: two events, one change. */
static int submit(struct decision *d)
{
    const struct action *action = NULL;
    struct task *task;
    int r = workflow_submit(d);

    if (r != 0)
        return r;
    if (d->command->action.len == 0) {
        r = workflow_automatic(d);
        if (r == 0)
            decision_event_end(d);
        return r;
    }
    d->draft.silent = true;
    decision_event_end(d);
    task = &d->after->tasks[d->after->task_count - 1];
    action = step_action(&d->procedure->steps[task->step], d->command->action);
    if (action == NULL)
        return decision_refuse_arg(d, WF_E_REFUSED, "action_unknown", "/action",
                                   arena_slice_str(d->arena, d->command->action));
    r = plugin_action(d, task, action);
    if (r == 0)
        decision_event_end(d);
    return r;
}

static int timed_out(struct decision *d, struct task *task)
{
    const struct step *step = &d->procedure->steps[task->step];
    const struct timeout *timeout = &step->timeout;
    const struct action *action =
        timeout->action != NULL ? step_action(step, slice_str(timeout->action)) : NULL;
    int r;

    decision_event(d, "timed_out", action != NULL ? slice_str(action->id) : SLICE_NULL, task->no,
                   task->step);
    decision_more_bool(d, "consent", timeout->consents);
    if (action != NULL)
        r = workflow_take(d, task, action);
    else
        r = workflow_move(d, task, &timeout->to, timeout->effects, timeout->effect_count);
    if (r == 0)
        r = workflow_automatic(d);
    if (r == 0)
        decision_event_end(d);
    return r;
}

static int timer(struct decision *d)
{
    struct task *task;
    int r = workflow_timer_claim(d, &task);

    if (r != 0)
        return r;
    d->role = ROLE_CLOCK;
    if (d->command->rung < 0)
        return timed_out(d, task);
    workflow_warn(d, task);
    return 0;
}

static int postal(struct decision *d)
{
    int r;

    d->role = ROLE_POST;
    r = workflow_postal(d);
    if (r == 0)
        r = workflow_automatic(d);
    if (r == 0)
        decision_event_end(d);
    return r;
}

static int recalculate(struct decision *d)
{
    bool moved;
    int r;

    d->role = ROLE_CLOCK;
    decision_event(d, "recalculated", SLICE_NULL, 0, -1);
    decision_more_int(d, "old_version", d->before->calendar_version);
    decision_more_int(d, "calendar_version", d->setting->calendar_version);
    r = workflow_clock_recalculate(d, &moved);
    if (r != 0)
        return r;
    decision_more_bool(d, "moved", moved);
    decision_event_end(d);
    return 0;
}

static int read_document(struct decision *d)
{
    if (!access_may_view(d->actor, d->after, d->setting->agencies))
        return decision_refuse(d, WF_E_FORBIDDEN, "forbidden", "");
    if (access_is_applicant(d->actor, d->after) && d->actor->kind != ACCOUNT_STAFF)
        d->role = ROLE_APPLICANT;
    else
        d->role = d->actor->grant_count > 0 ? d->actor->grants[0].role : ROLE_NONE;
    decision_event(d, "read", SLICE_NULL, 0, -1);
    decision_more_str(d, "document", d->command->document);
    decision_event_end(d);
    return 0;
}

/* The dossier says who decided on what it could not tell others. */
static int outbox_decided(struct decision *d)
{
    const struct command *command = d->command;
    int r = 0;

    if (!rights_at(d, ROLE_ADMIN, d->after->agency_competent))
        return rights_forbid(d);
    if (command->reason == NULL || command->reason[0] == '\0')
        return decision_refuse(d, WF_E_REFUSED, "reason_required", "/reason");
    decision_event(d, command->skip ? "outbox_skipped" : "outbox_retried", SLICE_NULL, 0, -1);
    decision_more_str(d, "channel", command->channel);
    decision_more_str(d, "topic", command->topic);
    if (command->skip)
        r = workflow_links_given_up(d);
    if (r == 0)
        decision_event_end(d);
    return r;
}

static int linked(struct decision *d)
{
    int r;

    d->role = ROLE_LINKED;
    r = workflow_linked(d);
    if (r == 0 && !state_info(d->after->state)->terminal)
        r = workflow_automatic(d);
    if (r == 0)
        decision_event_end(d);
    return r;
}

/* Every way in which the date moves: an answer that came, an appointment, a calendar. */
static void tell_new_due(struct decision *d)
{
    wall_t before = d->before->due_current, after = d->after->due_current;

    if (!wall_is_none(before) && !wall_is_none(after) && before.us != after.us &&
        !decision_told_applicant(d, "apology"))
        decision_tell_applicant(d, "due_moved");
}

static bool moved_decision(const struct decision *d)
{
    const struct dossier *before = d->before, *after = d->after;

    if (before->id == 0)
        return true;
    if (before->state != after->state || before->due_current.us != after->due_current.us ||
        before->paper_count != after->paper_count)
        return true;
    for (size_t i = 0; i < after->task_count; i++) {
        if (after->tasks[i].changed)
            return true;
    }
    return false;
}

static int decide(struct decision *d)
{
    switch (d->command->kind) {
    case CMD_SUBMIT:
        return submit(d);
    case CMD_ACTION:
        return act(d);
    case CMD_TIMER:
        return timer(d);
    case CMD_POSTAL:
        return postal(d);
    case CMD_RECALCULATE:
        return recalculate(d);
    case CMD_OUTBOX:
        return outbox_decided(d);
    case CMD_READ:
        return read_document(d);
    case CMD_LINKED:
        return linked(d);
    case CMD_MIGRATE:
        return workflow_migrate(d);
    }
    return decision_refuse_arg(d, WF_E_REFUSED, "action_unknown", "/action", "");
}

static void decision_begin(struct decision *d, struct arena *arena, const struct dossier *dossier,
                           const struct command *command, const struct actor *actor,
                           const struct setting *setting, struct refusal *refusal)
{
    *d = (struct decision){
        .arena = arena,
        .procedure = dossier->procedure,
        .before = dossier,
        .after = dossier_copy(arena, dossier),
        .command = command,
        .actor = actor,
        .setting = setting,
        .refusal = refusal,
        .at = setting->now,
        .role = actor->party,
    };
    if (!wall_is_none(dossier->last_event_at) && dossier->last_event_at.us > d->at.us)
        d->at = dossier->last_event_at;
    d->outcome = outcome_new(arena, d->after);
    d->outcome->creates = dossier->id == 0;
}

struct command command_blank(enum command_kind kind)
{
    return (struct command){
        .kind = kind, .if_decision = -1, .received_at = WALL_NONE, .new_due = WALL_NONE};
}

int workflow_apply(struct arena *arena, const struct dossier *dossier,
                   const struct command *command, const struct actor *actor,
                   const struct setting *setting, struct outcome **ret_outcome,
                   struct refusal *ret_refusal)
{
    struct decision d;
    int r;

    decision_begin(&d, arena, dossier, command, actor, setting, ret_refusal);
    r = decide(&d);
    if (r != 0)
        return r;
    tell_new_due(&d);
    d.outcome->decision_moved = moved_decision(&d);
    if (d.outcome->decision_moved)
        d.after->decision++;
    measure_change(arena, dossier->id == 0 ? NULL : dossier, day_of(d.at), d.outcome);
    workflow_tell_links(&d);
    workflow_tell_portal(&d);
    workflow_tell_sinks(&d);
    *ret_outcome = d.outcome;
    return 0;
}
