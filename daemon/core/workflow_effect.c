#include "core/workflow_effect.h"

#include "core/workflow_clock.h"
#include "core/workflow_linked.h"
#include "core/workflow_parcel.h"
#include "core/workflow_text.h"

#include <string.h>

/* Who the clock waits for, and why: by where the token goes. */
static void pause_reason(struct decision *d, bool supplement, const struct target *target,
                         const char **ret_reason, const char **ret_party)
{
    const struct step *step = target != NULL && target->kind == TARGET_STEP
                                  ? &d->procedure->steps[target->steps[0]]
                                  : NULL;

    *ret_reason = "office";
    *ret_party = "office";
    if (supplement) {
        *ret_reason = "supplement";
        *ret_party = "citizen";
    } else if (target != NULL && target->kind == TARGET_PARALLEL) {
        *ret_reason = "consultation";
        *ret_party = "other_agency";
    } else if (step != NULL && step->wait == WAIT_NOTHING &&
               (step->agency_role != NULL ||
                (step->has_state && step->state == STATE_CONSULTING))) {
        *ret_reason = "consultation";
        *ret_party = "other_agency";
    } else if (step != NULL && step->wait == WAIT_APPLICANT) {
        *ret_reason = "confirmation";
        *ret_party = "citizen";
    } else if (step != NULL && step->wait == WAIT_PAYMENT) {
        *ret_reason = "payment";
        *ret_party = "citizen";
    } else if (step != NULL && step->wait == WAIT_LINKED) {
        *ret_reason = "linked";
        *ret_party = "other_agency";
    } else if (step != NULL && step->wait == WAIT_POST) {
        *ret_reason = "post";
        *ret_party = "post";
    }
}

static const char *notice_of(enum form_id form)
{
    switch (form) {
    case FORM_RECEIPT:
        return "accepted";
    case FORM_SUPPLEMENT_REQUEST:
        return "supplement_requested";
    case FORM_REFUSAL:
        return "refused";
    case FORM_APOLOGY:
        return "apology";
    case FORM_STOP_NOTICE:
        return "stopped";
    case FORM_CONTROL_SLIP:
    case FORM_REGISTER:
    case FORM_COUNT:
        break;
    }
    return NULL;
}

/* What was handed in and what was paid, as it stands now: a receipt tells of this moment. */
static void receipt_content(struct decision *d, struct value *content)
{
    const struct dossier *after = d->after;
    struct value *papers = value_new(d->arena, VALUE_LIST);
    struct value *fees = value_new(d->arena, VALUE_LIST);

    for (size_t i = 0; i < after->paper_count; i++) {
        const struct dossier_paper *paper = &after->papers[i];
        struct value *row = value_new(d->arena, VALUE_MAP);

        value_add(d->arena, row, "paper", value_text(d->arena, paper->paper));
        value_add(d->arena, row, "copies", value_int(d->arena, paper->copies));
        if (paper->originals >= 0) {
            value_add(d->arena, row, "originals", value_int(d->arena, paper->originals));
            value_add(d->arena, row, "certified", value_int(d->arena, paper->certified));
        }
        value_add(d->arena, row, "file", value_bool(d->arena, paper->upload != NULL));
        value_append(d->arena, papers, row);
    }
    for (size_t i = 0; i < after->fee_count; i++) {
        const struct dossier_fee *fee = &after->fees[i];
        struct value *row = value_new(d->arena, VALUE_MAP);

        value_add(d->arena, row, "fee", value_text(d->arena, fee->fee));
        value_add(d->arena, row, "amount", value_int(d->arena, fee->amount));
        value_add(d->arena, row, "waived", value_bool(d->arena, fee->waived));
        value_add(d->arena, row, "paid", value_bool(d->arena, !wall_is_none(fee->paid_at)));
        value_append(d->arena, fees, row);
    }
    value_add(d->arena, content, "papers", papers);
    value_add(d->arena, content, "fees", fees);
}

/* What the dossier may say differently tomorrow is written down now: a form printed late, or again,
 * says what it said. Names and addresses of the parties never change, so they stay where they are.
 */
static struct value *form_content(struct decision *d, enum form_id form, const struct value *more)
{
    struct value *content = value_new(d->arena, VALUE_MAP);
    const struct command *command = d->command;

    value_add(d->arena, content, "received_at", decision_wall(d, d->after->received_at));
    value_add(d->arena, content, "due", decision_wall(d, d->after->due_current));
    value_add(d->arena, content, "delivery",
              value_text(d->arena, delivery_code(d->after->delivery)));
    if (form == FORM_RECEIPT)
        receipt_content(d, content);
    if (form != FORM_RECEIPT && command->reason != NULL)
        value_add(d->arena, content, "reason", value_string(d->arena, slice_str(command->reason)));
    if (form == FORM_SUPPLEMENT_REQUEST && command->papers != NULL)
        value_add(d->arena, content, "papers", command->papers);
    for (size_t i = 0; more != NULL && i < more->map.count; i++)
        value_set(d->arena, content, more->map.members[i].key.ptr, more->map.members[i].value);
    return content;
}

/* The form is printed by whoever prints, after the commit; the row says only which one. */
static void order_print(struct decision *d, const struct dossier_form *issued)
{
    struct outbox_row row = {.channel = "papers", .topic = "print"};
    struct buf body = decision_text(d);
    struct jw jw = JW_INIT(&body);

    jw_object(&jw);
    jw_kv_int(&jw, "form", issued->no);
    jw_end_object(&jw);
    row.body = buf_slice(&body);
    outcome_outbox(d->arena, d->outcome, &row);
}

static void add_supplement(struct decision *d)
{
    struct dossier *after = d->after;

    after->supplements = arena_grow(d->arena, after->supplements, after->supplement_count,
                                    &after->supplement_cap, sizeof(*after->supplements));
    after->supplements[after->supplement_count++] = (struct dossier_supplement){
        .no = decision_next_no(d),
        .intake = wall_is_none(after->received_at),
        .requested_at = d->at,
        .closed_at = WALL_NONE,
        .by = d->actor->account,
        .reason = d->command->reason,
        .papers = d->command->papers,
        .changed = true,
    };
}

/* Dossier's code, the form's mark, and which of its kind it is here. */
static const char *form_number(struct decision *d, enum form_id form)
{
    const struct dossier *after = d->after;
    struct buf number = decision_text(d);
    int sequence = 1;

    for (size_t i = 0; i + 1 < after->form_count; i++)
        sequence += after->forms[i].form == form;
    buf_adds(&number, after->code != NULL ? after->code : "");
    buf_addc(&number, '/');
    buf_adds(&number, workflow_form_mark((int)form));
    buf_addc(&number, '-');
    buf_add_i64(&number, sequence);
    return number.ptr;
}

void workflow_issue(struct decision *d, enum form_id form, const struct value *more)
{
    struct dossier *after = d->after;
    const char *notice = notice_of(form);
    struct dossier_form *issued;
    struct jw *told;

    after->forms = arena_grow(d->arena, after->forms, after->form_count, &after->form_cap,
                              sizeof(*after->forms));
    issued = &after->forms[after->form_count++];
    *issued = (struct dossier_form){
        .no = decision_next_no(d),
        .form = form,
        .number = form_number(d, form),
        .issued_at = d->at,
        .by = d->actor->account,
        .content = form_content(d, form, more),
        .changed = true,
    };
    told = decision_note(d, &d->draft.forms);
    jw_kv_str(told, "form", form_id_code(form));
    jw_kv_int(told, "no", issued->no);
    jw_end_object(told);
    order_print(d, issued);
    if (form == FORM_SUPPLEMENT_REQUEST)
        add_supplement(d);
    if (notice != NULL)
        decision_tell_applicant(d, notice);
}

void workflow_add_result(struct decision *d)
{
    struct dossier *after = d->after;
    struct dossier_result *result;

    after->results = arena_grow(d->arena, after->results, after->result_count, &after->result_cap,
                                sizeof(*after->results));
    result = &after->results[after->result_count++];
    *result = *d->command->result;
    if (result->code == NULL && d->procedure->result_count > 0)
        result->code = d->procedure->results[0].code;
    if (wall_is_none(result->signed_at) || result->signed_at.us == 0)
        result->signed_at = d->at;
    result->no = (int)after->result_count;
    result->changed = true;
    decision_more_str(d, "result", result->code);
    decision_more_int(d, "result_version", result->no);
}

static void note_effect(struct decision *d, const struct effect *effect)
{
    struct jw *told = decision_item(d, &d->draft.effects);
    struct buf code = decision_text(d);

    if (effect->kind != EFFECT_ISSUE) {
        jw_str(told, effect_code(effect->kind));
        return;
    }
    buf_adds(&code, "issue:");
    buf_adds(&code, form_id_code(effect->form));
    jw_slice(told, buf_slice(&code));
}

static int accept(struct decision *d, bool has_receipt)
{
    const struct command *command = d->command;
    wall_t received = wall_is_none(command->received_at) ? d->at : command->received_at;
    int r;

    /* A repeated accept in a loop of the plugin is no second reception. */
    if (!wall_is_none(d->after->received_at))
        return 0;
    r = workflow_clock_accept(d, received);
    /* What is done on the spot needs no slip unless asked for (Decree 61/2018, Art 17.4). */
    if (r == 0 && !has_receipt && !d->procedure->on_the_spot)
        workflow_issue(d, FORM_RECEIPT, NULL);
    else if (r == 0 && !has_receipt)
        decision_tell_applicant(d, "accepted");
    return r;
}

static int publish(struct decision *d)
{
    if (d->after->result_count == 0)
        return decision_refuse(d, WF_E_REFUSED, "result_missing", "/result");
    decision_tell_applicant(d, "result_published");
    return 0;
}

static void notify(struct decision *d, const struct effect *effect)
{
    const char *kind = effect->text != NULL ? effect->text : "notified";

    if (effect->to == ROLE_APPLICANT)
        decision_tell_applicant(d, kind);
    else
        decision_tell(d, 0, effect->to,
                      effect->to == ROLE_RECEIVER ? decision_desk(d) : d->after->agency_competent,
                      kind, NULL);
}

static int apply(struct decision *d, const struct effect *effects, size_t count, size_t i,
                 const struct target *target)
{
    const struct effect *effect = &effects[i];
    const char *reason, *party;
    int r;

    switch (effect->kind) {
    case EFFECT_ACCEPT:
        return accept(d, effects_issue(effects, count, FORM_RECEIPT));
    case EFFECT_PAUSE:
        pause_reason(d, effects_issue(effects, count, FORM_SUPPLEMENT_REQUEST), target, &reason,
                     &party);
        workflow_clock_pause(d, reason, party);
        return 0;
    case EFFECT_RESUME:
        return workflow_clock_resume(d);
    case EFFECT_RESTART:
        return workflow_clock_restart(d);
    case EFFECT_FINISH:
        r = workflow_clock_finish(d);
        if (r == 0)
            decision_tell_applicant(d, "result_ready");
        return r;
    case EFFECT_ISSUE:
        workflow_issue(d, effect->form, NULL);
        return 0;
    case EFFECT_REQUEST_PAYMENT:
        if (!dossier_fees_paid(d->after, FEE_BEFORE_RESULT))
            decision_tell_applicant(d, "payment_requested");
        return 0;
    case EFFECT_POST_COLLECT:
        return workflow_order_parcel(d, PARCEL_COLLECT);
    case EFFECT_POST_RETURN:
        return workflow_order_parcel(d, PARCEL_RETURN);
    case EFFECT_NOTIFY:
        notify(d, effect);
        return 0;
    case EFFECT_SPAWN:
        return workflow_spawn(d, effect->spawn);
    case EFFECT_PUBLISH_RESULT:
        return publish(d);
    case EFFECT_TAKE_BACK:
        decision_more_bool(d, "taken_back", true);
        return 0;
    case EFFECT_CORRECT_RESULT:
        if (d->command->result == NULL)
            return decision_refuse(d, WF_E_REFUSED, "result_required", "/result");
        workflow_add_result(d);
        return 0;
    }
    return 0;
}

int workflow_effects(struct decision *d, const struct effect *effects, size_t count,
                     const struct target *target)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++) {
        note_effect(d, &effects[i]);
        r = apply(d, effects, count, i, target);
    }
    return r;
}
