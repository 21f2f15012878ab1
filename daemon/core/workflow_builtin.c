#include "core/workflow_builtin.h"

#include "core/workflow_act.h"
#include "core/workflow_clock.h"
#include "core/workflow_effect.h"
#include "core/workflow_rights.h"
#include "core/workflow_state.h"
#include "core/workflow_timer.h"
#include "core/workflow_token.h"

#include <string.h>

static int refuse(struct decision *d, const char *code, const char *pointer)
{
    return decision_refuse(d, WF_E_REFUSED, code, pointer);
}

static bool accepted(const struct decision *d)
{
    return !wall_is_none(d->after->received_at);
}

/* Accepted and not finished: the time in which the office works on it. */
static int in_work(struct decision *d)
{
    if (!accepted(d))
        return refuse(d, "not_accepted_yet", "/action");
    if (!wall_is_none(d->after->finished_at))
        return refuse(d, "already_finished", "/action");
    return 0;
}

static int withdraw_check(struct decision *d, const struct task *task)
{
    (void)task;
    if (!rights_applicant(d))
        return rights_forbid(d);
    if (!wall_is_none(d->after->finished_at))
        return refuse(d, "already_finished", "/action");
    if (d->after->state == STATE_WITHDRAWAL_REQUESTED)
        return refuse(d, "withdrawal_pending", "/action");
    return 0;
}

static int withdraw(struct decision *d, struct task *task)
{
    bool told = false;

    (void)task;
    if (!accepted(d)) {
        decision_event(d, "withdrawn", d->command->action, 0, -1);
        return workflow_end(d, STATE_WITHDRAWN);
    }
    decision_event(d, "withdrawal_requested", d->command->action, 0, -1);
    d->after->state = STATE_WITHDRAWAL_REQUESTED;
    for (size_t i = 0; i < d->after->task_count; i++) {
        const struct task *open = &d->after->tasks[i];

        if (open->state == TASK_OPEN && open->role != ROLE_NONE) {
            decision_tell(d, open->assignee, open->role, open->agency, "withdrawal_requested",
                          open);
            told = true;
        }
    }
    /* While the dossier waits for the applicant nobody has it, and somebody must agree. */
    if (!told)
        decision_tell(d, 0, ROLE_OFFICER, d->after->agency_competent, "withdrawal_requested", NULL);
    return 0;
}

static int decide_withdrawal_check(struct decision *d, const struct task *task)
{
    (void)task;
    if (!rights_any(d, RIGHTS_HANDLING, d->after->agency_competent))
        return rights_forbid(d);
    return d->after->state == STATE_WITHDRAWAL_REQUESTED
               ? 0
               : refuse(d, "withdrawal_not_requested", "/action");
}

static int confirm_withdraw(struct decision *d, struct task *task)
{
    (void)task;
    decision_event(d, "withdrawn", d->command->action, 0, -1);
    decision_tell_applicant(d, "withdrawn");
    return workflow_end(d, STATE_WITHDRAWN);
}

static int refuse_withdraw(struct decision *d, struct task *task)
{
    (void)task;
    decision_event(d, "withdrawal_refused", d->command->action, 0, -1);
    d->after->state = d->after->state_before;
    decision_tell_applicant(d, "withdrawal_refused");
    return 0;
}

static int handling_check(struct decision *d, const struct task *task)
{
    (void)task;
    if (!rights_any(d, RIGHTS_HANDLING, d->after->agency_competent))
        return rights_forbid(d);
    return in_work(d);
}

/* Where the proposed moment lands on the calendar: a working day, by the procedure's time of day.
 */
static int settle_new_due(struct decision *d, wall_t *ret)
{
    const struct calendar *calendar = d->setting->calendar;
    day_t day = day_of(d->command->new_due);
    wall_t due = d->command->new_due;
    bool working;
    int r = decision_calendar(d, calendar_is_working_day(calendar, day, &working));

    if (r != 0)
        return r;
    if (!working)
        return refuse(d, "new_due_not_working_day", "/new_due");
    if (dossier_clock_rule(d->after)->due_time == DUE_END_OF_DAY)
        r = calendar_last_closing(calendar, day, &due);
    else
        r = calendar_clamp(calendar, day, due.us - day_at(day, 0).us, &due);
    if (r != 0)
        return decision_calendar(d, r);
    if (due.us <= d->after->due_current.us || due.us <= d->at.us)
        return refuse(d, "new_due_not_later", "/new_due");
    *ret = due;
    return 0;
}

/* Why this apology moves no date, or NULL when it does (Decree 61/2018, Art 19.9: told at least one
 * day before due, and once). */
static const char *moves_nothing(const struct decision *d)
{
    const struct dossier *after = d->after;

    if (wall_is_none(d->command->new_due))
        return "no_new_date";
    if (wall_is_none(after->due_current))
        return "no_due_date";
    if (after->clock != CLOCK_RUNNING)
        return "clock_held";
    if (after->extended)
        return "already_extended";
    return day_of(d->at).n < day_of(after->due_current).n ? NULL : "late";
}

static int apology(struct decision *d, struct task *task)
{
    const char *why_not = moves_nothing(d);
    struct value *content = value_new(d->arena, VALUE_MAP);
    wall_t new_due = WALL_NONE;
    int r = 0;

    (void)task;
    if (why_not == NULL)
        r = settle_new_due(d, &new_due);
    if (r != 0)
        return r;
    decision_event(d, "apologised", d->command->action, 0, -1);
    decision_more_bool(d, "moved", why_not == NULL);
    if (why_not != NULL)
        decision_more_str(d, "moved_nothing", why_not);
    value_set(d->arena, content, "old_due", decision_wall(d, d->after->due_current));
    if (why_not == NULL)
        r = workflow_clock_appoint(d, new_due);
    value_set(d->arena, content, "new_due", decision_wall(d, new_due));
    if (r == 0)
        workflow_issue(d, FORM_APOLOGY, content);
    return r;
}

static int stop(struct decision *d, struct task *task)
{
    (void)task;
    decision_event(d, "stopped", d->command->action, 0, -1);
    workflow_issue(d, FORM_STOP_NOTICE, NULL);
    return workflow_end(d, STATE_STOPPED);
}

static int reassign_check(struct decision *d, const struct task *task)
{
    if (task->role == ROLE_NONE || !rights_at(d, ROLE_UNIT_HEAD, task->agency))
        return rights_forbid(d);
    return 0;
}

static void hold_by(struct decision *d, struct task *task, const char *event, int64_t account)
{
    decision_event(d, event, d->command->action, task->no, task->step);
    decision_more_int(d, "assignee", account);
    task->assignee = account;
    task->changed = true;
    d->touched = true;
}

static int reassign(struct decision *d, struct task *task)
{
    hold_by(d, task, "reassigned", d->command->assignee);
    decision_tell(d, task->assignee, ROLE_NONE, NULL, "assigned", task);
    return 0;
}

static int take_check(struct decision *d, const struct task *task)
{
    if (task->role == ROLE_NONE || !rights_at(d, task->role, task->agency))
        return rights_forbid(d);
    if (task->assignee != 0)
        return refuse(d, "already_assigned", "/task");
    return 0;
}

static int take(struct decision *d, struct task *task)
{
    hold_by(d, task, "task_taken", d->actor->account);
    return 0;
}

/* A power of one's own: who acts for another by delegation cannot pass it on. */
static bool own_role(const struct decision *d, const struct task *task)
{
    const struct actor *actor = d->actor;

    for (size_t i = 0; i < actor->grant_count; i++) {
        if (actor->grants[i].role == task->role && task->agency != NULL &&
            strcmp(actor->grants[i].agency, task->agency) == 0)
            return true;
    }
    return false;
}

static int delegate_check(struct decision *d, const struct task *task)
{
    if (task->role == ROLE_NONE || task->assignee == 0 || task->assignee != d->actor->account ||
        !rights_at(d, task->role, task->agency))
        return rights_forbid(d);
    return own_role(d, task) ? 0 : refuse(d, "delegation_not_further", "/action");
}

/* The one task goes to a colleague of the same role, or to whom its holder has given that role for
 * a time; the delegation itself names its legal basis and its days. */
static int delegate(struct decision *d, struct task *task)
{
    if (d->command->assignee == d->actor->account)
        return refuse(d, "delegate_to_self", "/assignee");
    hold_by(d, task, "delegated", d->command->assignee);
    decision_tell(d, task->assignee, ROLE_NONE, NULL, "assigned", task);
    return 0;
}

static int note_check(struct decision *d, const struct task *task)
{
    (void)task;
    return rights_staff(d) ? 0 : rights_forbid(d);
}

static int note(struct decision *d, struct task *task)
{
    if (d->command->note == NULL || d->command->note[0] == '\0')
        return refuse(d, "note_required", "/note");
    decision_event(d, "noted", d->command->action, task != NULL ? task->no : 0,
                   task != NULL ? task->step : -1);
    return 0;
}

static bool owes(const struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->fee_count; i++) {
        if (!dossier->fees[i].waived && wall_is_none(dossier->fees[i].paid_at))
            return true;
    }
    return false;
}

static int pay_check(struct decision *d, const struct task *task)
{
    const struct dossier *after = d->after;
    bool may = d->actor->party == ROLE_PAYMENT;

    (void)task;
    if (may)
        d->role = ROLE_PAYMENT;
    may = may || rights_at(d, ROLE_CASHIER, after->agency_receiving) ||
          rights_at(d, ROLE_CASHIER, after->agency_competent) ||
          rights_at(d, ROLE_RECEIVER, after->agency_receiving) ||
          rights_at(d, ROLE_RECEIVER, after->agency_competent);
    if (!may)
        return rights_forbid(d);
    return owes(after) ? 0 : refuse(d, "fee_already_paid", "/fee");
}

/* The one that is named; without a name the only one that is still owed. */
static int find_fee(struct decision *d, struct dossier_fee **ret)
{
    struct dossier *after = d->after;
    struct dossier_fee *found = NULL;

    for (size_t i = 0; i < after->fee_count; i++) {
        struct dossier_fee *fee = &after->fees[i];
        bool open = !fee->waived && wall_is_none(fee->paid_at);

        if (d->command->fee != NULL ? strcmp(fee->fee, d->command->fee) == 0 : open)
            found = found == NULL || d->command->fee != NULL ? fee : NULL;
    }
    if (found == NULL)
        return refuse(d, "fee_unknown", "/fee");
    if (found->waived || !wall_is_none(found->paid_at))
        return refuse(d, "fee_already_paid", "/fee");
    *ret = found;
    return 0;
}

/* An up-front fee is paid: the intake limit counts from now (law-and-practice, section 3). */
static int intake_restarts(struct decision *d)
{
    int r;

    for (size_t i = 0; i < d->after->task_count; i++) {
        struct task *task = &d->after->tasks[i];

        if (task->state != TASK_OPEN || task->role != ROLE_RECEIVER)
            continue;
        task->epoch++;
        workflow_disarm_task(d, task);
        r = workflow_count_intake(d, task);
        return r == 0 ? workflow_arm_task(d, task, false) : r;
    }
    return 0;
}

static const struct action *payment_action(const struct step *step)
{
    for (size_t i = 0; i < step->action_count; i++) {
        if (step->actions[i].by == ROLE_PAYMENT)
            return &step->actions[i];
    }
    return NULL;
}

/* Who waited for the payment goes on. */
static int payment_arrived(struct decision *d)
{
    for (size_t i = 0; i < d->after->task_count; i++) {
        struct task *task = &d->after->tasks[i];
        const struct step *step = &d->procedure->steps[task->step];
        const struct action *action = payment_action(step);

        if (task->state == TASK_OPEN && step->wait == WAIT_PAYMENT && action != NULL &&
            workflow_may(d, task, action) == 0)
            return workflow_take(d, task, action);
    }
    return 0;
}

static void settle_fee(struct decision *d, struct dossier_fee *fee)
{
    const struct command *command = d->command;

    decision_more_str(d, "fee", fee->fee);
    decision_more_int(d, "amount", command->waive ? 0 : fee->amount);
    decision_more_bool(d, "waived", command->waive);
    fee->changed = true;
    fee->receipt = command->receipt;
    if (command->waive) {
        fee->waived = true;
        fee->amount = 0;
        return;
    }
    fee->paid_at = d->at;
    fee->method = command->method != NULL ? command->method : "cash";
}

static int pay(struct decision *d, struct task *task)
{
    struct dossier_fee *fee = NULL;
    bool was_owed = !dossier_fees_paid(d->after, FEE_BEFORE_ACCEPT);
    int r = find_fee(d, &fee);

    (void)task;
    if (r != 0)
        return r;
    if (d->command->waive && (d->command->reason == NULL || d->command->reason[0] == '\0'))
        return refuse(d, "reason_required", "/reason");
    decision_event(d, "paid", d->command->action, 0, -1);
    settle_fee(d, fee);
    if (!accepted(d) && was_owed && dossier_fees_paid(d->after, FEE_BEFORE_ACCEPT))
        r = intake_restarts(d);
    if (r == 0 && (dossier_fees_paid(d->after, FEE_BEFORE_RESULT) ||
                   (was_owed && dossier_fees_paid(d->after, FEE_BEFORE_ACCEPT))))
        r = payment_arrived(d);
    return r;
}

static int correct_check(struct decision *d, const struct task *task)
{
    const char *agency = d->after->agency_competent;

    (void)task;
    if (!rights_at(d, ROLE_OFFICER, agency) && !rights_at(d, ROLE_LEADER, agency) &&
        !rights_at(d, ROLE_CLERK, agency))
        return rights_forbid(d);
    if (d->after->result_count == 0 || wall_is_none(d->after->finished_at))
        return refuse(d, "not_finished_yet", "/action");
    return 0;
}

static int correct(struct decision *d, struct task *task)
{
    (void)task;
    decision_event(d, "result_corrected", d->command->action, 0, -1);
    workflow_add_result(d);
    decision_tell_applicant(d, "result_corrected");
    return 0;
}

static int suspend_check(struct decision *d, const struct task *task)
{
    int r;

    (void)task;
    if (!rights_at(d, ROLE_LEADER, d->after->agency_competent))
        return rights_forbid(d);
    r = in_work(d);
    if (r == 0 && d->after->clock != CLOCK_RUNNING)
        r = refuse(d, workflow_suspended(d->after) ? "suspended" : "clock_held", "/action");
    return r;
}

static int suspend(struct decision *d, struct task *task)
{
    (void)task;
    decision_event(d, "suspended", d->command->action, 0, -1);
    workflow_clock_pause(d, "suspended", "office");
    workflow_tasks_hold(d);
    decision_tell_applicant(d, "suspended");
    return 0;
}

static int unsuspend_check(struct decision *d, const struct task *task)
{
    (void)task;
    if (!rights_at(d, ROLE_LEADER, d->after->agency_competent))
        return rights_forbid(d);
    return workflow_suspended(d->after) ? 0 : refuse(d, "not_suspended", "/action");
}

static int unsuspend(struct decision *d, struct task *task)
{
    wall_t since = dossier_open_hold(d->after)->from;
    int r;

    (void)task;
    decision_event(d, "unsuspended", d->command->action, 0, -1);
    r = workflow_clock_resume(d);
    if (r == 0)
        r = workflow_tasks_go_on(d, since);
    if (r == 0)
        decision_tell_applicant(d, "unsuspended");
    return r;
}

static const struct builtin builtins[] = {
    {"take", "Nhận xử lý", 0, true, take_check, take},
    {"reassign", "Phân công", NEED_ASSIGNEE, true, reassign_check, reassign},
    {"delegate", "Uỷ quyền xử lý", NEED_ASSIGNEE, true, delegate_check, delegate},
    {"confirm_withdraw", "Đồng ý rút hồ sơ", 0, false, decide_withdrawal_check, confirm_withdraw},
    {"refuse_withdraw", "Không đồng ý rút hồ sơ", NEED_REASON, false, decide_withdrawal_check,
     refuse_withdraw},
    {"withdraw", "Rút hồ sơ", 0, false, withdraw_check, withdraw},
    {"pay", "Thu phí, lệ phí tại quầy", NEED_RECEIPT, false, pay_check, pay},
    {"apology", "Xin lỗi và hẹn lại ngày trả kết quả", NEED_REASON, false, handling_check, apology},
    {"suspend", "Tạm dừng xử lý", NEED_REASON, false, suspend_check, suspend},
    {"unsuspend", "Tiếp tục xử lý", 0, false, unsuspend_check, unsuspend},
    {"stop", "Dừng giải quyết", NEED_REASON, false, handling_check, stop},
    {"correct", "Đính chính kết quả", NEED_REASON | NEED_RESULT, false, correct_check, correct},
    {"note", "Ghi chú", 0, false, note_check, note},
};

const struct builtin *workflow_builtins(size_t *ret_count)
{
    *ret_count = DVC_COUNT(builtins);
    return builtins;
}

const struct builtin *workflow_builtin(struct slice id)
{
    for (size_t i = 0; i < DVC_COUNT(builtins); i++) {
        if (slice_is(id, builtins[i].id))
            return &builtins[i];
    }
    return NULL;
}
