#include "row.h"

#include "base/json.h"
#include "base/jw.h"
#include "core/bookkeeping.h"
#include "core/dossier_read.h"

#include <stdio.h>
#include <stdlib.h>

#define ROW_MAX ((size_t)1024 * 1024)

static void party(struct jw *jw, const char *key, const struct party *party)
{
    jw_key(jw, key);
    jw_object(jw);
    jw_kv_str(jw, "kind", party->kind);
    jw_kv_str(jw, "name", party->name);
    jw_kv_str(jw, "id_number", party->id_number);
    jw_kv_str(jw, "waiver", party->waiver);
    jw_end_object(jw);
}

static void value(struct jw *jw, const char *key, const struct value *value)
{
    struct buf text = BUF_INIT(ROW_MAX);

    if (value == NULL) {
        jw_kv_null(jw, key);
        return;
    }
    value_write(&text, value, false);
    jw_key(jw, key);
    jw_raw(jw, buf_slice(&text));
    buf_release(&text);
}

static void columns(struct jw *jw, const struct dossier *d)
{
    struct buf engine = BUF_INIT(ROW_MAX);

    jw_kv_int(jw, "id", d->id);
    jw_kv_str(jw, "code", d->code);
    jw_kv_int(jw, "version", d->version);
    jw_kv_int(jw, "decision", d->decision);
    jw_kv_str(jw, "case_id", d->case_id);
    jw_kv_str(jw, "agency_receiving", d->agency_receiving);
    jw_kv_str(jw, "agency_competent", d->agency_competent);
    jw_kv_str(jw, "channel", channel_code(d->channel));
    jw_kv_str(jw, "delivery", delivery_code(d->delivery));
    jw_kv_str(jw, "state", state_info(d->state)->code);
    jw_kv_str(jw, "clock", clock_state_code(d->clock));
    jw_kv_int(jw, "filed_by", d->filed_by);
    jw_kv_int(jw, "owner_account", d->owner_account);
    party(jw, "applicant", &d->applicant);
    jw_kv_null(jw, "owner");
    jw_kv_str(jw, "on_behalf", d->on_behalf);
    value(jw, "form", d->form);
    value(jw, "delivery_to", d->delivery_to);
    bookkeeping_write(&engine, d);
    jw_key(jw, "engine");
    jw_raw(jw, buf_slice(&engine));
    buf_release(&engine);
    jw_kv_int(jw, "calendar_version", d->calendar_version);
    jw_kv_int(jw, "head_seq", d->head_seq);
}

static void moments(struct jw *jw, const struct dossier *d)
{
    jw_kv_wall(jw, "submitted_at", d->submitted_at);
    jw_kv_wall(jw, "received_at", d->received_at);
    jw_kv_wall(jw, "due_first", d->due_first);
    jw_kv_wall(jw, "due_current", d->due_current);
    jw_kv_wall(jw, "finished_at", d->finished_at);
    jw_kv_wall(jw, "returned_at", d->returned_at);
    jw_kv_wall(jw, "ended_at", d->ended_at);
    jw_kv_wall(jw, "last_event_at", d->last_event_at);
}

static void tasks(struct jw *jw, const struct dossier *d)
{
    const struct step *steps = d->procedure->steps;

    jw_key(jw, "tasks");
    jw_array(jw);
    for (size_t i = 0; i < d->task_count; i++) {
        const struct task *task = &d->tasks[i];

        if (task->state != TASK_OPEN)
            continue;
        jw_object(jw);
        jw_kv_int(jw, "no", task->no);
        jw_kv_str(jw, "step", steps[task->step].id);
        jw_kv_str(jw, "state", "open");
        jw_kv_str(jw, "role", task->role == ROLE_NONE ? NULL : role_code(task->role));
        jw_kv_str(jw, "agency", task->agency);
        jw_kv_int(jw, "assignee", task->assignee);
        jw_kv_int(jw, "epoch", task->epoch);
        jw_kv_wall(jw, "opened_at", task->opened_at);
        jw_kv_wall(jw, "due", task->due);
        jw_kv_int(jw, "budget_left", task->budget_left);
        jw_kv_int(jw, "group", task->group);
        jw_kv_str(jw, "previous", task->previous < 0 ? NULL : steps[task->previous].id);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void holds(struct jw *jw, const struct dossier *d)
{
    jw_key(jw, "holds");
    jw_array(jw);
    for (size_t i = 0; i < d->hold_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "no", d->holds[i].no);
        jw_kv_str(jw, "kind", d->holds[i].kind);
        jw_kv_str(jw, "reason", d->holds[i].reason);
        jw_kv_str(jw, "party", d->holds[i].party);
        jw_kv_wall(jw, "from", d->holds[i].from);
        jw_kv_wall(jw, "to", d->holds[i].to);
        jw_kv_wall(jw, "old_due", d->holds[i].old_due);
        jw_kv_wall(jw, "new_due", d->holds[i].new_due);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void papers(struct jw *jw, const struct dossier *d)
{
    jw_key(jw, "papers");
    jw_array(jw);
    for (size_t i = 0; i < d->paper_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "no", d->papers[i].no);
        jw_kv_str(jw, "paper", d->papers[i].paper);
        jw_kv_int(jw, "copies", d->papers[i].copies);
        jw_end_object(jw);
    }
    jw_end_array(jw);
    jw_key(jw, "fees");
    jw_array(jw);
    for (size_t i = 0; i < d->fee_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "no", d->fees[i].no);
        jw_kv_str(jw, "fee", d->fees[i].fee);
        jw_kv_int(jw, "amount", d->fees[i].amount);
        jw_kv_bool(jw, "waived", d->fees[i].waived);
        jw_kv_wall(jw, "paid_at", d->fees[i].paid_at);
        jw_kv_str(jw, "receipt", d->fees[i].receipt);
        jw_kv_str(jw, "method", d->fees[i].method);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void issued(struct jw *jw, const struct dossier *d)
{
    jw_key(jw, "supplements");
    jw_array(jw);
    for (size_t i = 0; i < d->supplement_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "no", d->supplements[i].no);
        jw_kv_bool(jw, "intake", d->supplements[i].intake);
        jw_kv_wall(jw, "requested_at", d->supplements[i].requested_at);
        jw_kv_wall(jw, "closed_at", d->supplements[i].closed_at);
        jw_kv_str(jw, "reason", d->supplements[i].reason);
        value(jw, "papers", d->supplements[i].papers);
        jw_end_object(jw);
    }
    jw_end_array(jw);
    jw_key(jw, "results");
    jw_array(jw);
    for (size_t i = 0; i < d->result_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "no", d->results[i].no);
        jw_kv_str(jw, "code", d->results[i].code);
        jw_kv_wall(jw, "signed_at", d->results[i].signed_at);
        jw_end_object(jw);
    }
    jw_end_array(jw);
    jw_key(jw, "forms");
    jw_array(jw);
    for (size_t i = 0; i < d->form_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "no", d->forms[i].no);
        jw_kv_str(jw, "form", form_id_code(d->forms[i].form));
        jw_kv_str(jw, "number", d->forms[i].number);
        jw_kv_wall(jw, "issued_at", d->forms[i].issued_at);
        value(jw, "content", d->forms[i].content);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void parcels(struct jw *jw, const struct dossier *d)
{
    jw_key(jw, "parcels");
    jw_array(jw);
    for (size_t i = 0; i < d->parcel_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "no", d->parcels[i].no);
        jw_kv_str(jw, "direction", parcel_direction_code(d->parcels[i].direction));
        jw_kv_str(jw, "state", parcel_state_code(d->parcels[i].state));
        jw_kv_str(jw, "order_number", d->parcels[i].order_number);
        jw_kv_str(jw, "item_code", d->parcels[i].item_code);
        jw_kv_wall(jw, "created_at", d->parcels[i].created_at);
        jw_kv_wall(jw, "state_at", d->parcels[i].state_at);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

void row_write(struct buf *buf, const struct dossier *dossier)
{
    struct jw jw = JW_INIT(buf);

    jw_object(&jw);
    columns(&jw, dossier);
    moments(&jw, dossier);
    tasks(&jw, dossier);
    holds(&jw, dossier);
    papers(&jw, dossier);
    issued(&jw, dossier);
    parcels(&jw, dossier);
    jw_end_object(&jw);
}

struct dossier *row_reload(struct arena *arena, const struct dossier *dossier)
{
    struct buf text = BUF_INIT(ROW_MAX), again = BUF_INIT(ROW_MAX);
    struct value *row;
    struct json_error error;
    struct dossier *read = NULL;

    row_write(&text, dossier);
    if (json_parse(arena, buf_slice(&text), 32, &row, &error) != 0 ||
        dossier_read(arena, dossier->procedure, row, &read) != 0) {
        fprintf(stderr, "the saved dossier cannot be read: %s\n", text.ptr);
        abort();
    }
    row_write(&again, read);
    if (!slice_eq(buf_slice(&text), buf_slice(&again))) {
        fprintf(stderr, "saved %s\nread  %s\n", text.ptr, again.ptr);
        abort();
    }
    buf_release(&text);
    buf_release(&again);
    return read;
}
