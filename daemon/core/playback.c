#include "core/playback.h"

struct actor playback_party(enum role party)
{
    return (struct actor){.kind = ACCOUNT_SYSTEM, .party = party};
}

/* What the store completes when the code is known. */
static void complete(struct playback *playback, struct dossier *d)
{
    for (size_t i = 0; i < d->form_count; i++) {
        if (d->forms[i].number[0] == '/')
            d->forms[i].number = arena_printf(playback->arena, "%s%s", d->code, d->forms[i].number);
    }
    for (size_t i = 0; i < d->parcel_count; i++) {
        if (d->parcels[i].order_number[0] == '-')
            d->parcels[i].order_number =
                arena_printf(playback->arena, "%s%s", d->code, d->parcels[i].order_number);
    }
}

static bool same_key(const struct timer_row *a, const struct timer_row *b)
{
    return a->scope == b->scope && a->epoch == b->epoch && a->rung == b->rung;
}

static void cancel(struct playback *playback, const struct timer_cancel *row)
{
    size_t kept = 0;

    for (size_t i = 0; i < playback->timer_count; i++) {
        const struct timer_row *timer = &playback->timers[i];

        if (timer->scope != row->scope || (row->epoch >= 0 && timer->epoch != row->epoch))
            playback->timers[kept++] = *timer;
    }
    playback->timer_count = kept;
}

static void disarm(struct playback *playback, const struct timer_row *gone)
{
    size_t kept = 0;

    for (size_t i = 0; i < playback->timer_count; i++) {
        if (!same_key(&playback->timers[i], gone))
            playback->timers[kept++] = playback->timers[i];
    }
    playback->timer_count = kept;
}

static bool has_fired(const struct playback *playback, const struct timer_row *timer)
{
    for (size_t i = 0; i < playback->fired_count; i++) {
        if (same_key(&playback->fired[i], timer))
            return true;
    }
    return false;
}

static void keep_timers(struct playback *playback, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->cancel_count; i++)
        cancel(playback, &outcome->cancels[i]);
    for (size_t i = 0; i < outcome->timer_count; i++) {
        const struct timer_row *row = &outcome->timers[i];

        /* The table's key: the same rung twice would be refused. */
        for (size_t j = 0; j < playback->timer_count; j++)
            DVC_REQUIRE(!same_key(&playback->timers[j], row));
        playback->timers = arena_grow(playback->arena, playback->timers, playback->timer_count,
                                      &playback->timer_cap, sizeof(*playback->timers));
        playback->timers[playback->timer_count++] = *row;
    }
    if (outcome->fires) {
        playback->fired = arena_grow(playback->arena, playback->fired, playback->fired_count,
                                     &playback->fired_cap, sizeof(*playback->fired));
        playback->fired[playback->fired_count++] = (struct timer_row){
            outcome->fire_scope, outcome->fire_epoch, outcome->fire_rung, TIMER_WARN, WALL_NONE};
    }
}

static void save(struct playback *playback, struct outcome *outcome)
{
    struct dossier *d = outcome->after;

    if (outcome->creates) {
        d->id = 1;
        d->code = playback->code;
    }
    d->version++;
    d->head_seq += (int64_t)outcome->event_count;
    complete(playback, d);
    keep_timers(playback, outcome);
    playback->dossier = playback->keep != NULL ? playback->keep(playback->ctx, outcome) : d;
}

int playback_apply(struct playback *playback, const struct command *command,
                   const struct actor *actor)
{
    struct outcome *outcome;

    playback->refusal = (struct refusal){NULL, NULL, NULL};
    playback->result = workflow_apply(playback->arena, playback->dossier, command, actor,
                                      playback->setting, &outcome, &playback->refusal);
    if (playback->result == 0)
        save(playback, outcome);
    return playback->result;
}

const struct timer_row *playback_next(const struct playback *playback, wall_t until)
{
    const struct timer_row *first = NULL;

    for (size_t i = 0; i < playback->timer_count; i++) {
        const struct timer_row *timer = &playback->timers[i];

        if (timer->fire_at.us <= until.us &&
            (first == NULL || timer->fire_at.us < first->fire_at.us))
            first = timer;
    }
    return first;
}

bool playback_deliver(struct playback *playback, struct timer_row timer)
{
    struct command command = command_blank(CMD_TIMER);
    struct actor actor = playback_party(ROLE_CLOCK);

    disarm(playback, &timer);
    if (timer.fire_at.us > playback->setting->now.us)
        playback->setting->now = timer.fire_at;
    playback->result = 0;
    if (has_fired(playback, &timer))
        return false;
    command.scope = timer.scope;
    command.epoch = timer.epoch;
    command.rung = timer.rung;
    if (playback_apply(playback, &command, &actor) == WF_E_NOT_DUE)
        playback->stray = true;
    return playback->result == 0;
}

int playback_run(struct playback *playback, wall_t until)
{
    const struct timer_row *timer;
    int fired = 0;

    while ((timer = playback_next(playback, until)) != NULL)
        fired += playback_deliver(playback, *timer);
    playback->setting->now = until;
    return fired;
}
