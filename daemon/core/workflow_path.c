#include "core/workflow_path.h"

#include <string.h>

static const struct value *text(struct decision *d, const char *value)
{
    return value == NULL ? NULL : value_text(d->arena, value);
}

static struct slice rest(struct slice path, size_t from)
{
    return slice_sub(path, from, path.len - from);
}

static const struct value *documents(struct decision *d, struct slice path)
{
    ptrdiff_t dot = slice_find(path, '.', 0);
    bool present = false;

    if (dot < 0 || !slice_is(rest(path, (size_t)dot), ".present"))
        return NULL;
    path.len = (size_t)dot;
    for (size_t i = 0; i < d->after->paper_count; i++)
        present = present || slice_is(path, d->after->papers[i].paper);
    return value_bool(d->arena, present);
}

static const struct value *fees(struct decision *d, struct slice name)
{
    int64_t due = 0;

    for (size_t i = 0; i < d->after->fee_count; i++) {
        const struct dossier_fee *fee = &d->after->fees[i];

        if (!fee->waived && wall_is_none(fee->paid_at))
            due += fee->amount;
    }
    if (slice_is(name, "due"))
        return value_int(d->arena, due);
    return slice_is(name, "paid") ? value_bool(d->arena, due == 0) : NULL;
}

static const struct value *clock_used(struct decision *d)
{
    const struct dossier *after = d->after;
    struct clock_run run = dossier_clock_run(d->arena, after);
    struct limit limit = dossier_limit(after);
    struct clock_use use;

    if (wall_is_none(run.start) || limit.unit == LIMIT_NONE)
        return NULL;
    if (deadline_used(d->setting->calendar, dossier_clock_rule(after), limit, &run, d->at, &use) !=
        0)
        return NULL;
    return value_int(d->arena, use.percent);
}

const struct value *workflow_path(void *ctx, struct slice path)
{
    struct decision *d = ctx;
    const struct dossier *after = d->after;

    if (slice_starts(path, "form."))
        return value_path(after->form, rest(path, 5));
    if (slice_is(path, "case"))
        return text(d, after->case_id);
    if (slice_is(path, "channel"))
        return text(d, channel_code(after->channel));
    if (slice_is(path, "applicant.kind"))
        return text(d, after->applicant.kind);
    if (slice_is(path, "applicant.waiver"))
        return text(d, after->applicant.waiver);
    if (slice_is(path, "dossier.delivery.method"))
        return text(d, delivery_code(after->delivery));
    if (slice_is(path, "dossier.forwarded"))
        return value_bool(d->arena,
                          after->agency_receiving != NULL &&
                              strcmp(after->agency_receiving, after->agency_competent) != 0);
    if (slice_starts(path, "documents."))
        return documents(d, rest(path, 10));
    if (slice_starts(path, "fees."))
        return fees(d, rest(path, 5));
    if (slice_starts(path, "visits.")) {
        int step = procedure_step(d->procedure, rest(path, 7));

        return step < 0 ? NULL : value_int(d->arena, after->visits[step]);
    }
    return slice_is(path, "clock.used") ? clock_used(d) : NULL;
}
