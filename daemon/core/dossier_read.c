#include "core/dossier_read.h"

#include "core/bookkeeping.h"
#include "core/rowread.h"

#include <errno.h>

static void read_party(struct rowread *reader, const struct value *row, struct party *ret)
{
    const struct value *address = value_get(row, "address");

    if (address == NULL)
        address = row;
    *ret = (struct party){
        .kind = rowread_str(reader, row, "kind"),
        .name = rowread_str(reader, row, "name"),
        .id_number = rowread_str(reader, row, "id_number"),
        .phone = rowread_str(reader, row, "phone"),
        .email = rowread_str(reader, row, "email"),
        .province = rowread_str(reader, address, "province"),
        .commune = rowread_str(reader, address, "commune"),
        .line = rowread_str(reader, address, "line"),
        .waiver = rowread_str(reader, row, "waiver"),
    };
}

static void read_task(struct rowread *reader, const struct value *row, struct task *task)
{
    task->no = rowread_int(reader, row, "no", 0);
    task->step = rowread_step(reader, row, "step", true);
    task->state = TASK_OPEN;
    if (!value_is_null(value_get(row, "role")))
        ROWREAD_WORD(reader, row, "role", role_parse, &task->role);
    task->agency = rowread_str(reader, row, "agency");
    task->assignee = value_get_int(row, "assignee", 0);
    task->epoch = rowread_int(reader, row, "epoch", 1);
    task->opened_at = rowread_wall(reader, row, "opened_at");
    task->closed_at = rowread_wall(reader, row, "closed_at");
    task->due = rowread_wall(reader, row, "due");
    task->budget_left = value_get_int(row, "budget_left", -1);
    task->group = rowread_int(reader, row, "group", 0);
    task->previous = rowread_step(reader, row, "previous", false);
}

static void read_hold(struct rowread *reader, const struct value *row, struct hold *hold)
{
    hold->no = rowread_int(reader, row, "no", 0);
    hold->from = rowread_wall(reader, row, "from");
    hold->to = rowread_wall(reader, row, "to");
    hold->kind = rowread_str(reader, row, "kind");
    hold->reason = rowread_str(reader, row, "reason");
    hold->party = rowread_str(reader, row, "party");
    hold->old_due = rowread_wall(reader, row, "old_due");
    hold->new_due = rowread_wall(reader, row, "new_due");
    if (hold->kind == NULL || hold->reason == NULL || hold->party == NULL)
        reader->unfit = true;
}

static void read_paper(struct rowread *reader, const struct value *row, struct dossier_paper *paper)
{
    paper->no = rowread_int(reader, row, "no", 0);
    paper->paper = rowread_str(reader, row, "paper");
    paper->upload = rowread_str(reader, row, "upload");
    paper->sha256 = rowread_str(reader, row, "sha256");
    paper->copies = rowread_int(reader, row, "copies", 0);
    paper->originals = rowread_int(reader, row, "originals", -1);
    paper->certified = rowread_int(reader, row, "certified", -1);
    if (paper->paper == NULL)
        reader->unfit = true;
}

static void read_fee(struct rowread *reader, const struct value *row, struct dossier_fee *fee)
{
    fee->no = rowread_int(reader, row, "no", 0);
    fee->fee = rowread_str(reader, row, "fee");
    fee->amount = value_get_int(row, "amount", 0);
    fee->waived = value_get_bool(row, "waived", false);
    fee->paid_at = rowread_wall(reader, row, "paid_at");
    fee->receipt = rowread_str(reader, row, "receipt");
    fee->method = rowread_str(reader, row, "method");
    if (fee->fee == NULL)
        reader->unfit = true;
}

static void read_supplement(struct rowread *reader, const struct value *row,
                            struct dossier_supplement *supplement)
{
    supplement->no = rowread_int(reader, row, "no", 0);
    supplement->intake = value_get_bool(row, "intake", false);
    supplement->requested_at = rowread_wall(reader, row, "requested_at");
    supplement->closed_at = rowread_wall(reader, row, "closed_at");
    supplement->by = value_get_int(row, "by", 0);
    supplement->reason = rowread_str(reader, row, "reason");
    supplement->papers = value_get(row, "papers");
}

static void read_result(struct rowread *reader, const struct value *row,
                        struct dossier_result *result)
{
    result->no = rowread_int(reader, row, "no", 0);
    result->code = rowread_str(reader, row, "code");
    result->number = rowread_str(reader, row, "number");
    result->signed_by = rowread_str(reader, row, "signed_by");
    result->signed_at = rowread_wall(reader, row, "signed_at");
    result->upload = rowread_str(reader, row, "upload");
}

static void read_form(struct rowread *reader, const struct value *row, struct dossier_form *form)
{
    form->no = rowread_int(reader, row, "no", 0);
    ROWREAD_WORD(reader, row, "form", form_id_parse, &form->form);
    form->number = rowread_str(reader, row, "number");
    form->issued_at = rowread_wall(reader, row, "issued_at");
    form->by = value_get_int(row, "by", 0);
    form->content = value_get(row, "content");
}

static void read_parcel(struct rowread *reader, const struct value *row, struct parcel *parcel)
{
    struct slice direction = value_get_text(row, "direction");

    parcel->no = rowread_int(reader, row, "no", 0);
    parcel->direction = slice_is(direction, "collect") ? PARCEL_COLLECT : PARCEL_RETURN;
    if (!slice_is(direction, "collect") && !slice_is(direction, "return"))
        reader->unfit = true;
    ROWREAD_WORD(reader, row, "state", parcel_state_parse, &parcel->state);
    parcel->order_number = rowread_str(reader, row, "order_number");
    parcel->item_code = rowread_str(reader, row, "item_code");
    parcel->office = rowread_str(reader, row, "office");
    parcel->created_at = rowread_wall(reader, row, "created_at");
    parcel->state_at = rowread_wall(reader, row, "state_at");
    if (parcel->order_number == NULL)
        reader->unfit = true;
}

/* One list of the row: an array with room for all, each read by `fn`. */
#define READ_LIST(reader, row, key, dossier, items, count, cap, fn)                                \
    do {                                                                                           \
        const struct value *list_ = value_get((row), (key));                                       \
        size_t n_ = value_count(list_);                                                            \
        (dossier)->items = arena_array((reader)->arena, n_, sizeof(*(dossier)->items));            \
        (dossier)->count = (dossier)->cap = n_;                                                    \
        for (size_t i_ = 0; i_ < n_; i_++)                                                         \
            fn((reader), value_at(list_, i_), &(dossier)->items[i_]);                              \
    } while (0)

/* Under the ids of today's steps, or under those that a version before called them. */
static void read_holders(const struct value *row, struct dossier *d)
{
    const struct value *holders = value_get(row, "holders");

    for (size_t i = 0; i < d->procedure->step_count; i++)
        d->holders[i] = value_get_int(value_get(holders, d->procedure->steps[i].id), "id", 0);
    for (size_t i = 0; i < value_count(d->renamed); i++) {
        const struct value_member *member = &d->renamed->map.members[i];
        int step = procedure_step(d->procedure, member->value->string);

        if (step >= 0 && d->holders[step] == 0)
            d->holders[step] = value_get_int(value_get_slice(holders, member->key), "id", 0);
    }
}

static void read_asked(struct rowread *reader, const struct value *row, struct dossier *d)
{
    const struct value *list = value_get(row, "asked");

    d->asked = arena_array(reader->arena, value_count(list), sizeof(*d->asked));
    for (size_t i = 0; i < value_count(list); i++)
        if (value_at(list, i)->kind == VALUE_STRING)
            d->asked[d->asked_count++] = value_at(list, i)->string.ptr;
}

static void read_lists(struct rowread *reader, const struct value *row, struct dossier *d)
{
    READ_LIST(reader, row, "tasks", d, tasks, task_count, task_cap, read_task);
    read_asked(reader, row, d);
    READ_LIST(reader, row, "holds", d, holds, hold_count, hold_cap, read_hold);
    READ_LIST(reader, row, "papers", d, papers, paper_count, paper_cap, read_paper);
    READ_LIST(reader, row, "fees", d, fees, fee_count, fee_cap, read_fee);
    READ_LIST(reader, row, "supplements", d, supplements, supplement_count, supplement_cap,
              read_supplement);
    READ_LIST(reader, row, "results", d, results, result_count, result_cap, read_result);
    READ_LIST(reader, row, "forms", d, forms, form_count, form_cap, read_form);
    READ_LIST(reader, row, "parcels", d, parcels, parcel_count, parcel_cap, read_parcel);
}

static void read_moments(struct rowread *reader, const struct value *row, struct dossier *d)
{
    d->submitted_at = rowread_wall(reader, row, "submitted_at");
    d->received_at = rowread_wall(reader, row, "received_at");
    d->finished_at = rowread_wall(reader, row, "finished_at");
    d->returned_at = rowread_wall(reader, row, "returned_at");
    d->ended_at = rowread_wall(reader, row, "ended_at");
    d->due_first = rowread_wall(reader, row, "due_first");
    d->due_current = rowread_wall(reader, row, "due_current");
    d->last_event_at = rowread_wall(reader, row, "last_event_at");
}

static void read_columns(struct rowread *reader, const struct value *row, struct dossier *d)
{
    const struct value *owner = value_get(row, "owner");

    d->id = value_get_int(row, "id", 0);
    d->code = rowread_str(reader, row, "code");
    d->external_code = rowread_str(reader, row, "external_code");
    d->version = value_get_int(row, "version", 0);
    d->decision = value_get_int(row, "decision", 0);
    d->case_id = rowread_str(reader, row, "case_id");
    d->agency_helping = rowread_str(reader, row, "agency_helping");
    d->agency_receiving = rowread_str(reader, row, "agency_receiving");
    d->agency_competent = rowread_str(reader, row, "agency_competent");
    ROWREAD_WORD(reader, row, "channel", channel_parse, &d->channel);
    ROWREAD_WORD(reader, row, "delivery", delivery_parse, &d->delivery);
    ROWREAD_WORD(reader, row, "state", state_parse, &d->state);
    ROWREAD_WORD(reader, row, "clock", clock_state_parse, &d->clock);
    d->filed_by = value_get_int(row, "filed_by", 0);
    d->owner_account = value_get_int(row, "owner_account", 0);
    read_party(reader, value_get(row, "applicant"), &d->applicant);
    d->owner_is_applicant = value_is_null(owner);
    if (d->owner_is_applicant)
        d->owner = d->applicant;
    else
        read_party(reader, owner, &d->owner);
    d->on_behalf = rowread_str(reader, row, "on_behalf");
    d->form = value_get(row, "form");
    d->delivery_to = value_get(row, "delivery_to");
    if (value_is_null(d->delivery_to))
        d->delivery_to = NULL;
    d->calendar_version = rowread_int(reader, row, "calendar_version", 0);
    d->head_seq = value_get_int(row, "head_seq", 0);
}

int dossier_read(struct arena *arena, const struct procedure *procedure, const struct value *row,
                 struct dossier **ret)
{
    struct rowread reader = {arena, procedure, false};
    const struct value *book = value_get(row, "engine");
    struct dossier *d;

    if (row == NULL || row->kind != VALUE_MAP || value_is_null(book))
        return -EINVAL;
    d = dossier_new(arena, procedure);
    read_columns(&reader, row, d);
    read_moments(&reader, row, d);
    read_lists(&reader, row, d);
    bookkeeping_read(&reader, book, d);
    read_holders(row, d);
    if (reader.unfit || d->id <= 0 || d->code == NULL || d->agency_competent == NULL)
        return -EINVAL;
    *ret = d;
    return 0;
}
