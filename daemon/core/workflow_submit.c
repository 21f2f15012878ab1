#include "core/workflow_submit.h"

#include "core/fee.h"
#include "core/workflow_parcel.h"
#include "core/workflow_rights.h"
#include "core/workflow_token.h"

#include <string.h>

static int refuse(struct decision *d, const char *code, const char *pointer)
{
    return decision_refuse(d, WF_E_REFUSED, code, pointer);
}

int workflow_backdate(struct decision *d, bool submitting)
{
    wall_t received = d->command->received_at;
    int64_t back;

    if (wall_is_none(received))
        return 0;
    if (received.us > d->setting->now.us)
        return refuse(d, "received_in_future", "/received_at");
    if (received.us == d->setting->now.us)
        return 0;
    if (d->role != ROLE_RECEIVER || d->after->channel != CHANNEL_DIRECT)
        return refuse(d, "backdate_not_allowed", "/received_at");
    back = d->setting->now.us - received.us;
    if (back > d->setting->backdate_hours * US_PER_HOUR)
        return decision_refuse_arg(d, WF_E_REFUSED, "backdate_too_far", "/received_at",
                                   arena_printf(d->arena, "%d", d->setting->backdate_hours));
    if (!submitting && received.us < d->after->submitted_at.us)
        return refuse(d, "received_before_submission", "/received_at");
    if (d->command->reason == NULL || d->command->reason[0] == '\0')
        return refuse(d, "reason_required", "/reason");
    return 0;
}

static int role_of_filer(struct decision *d)
{
    const struct dossier *after = d->after;

    if (d->actor->kind == ACCOUNT_PORTAL) {
        d->role = ROLE_PORTAL;
    } else if (d->actor->party == ROLE_LINKED) {
        d->role = ROLE_LINKED;
    } else if (d->actor->kind == ACCOUNT_CITIZEN || d->actor->kind == ACCOUNT_SYSTEM) {
        d->role = ROLE_APPLICANT;
    } else if (!rights_at(d, ROLE_RECEIVER, after->agency_receiving) &&
               !rights_at(d, ROLE_RECEIVER, after->agency_competent) &&
               !rights_at(d, ROLE_RECEIVER, after->agency_helping)) {
        return rights_forbid(d);
    }
    /* Only who sees the person at the counter can say that they came there. */
    if (after->channel == CHANNEL_DIRECT && d->role != ROLE_RECEIVER)
        return refuse(d, "channel_closed", "/channel");
    return 0;
}

static void add_fees(struct decision *d)
{
    struct dossier *after = d->after;

    if (after->fee_count > 0)
        return;
    for (size_t i = 0; i < d->procedure->fee_count; i++) {
        const struct fee *fee = &d->procedure->fees[i];
        int64_t amount = fee_amount(fee, after->channel, after->form);
        bool waived;

        if (fee->case_id != NULL &&
            (after->case_id == NULL || strcmp(fee->case_id, after->case_id) != 0))
            continue;
        if (amount == 0 || !decision_when(d, fee->when))
            continue;
        waived = fee->waive_if != NULL && decision_when(d, fee->waive_if);
        after->fees = arena_grow(d->arena, after->fees, after->fee_count, &after->fee_cap,
                                 sizeof(*after->fees));
        after->fees[after->fee_count++] = (struct dossier_fee){
            .no = decision_next_no(d),
            .fee = fee->id,
            .amount = waived ? 0 : amount,
            .waived = waived,
            .paid_at = WALL_NONE,
            .changed = true,
        };
    }
}

static void tell_fees(struct decision *d)
{
    struct buf text = decision_text(d);
    struct jw told = JW_INIT(&text);

    jw_array(&told);
    for (size_t i = 0; i < d->after->fee_count; i++) {
        const struct dossier_fee *fee = &d->after->fees[i];

        jw_object(&told);
        jw_kv_str(&told, "fee", fee->fee);
        jw_kv_int(&told, "amount", fee->amount);
        jw_kv_bool(&told, "waived", fee->waived);
        jw_end_object(&told);
    }
    jw_end_array(&told);
    if (d->after->fee_count > 0)
        decision_more_json(d, "fees", buf_slice(&text));
}

/* Numbers what intake has put in, and says in the event which papers came. */
static void number_papers(struct decision *d)
{
    struct buf text = decision_text(d);
    struct jw told = JW_INIT(&text);

    jw_array(&told);
    for (size_t i = 0; i < d->after->paper_count; i++) {
        struct dossier_paper *paper = &d->after->papers[i];

        if (paper->no == 0)
            paper->no = decision_next_no(d);
        else if (paper->no >= d->after->next_no)
            d->after->next_no = paper->no + 1;
        paper->changed = true;
        jw_str(&told, paper->paper);
    }
    jw_end_array(&told);
    if (d->after->paper_count > 0)
        decision_more_json(d, "documents", buf_slice(&text));
}

static void tell_identity(struct decision *d)
{
    const struct dossier *after = d->after;

    decision_more_str(d, "procedure", d->procedure->code);
    decision_more_int(d, "version", d->procedure->version);
    decision_more_str(d, "case", after->case_id);
    decision_more_str(d, "channel", channel_code(after->channel));
    decision_more_str(d, "delivery", delivery_code(after->delivery));
    decision_more_str(d, "helping", after->agency_helping);
    decision_more_str(d, "receiving", after->agency_receiving);
    decision_more_str(d, "competent", after->agency_competent);
    decision_more_str(d, "on_behalf", after->on_behalf);
    decision_more_wall(d, "submitted_at", after->submitted_at);
    if (after->lead != NULL)
        decision_more_str(d, "lead", after->lead);
    if (d->command->form_digest != NULL)
        decision_more_str(d, "form_digest", d->command->form_digest);
}

static int check(struct decision *d)
{
    const struct dossier *after = d->after;
    int r;

    if (after->channel < CHANNEL_DIRECT || after->channel > CHANNEL_POST ||
        !d->procedure->channel_open[after->channel])
        return refuse(d, "channel_closed", "/channel");
    if (after->delivery == DELIVERY_POST && !d->procedure->postal_return)
        return refuse(d, "postal_not_allowed", "/delivery/method");
    r = role_of_filer(d);
    return r == 0 ? workflow_backdate(d, true) : r;
}

int workflow_submit(struct decision *d)
{
    struct dossier *after = d->after;
    int r = check(d);

    if (r != 0)
        return r;
    if (d->role != ROLE_LINKED) /* whoever filed the lead filed this one with it */
        after->filed_by = d->actor->account;
    after->submitted_at = wall_is_none(d->command->received_at) ? d->at : d->command->received_at;
    after->calendar_version = d->setting->calendar_version;
    after->clock = CLOCK_NONE;
    after->state = after->state_before = STATE_SUBMITTED;
    decision_event(d, "submitted", SLICE_NULL, 0, -1);
    tell_identity(d);
    add_fees(d);
    tell_fees(d);
    number_papers(d);
    /* Who files from home and sends the papers by post has them fetched first. */
    if (after->channel == CHANNEL_POST && d->role != ROLE_RECEIVER)
        r = workflow_order_parcel(d, PARCEL_COLLECT);
    if (r == 0)
        r = workflow_open(d, d->procedure->start, -1, 0);
    if (r == 0 && !wall_is_none(after->intake_due))
        decision_more_wall(d, "intake_due", after->intake_due);
    /* At the counter it is asked for face to face. */
    if (r == 0 && after->channel != CHANNEL_DIRECT && !dossier_fees_paid(after, FEE_BEFORE_ACCEPT))
        decision_tell_applicant(d, "payment_requested");
    return r;
}
