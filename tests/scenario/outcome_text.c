#include "outcome_text.h"

#include "base/jw.h"
#include "row.h"

static void events(struct jw *jw, const struct outcome *outcome)
{
    jw_key(jw, "events");
    jw_array(jw);
    for (size_t i = 0; i < outcome->event_count; i++) {
        const struct event_row *row = &outcome->events[i];

        jw_object(jw);
        jw_kv_str(jw, "kind", row->kind);
        jw_kv_wall(jw, "at", row->at);
        jw_kv_int(jw, "actor", row->actor);
        jw_kv_int(jw, "role", row->role);
        jw_kv_str(jw, "reason", row->reason);
        jw_kv_str(jw, "note", row->note);
        jw_kv_slice(jw, "body", row->body);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void timers(struct jw *jw, const struct outcome *outcome)
{
    jw_key(jw, "timers");
    jw_array(jw);
    for (size_t i = 0; i < outcome->timer_count; i++) {
        const struct timer_row *row = &outcome->timers[i];

        jw_object(jw);
        jw_kv_int(jw, "scope", row->scope);
        jw_kv_int(jw, "epoch", row->epoch);
        jw_kv_int(jw, "rung", row->rung);
        jw_kv_int(jw, "kind", row->kind);
        jw_kv_wall(jw, "fire_at", row->fire_at);
        jw_end_object(jw);
    }
    jw_end_array(jw);
    jw_key(jw, "cancels");
    jw_array(jw);
    for (size_t i = 0; i < outcome->cancel_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "scope", outcome->cancels[i].scope);
        jw_kv_int(jw, "epoch", outcome->cancels[i].epoch);
        jw_end_object(jw);
    }
    jw_end_array(jw);
    jw_kv_bool(jw, "fires", outcome->fires);
    jw_kv_int(jw, "fire_scope", outcome->fire_scope);
    jw_kv_int(jw, "fire_epoch", outcome->fire_epoch);
    jw_kv_int(jw, "fire_rung", outcome->fire_rung);
}

static void told(struct jw *jw, const struct outcome *outcome)
{
    jw_key(jw, "outbox");
    jw_array(jw);
    for (size_t i = 0; i < outcome->outbox_count; i++) {
        jw_object(jw);
        jw_kv_str(jw, "channel", outcome->outbox[i].channel);
        jw_kv_str(jw, "topic", outcome->outbox[i].topic);
        jw_kv_str(jw, "key", outcome->outbox[i].key);
        jw_kv_slice(jw, "body", outcome->outbox[i].body);
        jw_end_object(jw);
    }
    jw_end_array(jw);
    jw_key(jw, "notices");
    jw_array(jw);
    for (size_t i = 0; i < outcome->notice_count; i++) {
        jw_object(jw);
        jw_kv_int(jw, "account", outcome->notices[i].account);
        jw_kv_int(jw, "role", outcome->notices[i].role);
        jw_kv_str(jw, "agency", outcome->notices[i].agency);
        jw_kv_str(jw, "kind", outcome->notices[i].kind);
        jw_kv_slice(jw, "body", outcome->notices[i].body);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void figures(struct jw *jw, const struct outcome *outcome)
{
    jw_key(jw, "deltas");
    jw_array(jw);
    for (size_t i = 0; i < outcome->delta_count; i++) {
        jw_object(jw);
        jw_kv_day(jw, "day", outcome->deltas[i].day);
        jw_kv_str(jw, "measure", measure_code(outcome->deltas[i].measure));
        jw_kv_day(jw, "due", outcome->deltas[i].due_day);
        jw_kv_int(jw, "count", outcome->deltas[i].count);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

/* Which rows the store will write: a mark each, for what the text of the dossier does not tell. */
static void changed(struct jw *jw, const struct dossier *d)
{
    jw_key(jw, "changed");
    jw_array(jw);
    for (size_t i = 0; i < d->task_count; i++) {
        jw_int(jw, d->tasks[i].no);
        jw_int(jw, d->tasks[i].state);
        jw_bool(jw, d->tasks[i].changed);
    }
    for (size_t i = 0; i < d->hold_count; i++)
        jw_bool(jw, d->holds[i].changed);
    for (size_t i = 0; i < d->paper_count; i++)
        jw_bool(jw, d->papers[i].changed);
    for (size_t i = 0; i < d->fee_count; i++)
        jw_bool(jw, d->fees[i].changed);
    for (size_t i = 0; i < d->supplement_count; i++)
        jw_bool(jw, d->supplements[i].changed);
    for (size_t i = 0; i < d->result_count; i++)
        jw_bool(jw, d->results[i].changed);
    for (size_t i = 0; i < d->form_count; i++)
        jw_bool(jw, d->forms[i].changed);
    for (size_t i = 0; i < d->parcel_count; i++) {
        jw_bool(jw, d->parcels[i].changed);
        jw_int(jw, (int64_t)d->parcels[i].event_count);
    }
    for (size_t i = 0; i < d->link_count; i++) {
        jw_str(jw, d->links[i].as);
        jw_bool(jw, d->links[i].fresh);
    }
    jw_end_array(jw);
}

void outcome_text(struct buf *buf, const struct outcome *outcome)
{
    struct buf row = BUF_INIT(buf->max);
    struct jw jw = JW_INIT(buf);

    row_write(&row, outcome->after);
    jw_object(&jw);
    jw_kv_bool(&jw, "creates", outcome->creates);
    jw_kv_bool(&jw, "decision_moved", outcome->decision_moved);
    jw_key(&jw, "after");
    jw_raw(&jw, buf_slice(&row));
    changed(&jw, outcome->after);
    events(&jw, outcome);
    timers(&jw, outcome);
    told(&jw, outcome);
    figures(&jw, outcome);
    jw_end_object(&jw);
    buf_release(&row);
}
