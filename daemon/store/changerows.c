#include "store/changerows.h"

#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "core/bookkeeping.h"
#include "store/childrows.h"

#define SCRATCH_MAX (4u * 1024 * 1024)
#define PARAMS_MAX (48u * 1024 * 1024)

static const char *const type_names[ROWS_KIND_COUNT] = {
    [ROWS_HEAD] = "change_head",
    [ROWS_DOSSIER] = "change_dossier",
    [ROWS_TASK] = "change_task",
    [ROWS_LEDGER] = "change_ledger",
    [ROWS_EVENT] = "change_event",
    [ROWS_TIMER] = "change_timer",
    [ROWS_TIMER_CANCEL] = "change_timer_cancel",
    [ROWS_OUTBOX] = "change_outbox",
    [ROWS_NOTICE] = "change_notice",
    [ROWS_DELTA] = "change_delta",
    [ROWS_PAPER] = "change_paper",
    [ROWS_FEE] = "change_fee",
    [ROWS_SUPPLEMENT] = "change_supplement",
    [ROWS_RESULT] = "change_result",
    [ROWS_FORM] = "change_form",
    [ROWS_PARCEL] = "change_parcel",
    [ROWS_PARCEL_EVENT] = "change_parcel_event",
    [ROWS_MOVE] = "change_move",
};

const char *row_kind_type(enum row_kind kind)
{
    return type_names[kind];
}

void change_rows_init(struct change_rows *rows, const uint32_t oids[ROWS_KIND_COUNT])
{
    *rows = (struct change_rows){.scratch = BUF_INIT(SCRATCH_MAX), .params = BUF_INIT(PARAMS_MAX)};
    for (size_t i = 0; i < ROWS_KIND_COUNT; i++)
        rowset_init(&rows->sets[i], oids[i]);
}

void change_rows_release(struct change_rows *rows)
{
    for (size_t i = 0; i < ROWS_KIND_COUNT; i++)
        rowset_release(&rows->sets[i]);
    buf_release(&rows->scratch);
    buf_release(&rows->params);
    free(rows->event_ends);
    rows->event_ends = NULL;
}

struct rowset *change_rows_begin(struct change_rows *rows, enum row_kind kind)
{
    struct rowset *set = &rows->sets[kind];

    rowset_begin(set);
    rowset_int4(set, (int64_t)rows->changes);
    return set;
}

void change_rows_value(struct change_rows *rows, struct rowset *set, const struct value *value)
{
    buf_clear(&rows->scratch);
    if (value != NULL)
        value_write(&rows->scratch, value, false);
    rowset_text(set, value != NULL ? buf_slice(&rows->scratch) : SLICE_NULL);
}

static void write_party(struct buf *out, const struct party *party)
{
    struct jw jw = JW_INIT(out);

    jw_object(&jw);
    jw_kv_str(&jw, "kind", party->kind);
    jw_kv_str(&jw, "name", party->name);
    jw_kv_str(&jw, "id_number", party->id_number);
    jw_kv_str(&jw, "phone", party->phone);
    jw_kv_str(&jw, "email", party->email);
    jw_key(&jw, "address");
    jw_object(&jw);
    jw_kv_str(&jw, "province", party->province);
    jw_kv_str(&jw, "commune", party->commune);
    jw_kv_str(&jw, "line", party->line);
    jw_end_object(&jw);
    jw_kv_str(&jw, "waiver", party->waiver);
    jw_end_object(&jw);
}

static void put_party(struct change_rows *rows, struct rowset *set, const struct party *party)
{
    buf_clear(&rows->scratch);
    write_party(&rows->scratch, party);
    rowset_text(set, buf_slice(&rows->scratch));
}

static void add_head(struct change_rows *rows, const struct change *change)
{
    const struct outcome *outcome = change->outcome;
    const struct dossier *after = outcome->after;
    struct rowset *set = change_rows_begin(rows, ROWS_HEAD);
    struct slice digest = {(const char *)change->key_digest.bytes, SHA256_SIZE};

    rowset_int8(set, outcome->creates ? 0 : after->id);
    rowset_int8(set, after->version);
    rowset_int8(set, change->account);
    rowset_str(set, change->key);
    rowset_bytes(set, digest);
    rowset_str(set, after->agency_receiving);
    rowset_day(set, day_of(change->now));
    rowset_int8(set, after->decision);
    rowset_str(set, state_info(after->state)->code);
    rowset_str(set, clock_state_code(after->clock));
    buf_clear(&rows->scratch);
    bookkeeping_write(&rows->scratch, after);
    rowset_text(set, buf_slice(&rows->scratch));
    rowset_wall(set, after->submitted_at);
    rowset_wall(set, after->received_at);
    rowset_wall(set, after->due_first);
    rowset_wall(set, after->due_current);
    rowset_wall(set, after->finished_at);
    rowset_wall(set, after->returned_at);
    rowset_wall(set, after->ended_at);
    rowset_int4(set, after->calendar_version);
    rowset_wall(set, after->last_event_at);
    rowset_str(set, delivery_code(after->delivery));
    rowset_int4_or_null(set, outcome->fire_scope, outcome->fires);
    rowset_int4_or_null(set, outcome->fire_epoch, outcome->fires);
    rowset_int4_or_null(set, outcome->fire_rung, outcome->fires);
    rowset_id(set, change->settles_outbox);
    rowset_end(set);
}

static void add_dossier(struct change_rows *rows, const struct change *change)
{
    const struct dossier *after = change->outcome->after;
    struct rowset *set = change_rows_begin(rows, ROWS_DOSSIER);

    rowset_str(set, after->external_code);
    rowset_int8(set, after->procedure->id);
    rowset_str(set, after->procedure->code);
    rowset_str(set, after->case_id);
    rowset_str(set, after->agency_helping);
    rowset_str(set, after->agency_receiving);
    rowset_str(set, after->agency_competent);
    rowset_int2(set, (int)after->channel);
    rowset_int8(set, after->filed_by);
    rowset_id(set, after->owner_account);
    rowset_str(set, change->owner_id_number);
    put_party(rows, set, &after->applicant);
    if (after->owner_is_applicant)
        rowset_text(set, SLICE_NULL);
    else
        put_party(rows, set, &after->owner);
    rowset_str(set, after->on_behalf);
    rowset_text(set, change->name_folded.ptr != NULL ? change->name_folded : SLICE_LIT(""));
    rowset_str(set, after->applicant.phone);
    rowset_str(set, after->applicant.id_number);
    change_rows_value(rows, set, after->form);
    change_rows_value(rows, set, after->delivery_to);
    rowset_end(set);
}

static void add_events(struct change_rows *rows, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->event_count; i++) {
        const struct event_row *event = &outcome->events[i];
        struct rowset *set = change_rows_begin(rows, ROWS_EVENT);

        rowset_int4(set, (int64_t)i + 1);
        rowset_wall(set, event->at);
        rowset_str(set, event->kind);
        rowset_id(set, event->actor);
        rowset_str(set, role_code(event->role));
        rowset_text(set, event->body);
        rowset_str(set, event->reason);
        rowset_str(set, event->note);
        rowset_end(set);
    }
    rows->events += (int64_t)outcome->event_count;
    rows->event_ends[rows->changes - 1] = outcome->event_count > 0 ? rows->events : 0;
}

static void add_timers(struct change_rows *rows, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->timer_count; i++) {
        const struct timer_row *timer = &outcome->timers[i];
        struct rowset *set = change_rows_begin(rows, ROWS_TIMER);

        rowset_int4(set, timer->scope);
        rowset_int4(set, timer->epoch);
        rowset_int4(set, timer->rung);
        rowset_str(set, timer->kind == TIMER_WARN ? "warn" : "timeout");
        rowset_wall(set, timer->fire_at);
        rowset_end(set);
    }
    for (size_t i = 0; i < outcome->cancel_count; i++) {
        struct rowset *set = change_rows_begin(rows, ROWS_TIMER_CANCEL);

        rowset_int4(set, outcome->cancels[i].scope);
        rowset_int4(set, outcome->cancels[i].epoch);
        rowset_end(set);
    }
}

/* A message without a key of its own is keyed by code, topic and seq; the second of its topic in
 * the same change needs more to be told from the first. */
static void put_outbox_key(struct change_rows *rows, struct rowset *set,
                           const struct outcome *outcome, size_t index)
{
    const struct outbox_row *row = &outcome->outbox[index];
    int64_t before = 0;

    if (row->key == NULL)
        for (size_t i = 0; i < index; i++)
            before +=
                outcome->outbox[i].key == NULL && strcmp(outcome->outbox[i].topic, row->topic) == 0;
    if (before == 0) {
        rowset_str(set, row->key);
        return;
    }
    buf_clear(&rows->scratch);
    buf_addc(&rows->scratch, ':');
    buf_add_i64(&rows->scratch, before + 1);
    rowset_text(set, buf_slice(&rows->scratch));
}

static void add_messages(struct change_rows *rows, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->outbox_count; i++) {
        struct rowset *set = change_rows_begin(rows, ROWS_OUTBOX);

        rowset_str(set, outcome->outbox[i].channel);
        rowset_str(set, outcome->outbox[i].topic);
        put_outbox_key(rows, set, outcome, i);
        rowset_text(set, outcome->outbox[i].body);
        rowset_end(set);
    }
    for (size_t i = 0; i < outcome->notice_count; i++) {
        const struct notice_row *notice = &outcome->notices[i];
        struct rowset *set = change_rows_begin(rows, ROWS_NOTICE);

        rowset_id(set, notice->account);
        rowset_str(set, role_code(notice->role));
        rowset_str(set, notice->agency);
        rowset_str(set, notice->kind);
        rowset_text(set, notice->body);
        rowset_end(set);
    }
}

static void add_deltas(struct change_rows *rows, const struct outcome *outcome)
{
    const struct dossier *after = outcome->after;

    for (size_t i = 0; i < outcome->delta_count; i++) {
        const struct delta_row *delta = &outcome->deltas[i];
        struct rowset *set = change_rows_begin(rows, ROWS_DELTA);

        rowset_day(set, delta->day);
        rowset_str(set, after->agency_competent);
        rowset_str(set, after->procedure->code);
        rowset_int2(set, (int)after->channel);
        rowset_str(set, measure_code(delta->measure));
        rowset_day(set, delta->due_day);
        rowset_int4(set, delta->count);
        rowset_end(set);
    }
}

static void add_move(struct change_rows *rows, const struct outcome *outcome)
{
    struct rowset *set;

    if (!outcome->procedure_moved)
        return;
    set = change_rows_begin(rows, ROWS_MOVE);
    rowset_int8(set, outcome->after->procedure->id);
    rowset_end(set);
}

void change_rows_add(struct change_rows *rows, const struct change *change)
{
    const struct dossier *after = change->outcome->after;

    if (rows->changes == rows->cap) {
        rows->cap = rows->cap > 0 ? rows->cap * 2 : 64;
        rows->event_ends = dvc_realloc(rows->event_ends, rows->cap * sizeof(*rows->event_ends));
    }
    rows->changes++;
    add_head(rows, change);
    if (change->outcome->creates)
        add_dossier(rows, change);
    add_events(rows, change->outcome);
    add_timers(rows, change->outcome);
    add_messages(rows, change->outcome);
    add_deltas(rows, change->outcome);
    child_rows_add(rows, after);
    add_move(rows, change->outcome);
}

bool change_rows_params(struct change_rows *rows, struct db_param params[CHANGE_PARAMS])
{
    size_t starts[ROWS_KIND_COUNT + 1];
    bool whole = true;

    buf_clear(&rows->params);
    for (size_t i = 0; i < ROWS_KIND_COUNT; i++) {
        starts[i] = rows->params.len;
        whole = whole && !rows->sets[i].buf.overflow;
        rowset_write(&rows->sets[i], &rows->params);
    }
    starts[ROWS_KIND_COUNT] = rows->params.len;
    for (size_t i = 0; i < ROWS_KIND_COUNT; i++) {
        size_t place = i <= ROWS_EVENT ? i : i + 1;

        params[place] = (struct db_param){
            .kind = DB_RAW, .bytes = {rows->params.ptr + starts[i], starts[i + 1] - starts[i]}};
    }
    params[ROWS_EVENT + 1] = db_int_array(rows->event_ends, rows->changes);
    return whole && !rows->params.overflow && !rows->scratch.overflow;
}
