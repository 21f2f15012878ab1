#include "core/outcome.h"

static const char *const measure_codes[MEASURE_COUNT] = {
    [MEASURE_RECEIVED] = "received",
    [MEASURE_OPEN] = "open",
    [MEASURE_HELD] = "held",
    [MEASURE_RESOLVED] = "resolved",
    [MEASURE_RESOLVED_FIRST] = "resolved_first",
    [MEASURE_RESOLVED_LATE_STRICT] = "resolved_late_strict",
    [MEASURE_WITHDRAWN] = "withdrawn",
    [MEASURE_REFUSED] = "refused",
    [MEASURE_STOPPED] = "stopped",
    [MEASURE_NOT_ACCEPTED] = "not_accepted",
    [MEASURE_ACCEPTED_LATE] = "accepted_late",
};

const char *measure_code(enum measure measure)
{
    DVC_REQUIRE(measure < MEASURE_COUNT);
    return measure_codes[measure];
}

struct outcome *outcome_new(struct arena *arena, struct dossier *after)
{
    struct outcome *outcome = ARENA_NEW(arena, struct outcome);

    outcome->after = after;
    return outcome;
}

/* Six arrays of rows, one way to grow each. */
#define APPEND(arena, outcome, items, count, cap, row)                                             \
    do {                                                                                           \
        (outcome)->items = arena_grow((arena), (outcome)->items, (outcome)->count,                 \
                                      &(outcome)->cap, sizeof(*(outcome)->items));                 \
        (outcome)->items[(outcome)->count++] = *(row);                                             \
    } while (0)

void outcome_event(struct arena *arena, struct outcome *outcome, const struct event_row *row)
{
    APPEND(arena, outcome, events, event_count, event_cap, row);
}

void outcome_timer(struct arena *arena, struct outcome *outcome, const struct timer_row *row)
{
    APPEND(arena, outcome, timers, timer_count, timer_cap, row);
}

void outcome_cancel(struct arena *arena, struct outcome *outcome, const struct timer_cancel *row)
{
    size_t kept = 0;

    /* The store cancels first and arms then: what this change armed before is never armed. */
    for (size_t k = 0; k < outcome->timer_count; k++) {
        const struct timer_row *timer = &outcome->timers[k];

        if (timer->scope != row->scope || (row->epoch >= 0 && timer->epoch != row->epoch))
            outcome->timers[kept++] = *timer;
    }
    outcome->timer_count = kept;
    APPEND(arena, outcome, cancels, cancel_count, cancel_cap, row);
}

void outcome_outbox(struct arena *arena, struct outcome *outcome, const struct outbox_row *row)
{
    APPEND(arena, outcome, outbox, outbox_count, outbox_cap, row);
}

void outcome_notice(struct arena *arena, struct outcome *outcome, const struct notice_row *row)
{
    APPEND(arena, outcome, notices, notice_count, notice_cap, row);
}

void outcome_delta(struct arena *arena, struct outcome *outcome, const struct delta_row *row)
{
    APPEND(arena, outcome, deltas, delta_count, delta_cap, row);
}
