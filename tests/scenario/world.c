#include "world.h"

#include "outcome_text.h"
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

#define KEEP(world, items, count, rows, row_count)                                                 \
    do {                                                                                           \
        for (size_t k_ = 0; k_ < (row_count) && (world)->count < DVC_COUNT((world)->items); k_++)  \
            (world)->items[(world)->count++] = (rows)[k_];                                         \
    } while (0)

static void digest_outcome(struct world *world, const struct outcome *outcome)
{
    struct buf text = BUF_INIT((size_t)1 << 20);

    outcome_text(&text, outcome);
    sha256_add(world->digest, buf_slice(&text));
    buf_release(&text);
}

static void digest_refusal(struct world *world)
{
    const struct refusal *refusal = &world->refusal;

    sha256_add(world->digest, slice_str(refusal->code));
    sha256_add(world->digest, slice_str(refusal->pointer));
    sha256_add(world->digest, slice_str(refusal->message));
}

/* The database's part: the row is written and read, what leaves is kept for the expectations. */
static struct dossier *keep(void *ctx, struct outcome *outcome)
{
    struct world *world = ctx;

    if (world->digest != NULL)
        digest_outcome(world, outcome);
    KEEP(world, notices, notice_count, outcome->notices, outcome->notice_count);
    KEEP(world, events, event_count, outcome->events, outcome->event_count);
    KEEP(world, outbox, outbox_count, outcome->outbox, outcome->outbox_count);
    KEEP(world, deltas, delta_count, outcome->deltas, outcome->delta_count);
    world->last = outcome;
    world->dossier = row_reload(world->arena, outcome->after);
    return world->dossier;
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
    world->play = (struct playback){
        .arena = arena,
        .setting = &world->setting,
        .dossier = d,
        .code = HOME "-260212-0001",
        .keep = keep,
        .ctx = world,
    };
    return world;
}

int world_apply(struct world *world, const struct command *command, const struct actor *actor)
{
    world->last = NULL;
    world->result = playback_apply(&world->play, command, actor);
    world->refusal = world->play.refusal;
    if (world->digest != NULL && world->result != 0)
        digest_refusal(world);
    return world->result;
}

int world_run(struct world *world, wall_t until)
{
    int fired = playback_run(&world->play, until);

    if (world->play.stray) {
        fprintf(stderr, "# a timer was armed but is not due\n");
        abort();
    }
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

bool world_delegate(struct world *world, struct slice from, struct slice to, day_t first,
                    day_t last, const char *procedure)
{
    struct actor giver, taker;

    if (world->delegation_count == WORLD_DELEGATIONS || !staff(world, from, &giver) ||
        !staff(world, to, &taker))
        return false;
    world->delegations[world->delegation_count++] = (struct delegation){
        .to = taker.account,
        .given = {giver.account, giver.grants->role, giver.grants->agency, procedure},
        .from = first,
        .until = last,
    };
    return true;
}

/* Those that are in force now, as the database finds them for whoever signs in. */
static void add_delegations(struct world *world, struct actor *actor)
{
    struct delegated *list = ARENA_ARRAY(world->arena, struct delegated, WORLD_DELEGATIONS);
    day_t today = day_of(world->setting.now);

    actor->delegations = list;
    for (size_t i = 0; i < world->delegation_count; i++) {
        const struct delegation *one = &world->delegations[i];

        if (one->to == actor->account && one->from.n <= today.n && today.n <= one->until.n)
            list[actor->delegation_count++] = one->given;
    }
}

bool world_actor(struct world *world, struct slice name, struct actor *ret)
{
    if (slice_is(name, "citizen"))
        *ret = (struct actor){.account = 1, .kind = ACCOUNT_CITIZEN, .id_number = "031085001234"};
    else if (slice_is(name, "stranger"))
        *ret = (struct actor){.account = 2, .kind = ACCOUNT_CITIZEN, .id_number = "031085009999"};
    else if (slice_is(name, "portal"))
        *ret = (struct actor){.account = 3, .kind = ACCOUNT_PORTAL};
    else if (!staff(world, name, ret))
        return false;
    add_delegations(world, ret);
    return true;
}
