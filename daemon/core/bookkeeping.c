#include "core/bookkeeping.h"

#include "base/jw.h"

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

static void read_promise(struct rowread *reader, const struct value *book, struct dossier *d)
{
    const struct value *row = value_get(book, "promise");
    struct dossier_promise *promise = &d->promise;

    promise->made = !value_is_null(row);
    if (!promise->made)
        return;
    promise->version = rowread_int(reader, row, "version", 0);
    rowread_limit(reader, row, "limit", &promise->limit);
    promise->counts_again = value_get_bool(row, "counts_again", false);
    rowread_limit(reader, row, "again", &promise->again);
    ROWREAD_WORD(reader, row, "starts", clock_starts_parse, &promise->clock.starts);
    ROWREAD_WORD(reader, row, "due_time", due_time_parse, &promise->clock.due_time);
    ROWREAD_WORD(reader, row, "after_supplement", after_supplement_parse,
                 &promise->clock.after_supplement);
    promise->clock.cutoff_minute = rowread_int(reader, row, "cut_off", CLOCK_CUTOFF_MINUTE);
    promise->decision = rowread_str(reader, row, "decision");
    reader->unfit = reader->unfit || limit_is_unset(promise->limit);
}

/* Only words stand in it; what else might is left out. */
static void read_renamed(struct rowread *reader, const struct value *book, struct dossier *d)
{
    const struct value *row = value_get(book, "renamed");

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

static void read_groups(struct rowread *reader, const struct value *book, struct dossier *d)
{
    const struct value *groups = value_get(book, "groups");

    d->group_count = d->group_cap = value_count(groups);
    d->groups = ARENA_ARRAY(reader->arena, struct token_group, d->group_count);
    for (size_t i = 0; i < d->group_count; i++) {
        d->groups[i].no = rowread_int(reader, value_at(groups, i), "no", 0);
        d->groups[i].parent = rowread_int(reader, value_at(groups, i), "parent", 0);
    }
}

static void read_links(struct rowread *reader, const struct value *book, struct dossier *d)
{
    const struct value *links = value_get(book, "linked");
    const struct value *lead = value_get(book, "lead");

    d->link_count = d->link_cap = value_count(links);
    d->links = ARENA_ARRAY(reader->arena, struct dossier_link, d->link_count);
    for (size_t i = 0; i < d->link_count; i++) {
        const struct value *row = value_at(links, i);
        struct dossier_link *link = &d->links[i];

        link->no = rowread_int(reader, row, "no", 0);
        link->as = value_get_str(row, "as");
        link->procedure = value_get_str(row, "procedure");
        link->agency = value_get_str(row, "agency");
        link->code = value_get_str(row, "code");
        ROWREAD_WORD(reader, row, "state", link_state_parse, &link->state);
        if (link->state == LINK_DONE || link->state == LINK_FAILED)
            ROWREAD_WORD(reader, row, "end", state_parse, &link->end);
        reader->unfit = reader->unfit || link->as == NULL || link->procedure == NULL;
    }
    d->lead = value_get_str(lead, "code");
    d->lead_id = value_get_int(lead, "id", 0);
    d->lead_no = rowread_int(reader, lead, "no", 0);
}

static void read_steps(struct rowread *reader, const struct value *book, struct dossier *d)
{
    const struct value *visits = value_get(book, "visits"), *budget = value_get(book, "budget");

    for (size_t i = 0; i < d->procedure->step_count; i++) {
        const char *id = d->procedure->steps[i].id;

        d->visits[i] = rowread_int(reader, visits, id, 0);
        d->budget[i] = value_get_int(budget, id, -1);
    }
}

static void read_tasks(struct rowread *reader, const struct value *book, struct dossier *d)
{
    const struct value *tasks = value_get(book, "tasks");

    for (size_t i = 0; i < d->task_count; i++) {
        struct task *task = &d->tasks[i];
        const struct value *own = member_no(tasks, task->no);

        task->counted_from = rowread_wall(reader, own, "from");
        if (wall_is_none(task->counted_from))
            task->counted_from = task->opened_at;
        task->last_day = rowread_day(reader, own, "last_day");
    }
}

void bookkeeping_read(struct rowread *reader, const struct value *book, struct dossier *d)
{
    read_steps(reader, book, d);
    d->next_task = rowread_int(reader, book, "next_task", 1);
    d->next_no = rowread_int(reader, book, "next_no", 1);
    d->next_group = rowread_int(reader, book, "next_group", 1);
    d->due_epoch = rowread_int(reader, book, "due_epoch", 0);
    d->clock_started = rowread_wall(reader, book, "clock_started");
    d->intake_due = rowread_wall(reader, book, "intake_due");
    d->extended = value_get_bool(book, "extended", false);
    d->state_before = d->state;
    if (value_get_text(book, "state_before").len > 0)
        ROWREAD_WORD(reader, book, "state_before", state_parse, &d->state_before);
    d->returned_to = value_get(book, "returned_to");
    read_tasks(reader, book, d);
    read_groups(reader, book, d);
    read_links(reader, book, d);
    read_promise(reader, book, d);
    read_renamed(reader, book, d);
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

static void write_promise(struct jw *jw, const struct dossier *d)
{
    const struct dossier_promise *promise = &d->promise;

    if (!promise->made)
        return;
    jw_key(jw, "promise");
    jw_object(jw);
    jw_kv_int(jw, "version", promise->version);
    limit_write_kv(jw, "limit", promise->limit);
    jw_kv_bool(jw, "counts_again", promise->counts_again);
    if (!limit_is_unset(promise->again))
        limit_write_kv(jw, "again", promise->again);
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

void bookkeeping_write(struct buf *buf, const struct dossier *dossier)
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
