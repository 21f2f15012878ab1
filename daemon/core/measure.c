#include "core/measure.h"

struct stock {
    bool any;
    enum measure measure;
    day_t due_day;
};

static day_t due_day(wall_t due)
{
    return wall_is_none(due) ? DAY_NONE : day_of(due);
}

static struct stock stock_of(const struct dossier *dossier)
{
    struct stock stock = {false, MEASURE_OPEN, DAY_NONE};

    if (dossier == NULL || wall_is_none(dossier->received_at))
        return stock;
    stock.any = dossier->clock == CLOCK_RUNNING || dossier->clock == CLOCK_HELD;
    stock.measure = dossier->clock == CLOCK_HELD ? MEASURE_HELD : MEASURE_OPEN;
    stock.due_day = due_day(dossier->due_current);
    return stock;
}

static void add(struct arena *arena, struct outcome *outcome, day_t day, enum measure measure,
                day_t due, int count)
{
    struct delta_row row = {day, measure, due, count};

    outcome_delta(arena, outcome, &row);
}

static void resolved(struct arena *arena, struct outcome *outcome, day_t day)
{
    const struct dossier *after = outcome->after;
    day_t due = due_day(after->due_current);

    if (after->state == STATE_WITHDRAWN) {
        add(arena, outcome, day, MEASURE_WITHDRAWN, due, 1);
        return;
    }
    add(arena, outcome, day, MEASURE_RESOLVED, due, 1);
    add(arena, outcome, day, MEASURE_RESOLVED_FIRST, due_day(after->due_first), 1);
    if (past_due(after->due_current, after->finished_at))
        add(arena, outcome, day, MEASURE_RESOLVED_LATE_STRICT, due, 1);
    if (after->state == STATE_REFUSED)
        add(arena, outcome, day, MEASURE_REFUSED, due, 1);
    if (after->state == STATE_STOPPED)
        add(arena, outcome, day, MEASURE_STOPPED, due, 1);
}

void measure_change(struct arena *arena, const struct dossier *before, day_t day,
                    struct outcome *outcome)
{
    const struct dossier *after = outcome->after;
    struct stock old = stock_of(before), now = stock_of(after);
    bool was_received = before != NULL && !wall_is_none(before->received_at);
    bool is_received = !wall_is_none(after->received_at);
    bool was_ended = before != NULL && before->clock == CLOCK_ENDED;

    if (is_received && !was_received) {
        add(arena, outcome, day, MEASURE_RECEIVED, due_day(after->due_first), 1);
        if (past_due(after->intake_due, after->received_at))
            add(arena, outcome, day, MEASURE_ACCEPTED_LATE, due_day(after->due_first), 1);
    }
    if (old.any != now.any ||
        (old.any && (old.measure != now.measure || old.due_day.n != now.due_day.n))) {
        if (old.any)
            add(arena, outcome, day, old.measure, old.due_day, -1);
        if (now.any)
            add(arena, outcome, day, now.measure, now.due_day, 1);
    }
    if (is_received && after->clock == CLOCK_ENDED && !was_ended)
        resolved(arena, outcome, day);
    if (after->state == STATE_NOT_ACCEPTED &&
        (before == NULL || before->state != STATE_NOT_ACCEPTED))
        add(arena, outcome, day, MEASURE_NOT_ACCEPTED, DAY_NONE, 1);
}
