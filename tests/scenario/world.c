#include "world.h"

#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOME "H24.15.01"

static bool under(void *ctx, const char *agency, const char *ancestor)
{
    (void)ctx;
    return strcmp(agency, ancestor) == 0;
}

/* Any function is served by an agency of that name. */
static const char *agency_for(void *ctx, const char *function, const char *competent)
{
    struct world *world = ctx;

    (void)competent;
    return arena_printf(world->arena, "H24.%s", function);
}

static struct value *text(struct arena *arena, const char *value)
{
    return value_string(arena, slice_str(value));
}

struct world *world_new(struct arena *arena, const struct procedure *procedure,
                        const struct calendar *calendar)
{
    struct world *world = ARENA_NEW(arena, struct world);
    struct dossier *d = dossier_new(arena, procedure);

    world->arena = arena;
    world->procedure = procedure;
    world->order = (struct agency_order){under, NULL};
    world->setting = (struct setting){
        .calendar = calendar,
        .calendar_version = 1,
        .agencies = &world->order,
        .agency_for = agency_for,
        .agency_ctx = world,
        .intake_limit = {LIMIT_WORKING_HOURS, 8},
        .backdate_hours = 24,
        .portal_sync = true,
        .now = WALL_NONE,
    };
    d->agency_receiving = d->agency_competent = HOME;
    d->applicant.kind = "citizen";
    d->applicant.id_number = "031085001234";
    d->on_behalf = "self";
    d->form = value_new(arena, VALUE_MAP);
    d->delivery_to = value_new(arena, VALUE_MAP);
    value_set(arena, d->delivery_to, "line", text(arena, "12 Lạch Tray"));
    world->dossier = d;
    return world;
}

struct command world_command(enum command_kind kind)
{
    return (struct command){
        .kind = kind, .if_decision = -1, .received_at = WALL_NONE, .new_due = WALL_NONE};
}

/* What the store completes when the code is known. */
static void complete(struct world *world, struct dossier *d)
{
    for (size_t i = 0; i < d->form_count; i++) {
        if (d->forms[i].number[0] == '/')
            d->forms[i].number = arena_printf(world->arena, "%s%s", d->code, d->forms[i].number);
    }
    for (size_t i = 0; i < d->parcel_count; i++) {
        if (d->parcels[i].order_number[0] == '-')
            d->parcels[i].order_number =
                arena_printf(world->arena, "%s%s", d->code, d->parcels[i].order_number);
    }
}

static void cancel(struct world *world, const struct timer_cancel *row)
{
    size_t kept = 0;

    for (size_t i = 0; i < world->timer_count; i++) {
        const struct timer_row *timer = &world->timers[i];

        if (timer->scope != row->scope || (row->epoch >= 0 && timer->epoch != row->epoch))
            world->timers[kept++] = *timer;
    }
    world->timer_count = kept;
}

static void disarm(struct world *world, int scope, int epoch, int rung)
{
    size_t kept = 0;

    for (size_t i = 0; i < world->timer_count; i++) {
        const struct timer_row *timer = &world->timers[i];

        if (timer->scope != scope || timer->epoch != epoch || timer->rung != rung)
            world->timers[kept++] = *timer;
    }
    world->timer_count = kept;
}

static bool has_fired(const struct world *world, int scope, int epoch, int rung)
{
    for (size_t i = 0; i < world->fired_count; i++) {
        if (world->fired[i].scope == scope && world->fired[i].epoch == epoch &&
            world->fired[i].rung == rung)
            return true;
    }
    return false;
}

static void keep_timers(struct world *world, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->cancel_count; i++)
        cancel(world, &outcome->cancels[i]);
    for (size_t i = 0; i < outcome->timer_count; i++) {
        const struct timer_row *row = &outcome->timers[i];

        /* The table's key: the same rung twice would be refused. */
        for (size_t j = 0; j < world->timer_count; j++)
            DVC_REQUIRE(world->timers[j].scope != row->scope ||
                        world->timers[j].epoch != row->epoch || world->timers[j].rung != row->rung);
        DVC_REQUIRE(world->timer_count < WORLD_TIMERS);
        world->timers[world->timer_count++] = *row;
    }
    if (outcome->fires) {
        DVC_REQUIRE(world->fired_count < WORLD_FIRED);
        world->fired[world->fired_count++] = (struct timer_row){
            outcome->fire_scope, outcome->fire_epoch, outcome->fire_rung, TIMER_WARN, WALL_NONE};
    }
}

#define KEEP(world, items, count, rows, row_count)                                                 \
    do {                                                                                           \
        for (size_t k_ = 0; k_ < (row_count) && (world)->count < DVC_COUNT((world)->items); k_++)  \
            (world)->items[(world)->count++] = (rows)[k_];                                         \
    } while (0)

static void save(struct world *world, struct outcome *outcome)
{
    struct dossier *d = outcome->after;

    if (outcome->creates) {
        d->id = 1;
        d->code = HOME "-260212-0001";
    }
    d->version++;
    d->head_seq += (int64_t)outcome->event_count;
    complete(world, d);
    keep_timers(world, outcome);
    KEEP(world, notices, notice_count, outcome->notices, outcome->notice_count);
    KEEP(world, events, event_count, outcome->events, outcome->event_count);
    KEEP(world, outbox, outbox_count, outcome->outbox, outcome->outbox_count);
    KEEP(world, deltas, delta_count, outcome->deltas, outcome->delta_count);
    world->last = outcome;
    world->dossier = row_reload(world->arena, d);
}

int world_apply(struct world *world, const struct command *command, const struct actor *actor)
{
    struct outcome *outcome;

    world->last = NULL;
    world->refusal = (struct refusal){NULL, NULL, NULL};
    world->result = workflow_apply(world->arena, world->dossier, command, actor, &world->setting,
                                   &outcome, &world->refusal);
    if (world->result == 0)
        save(world, outcome);
    return world->result;
}

static const struct timer_row *next_due(const struct world *world, wall_t until)
{
    const struct timer_row *first = NULL;

    for (size_t i = 0; i < world->timer_count; i++) {
        const struct timer_row *timer = &world->timers[i];

        if (timer->fire_at.us <= until.us &&
            (first == NULL || timer->fire_at.us < first->fire_at.us))
            first = timer;
    }
    return first;
}

static int deliver(struct world *world, struct timer_row timer)
{
    struct command command = world_command(CMD_TIMER);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};
    int r;

    disarm(world, timer.scope, timer.epoch, timer.rung);
    if (has_fired(world, timer.scope, timer.epoch, timer.rung))
        return 0;
    command.scope = timer.scope;
    command.epoch = timer.epoch;
    command.rung = timer.rung;
    r = world_apply(world, &command, &actor);
    if (r == WF_E_NOT_DUE) {
        fprintf(stderr, "# timer (%d, %d, %d) was armed but is not due\n", timer.scope, timer.epoch,
                timer.rung);
        abort();
    }
    return r == 0;
}

int world_fire(struct world *world)
{
    const struct timer_row *timer;
    int fired = 0;

    while ((timer = next_due(world, world->setting.now)) != NULL)
        fired += deliver(world, *timer);
    return fired;
}

int world_run(struct world *world, wall_t until)
{
    const struct timer_row *timer;
    int fired = 0;

    while ((timer = next_due(world, until)) != NULL) {
        if (timer->fire_at.us > world->setting.now.us)
            world->setting.now = timer->fire_at;
        fired += deliver(world, *timer);
    }
    world->setting.now = until;
    return fired;
}

int world_sum(const struct world *world, enum measure measure)
{
    int sum = 0;

    for (size_t i = 0; i < world->delta_count; i++) {
        if (world->deltas[i].measure == measure)
            sum += world->deltas[i].count;
    }
    return sum;
}

static bool staff(struct world *world, struct slice name, struct actor *ret)
{
    ptrdiff_t at = slice_find(name, '@', 0), mark = slice_find(name, '#', 0);
    struct grant *grant = ARENA_NEW(world->arena, struct grant);
    int number = 1;

    grant->agency = HOME;
    if (at >= 0) {
        grant->agency = arena_slice_str(world->arena,
                                        slice_sub(name, (size_t)at + 1, name.len - (size_t)at - 1));
        name.len = (size_t)at;
    }
    if (mark >= 0 && (size_t)mark + 1 < name.len) {
        number = name.ptr[mark + 1] - '0';
        name.len = (size_t)mark;
    }
    if (role_parse(name, &grant->role) != 0 || !role_is_staff(grant->role))
        return false;
    *ret = (struct actor){
        .account = 100 * (int64_t)grant->role + number,
        .kind = ACCOUNT_STAFF,
        .grants = grant,
        .grant_count = 1,
    };
    return true;
}

bool world_actor(struct world *world, struct slice name, struct actor *ret)
{
    if (slice_is(name, "citizen"))
        *ret = (struct actor){.account = 1, .kind = ACCOUNT_CITIZEN, .id_number = "031085001234"};
    else if (slice_is(name, "stranger"))
        *ret = (struct actor){.account = 2, .kind = ACCOUNT_CITIZEN, .id_number = "031085009999"};
    else if (slice_is(name, "portal"))
        *ret = (struct actor){.account = 3, .kind = ACCOUNT_PORTAL};
    else
        return staff(world, name, ret);
    return true;
}
