#include "walk.h"

#include "invariant.h"
#include "print.h"
#include "row.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What costs more than deciding is done on every so many-th step. */
#define RELOAD_EVERY 12

bool walk_broken(struct walk *walk, const char *what)
{
    if (walk->broken == NULL)
        walk->broken = arena_str(walk->arena, what);
    return false;
}

void walk_log(struct walk *walk, const char *fmt, ...)
{
    char line[1000];
    va_list args;

    if (walk->log == NULL)
        return;
    va_start(args, fmt);
    vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    buf_adds(walk->log, "# ");
    buf_add_wall(walk->log, walk->setting.now);
    buf_addf(walk->log, " %s\n", line);
}

static bool under(void *ctx, const char *agency, const char *ancestor)
{
    (void)ctx;
    return strcmp(agency, ancestor) == 0;
}

/* Any function is served by an agency of that name. */
static const char *agency_for(void *ctx, const char *function, const char *competent)
{
    struct walk *walk = ctx;

    (void)competent;
    return arena_printf(walk->arena, "H24.%s", function);
}

struct walk *walk_new(struct arena *arena, const struct procedure *procedure, struct marks *marks,
                      struct tally *tally)
{
    struct walk *walk = ARENA_NEW(arena, struct walk);
    struct dossier *d = dossier_new(arena, procedure);

    walk->arena = arena;
    walk->procedure = procedure;
    walk->marks = marks;
    walk->tally = tally;
    walk->order = (struct agency_order){under, NULL};
    walk->setting = (struct setting){
        .calendar_version = 1,
        .agencies = &walk->order,
        .agency_for = agency_for,
        .agency_ctx = walk,
        .intake_limit = {LIMIT_WORKING_HOURS, 8},
        .backdate_hours = 24,
        .portal_sync = true,
        .now = WALL_NONE,
    };
    d->agency_receiving = d->agency_competent = WALK_HOME;
    d->applicant.kind = "citizen";
    d->applicant.id_number = "031085001234";
    d->on_behalf = "self";
    d->form = value_new(arena, VALUE_MAP);
    d->delivery_to = value_new(arena, VALUE_MAP);
    walk->dossier = d;
    return walk;
}

static void complete(struct walk *walk, struct dossier *d)
{
    for (size_t i = 0; i < d->form_count; i++) {
        if (d->forms[i].number[0] == '/')
            d->forms[i].number = arena_printf(walk->arena, "%s%s", d->code, d->forms[i].number);
    }
    for (size_t i = 0; i < d->parcel_count; i++) {
        if (d->parcels[i].order_number[0] == '-')
            d->parcels[i].order_number =
                arena_printf(walk->arena, "%s%s", d->code, d->parcels[i].order_number);
    }
}

static bool is_timer(const struct timer_row *timer, int scope, int epoch, int rung)
{
    return timer->scope == scope && timer->epoch == epoch && timer->rung == rung;
}

static void disarm(struct walk *walk, int scope, int epoch, bool one, int rung)
{
    size_t keep = 0;

    for (size_t i = 0; i < walk->timer_count; i++) {
        const struct timer_row *timer = &walk->timers[i];

        if (timer->scope != scope || (epoch >= 0 && timer->epoch != epoch) ||
            (one && timer->rung != rung))
            walk->timers[keep++] = *timer;
    }
    walk->timer_count = keep;
}

static void keep_timers(struct walk *walk, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->cancel_count; i++)
        disarm(walk, outcome->cancels[i].scope, outcome->cancels[i].epoch, false, 0);
    for (size_t i = 0; i < outcome->timer_count; i++) {
        const struct timer_row *row = &outcome->timers[i];

        /* The table's key: the same rung twice would be refused. */
        for (size_t j = 0; j < walk->timer_count; j++)
            HOLDS(walk, !is_timer(&walk->timers[j], row->scope, row->epoch, row->rung));
        if (!HOLDS(walk, walk->timer_count < WALK_TIMERS))
            return;
        walk->timers[walk->timer_count++] = *row;
    }
    if (outcome->fires && HOLDS(walk, walk->fired_count < WALK_FIRED))
        walk->fired[walk->fired_count++] = (struct timer_row){
            outcome->fire_scope, outcome->fire_epoch, outcome->fire_rung, TIMER_WARN, WALL_NONE};
}

/* As the next one to load it finds it: closed tasks are history. */
static void forget_closed(struct dossier *d)
{
    size_t keep = 0;

    for (size_t i = 0; i < d->task_count; i++) {
        if (d->tasks[i].state == TASK_OPEN)
            d->tasks[keep++] = d->tasks[i];
    }
    d->task_count = keep;
}

static void save(struct walk *walk, struct outcome *outcome)
{
    struct dossier *d = outcome->after;

    if (outcome->creates) {
        d->id = 1;
        d->code = WALK_HOME "-260212-0001";
    }
    d->version++;
    d->head_seq += (int64_t)outcome->event_count;
    complete(walk, d);
    keep_timers(walk, outcome);
    walk->last = outcome;
    forget_closed(d);
    walk->dossier = d;
    walk->twin = NULL;
    if (dice_one_in(&walk->dice, RELOAD_EVERY)) {
        walk->tally->reloaded++;
        walk->twin = row_reload(walk->arena, d);
    }
}

struct outcome *walk_try(struct walk *walk, const struct dossier *dossier,
                         const struct command *command, const struct actor *actor)
{
    struct outcome *outcome = NULL;

    walk->refusal = (struct refusal){NULL, NULL, NULL};
    walk->result = workflow_apply(walk->arena, dossier, command, actor, &walk->setting, &outcome,
                                  &walk->refusal);
    return walk->result == 0 ? outcome : NULL;
}

/* The same inputs have the same effects, also for the dossier that came back from the store; and
 * what was decided on is untouched. */
static void again(struct walk *walk, const struct dossier *dossier, const struct command *command,
                  const struct actor *actor, const struct outcome *first)
{
    const char *code = walk->refusal.code;
    int result = walk->result;
    struct outcome *second = walk_try(walk, dossier, command, actor);

    walk->tally->repeated++;
    HOLDS(walk, walk->result == result);
    HOLDS(walk, result == 0 || strcmp(code, walk->refusal.code) == 0);
    if (first != NULL && second != NULL)
        HOLDS(walk, print_of_effects(first) == print_of_effects(second));
}

/* A refusal says why, in words. */
static void refused(struct walk *walk)
{
    HOLDS(walk, walk->result > 0 && walk->refusal.code != NULL && walk->refusal.message != NULL);
    walk->last = NULL;
    walk->tally->refused++;
    walk->tally->early += walk->result == WF_E_NOT_DUE;
    walk->tally->beyond += walk->result == WF_E_CALENDAR;
}

int walk_apply(struct walk *walk, const struct command *command, const struct actor *actor)
{
    const struct dossier *before = walk->dossier;
    uint64_t bytes = print_of_dossier(before);
    struct outcome *outcome = walk_try(walk, before, command, actor);

    walk->tally->steps++;
    walk->tally->by_kind[command->kind]++;
    again(walk, walk->twin != NULL ? walk->twin : before, command, actor, outcome);
    HOLDS(walk, print_of_dossier(before) == bytes);
    if (outcome == NULL) {
        refused(walk);
        walk_log(walk, "  -> refused: %s", walk->refusal.code);
        return walk->result;
    }
    walk->tally->applied++;
    invariant_change(walk, before, command, outcome);
    save(walk, outcome);
    if (walk->broken == NULL)
        invariant_state(walk);
    walk_log(walk, "  -> %s, clock %s", state_info(walk->dossier->state)->code,
             clock_state_code(walk->dossier->clock));
    return 0;
}

static struct timer_row *next_due(struct walk *walk, wall_t until)
{
    struct timer_row *first = NULL;

    for (size_t i = 0; i < walk->timer_count; i++) {
        struct timer_row *timer = &walk->timers[i];

        if (timer->fire_at.us <= until.us &&
            (first == NULL || timer->fire_at.us < first->fire_at.us))
            first = timer;
    }
    return first;
}

const struct timer_row *walk_next_timeout(const struct walk *walk)
{
    const struct timer_row *first = NULL;

    for (size_t i = 0; i < walk->timer_count; i++) {
        const struct timer_row *timer = &walk->timers[i];

        if (timer->rung < 0 && (first == NULL || timer->fire_at.us < first->fire_at.us))
            first = timer;
    }
    return first;
}

static bool has_fired(const struct walk *walk, const struct timer_row *timer)
{
    for (size_t i = 0; i < walk->fired_count; i++) {
        if (is_timer(&walk->fired[i], timer->scope, timer->epoch, timer->rung))
            return true;
    }
    return false;
}

static void deliver(struct walk *walk, struct timer_row timer)
{
    struct command command = command_blank(CMD_TIMER);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};
    int r;

    disarm(walk, timer.scope, timer.epoch, true, timer.rung);
    /* A timeout that fires ends what it was armed for: its key cannot have been used. */
    if (has_fired(walk, &timer)) {
        HOLDS(walk, timer.rung >= 0);
        return;
    }
    command.scope = timer.scope;
    command.epoch = timer.epoch;
    command.rung = timer.rung;
    walk_log(walk, "timer (%d, %d, %d)", timer.scope, timer.epoch, timer.rung);
    r = walk_apply(walk, &command, &actor);
    /* What was armed and not cancelled is due when its moment has come. */
    HOLDS(walk, r == 0 || r == WF_E_CALENDAR);
    if (r == 0) {
        walk->tally->fired++;
    } else if (walk->timer_count < WALK_TIMERS) {
        timer.fire_at.us = walk->setting.now.us + US_PER_DAY;
        walk->timers[walk->timer_count++] = timer;
    }
}

void walk_run(struct walk *walk, wall_t until, bool late)
{
    const struct timer_row *timer;

    if (late && until.us > walk->setting.now.us)
        walk->setting.now = until;
    while (walk->broken == NULL && (timer = next_due(walk, until)) != NULL) {
        if (timer->fire_at.us > walk->setting.now.us)
            walk->setting.now = timer->fire_at;
        deliver(walk, *timer);
    }
    if (until.us > walk->setting.now.us)
        walk->setting.now = until;
}

int walk_recalculate(struct walk *walk, const struct calendar *calendar)
{
    struct command command = command_blank(CMD_RECALCULATE);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};
    wall_t last = walk->dossier->last_event_at;

    if (!wall_is_none(last) && last.us > walk->setting.now.us)
        walk->setting.now = last;
    walk->setting.now.us += US_PER_SECOND;
    walk->setting.calendar = calendar;
    walk->setting.calendar_version++;
    walk_log(walk, "calendar %s", calendar_id(calendar));
    walk_apply(walk, &command, &actor);
    walk->setting.now.us += US_PER_SECOND;
    return walk->result;
}
