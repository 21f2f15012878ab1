/* The dossier from and to what the database keeps: its own columns as JSON, and the engine's
 * bookkeeping, which is keyed by step ids so that it survives another numbering of the steps. */
#include "base/jw.h"
#include "core/dossier.h"

#include <errno.h>
#include <limits.h>

struct reader {
    struct arena *arena;
    const struct procedure *procedure;
    const struct value *engine;
    bool bad; /* something did not fit: the row is refused as a whole */
};

static wall_t read_wall(struct reader *reader, const struct value *row, const char *key)
{
    const struct value *value = value_get(row, key);
    wall_t at = WALL_NONE;

    if (value_is_null(value))
        return WALL_NONE;
    if (value->kind != VALUE_STRING || wall_parse(value->string, &at) != 0)
        reader->bad = true;
    return at;
}

static const char *read_str(struct reader *reader, const struct value *row, const char *key)
{
    return arena_str(reader->arena, value_get_str(row, key));
}

static int read_int(struct reader *reader, const struct value *row, const char *key, int otherwise)
{
    int64_t number = value_get_int(row, key, otherwise);

    if (number < INT_MIN || number > INT_MAX) {
        reader->bad = true;
        return otherwise;
    }
    return (int)number;
}

static int read_step(struct reader *reader, const struct value *row, const char *key, bool required)
{
    struct slice id = value_get_text(row, key);
    int step = id.len > 0 ? procedure_step(reader->procedure, id) : -1;

    if (step < 0 && required)
        reader->bad = true;
    return step < 0 && required ? 0 : step;
}

/* Reads the word under `key` with a parser of one of the enums. */
#define READ_WORD(reader, row, key, parse, ret)                                                    \
    do {                                                                                           \
        if ((parse)(value_get_text((row), (key)), (ret)) != 0)                                     \
            (reader)->bad = true;                                                                  \
    } while (0)

static void read_party(struct reader *reader, const struct value *row, struct party *ret)
{
    const struct value *address = value_get(row, "address");

    if (address == NULL)
        address = row;
    *ret = (struct party){
        .kind = read_str(reader, row, "kind"),
        .name = read_str(reader, row, "name"),
        .id_number = read_str(reader, row, "id_number"),
        .phone = read_str(reader, row, "phone"),
        .email = read_str(reader, row, "email"),
        .province = read_str(reader, address, "province"),
        .commune = read_str(reader, address, "commune"),
        .line = read_str(reader, address, "line"),
        .waiver = read_str(reader, row, "waiver"),
    };
}

static const struct value *member_no(const struct value *map, int no)
{
    char key[16];
    struct buf buf = BUF_INIT(sizeof(key));
    const struct value *member;

    buf_add_i64(&buf, no);
    member = value_get_slice(map, buf_slice(&buf));
    buf_release(&buf);
    return member;
}

static void read_task(struct reader *reader, const struct value *row, struct task *task)
{
    const struct value *own;

    task->no = read_int(reader, row, "no", 0);
    task->step = read_step(reader, row, "step", true);
    task->state = TASK_OPEN;
    if (!value_is_null(value_get(row, "role")))
        READ_WORD(reader, row, "role", role_parse, &task->role);
    task->agency = read_str(reader, row, "agency");
    task->assignee = value_get_int(row, "assignee", 0);
    task->epoch = read_int(reader, row, "epoch", 1);
    task->opened_at = read_wall(reader, row, "opened_at");
    task->closed_at = read_wall(reader, row, "closed_at");
    task->due = read_wall(reader, row, "due");
    task->budget_left = value_get_int(row, "budget_left", -1);
    task->group = read_int(reader, row, "group", 0);
    task->previous = read_step(reader, row, "previous", false);
    own = member_no(value_get(reader->engine, "tasks"), task->no);
    task->counted_from = read_wall(reader, own, "from");
    if (wall_is_none(task->counted_from))
        task->counted_from = task->opened_at;
    task->last_day = DAY_NONE;
    if (value_get_text(own, "last_day").len > 0 &&
        day_parse(value_get_text(own, "last_day"), &task->last_day) != 0)
        reader->bad = true;
}

static void read_hold(struct reader *reader, const struct value *row, struct hold *hold)
{
    hold->no = read_int(reader, row, "no", 0);
    hold->from = read_wall(reader, row, "from");
    hold->to = read_wall(reader, row, "to");
    hold->kind = read_str(reader, row, "kind");
    hold->reason = read_str(reader, row, "reason");
    hold->party = read_str(reader, row, "party");
    hold->old_due = read_wall(reader, row, "old_due");
    hold->new_due = read_wall(reader, row, "new_due");
    if (hold->kind == NULL || hold->reason == NULL || hold->party == NULL)
        reader->bad = true;
}

static void read_paper(struct reader *reader, const struct value *row, struct dossier_paper *paper)
{
    paper->no = read_int(reader, row, "no", 0);
    paper->paper = read_str(reader, row, "paper");
    paper->upload = read_str(reader, row, "upload");
    paper->sha256 = read_str(reader, row, "sha256");
    paper->copies = read_int(reader, row, "copies", 0);
    paper->originals = read_int(reader, row, "originals", -1);
    paper->certified = read_int(reader, row, "certified", -1);
    if (paper->paper == NULL)
        reader->bad = true;
}

static void read_fee(struct reader *reader, const struct value *row, struct dossier_fee *fee)
{
    fee->no = read_int(reader, row, "no", 0);
    fee->fee = read_str(reader, row, "fee");
    fee->amount = value_get_int(row, "amount", 0);
    fee->waived = value_get_bool(row, "waived", false);
    fee->paid_at = read_wall(reader, row, "paid_at");
    fee->receipt = read_str(reader, row, "receipt");
    fee->method = read_str(reader, row, "method");
    if (fee->fee == NULL)
        reader->bad = true;
}

static void read_supplement(struct reader *reader, const struct value *row,
                            struct dossier_supplement *supplement)
{
    supplement->no = read_int(reader, row, "no", 0);
    supplement->intake = value_get_bool(row, "intake", false);
    supplement->requested_at = read_wall(reader, row, "requested_at");
    supplement->closed_at = read_wall(reader, row, "closed_at");
    supplement->by = value_get_int(row, "by", 0);
    supplement->reason = read_str(reader, row, "reason");
    supplement->papers = value_get(row, "papers");
}

static void read_result(struct reader *reader, const struct value *row,
                        struct dossier_result *result)
{
    result->no = read_int(reader, row, "no", 0);
    result->code = read_str(reader, row, "code");
    result->number = read_str(reader, row, "number");
    result->signed_by = read_str(reader, row, "signed_by");
    result->signed_at = read_wall(reader, row, "signed_at");
    result->upload = read_str(reader, row, "upload");
}

static void read_form(struct reader *reader, const struct value *row, struct dossier_form *form)
{
    form->no = read_int(reader, row, "no", 0);
    READ_WORD(reader, row, "form", form_id_parse, &form->form);
    form->number = read_str(reader, row, "number");
    form->issued_at = read_wall(reader, row, "issued_at");
    form->by = value_get_int(row, "by", 0);
    form->content = value_get(row, "content");
}

static void read_parcel(struct reader *reader, const struct value *row, struct parcel *parcel)
{
    struct slice direction = value_get_text(row, "direction");

    parcel->no = read_int(reader, row, "no", 0);
    parcel->direction = slice_is(direction, "collect") ? PARCEL_COLLECT : PARCEL_RETURN;
    if (!slice_is(direction, "collect") && !slice_is(direction, "return"))
        reader->bad = true;
    READ_WORD(reader, row, "state", parcel_state_parse, &parcel->state);
    parcel->order_number = read_str(reader, row, "order_number");
    parcel->item_code = read_str(reader, row, "item_code");
    parcel->office = read_str(reader, row, "office");
    parcel->created_at = read_wall(reader, row, "created_at");
    parcel->state_at = read_wall(reader, row, "state_at");
    if (parcel->order_number == NULL)
        reader->bad = true;
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

static void read_limit(struct reader *reader, const struct value *row, const char *key,
                       struct limit *ret)
{
    *ret = LIMIT_UNSET;
    if (value_get_text(row, key).len > 0 && limit_parse(value_get_text(row, key), ret) != 0)
        reader->bad = true;
}

static void read_promise(struct reader *reader, struct dossier *d)
{
    const struct value *row = value_get(reader->engine, "promise");
    struct dossier_promise *promise = &d->promise;

    promise->made = !value_is_null(row);
    if (!promise->made)
        return;
    promise->version = read_int(reader, row, "version", 0);
    read_limit(reader, row, "limit", &promise->limit);
    promise->counts_again = value_get_bool(row, "counts_again", false);
    read_limit(reader, row, "again", &promise->again);
    READ_WORD(reader, row, "starts", clock_starts_parse, &promise->clock.starts);
    READ_WORD(reader, row, "due_time", due_time_parse, &promise->clock.due_time);
    READ_WORD(reader, row, "after_supplement", after_supplement_parse,
              &promise->clock.after_supplement);
    promise->clock.cutoff_minute = read_int(reader, row, "cut_off", CLOCK_CUTOFF_MINUTE);
    promise->decision = read_str(reader, row, "decision");
    reader->bad = reader->bad || limit_is_unset(promise->limit);
}

/* Only words stand in it; what else might is left out. */
static void read_renamed(struct reader *reader, struct dossier *d)
{
    const struct value *row = value_get(reader->engine, "renamed");

    for (size_t i = 0; i < value_count(row); i++) {
        const struct value_member *member = &row->map.members[i];

        if (member->value->kind != VALUE_STRING)
            continue;
        if (d->renamed == NULL)
            d->renamed = value_new(reader->arena, VALUE_MAP);
        value_set(reader->arena, d->renamed, arena_slice_str(reader->arena, member->key),
                  member->value);
    }
}

static void read_asked(struct reader *reader, const struct value *row, struct dossier *d)
{
    const struct value *list = value_get(row, "asked");

    d->asked = arena_array(reader->arena, value_count(list), sizeof(*d->asked));
    for (size_t i = 0; i < value_count(list); i++)
        if (value_at(list, i)->kind == VALUE_STRING)
            d->asked[d->asked_count++] = value_at(list, i)->string.ptr;
}

static void read_lists(struct reader *reader, const struct value *row, struct dossier *d)
{
    READ_LIST(reader, row, "tasks", d, tasks, task_count, task_cap, read_task);
    read_asked(reader, row, d);
    read_holders(row, d);
    READ_LIST(reader, row, "holds", d, holds, hold_count, hold_cap, read_hold);
    READ_LIST(reader, row, "papers", d, papers, paper_count, paper_cap, read_paper);
    READ_LIST(reader, row, "fees", d, fees, fee_count, fee_cap, read_fee);
    READ_LIST(reader, row, "supplements", d, supplements, supplement_count, supplement_cap,
              read_supplement);
    READ_LIST(reader, row, "results", d, results, result_count, result_cap, read_result);
    READ_LIST(reader, row, "forms", d, forms, form_count, form_cap, read_form);
    READ_LIST(reader, row, "parcels", d, parcels, parcel_count, parcel_cap, read_parcel);
}

static void read_groups(struct reader *reader, struct dossier *d)
{
    const struct value *groups = value_get(reader->engine, "groups");

    d->group_count = d->group_cap = value_count(groups);
    d->groups = ARENA_ARRAY(reader->arena, struct token_group, d->group_count);
    for (size_t i = 0; i < d->group_count; i++) {
        d->groups[i].no = read_int(reader, value_at(groups, i), "no", 0);
        d->groups[i].parent = read_int(reader, value_at(groups, i), "parent", 0);
    }
}

static void read_links(struct reader *reader, struct dossier *d)
{
    const struct value *links = value_get(reader->engine, "linked");
    const struct value *lead = value_get(reader->engine, "lead");

    d->link_count = d->link_cap = value_count(links);
    d->links = ARENA_ARRAY(reader->arena, struct dossier_link, d->link_count);
    for (size_t i = 0; i < d->link_count; i++) {
        const struct value *row = value_at(links, i);
        struct dossier_link *link = &d->links[i];

        link->no = read_int(reader, row, "no", 0);
        link->as = value_get_str(row, "as");
        link->procedure = value_get_str(row, "procedure");
        link->agency = value_get_str(row, "agency");
        link->code = value_get_str(row, "code");
        READ_WORD(reader, row, "state", link_state_parse, &link->state);
        if (link->state == LINK_DONE || link->state == LINK_FAILED)
            READ_WORD(reader, row, "end", state_parse, &link->end);
        reader->bad = reader->bad || link->as == NULL || link->procedure == NULL;
    }
    d->lead = value_get_str(lead, "code");
    d->lead_id = value_get_int(lead, "id", 0);
    d->lead_no = (int)value_get_int(lead, "no", 0);
}

static void read_engine(struct reader *reader, struct dossier *d)
{
    const struct value *engine = reader->engine;
    const struct value *visits = value_get(engine, "visits"), *budget = value_get(engine, "budget");

    for (size_t i = 0; i < d->procedure->step_count; i++) {
        const char *id = d->procedure->steps[i].id;

        d->visits[i] = read_int(reader, visits, id, 0);
        d->budget[i] = value_get_int(budget, id, -1);
    }
    d->next_task = read_int(reader, engine, "next_task", 1);
    d->next_no = read_int(reader, engine, "next_no", 1);
    d->next_group = read_int(reader, engine, "next_group", 1);
    d->due_epoch = read_int(reader, engine, "due_epoch", 0);
    d->clock_started = read_wall(reader, engine, "clock_started");
    d->intake_due = read_wall(reader, engine, "intake_due");
    d->extended = value_get_bool(engine, "extended", false);
    d->state_before = d->state;
    if (value_get_text(engine, "state_before").len > 0)
        READ_WORD(reader, engine, "state_before", state_parse, &d->state_before);
    d->returned_to = value_get(engine, "returned_to");
    read_groups(reader, d);
    read_links(reader, d);
    read_promise(reader, d);
    read_renamed(reader, d);
}

static void read_moments(struct reader *reader, const struct value *row, struct dossier *d)
{
    d->submitted_at = read_wall(reader, row, "submitted_at");
    d->received_at = read_wall(reader, row, "received_at");
    d->finished_at = read_wall(reader, row, "finished_at");
    d->returned_at = read_wall(reader, row, "returned_at");
    d->ended_at = read_wall(reader, row, "ended_at");
    d->due_first = read_wall(reader, row, "due_first");
    d->due_current = read_wall(reader, row, "due_current");
    d->last_event_at = read_wall(reader, row, "last_event_at");
}

static void read_columns(struct reader *reader, const struct value *row, struct dossier *d)
{
    const struct value *owner = value_get(row, "owner");

    d->id = value_get_int(row, "id", 0);
    d->code = read_str(reader, row, "code");
    d->external_code = read_str(reader, row, "external_code");
    d->version = value_get_int(row, "version", 0);
    d->decision = value_get_int(row, "decision", 0);
    d->case_id = read_str(reader, row, "case_id");
    d->agency_helping = read_str(reader, row, "agency_helping");
    d->agency_receiving = read_str(reader, row, "agency_receiving");
    d->agency_competent = read_str(reader, row, "agency_competent");
    READ_WORD(reader, row, "channel", channel_parse, &d->channel);
    READ_WORD(reader, row, "delivery", delivery_parse, &d->delivery);
    READ_WORD(reader, row, "state", state_parse, &d->state);
    READ_WORD(reader, row, "clock", clock_state_parse, &d->clock);
    d->filed_by = value_get_int(row, "filed_by", 0);
    d->owner_account = value_get_int(row, "owner_account", 0);
    read_party(reader, value_get(row, "applicant"), &d->applicant);
    d->owner_is_applicant = value_is_null(owner);
    if (d->owner_is_applicant)
        d->owner = d->applicant;
    else
        read_party(reader, owner, &d->owner);
    d->on_behalf = read_str(reader, row, "on_behalf");
    d->form = value_get(row, "form");
    d->delivery_to = value_get(row, "delivery_to");
    if (value_is_null(d->delivery_to))
        d->delivery_to = NULL;
    d->calendar_version = read_int(reader, row, "calendar_version", 0);
    d->head_seq = value_get_int(row, "head_seq", 0);
}

int dossier_read(struct arena *arena, const struct procedure *procedure, const struct value *row,
                 struct dossier **ret)
{
    struct reader reader = {arena, procedure, value_get(row, "engine"), false};
    struct dossier *d;

    if (row == NULL || row->kind != VALUE_MAP || value_is_null(reader.engine))
        return -EINVAL;
    d = dossier_new(arena, procedure);
    read_columns(&reader, row, d);
    read_moments(&reader, row, d);
    read_engine(&reader, d);
    read_lists(&reader, row, d);
    if (reader.bad || d->id <= 0 || d->code == NULL || d->agency_competent == NULL)
        return -EINVAL;
    *ret = d;
    return 0;
}

static void write_steps(struct jw *jw, const struct dossier *d)
{
    jw_key(jw, "visits");
    jw_object(jw);
    for (size_t i = 0; i < d->procedure->step_count; i++) {
        if (d->visits[i] != 0)
            jw_kv_int(jw, d->procedure->steps[i].id, d->visits[i]);
    }
    jw_end_object(jw);
    jw_key(jw, "budget");
    jw_object(jw);
    for (size_t i = 0; i < d->procedure->step_count; i++) {
        if (d->budget[i] >= 0)
            jw_kv_int(jw, d->procedure->steps[i].id, d->budget[i]);
    }
    jw_end_object(jw);
}

static void write_tasks(struct jw *jw, const struct dossier *d)
{
    jw_key(jw, "tasks");
    jw_object(jw);
    for (size_t i = 0; i < d->task_count; i++) {
        const struct task *task = &d->tasks[i];
        struct buf key = BUF_INIT(32);

        if (task->state != TASK_OPEN)
            continue;
        buf_add_i64(&key, task->no);
        jw_key(jw, key.ptr);
        buf_release(&key);
        jw_object(jw);
        jw_kv_wall(jw, "from", task->counted_from);
        if (!day_is_none(task->last_day))
            jw_kv_day(jw, "last_day", task->last_day);
        jw_end_object(jw);
    }
    jw_end_object(jw);
}

static void write_groups(struct jw *jw, const struct dossier *d)
{
    if (d->group_count == 0)
        return;
    jw_key(jw, "groups");
    jw_array(jw);
    for (size_t i = 0; i < d->group_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "no", d->groups[i].no);
        jw_kv_int(jw, "parent", d->groups[i].parent);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void write_links(struct jw *jw, const struct dossier *d)
{
    if (d->lead_id != 0) {
        jw_key(jw, "lead");
        jw_object(jw);
        jw_kv_int(jw, "id", d->lead_id);
        jw_kv_str(jw, "code", d->lead);
        jw_kv_int(jw, "no", d->lead_no);
        jw_end_object(jw);
    }
    if (d->link_count == 0)
        return;
    jw_key(jw, "linked");
    jw_array(jw);
    for (size_t i = 0; i < d->link_count; i++) {
        const struct dossier_link *link = &d->links[i];

        jw_object(jw);
        jw_kv_int(jw, "no", link->no);
        jw_kv_str(jw, "as", link->as);
        jw_kv_str(jw, "procedure", link->procedure);
        jw_kv_str(jw, "agency", link->agency);
        jw_kv_str(jw, "code", link->code);
        jw_kv_str(jw, "state", link_state_code(link->state));
        if (link->state == LINK_DONE || link->state == LINK_FAILED)
            jw_kv_str(jw, "end", state_info(link->end)->code);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void write_limit(struct jw *jw, const char *key, struct limit limit)
{
    struct buf text = BUF_INIT(64);

    limit_write(&text, limit);
    jw_kv_slice(jw, key, buf_slice(&text));
    buf_release(&text);
}

static void write_promise(struct jw *jw, const struct dossier *d)
{
    const struct dossier_promise *promise = &d->promise;

    if (!promise->made)
        return;
    jw_key(jw, "promise");
    jw_object(jw);
    jw_kv_int(jw, "version", promise->version);
    write_limit(jw, "limit", promise->limit);
    jw_kv_bool(jw, "counts_again", promise->counts_again);
    if (!limit_is_unset(promise->again))
        write_limit(jw, "again", promise->again);
    jw_kv_str(jw, "starts", clock_starts_name(promise->clock.starts));
    jw_kv_str(jw, "due_time", due_time_name(promise->clock.due_time));
    jw_kv_str(jw, "after_supplement", after_supplement_name(promise->clock.after_supplement));
    jw_kv_int(jw, "cut_off", promise->clock.cutoff_minute);
    jw_kv_str(jw, "decision", promise->decision);
    jw_end_object(jw);
}

static void write_value(struct jw *jw, const char *key, const struct value *value)
{
    struct buf text = BUF_INIT(16 * 1024);

    if (value == NULL)
        return;
    value_write(&text, value, false);
    jw_key(jw, key);
    jw_raw(jw, buf_slice(&text));
    buf_release(&text);
}

void dossier_write_engine(struct buf *buf, const struct dossier *dossier)
{
    struct jw jw = JW_INIT(buf);

    jw_object(&jw);
    write_steps(&jw, dossier);
    jw_kv_int(&jw, "next_task", dossier->next_task);
    jw_kv_int(&jw, "next_no", dossier->next_no);
    jw_kv_int(&jw, "next_group", dossier->next_group);
    jw_kv_int(&jw, "due_epoch", dossier->due_epoch);
    jw_kv_wall(&jw, "clock_started", dossier->clock_started);
    jw_kv_wall(&jw, "intake_due", dossier->intake_due);
    jw_kv_bool(&jw, "extended", dossier->extended);
    if (dossier->state_before != dossier->state)
        jw_kv_str(&jw, "state_before", state_info(dossier->state_before)->code);
    write_tasks(&jw, dossier);
    write_groups(&jw, dossier);
    write_links(&jw, dossier);
    write_promise(&jw, dossier);
    write_value(&jw, "renamed", dossier->renamed);
    write_value(&jw, "returned_to", dossier->returned_to);
    jw_end_object(&jw);
}
