#include "core/workflow_leave.h"

#include "core/sink.h"

#include <string.h>

static struct value *text_or_null(struct decision *d, const char *text)
{
    return text != NULL ? value_string(d->arena, slice_str(text)) : value_new(d->arena, VALUE_NULL);
}

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
    int status = dossier_national(after);
    struct value *body = value_new(d->arena, VALUE_MAP);
    struct outbox_row row = {.channel = "portal", .topic = "status"};

    if (!d->setting->portal_sync || status == 0 ||
        (d->before->id != 0 && status == dossier_national(d->before)))
        return;
    value_set(d->arena, body, "status", value_int(d->arena, status));
    value_set(d->arena, body, "state", text_or_null(d, state_info(after->state)->code));
    value_set(d->arena, body, "due", decision_wall(d, after->due_current));
    value_set(d->arena, body, "at", decision_wall(d, d->at));
    row.body = decision_json(d, body);
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
    struct value *body = value_new(d->arena, VALUE_MAP);

    value_set(d->arena, body, "event", text_or_null(d, event));
    value_set(d->arena, body, "at", decision_wall(d, d->at));
    value_set(d->arena, body, "external_code", text_or_null(d, after->external_code));
    value_set(d->arena, body, "procedure", text_or_null(d, d->procedure->code));
    value_set(d->arena, body, "agency", text_or_null(d, after->agency_competent));
    value_set(d->arena, body, "state", text_or_null(d, state_info(after->state)->code));
    value_set(d->arena, body, "from_state",
              text_or_null(d, d->before->id == 0 ? NULL : state_info(d->before->state)->code));
    value_set(d->arena, body, "clock", text_or_null(d, clock_state_code(after->clock)));
    value_set(d->arena, body, "decision", value_int(d->arena, after->decision));
    value_set(d->arena, body, "submitted_at", decision_wall(d, after->submitted_at));
    value_set(d->arena, body, "received_at", decision_wall(d, after->received_at));
    value_set(d->arena, body, "due_first", decision_wall(d, after->due_first));
    value_set(d->arena, body, "due_current", decision_wall(d, after->due_current));
    value_set(d->arena, body, "finished_at", decision_wall(d, after->finished_at));
    value_set(d->arena, body, "returned_at", decision_wall(d, after->returned_at));
    return decision_json(d, body);
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
