#include "world.h"

#include "core/workflow_offer.h"
#include "service/registry.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STAFF 2
#define CITIZEN 3
#define ID_NUMBER "031085001234"

static uint64_t seed_state;

void world_seed(uint64_t seed)
{
    seed_state = seed;
}

uint64_t world_chance(uint64_t below) /* splitmix64 */
{
    uint64_t z = seed_state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static void bail(const char *what, const char *why)
{
    printf("Bail out! %s: %s\n", what, why);
    exit(99);
}

static void on_alarm(void *ctx)
{
    struct world *world = ctx;

    world->alarmed = true;
    loop_stop(world->loop);
}

void world_run_us(struct world *world, int64_t us)
{
    world->alarmed = false;
    loop_timer_start(world->alarm, us);
    while (!world->alarmed) {
        if (loop_run(world->loop) != 0)
            bail("loop", "failed");
    }
}

void world_sql(struct world *world, const char *sql)
{
    struct db_error error;

    if (store_sync_script(world->look, sql, NULL, &error) != 0)
        bail(sql, error.message);
}

int64_t world_number(struct world *world, const char *sql)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    struct db_error error;

    if (store_sync_script(world->look, sql, &rows, &error) != 0)
        bail(sql, error.message);
    return db_int_at(rows, 0, 0, INT64_MIN);
}

static void be_people(struct world *world)
{
    static const enum role roles[] = {ROLE_RECEIVER, ROLE_OFFICER, ROLE_UNIT_HEAD,
                                      ROLE_LEADER,   ROLE_CLERK,   ROLE_CASHIER};
    struct grant *grants = ARENA_ARRAY(world->arena, struct grant, DVC_COUNT(roles));

    for (size_t i = 0; i < DVC_COUNT(roles); i++)
        grants[i] = (struct grant){roles[i], "H24", true};
    world->staff = (struct actor){
        .account = STAFF, .kind = ACCOUNT_STAFF, .grants = grants, .grant_count = DVC_COUNT(roles)};
    world->citizen =
        (struct actor){.account = CITIZEN, .kind = ACCOUNT_CITIZEN, .id_number = ID_NUMBER};
    world_sql(world, "INSERT INTO account (id, username, name, kind) VALUES"
                     " (2, 'staff', 'Cán bộ', 'staff'), (3, 'citizen', 'Công dân', 'citizen'),"
                     " (4, 'auditor', 'Kiểm soát', 'staff'), (5, 'local', 'Cán bộ xã', 'staff');"
                     " INSERT INTO role_grant (account, role, agency, below) VALUES"
                     " (4, 'auditor', 'H24', true), (5, 'officer', 'H24.15.01', false)");
}

static void open_node(struct world *world, int node)
{
    struct store_settings settings = store_settings_default();

    settings.conninfo = tap_env("DVCD_TEST_APP");
    settings.application = "figures";
    if (store_new(world->loop, &settings, world->statements, &world->stores[node]) != 0)
        bail("store_new", "a statement is missing");
    world->services[node] =
        service_new(world->loop, world->stores[node], world->generation, NULL, NULL);
    for (int i = 0; i < 500 && !service_ready(world->services[node]); i++)
        world_run_us(world, 20000);
    if (!service_ready(world->services[node]))
        bail("service", "is not ready");
}

void world_open(struct world *world, const char *config)
{
    struct publish_offer offer = {.publisher = "test"};
    struct publish_report report;
    struct buf text = BUF_INIT(1 << 20);
    struct db_error error;
    char path[4096], problem[256];

    *world = (struct world){.arena = arena_new(), .loop = loop_new()};
    world->alarm = loop_timer_new(world->loop, on_alarm, world);
    world->generation = generation_load(config, NULL);
    offer.generation = world->generation;
    if (conf_errors_total(&world->generation->errors) > 0) {
        generation_report(world->generation, &text);
        bail(config, text.ptr);
    }
    snprintf(path, sizeof(path), "%s/queries", tap_env("DVCD_TEST_SQL"));
    if (statements_load(path, &world->statements, problem, sizeof(problem)) != 0)
        bail(path, problem);
    if (store_sync_open(tap_env("DVCD_TEST_OWNER"), "look", 5 * US_PER_SECOND, &world->look,
                        &error) != 0 ||
        publish(world->look, world->statements, &offer, &report, &error) != 0)
        bail("publish", error.message);
    be_people(world);
    for (int i = 0; i < WORLD_NODES; i++)
        open_node(world, i);
}

void world_close(struct world *world)
{
    for (int i = 0; i < WORLD_NODES; i++)
        store_free(world->stores[i]);
    for (int i = 0; i < WORLD_NODES; i++) {
        clockwork_free(world->clocks[i]);
        service_free(world->services[i]);
    }
    store_sync_close(world->look);
    statements_free(world->statements);
    generation_free(world->generation);
    loop_timer_free(world->alarm);
    loop_free(world->loop);
    arena_free(world->arena);
}

void world_start_clocks(struct world *world, struct clock_options options)
{
    static const char *const names[WORLD_NODES] = {"one", "two"};

    for (int i = 0; i < WORLD_NODES; i++) {
        options.holder = names[i];
        world->clocks[i] = clockwork_new(world->services[i], &options);
    }
}

static void on_drained(void *ctx)
{
    ((struct world *)ctx)->pending--;
}

void world_stop_clocks(struct world *world)
{
    for (int i = 0; i < WORLD_NODES; i++) {
        world->pending++;
        clockwork_drain(world->clocks[i], on_drained, world);
    }
    world_settle(world);
    for (int i = 0; i < WORLD_NODES; i++)
        world->clocks[i] = clockwork_free(world->clocks[i]);
}

void world_set_time(struct world *world, wall_t at)
{
    struct clock *clock = loop_clock(world->loop);

    clock->shift_us += at.us - clock_now(clock).us;
    world_run_us(world, 0); /* a new turn reads it */
}

void world_settle(struct world *world)
{
    mono_t end = {mono_now().us + 60 * US_PER_SECOND};

    while (world->pending > 0) {
        if (mono_now().us > end.us)
            bail("settle", "answers are missing");
        world_run_us(world, 2000);
    }
}

/* ---- acts ---- */

struct act {
    struct world *world;
    struct arena *arena;
    struct decision decision;
    size_t place; /* in world->dossiers, or SIZE_MAX */
};

static void sweep(void *ctx)
{
    arena_free(ctx);
}

static void decided(void *ctx, const struct decided *result)
{
    struct act *act = ctx;
    struct world *world = act->world;

    world->pending--;
    if (result->kind == DECIDE_APPLIED) {
        world->applied++;
        if (act->place == SIZE_MAX) {
            DVC_REQUIRE(world->dossier_count < WORLD_DOSSIERS);
            world->submitted++;
            act->place = world->dossier_count++;
            world->dossiers[act->place] = result->dossier_id;
        }
        if (state_info(result->outcome->after->state)->terminal)
            world->dossiers[act->place] = 0;
    } else {
        if (result->kind != DECIDE_REFUSED || act->place == SIZE_MAX)
            printf("# kind=%d wf=%d %s\n", result->kind, result->wf,
                   result->refusal.message != NULL ? result->refusal.message : "");
        world->refused++;
    }
    loop_defer(world->loop, sweep, act->arena);
}

static struct act *act_new(struct world *world, enum command_kind kind)
{
    struct arena *arena = arena_new();
    struct act *act = ARENA_NEW(arena, struct act);

    *act = (struct act){.world = world, .arena = arena, .place = SIZE_MAX};
    act->decision = (struct decision){
        .service = world->services[world_chance(WORLD_NODES)],
        .arena = arena,
        .command = {.kind = kind,
                    .if_decision = -1,
                    .received_at = WALL_NONE,
                    .new_due = WALL_NONE},
        .done = decided,
        .ctx = act,
    };
    world->pending++;
    return act;
}

/* ---- new dossiers ---- */

static const struct procedure *any_procedure(struct world *world)
{
    const struct generation *generation = world->generation;

    return generation->procedures[world_chance(generation->procedure_count)];
}

static struct dossier *blank(struct arena *arena, const struct procedure *procedure)
{
    struct dossier *d = dossier_new(arena, procedure);

    do
        d->channel = (enum channel)(1 + world_chance(3));
    while (!procedure->channel_open[d->channel]);
    d->agency_receiving = d->agency_competent =
        arena_printf(arena, "H24.15.%02d", 1 + (int)world_chance(6));
    d->applicant = (struct party){.kind = "citizen",
                                  .name = "Nguyễn Văn Minh",
                                  .id_number = ID_NUMBER,
                                  .phone = "0912345678",
                                  .province = "31",
                                  .commune = "10507",
                                  .line = "12 Lạch Tray"};
    d->owner_is_applicant = true;
    d->on_behalf = "self";
    if (procedure->case_count > 0)
        d->case_id = procedure->cases[world_chance(procedure->case_count)].id;
    if (world_chance(2) == 0)
        d->applicant.waiver = "poor";
    d->form = value_new(arena, VALUE_MAP);
    d->delivery_to = value_new(arena, VALUE_MAP);
    value_set(arena, d->form, "floors", value_int(arena, (int64_t)world_chance(12)));
    return d;
}

static void submit_one(struct world *world)
{
    struct act *act = act_new(world, CMD_SUBMIT);
    struct decision *decision = &act->decision;
    struct dossier *d = blank(act->arena, any_procedure(world));
    bool counter = d->channel == CHANNEL_DIRECT;

    decision->created = d;
    decision->actor = counter ? &world->staff : &world->citizen;
    if (counter && world_chance(3) == 0) /* handed in a while ago, written down now */
        decision->command.received_at =
            (wall_t){loop_now(world->loop).us - (int64_t)world_chance(3) * US_PER_HOUR};
    if (counter)
        decision->command.reason = "sổ giấy";
    decision->name_folded = SLICE_LIT("nguyen van minh");
    decide(decision);
}

void world_submit(struct world *world, int count)
{
    for (int i = 0; i < count; i++)
        submit_one(world);
    world_settle(world);
}

/* ---- acts on dossiers ---- */

static void fill(struct act *act, const struct dossier *dossier, unsigned needs)
{
    struct arena *arena = act->arena;
    struct command *command = &act->decision.command;
    const struct procedure *p = dossier->procedure;

    command->reason = "lý do";
    if ((needs & NEED_PAPERS) != 0 && p->paper_count > 0) {
        command->papers = value_new(arena, VALUE_LIST);
        value_append(arena, command->papers,
                     value_string(arena, slice_str(p->papers[world_chance(p->paper_count)].id)));
    }
    if ((needs & NEED_DOCUMENTS) != 0 && p->paper_count > 0) {
        command->documents = ARENA_NEW(arena, struct dossier_paper);
        *command->documents = (struct dossier_paper){.paper = p->papers[0].id, .copies = 1};
        command->document_count = 1;
    }
    if ((needs & NEED_RESULT) != 0) {
        command->result = ARENA_NEW(arena, struct dossier_result);
        *command->result = (struct dossier_result){.code = p->results[0].code,
                                                   .number = "01/2026",
                                                   .signed_by = "Trần Thị Lan",
                                                   .signed_at = loop_now(act->world->loop)};
    }
    if ((needs & NEED_RECEIVER) != 0) {
        command->receiver = value_new(arena, VALUE_MAP);
        value_set(arena, command->receiver, "name", value_string(arena, SLICE_LIT("Minh")));
    }
    if ((needs & NEED_RECEIPT) != 0)
        command->receipt = "AB-1";
    command->assignee = STAFF;
    if (world_chance(3) == 0)
        command->new_due =
            (wall_t){loop_now(act->world->loop).us + (int64_t)world_chance(40) * US_PER_DAY};
}

static bool rare(const char *action)
{
    static const char *const often[] = {"withdraw", "stop",      "suspend", "reassign",
                                        "note",     "apology",   "refuse",  "correct",
                                        "take",     "send_back", "pay",     "incomplete"};

    for (size_t i = 0; i < DVC_COUNT(often); i++) {
        if (strcmp(often[i], action) == 0)
            return strcmp(action, "pay") != 0 || world_chance(3) == 0;
    }
    return false;
}

/* Mostly the way forward, now and then one of the others. */
static int choose(struct decision *decision, const struct dossier *dossier, struct refusal *refusal)
{
    struct act *act = decision->ctx;
    struct setting setting =
        service_setting(decision->service, dossier->agency_competent, decision->now);
    const struct task *task = NULL;
    struct offer *offers;
    size_t count;
    bool odd = world_chance(7) == 0;

    if (dossier->task_count > 0 && world_chance(8) > 0)
        task = &dossier->tasks[world_chance(dossier->task_count)];
    /* What waits for the citizen mostly gets him; so does a dossier as a whole, now and then. */
    decision->actor = (task == NULL || task->role == ROLE_NONE) && world_chance(3) > 0
                          ? &act->world->citizen
                          : &act->world->staff;
    count = workflow_offers(act->arena, dossier, task, decision->actor, &setting, &offers);
    for (int tries = 0; tries < 6 && count > 0; tries++) {
        const struct offer *offer = &offers[world_chance(count)];

        if (rare(offer->action) && !odd)
            continue;
        decision->command.action = slice_str(offer->action);
        decision->command.task = task != NULL ? task->no : 0;
        fill(act, dossier, offer->needs);
        return 0;
    }
    *refusal = (struct refusal){"nothing_to_do", "", ""};
    return WF_E_REFUSED;
}

void world_act(struct world *world, int percent)
{
    for (size_t i = 0; i < world->dossier_count; i++) {
        struct act *act;

        if (world->dossiers[i] == 0 || (int)world_chance(100) >= percent)
            continue;
        act = act_new(world, CMD_ACTION);
        act->place = i;
        act->decision.dossier_id = world->dossiers[i];
        act->decision.prepare = choose;
        act->decision.actor = &world->staff;
        decide(&act->decision);
        if (world->pending >= 200)
            world_settle(world);
    }
    world_settle(world);
}

void world_fire(struct world *world)
{
    char sql[160];

    for (int i = 0; i < 2000; i++) {
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM timer WHERE fire_at <= to_timestamp(%lld / 1e6)",
                 (long long)loop_now(world->loop).us);
        if (world_number(world, sql) == 0)
            return;
        world_run_us(world, 15000);
    }
    bail("timers", "are still due");
}
