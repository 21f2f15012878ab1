#include "core/workflow_leave.h"

#include "core/sink.h"

#include <string.h>

bool workflow_mailed(const struct decision *d, const char *kind)
{
    const struct outcome *outcome = d->outcome;

    for (size_t i = 0; i < outcome->outbox_count; i++) {
        if (strcmp(outcome->outbox[i].channel, "mail") == 0 &&
            strcmp(outcome->outbox[i].topic, kind) == 0)
            return true;
    }
    return false;
}

void workflow_mail(struct decision *d, int64_t account, const char *kind, struct slice body)
{
    const char *address = d->after->applicant.email;
    struct outbox_row row = {.channel = "mail", .topic = kind, .key = ":mail"};

    if (!d->setting->mail || (account == 0 && (address == NULL || address[0] == '\0')) ||
        workflow_mailed(d, kind))
        return;
    row.body = slice_str(arena_printf(d->arena, "{\"account\":%lld,\"told\":%.*s}",
                                      (long long)account, (int)body.len, body.ptr));
    outcome_outbox(d->arena, d->outcome, &row);
}

void workflow_tell_portal(struct decision *d)
{
    const struct dossier *after = d->after;
    int status = d->setting->portal_sync ? dossier_national(after) : 0;
    struct outbox_row row = {.channel = "portal", .topic = "status"};
    struct buf body = decision_text(d);
    struct jw jw = JW_INIT(&body);

    if (status == 0 || (d->before->id != 0 && status == dossier_national(d->before)))
        return;
    jw_object(&jw);
    jw_kv_int(&jw, "status", status);
    jw_kv_str(&jw, "state", state_info(after->state)->code);
    jw_kv_wall(&jw, "due", after->due_current);
    jw_kv_wall(&jw, "at", d->at);
    jw_end_object(&jw);
    row.body = buf_slice(&body);
    outcome_outbox(d->arena, d->outcome, &row);
}

/* What this change is called outside, or NULL when it concerns nobody there. */
static const char *event_of(const struct decision *d)
{
    static const char *const kinds[] = {"parcel_moved", "paid", "result_corrected"};
    const struct outcome *outcome = d->outcome;

    if (d->before->id == 0 || d->before->state != d->after->state)
        return state_info(d->after->state)->code;
    if (d->before->due_current.us != d->after->due_current.us)
        return "due_moved";
    for (size_t i = 0; i < DVC_COUNT(kinds) && outcome->event_count > 0; i++) {
        if (strcmp(outcome->events[outcome->event_count - 1].kind, kinds[i]) == 0)
            return kinds[i];
    }
    return NULL;
}

static struct slice sink_body(struct decision *d, const char *event)
{
    const struct dossier *after = d->after;
    struct buf body = decision_text(d);
    struct jw jw = JW_INIT(&body);

    jw_object(&jw);
    jw_kv_str(&jw, "event", event);
    jw_kv_wall(&jw, "at", d->at);
    jw_kv_str(&jw, "external_code", after->external_code);
    jw_kv_str(&jw, "procedure", d->procedure->code);
    jw_kv_str(&jw, "agency", after->agency_competent);
    jw_kv_str(&jw, "state", state_info(after->state)->code);
    jw_kv_str(&jw, "from_state", d->before->id == 0 ? NULL : state_info(d->before->state)->code);
    jw_kv_str(&jw, "clock", clock_state_code(after->clock));
    jw_kv_int(&jw, "decision", after->decision);
    jw_kv_wall(&jw, "submitted_at", after->submitted_at);
    jw_kv_wall(&jw, "received_at", after->received_at);
    jw_kv_wall(&jw, "due_first", after->due_first);
    jw_kv_wall(&jw, "due_current", after->due_current);
    jw_kv_wall(&jw, "finished_at", after->finished_at);
    jw_kv_wall(&jw, "returned_at", after->returned_at);
    jw_end_object(&jw);
    return buf_slice(&body);
}

void workflow_tell_sinks(struct decision *d)
{
    const char *event = d->setting->sink_count > 0 ? event_of(d) : NULL;
    struct slice body = SLICE_NULL;

    for (size_t i = 0; event != NULL && i < d->setting->sink_count; i++) {
        const struct sink *sink = &d->setting->sinks[i];

        if (!sink_wants(sink, event))
            continue;
        if (body.ptr == NULL)
            body = sink_body(d, event);
        outcome_outbox(d->arena, d->outcome,
                       &(struct outbox_row){.channel = sink->id, .topic = "event", .body = body});
    }
}
