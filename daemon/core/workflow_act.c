#include "core/workflow_act.h"

#include "core/workflow_clock.h"
#include "core/workflow_effect.h"
#include "core/workflow_linked.h"
#include "core/workflow_parcel.h"
#include "core/workflow_postal.h"
#include "core/workflow_state.h"
#include "core/workflow_token.h"

#include <string.h>

static int refuse(struct decision *d, const char *code, const char *pointer)
{
    return decision_refuse(d, WF_E_REFUSED, code, pointer);
}

static const char *unpaid_fee(const struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->fee_count; i++) {
        const struct dossier_fee *owed = &dossier->fees[i];

        for (size_t j = 0; j < dossier->procedure->fee_count; j++) {
            if (!owed->waived && wall_is_none(owed->paid_at) &&
                strcmp(dossier->procedure->fees[j].id, owed->fee) == 0)
                return dossier->procedure->fees[j].name;
        }
    }
    return "";
}

static int fees_allow(struct decision *d, enum fee_pay when)
{
    if (dossier_fees_paid(d->after, when))
        return 0;
    return decision_refuse_arg(d, WF_E_REFUSED, "fee_unpaid", "/fees", unpaid_fee(d->after));
}

/* At most so many requests in a stage, and none later than the sector's law lets the office ask. */
static int supplement_allowed(struct decision *d)
{
    const struct dossier *after = d->after;
    bool intake = wall_is_none(after->received_at);
    const struct supplement_rule *rule = intake ? &d->procedure->intake : &d->procedure->appraisal;
    wall_t last;
    int made = 0, r;

    for (size_t i = 0; i < after->supplement_count; i++)
        made += after->supplements[i].intake == intake;
    if (made >= rule->max)
        return decision_refuse_arg(d, WF_E_REFUSED, "supplement_limit", "/action",
                                   arena_printf(d->arena, "%d", rule->max));
    if (intake || rule->within.unit == LIMIT_NONE)
        return 0;
    r = decision_calendar(d, deadline_due(d->setting->calendar, &d->procedure->clock, rule->within,
                                          after->received_at, &last));
    if (r == 0 && past_due(last, d->at)) {
        struct buf name = BUF_INIT(128);

        limit_name_vi(&name, rule->within);
        r = decision_refuse_arg(d, WF_E_REFUSED, "supplement_late", "/action",
                                arena_slice_str(d->arena, buf_slice(&name)));
        buf_release(&name);
    }
    return r;
}

int workflow_may(struct decision *d, const struct task *task, const struct action *action)
{
    const struct dossier *after = d->after;
    const struct effect *effects = action->effects;
    size_t count = action->effect_count;
    bool by_party = d->role == ROLE_POST || d->role == ROLE_CLOCK;
    int r = 0;

    if (workflow_suspended(after))
        return refuse(d, "suspended", "/action");
    if (after->state == STATE_WITHDRAWAL_REQUESTED && task->role != ROLE_NONE)
        return refuse(d, "withdrawal_pending", "/action");
    if (!decision_when(d, action->when))
        return decision_refuse_arg(d, WF_E_REFUSED, "action_not_offered", "/action",
                                   action->name != NULL ? action->name : action->id);
    if (effects_have(effects, count, EFFECT_ACCEPT))
        r = fees_allow(d, FEE_BEFORE_ACCEPT);
    /* What the post has in hand is on its way already. */
    if (r == 0 && !by_party &&
        ((action->to.kind == TARGET_END && action->to.end == STATE_RETURNED) ||
         effects_have(effects, count, EFFECT_POST_RETURN) ||
         effects_have(effects, count, EFFECT_PUBLISH_RESULT)))
        r = fees_allow(d, FEE_BEFORE_RESULT);
    if (r == 0 && effects_issue(effects, count, FORM_SUPPLEMENT_REQUEST))
        r = supplement_allowed(d);
    /* One parcel at a time each way. What waits for the post gets it back first. */
    if (r == 0 && d->procedure->steps[task->step].wait != WAIT_POST &&
        ((effects_have(effects, count, EFFECT_POST_RETURN) &&
          workflow_parcel_active(after, PARCEL_RETURN)) ||
         (effects_have(effects, count, EFFECT_POST_COLLECT) &&
          workflow_parcel_active(after, PARCEL_COLLECT))))
        r = refuse(d, "parcel_active", "/action");
    return r;
}

static bool empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

static int papers_known(struct decision *d)
{
    const struct value *papers = d->command->papers;

    if (value_count(papers) == 0 || papers->kind != VALUE_LIST)
        return refuse(d, "papers_required", "/papers");
    for (size_t i = 0; i < papers->list.count; i++) {
        const struct value *id = papers->list.items[i];
        bool known = false;

        for (size_t j = 0; id->kind == VALUE_STRING && j < d->procedure->paper_count; j++)
            known = known || slice_is(id->string, d->procedure->papers[j].id);
        if (!known)
            return decision_refuse_arg(d, WF_E_REFUSED, "paper_unknown",
                                       arena_printf(d->arena, "/papers/%zu", i),
                                       id->kind == VALUE_STRING ? id->string.ptr : "");
    }
    return 0;
}

static int result_known(struct decision *d)
{
    const struct dossier_result *result = d->command->result;

    if (result == NULL)
        return refuse(d, "result_required", "/result");
    if (result->code == NULL && d->procedure->result_count == 1)
        return 0;
    for (size_t i = 0; result->code != NULL && i < d->procedure->result_count; i++) {
        if (strcmp(d->procedure->results[i].code, result->code) == 0)
            return 0;
    }
    return decision_refuse_arg(d, WF_E_REFUSED, "result_unknown", "/result/code", result->code);
}

int workflow_needs(struct decision *d, unsigned needs)
{
    const struct command *command = d->command;
    int r = 0;

    if ((needs & NEED_REASON) != 0 && empty(command->reason))
        return refuse(d, "reason_required", "/reason");
    if ((needs & NEED_PAPERS) != 0 || command->papers != NULL)
        r = papers_known(d);
    if (r == 0 && ((needs & NEED_RESULT) != 0 || command->result != NULL))
        r = result_known(d);
    if (r != 0)
        return r;
    if ((needs & NEED_RECEIVER) != 0 && empty(value_get_str(command->receiver, "name")))
        return refuse(d, "receiver_required", "/receiver");
    if ((needs & NEED_DOCUMENTS) != 0 && command->document_count == 0)
        return refuse(d, "documents_required", "/documents");
    if ((needs & NEED_ASSIGNEE) != 0 && command->assignee == 0)
        return refuse(d, "assignee_required", "/assignee");
    if ((needs & NEED_RECEIPT) != 0 && empty(command->receipt) && !command->waive)
        return refuse(d, "receipt_required", "/receipt");
    return 0;
}

void workflow_add_documents(struct decision *d)
{
    struct dossier *after = d->after;
    struct buf text = decision_text(d);
    struct jw told = JW_INIT(&text);

    if (d->command->document_count == 0)
        return;
    jw_array(&told);
    for (size_t i = 0; i < d->command->document_count; i++) {
        struct dossier_paper *paper;

        after->papers = arena_grow(d->arena, after->papers, after->paper_count, &after->paper_cap,
                                   sizeof(*after->papers));
        paper = &after->papers[after->paper_count++];
        *paper = d->command->documents[i];
        paper->no = decision_next_no(d);
        paper->changed = true;
        jw_str(&told, paper->paper);
    }
    jw_end_array(&told);
    decision_more_json(d, "documents", buf_slice(&text));
}

/* What was asked for before acceptance has come: the next look is a new one. */
static void close_intake_supplement(struct decision *d, const struct task *task)
{
    struct dossier_supplement *supplement = workflow_open_supplement(d->after, true);

    if (supplement == NULL || d->procedure->steps[task->step].wait != WAIT_APPLICANT)
        return;
    supplement->closed_at = d->at;
    supplement->changed = true;
}

/* Who goes on is told what came in: the applicant's answer, or another agency's opinion. */
static void tell_next(struct decision *d, size_t known, const char *kind)
{
    const struct dossier *after = d->after;
    bool told = false;

    for (size_t i = known; i < after->task_count; i++) {
        const struct task *task = &after->tasks[i];

        if (task->state == TASK_OPEN && role_is_staff(task->role)) {
            decision_tell(d, task->assignee, task->role, task->agency, kind, task);
            told = true;
        }
    }
    /* The other branches of a split are still open: whoever asked learns of each answer. */
    if (!told)
        decision_tell(d, 0, ROLE_OFFICER, after->agency_competent, kind, NULL);
}

static bool same_agency(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool from_outside(const struct dossier *dossier, const struct task *task)
{
    return task->agency != NULL && role_is_staff(task->role) &&
           !same_agency(task->agency, dossier->agency_competent) &&
           !same_agency(task->agency, dossier->agency_receiving) &&
           !same_agency(task->agency, dossier->agency_helping);
}

/* `known`: tasks there were before this move; `asked`: papers were asked for before it. A timeout
 * tells by what it does. */
static void tell_arrival(struct decision *d, const struct task *from, size_t known, bool asked)
{
    if (d->chain != 0 || d->command->kind != CMD_ACTION || state_info(d->after->state)->terminal)
        return;
    if (d->procedure->steps[from->step].wait == WAIT_APPLICANT &&
        (d->role == ROLE_APPLICANT || d->role == ROLE_RECEIVER))
        tell_next(d, known, asked ? "resubmitted" : "applicant_answered");
    else if (from_outside(d->after, from))
        tell_next(d, known, "opinion_answered");
}

int workflow_move(struct decision *d, struct task *task, const struct target *target,
                  const struct effect *effects, size_t effect_count)
{
    bool asked = workflow_open_supplement(d->after, true) != NULL ||
                 workflow_open_supplement(d->after, false) != NULL;
    size_t known = d->after->task_count;
    struct task from;
    int r;

    if (task->assignee == 0 && task->role != ROLE_NONE && d->actor->kind == ACCOUNT_STAFF)
        task->assignee = d->actor->account;
    r = workflow_close(d, task, TASK_DONE);
    if (r != 0)
        return r;
    from = *task;
    close_intake_supplement(d, &from);
    if (role_is_staff(d->role) && d->procedure->steps[from.step].wait == WAIT_POST)
        workflow_retrieve_parcels(d);
    r = workflow_effects(d, effects, effect_count, target);
    if (r == 0)
        r = workflow_route(d, &from, target);
    if (r == 0)
        tell_arrival(d, &from, known, asked);
    return r;
}

int workflow_take(struct decision *d, struct task *task, const struct action *action)
{
    const struct command *command = d->command;

    if (d->chain == 0) {
        workflow_add_documents(d);
        if (command->result != NULL &&
            !effects_have(action->effects, action->effect_count, EFFECT_CORRECT_RESULT))
            workflow_add_result(d);
        if (command->receiver != NULL)
            d->after->returned_to = command->receiver;
        d->assignee = command->assignee;
    }
    if (!wall_is_none(d->after->received_at))
        d->touched = true;
    return workflow_move(d, task, &action->to, action->effects, action->effect_count);
}

/* The one action of the step whose condition holds, when it is one that needs nobody. */
static const struct action *by_itself(struct decision *d, const struct task *task)
{
    const struct step *step = &d->procedure->steps[task->step];
    const struct action *only = NULL;
    size_t holding = 0;

    for (size_t i = 0; i < step->action_count; i++) {
        if (!decision_when(d, step->actions[i].when))
            continue;
        holding++;
        only = &step->actions[i];
    }
    if (holding != 1 || !only->is_default || only->needs != 0)
        return NULL;
    return workflow_may(d, task, only) == 0 ? only : NULL;
}

/* Who waits for money that nobody owes (waived, or paid while the dossier was suspended) goes on.
 */
static const struct action *nothing_owed(struct decision *d, const struct task *task)
{
    const struct step *step = &d->procedure->steps[task->step];

    if (step->wait != WAIT_PAYMENT || !dossier_fees_paid(d->after, FEE_BEFORE_RESULT))
        return NULL;
    for (size_t i = 0; i < step->action_count; i++) {
        if (step->actions[i].by == ROLE_PAYMENT && workflow_may(d, task, &step->actions[i]) == 0)
            return &step->actions[i];
    }
    return NULL;
}

static bool has_automatic(const struct step *step)
{
    for (size_t i = 0; i < step->action_count; i++) {
        if (step->actions[i].is_default)
            return true;
    }
    return false;
}

static int take_one(struct decision *d, bool *ret_taken)
{
    *ret_taken = false;
    for (size_t i = 0; i < d->after->task_count; i++) {
        struct task *task = &d->after->tasks[i];
        const struct action *action;
        struct jw *told;

        if (task->state != TASK_OPEN)
            continue;
        action = workflow_linked_end(d, task);
        if (action == NULL)
            action = nothing_owed(d, task);
        if (action == NULL)
            action = workflow_posted(d, task);
        if (action == NULL && has_automatic(&d->procedure->steps[task->step]))
            action = by_itself(d, task);
        if (action == NULL)
            continue;
        *ret_taken = true;
        told = decision_note(d, &d->draft.automatic);
        jw_kv_int(told, "task", task->no);
        jw_kv_str(told, "step", d->procedure->steps[task->step].id);
        jw_kv_str(told, "action", action->id);
        jw_end_object(told);
        return workflow_take(d, task, action);
    }
    return 0;
}

int workflow_automatic(struct decision *d)
{
    bool taken = true;
    int r = 0;

    while (r == 0 && taken && !state_info(d->after->state)->terminal) {
        /* From here on the command's own results and documents are used up. */
        d->chain++;
        if (d->chain > WORKFLOW_CHAIN_MAX + 1)
            return decision_refuse_arg(d, WF_E_REFUSED, "automatic_chain", "/action",
                                       arena_printf(d->arena, "%d", WORKFLOW_CHAIN_MAX));
        r = take_one(d, &taken);
    }
    return r;
}
