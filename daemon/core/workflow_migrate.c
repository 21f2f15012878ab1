#include "core/workflow_migrate.h"

#include <string.h>

#include "core/form.h"
#include "core/workflow_act.h"
#include "core/workflow_clock.h"
#include "core/workflow_path.h"
#include "core/workflow_state.h"
#include "core/workflow_timer.h"
#include "core/workflow_token.h"

static int refuse(struct decision *d, const char *code, const char *arg)
{
    return decision_refuse_arg(d, WF_E_REFUSED, code, "", arg);
}

static const struct procedure *target(const struct decision *d)
{
    return d->command->migrate->to;
}

static const struct procedure *origin(const struct decision *d)
{
    return d->before->procedure;
}

/* The id over there of a step of the old version. */
static struct slice renamed(const struct decision *d, const char *id)
{
    struct slice other = value_get_text(d->command->migrate->steps, id);

    return other.len > 0 ? other : slice_str(id);
}

static int step_there(const struct decision *d, int step)
{
    return step < 0 ? -1 : procedure_step(target(d), renamed(d, origin(d)->steps[step].id));
}

static int check_order(struct decision *d)
{
    const struct command *command = d->command;

    if (d->actor->kind != ACCOUNT_SYSTEM)
        return decision_refuse(d, WF_E_FORBIDDEN, "forbidden", "");
    if (state_info(d->before->state)->terminal)
        return refuse(d, "dossier_ended", NULL);
    if (command->reason == NULL || command->reason[0] == '\0')
        return refuse(d, "reason_required", NULL);
    if (strcmp(target(d)->code, origin(d)->code) != 0)
        return refuse(d, "migrate_other_procedure", target(d)->code);
    if (target(d)->version == origin(d)->version)
        return refuse(d, "migrate_same_version", NULL);
    return 0;
}

static int check_case(struct decision *d)
{
    const struct dossier *before = d->before;

    if (!target(d)->channel_open[before->channel])
        return refuse(d, "migrate_channel_closed", channel_name_vi(before->channel));
    if (before->case_id == NULL && target(d)->case_count > 0)
        return refuse(d, "migrate_case_needed", NULL);
    if (before->case_id != NULL && procedure_case(target(d), slice_str(before->case_id)) == NULL)
        return refuse(d, "migrate_case_gone", before->case_id);
    return 0;
}

/* Only what is absent: an answer that was right when it was given is not asked for again. */
static int check_form(struct decision *d)
{
    struct form_faults faults = {NULL, 0, 0};
    struct value *kept;

    form_check(d->arena, target(d), d->before->form, day_of(d->at), workflow_path, d, &kept,
               &faults);
    for (size_t i = 0; i < faults.count; i++) {
        if (strcmp(faults.items[i].code, "required") == 0)
            return refuse(d, "migrate_field_missing", faults.items[i].message);
    }
    return 0;
}

static bool has_fee(const struct procedure *procedure, const char *id)
{
    for (size_t i = 0; i < procedure->fee_count; i++) {
        if (strcmp(procedure->fees[i].id, id) == 0)
            return true;
    }
    return false;
}

static bool has_paper(const struct procedure *procedure, struct slice id)
{
    for (size_t i = 0; i < procedure->paper_count; i++) {
        if (slice_is(id, procedure->papers[i].id))
            return true;
    }
    return false;
}

/* What is still owed, asked for or waited for must have its place in the new version. */
static int check_open_ends(struct decision *d)
{
    const struct dossier *before = d->before;

    for (size_t i = 0; i < before->fee_count; i++) {
        const struct dossier_fee *fee = &before->fees[i];

        if (!fee->waived && wall_is_none(fee->paid_at) && !has_fee(target(d), fee->fee))
            return refuse(d, "migrate_fee_gone", fee->fee);
    }
    for (size_t i = 0; i < before->supplement_count; i++) {
        const struct dossier_supplement *open = &before->supplements[i];

        for (size_t k = 0; wall_is_none(open->closed_at) && k < value_count(open->papers); k++) {
            const struct value *paper = value_at(open->papers, k);

            if (paper->kind == VALUE_STRING && !has_paper(target(d), paper->string))
                return refuse(d, "migrate_paper_gone", arena_slice_str(d->arena, paper->string));
        }
    }
    for (size_t i = 0; i < before->link_count; i++) {
        const struct dossier_link *link = &before->links[i];

        if ((link->state == LINK_ASKED || link->state == LINK_OPEN) &&
            procedure_spawn(target(d), link->as) == NULL)
            return refuse(d, "migrate_link_gone", link->as);
    }
    return 0;
}

static bool goes_back(const struct step *step)
{
    for (size_t i = 0; i < step->action_count; i++) {
        if (step->actions[i].to.kind == TARGET_PREVIOUS)
            return true;
    }
    return step->timeout.present && step->timeout.to.kind == TARGET_PREVIOUS;
}

static bool same_word(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* One open token; the new version's step, or -1 with the refusal filled. */
static int check_step(struct decision *d, const struct task *task)
{
    const struct step *old = &origin(d)->steps[task->step], *step;
    int there = step_there(d, task->step);

    if (there < 0) {
        (void)refuse(d, "migrate_step_gone", old->name != NULL ? old->name : old->id);
        return -1;
    }
    step = &target(d)->steps[there];
    if (step->wait != old->wait) {
        (void)refuse(d, "migrate_step_kind", old->name);
        return -1;
    }
    if (d->command->migrate->reaches == NULL &&
        (step->role != old->role || !same_word(step->agency_role, old->agency_role) ||
         task->group != 0)) {
        (void)refuse(d, "migrate_step_desk", old->name);
        return -1;
    }
    if (goes_back(step) && step_there(d, task->previous) < 0) {
        (void)refuse(d, "migrate_step_gone",
                     task->previous >= 0 ? origin(d)->steps[task->previous].name : old->name);
        return -1;
    }
    return there;
}

/* Visits and what is left of each step's limit, at the places that the steps have now. */
static void move_books(struct decision *d)
{
    const struct dossier *before = d->before;
    struct dossier *after = d->after;
    struct dossier *fresh = dossier_new(d->arena, target(d));

    after->visits = fresh->visits;
    after->holders = fresh->holders;
    after->budget = fresh->budget;
    for (size_t i = 0; i < origin(d)->step_count; i++) {
        int there = step_there(d, (int)i);

        if (there < 0)
            continue;
        after->visits[there] += before->visits[i];
        if (before->holders[i] != 0)
            after->holders[there] = before->holders[i];
        if (limit_eq(dossier_step_limit(before, (int)i), dossier_step_limit(after, there)))
            after->budget[there] = before->budget[i];
    }
}

/* Who held a step before it had another name is found by the old one. */
static void move_names(struct decision *d)
{
    const struct value *old = d->before->renamed;
    struct value *map = value_new(d->arena, VALUE_MAP);

    for (size_t i = 0; i < value_count(old); i++) {
        const struct value_member *member = &old->map.members[i];
        const char *was = arena_slice_str(d->arena, member->value->string);

        value_set(d->arena, map, arena_slice_str(d->arena, member->key),
                  value_string(d->arena, renamed(d, was)));
    }
    for (size_t i = 0; i < origin(d)->step_count; i++) {
        const char *id = origin(d)->steps[i].id;

        if (!slice_is(renamed(d, id), id))
            value_set(d->arena, map, id, value_string(d->arena, renamed(d, id)));
    }
    if (value_count(map) > 0)
        d->after->renamed = map;
}

static bool same_timeout(const struct timeout *a, const struct timeout *b)
{
    return a->present == b->present && (!a->present || limit_eq(a->after, b->after));
}

static int timeout_end(struct decision *d, const struct procedure *procedure, int step,
                       const struct task *task, wall_t *ret)
{
    const struct timeout *timeout = &procedure->steps[step].timeout;

    *ret = WALL_NONE;
    if (!timeout->present)
        return 0;
    return decision_calendar(d, deadline_due(d->setting->calendar, &procedure->clock,
                                             timeout->after, task->counted_from, ret));
}

/* The day until which the applicant may answer stands on a paper that he has. */
static int check_wait(struct decision *d, const struct task *old, const struct task *task)
{
    wall_t was, will;
    int r = timeout_end(d, origin(d), old->step, old, &was);

    if (r == 0)
        r = timeout_end(d, target(d), task->step, task, &will);
    if (r == 0 && !wall_is_none(will) && (wall_is_none(was) || will.us < was.us))
        r = refuse(d, "migrate_wait_shorter", origin(d)->steps[old->step].name);
    return r;
}

static bool promised_wait(const struct step *step)
{
    return step->wait == WAIT_APPLICANT || step->wait == WAIT_PAYMENT;
}

/* A desk with another limit begins it now; a wait for the applicant counts from where it began. */
static int count(struct decision *d, const struct task *old, struct task *task)
{
    const struct step *was = &origin(d)->steps[old->step], *step = &target(d)->steps[task->step];
    bool same_limit = limit_eq(dossier_step_limit(d->before, old->step),
                               dossier_step_limit(d->after, task->step));

    if (promised_wait(step))
        return same_limit ? check_wait(d, old, task) : workflow_count_task(d, task, -1);
    if (same_limit && same_timeout(&was->timeout, &step->timeout))
        return 0;
    task->counted_from = d->at;
    if (d->before->state == STATE_AWAITING_COLLECTION)
        return 0; /* nothing counts before the papers are there */
    return workflow_count_task(d, task, -1);
}

static int move_desk(struct decision *d, const struct task *old, struct task *task)
{
    const struct step *was = &origin(d)->steps[old->step], *step = &target(d)->steps[task->step];
    int r = 0;

    task->role = step->role;
    if (step->role == ROLE_NONE)
        task->agency = NULL;
    else if (was->role == ROLE_NONE || !same_word(was->agency_role, step->agency_role))
        r = workflow_agency(d, step->agency_role, &task->agency);
    if (task->role != old->role || !same_word(task->agency, old->agency))
        task->assignee = 0; /* he holds another role, or holds it elsewhere */
    return r;
}

static void tell_moved(struct decision *d, struct jw **list, const struct task *old,
                       const struct task *task)
{
    struct jw *told = decision_note(d, list);

    jw_kv_int(told, "task", task->no);
    jw_kv_str(told, "from", origin(d)->steps[old->step].id);
    jw_kv_str(told, "to", target(d)->steps[task->step].id);
    jw_kv_str(told, "role", task->role == ROLE_NONE ? NULL : role_code(task->role));
    jw_kv_str(told, "agency", task->agency);
    jw_kv_wall(told, "due", task->due);
    jw_end_object(told);
}

static int move_task(struct decision *d, struct task *task, struct jw **list)
{
    const struct task old = *task;
    struct timer_cancel cancel = {task->no, -1};
    int r;

    task->step = check_step(d, &old);
    if (task->step < 0)
        return WF_E_REFUSED;
    task->previous = step_there(d, old.previous);
    task->epoch++;
    task->changed = true;
    outcome_cancel(d->arena, d->outcome, &cancel);
    r = move_desk(d, &old, task);
    if (r == 0)
        r = count(d, &old, task);
    if (r == 0 && !workflow_suspended(d->after))
        r = workflow_arm_task(d, task, true);
    if (r == 0)
        tell_moved(d, list, &old, task);
    return r;
}

static int move_tasks(struct decision *d, struct jw **list)
{
    const struct migrate *migrate = d->command->migrate;
    struct buf names = BUF_INIT(1024);
    int r = 0;

    for (size_t i = 0; r == 0 && i < d->after->task_count; i++) {
        r = move_task(d, &d->after->tasks[i], list);
        if (r == 0 && i > 0)
            buf_adds(&names, ", ");
        if (r == 0)
            buf_adds(&names, target(d)->steps[d->after->tasks[i].step].name);
    }
    if (r == 0 && migrate->reaches != NULL && !migrate->reaches(migrate->ctx, d->after))
        r = refuse(d, "migrate_marking", arena_slice_str(d->arena, buf_slice(&names)));
    buf_release(&names);
    return r;
}

static void tell(struct decision *d)
{
    struct buf limit = BUF_INIT(64);

    decision_more_int(d, "order", d->command->migrate->order);
    decision_more_int(d, "from", origin(d)->version);
    decision_more_int(d, "to", target(d)->version);
    if (d->after->promise.made) {
        limit_write(&limit, d->after->promise.limit);
        decision_more_str(d, "limit_kept", arena_slice_str(d->arena, buf_slice(&limit)));
        decision_more_int(d, "promised_by", d->after->promise.version);
    }
    buf_release(&limit);
}

static void keep_promise(struct decision *d)
{
    struct dossier *after = d->after;

    if (wall_is_none(after->received_at))
        return;
    after->promise = dossier_promised(d->before);
    after->promise.made = true;
}

/* Everything of the new version but its limit: the ladder of the total limit, too. */
static int move_ladder(struct decision *d)
{
    struct timer_cancel cancel = {0, -1};

    outcome_cancel(d->arena, d->outcome, &cancel);
    d->after->due_epoch++;
    return workflow_arm_total(d, true);
}

int workflow_migrate(struct decision *d)
{
    struct jw *list = NULL;
    int r = check_order(d);

    if (r == 0)
        r = check_case(d);
    if (r == 0)
        r = check_open_ends(d);
    if (r != 0)
        return r;
    keep_promise(d);
    d->procedure = d->after->procedure = target(d);
    d->outcome->procedure_moved = true;
    d->role = ROLE_ADMIN;
    move_books(d);
    move_names(d);
    r = check_form(d);
    if (r != 0)
        return r;
    decision_event(d, "migrated", SLICE_NULL, 0, -1);
    tell(d);
    r = move_tasks(d, &list);
    if (r == 0)
        r = move_ladder(d);
    if (r != 0)
        return r;
    jw_end_array(decision_item(d, &list));
    decision_more_json(d, "steps", buf_slice(list->buf));
    r = workflow_automatic(d);
    if (r == 0)
        decision_event_end(d);
    return r;
}
