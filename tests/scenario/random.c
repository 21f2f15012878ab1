/* Random acts on a folder of procedures: random ROOT [SEED [digest]]. Whatever people, the clock
 * and the post do, in any order, these hold: no token is lost and none is left at an end; every
 * dossier that was received is in exactly one class; the ledger leads from the first date to the
 * last; a date never moves after the result; the same inputs give the same outcome. With "digest"
 * it tells the SHA-256 of all outcomes, by which two builds are compared. */
#include "base/num.h"
#include "conf/calendar_load.h"
#include "conf/file.h"
#include "conf/plugin.h"
#include "row.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOSSIERS 400
#define ACTS 60

static uint64_t seed_state;
static struct sha256_sum *digest; /* NULL: not asked for */

static uint64_t chance(uint64_t below) /* splitmix64 */
{
    uint64_t z = seed_state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static const char *const people[] = {"receiver",
                                     "officer",
                                     "officer#2",
                                     "unit_head",
                                     "leader",
                                     "clerk",
                                     "cashier",
                                     "citizen",
                                     "stranger",
                                     "officer@H24.police_fire",
                                     "officer@H24.environment"};

static const char *const own_actions[] = {"withdraw",
                                          "confirm_withdraw",
                                          "refuse_withdraw",
                                          "apology",
                                          "stop",
                                          "reassign",
                                          "take",
                                          "note",
                                          "pay",
                                          "correct",
                                          "suspend",
                                          "unsuspend",
                                          "no_such"};

struct counters {
    int acts, applied, refused, fired, ended, accepted;
    int by_state[STATE_COUNT];
};

__attribute__((noreturn)) static void broken(const struct world *world, const char *what)
{
    struct buf row = BUF_INIT(1024 * 1024);

    row_write(&row, world->dossier);
    printf("# broken: %s\n# %s\n", what, row.ptr);
    for (size_t i = 0; i < world->event_count; i++)
        printf("# %.*s\n", (int)world->events[i].body.len, world->events[i].body.ptr);
    printf("not ok 1 - random\n1..1\n");
    exit(1);
}

#define HOLDS(world, cond) ((cond) ? (void)0 : broken((world), #cond))

static void check_ledger(const struct world *world)
{
    const struct dossier *d = world->dossier;
    wall_t due = d->due_first;
    size_t open = 0;

    for (size_t i = 0; i < d->hold_count; i++) {
        const struct hold *hold = &d->holds[i];

        HOLDS(world, hold->old_due.us == due.us);
        if (wall_is_none(hold->to)) {
            open++;
            continue;
        }
        HOLDS(world, hold->to.us >= hold->from.us);
        if (!wall_is_none(hold->new_due))
            due = hold->new_due;
    }
    HOLDS(world, open == (d->clock == CLOCK_HELD));
    HOLDS(world, due.us == d->due_current.us);
}

static void check_figures(const struct world *world)
{
    bool accepted = !wall_is_none(world->dossier->received_at);
    int open = world_sum(world, MEASURE_OPEN), held = world_sum(world, MEASURE_HELD);
    int resolved = world_sum(world, MEASURE_RESOLVED);
    int withdrawn = world_sum(world, MEASURE_WITHDRAWN);

    HOLDS(world, world_sum(world, MEASURE_RECEIVED) == accepted);
    HOLDS(world, open + held + resolved + withdrawn == accepted);
    HOLDS(world, open >= 0 && held >= 0 && resolved >= 0 && withdrawn >= 0);
    HOLDS(world, world_sum(world, MEASURE_RESOLVED_FIRST) == resolved);
    HOLDS(world, world_sum(world, MEASURE_REFUSED) + world_sum(world, MEASURE_STOPPED) <= resolved);
    /* The stock is empty by due day too: what went in under a date came out under the same. */
    for (size_t i = 0; i < world->delta_count; i++) {
        int sum = 0;

        for (size_t j = 0; j < world->delta_count; j++) {
            if (world->deltas[j].measure == world->deltas[i].measure &&
                world->deltas[j].due_day.n == world->deltas[i].due_day.n)
                sum += world->deltas[j].count;
        }
        HOLDS(world, sum >= 0);
    }
}

static void check(const struct world *world)
{
    const struct dossier *d = world->dossier;
    const struct state_info *info = state_info(d->state);

    if (d->id == 0)
        return;
    HOLDS(world, info->terminal == (dossier_open_tasks(d) == 0));
    HOLDS(world, !info->terminal || (d->clock == CLOCK_ENDED && world->play.timer_count == 0));
    HOLDS(world, !info->terminal || !wall_is_none(d->ended_at));
    HOLDS(world, info->counted == !wall_is_none(d->received_at) || d->state == STATE_WITHDRAWN);
    HOLDS(world, wall_is_none(d->received_at) || !wall_is_none(d->due_first) ||
                     wall_is_none(d->due_current));
    HOLDS(world, wall_is_none(d->finished_at) || d->clock == CLOCK_ENDED);
    for (size_t i = 0; i < d->task_count; i++) {
        HOLDS(world, d->tasks[i].no < d->next_task);
        for (size_t j = 0; j < i; j++)
            HOLDS(world, d->tasks[j].no != d->tasks[i].no);
    }
    HOLDS(world, workflow_completion(d) >= 0 && workflow_completion(d) <= 100);
    check_ledger(world);
    check_figures(world);
}

/* The same command again on the same dossier: outcome and refusal are the same, and the dossier
 * that was decided on is untouched. */
static void check_repeatable(struct world *world, const struct command *command,
                             const struct actor *actor)
{
    struct outcome *one = NULL, *two = NULL;
    struct refusal no_one = {NULL, NULL, NULL}, no_two = {NULL, NULL, NULL};
    struct buf before = BUF_INIT(1 << 20), after = BUF_INIT(1 << 20);
    int r, again;

    row_write(&before, world->dossier);
    r = workflow_apply(world->arena, world->dossier, command, actor, &world->setting, &one,
                       &no_one);
    again = workflow_apply(world->arena, world->dossier, command, actor, &world->setting, &two,
                           &no_two);
    row_write(&after, world->dossier);
    HOLDS(world, r == again);
    HOLDS(world, slice_eq(buf_slice(&before), buf_slice(&after)));
    HOLDS(world, r == 0 || strcmp(no_one.code, no_two.code) == 0);
    if (r == 0) {
        HOLDS(world, one->event_count == two->event_count && one->timer_count == two->timer_count);
        for (size_t i = 0; i < one->event_count; i++)
            HOLDS(world, slice_eq(one->events[i].body, two->events[i].body));
    }
    buf_release(&before);
    buf_release(&after);
}

static struct slice any_action(const struct world *world, const struct task *task)
{
    const struct procedure *p = world->procedure;
    const struct step *step;

    if (task == NULL || chance(8) == 0)
        return slice_str(own_actions[chance(DVC_COUNT(own_actions))]);
    /* Mostly of the task's step, else nearly everything would be refused. */
    step = &p->steps[chance(10) > 0 ? (size_t)task->step : chance(p->step_count)];
    return slice_str(step->actions[chance(step->action_count)].id);
}

static void fill(struct world *world, struct command *command)
{
    struct arena *arena = world->arena;
    const struct procedure *p = world->procedure;

    if (chance(5) > 0)
        command->reason = "lý do";
    if (chance(3) > 0)
        command->note = "ghi chú";
    if (chance(2) == 0 && p->paper_count > 0) {
        command->papers = value_new(arena, VALUE_LIST);
        value_append(arena, command->papers,
                     value_string(arena, slice_str(p->papers[chance(p->paper_count)].id)));
    }
    if (chance(2) == 0) {
        command->result = ARENA_NEW(arena, struct dossier_result);
        command->result->signed_at = WALL_NONE;
    }
    if (chance(2) == 0) {
        command->receiver = value_new(arena, VALUE_MAP);
        value_set(arena, command->receiver, "name", value_string(arena, SLICE_LIT("Minh")));
    }
    if (chance(3) == 0)
        command->assignee = chance(2) == 0 ? 100 * ROLE_OFFICER + 1 : 100 * ROLE_OFFICER + 2;
    if (chance(2) == 0)
        command->receipt = "AB-1";
    if (chance(6) == 0)
        command->waive = true;
    if (chance(3) == 0)
        command->new_due = (wall_t){world->setting.now.us + (int64_t)chance(40) * US_PER_DAY};
}

/* Mostly whoever the task is for. */
static const char *someone(struct world *world, const struct task *task)
{
    const char *home = world->dossier->agency_competent;

    if (task == NULL || chance(4) == 0)
        return people[chance(DVC_COUNT(people))];
    if (task->role == ROLE_NONE)
        return "citizen";
    if (strcmp(task->agency, home) != 0)
        return arena_printf(world->arena, "%s@%s", role_code(task->role), task->agency);
    if (task->assignee % 100 == 2)
        return arena_printf(world->arena, "%s#2", role_code(task->role));
    return role_code(task->role);
}

static void act(struct world *world, struct counters *counters)
{
    struct command command = command_blank(CMD_ACTION);
    const struct dossier *d = world->dossier;
    const struct task *task = NULL;
    struct actor actor;

    if (d->task_count > 0 && chance(5) > 0)
        task = &d->tasks[chance(d->task_count)];
    world_actor(world, slice_str(someone(world, task)), &actor);
    command.action = any_action(world, task);
    command.task = task != NULL ? task->no : 0;
    fill(world, &command);
    check_repeatable(world, &command, &actor);
    if (world_apply(world, &command, &actor) == 0)
        counters->applied++;
    else
        counters->refused++;
    counters->acts++;
}

static void post(struct world *world, struct counters *counters)
{
    struct command command = command_blank(CMD_POSTAL);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_POST};
    const struct dossier *d = world->dossier;

    if (d->parcel_count == 0)
        return;
    command.order_number = slice_str(d->parcels[chance(d->parcel_count)].order_number);
    command.order_answer = chance(4) == 0;
    command.order_accepted = chance(3) > 0;
    command.parcel = (struct parcel_event){
        .source_id = "e",
        .at = {world->setting.now.us - (int64_t)chance(3) * US_PER_HOUR},
        .state = (enum parcel_state)chance(PARCEL_STATE_COUNT + 1),
        .moves = chance(8) > 0,
    };
    check_repeatable(world, &command, &actor);
    if (world_apply(world, &command, &actor) == 0)
        counters->applied++;
    counters->acts++;
}

/* News of what this dossier asked for, also twice, of none, and after its end. */
static void linked(struct world *world, struct counters *counters)
{
    static const enum dossier_state ends[] = {STATE_FINISHED, STATE_REFUSED, STATE_WITHDRAWN,
                                              STATE_NOT_ACCEPTED, STATE_STOPPED};
    struct command command = command_blank(CMD_LINKED);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_LINKED};
    const struct dossier *d = world->dossier;

    if (d->link_count == 0)
        return;
    command.link = chance(10) == 0 ? 999 : d->links[chance(d->link_count)].no;
    command.link_code = "H24.15.01-260212-0009";
    command.link_over = chance(3) > 0;
    command.link_end = ends[chance(DVC_COUNT(ends))];
    check_repeatable(world, &command, &actor);
    if (world_apply(world, &command, &actor) == 0)
        counters->applied++;
    counters->acts++;
}

static void recalculate(struct world *world)
{
    struct command command = command_blank(CMD_RECALCULATE);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};

    world->setting.calendar_version++;
    world_apply(world, &command, &actor);
    HOLDS(world, world->result == 0);
}

static void after_result(const struct world *world, wall_t finished, wall_t due)
{
    if (wall_is_none(finished))
        return;
    HOLDS(world, world->dossier->finished_at.us == finished.us);
    HOLDS(world, world->dossier->due_current.us == due.us);
}

static void one_act(struct world *world, struct counters *counters)
{
    wall_t finished = world->dossier->finished_at, due = world->dossier->due_current;
    uint64_t kind = chance(20);

    if (kind < 3)
        counters->fired +=
            world_run(world, (wall_t){world->setting.now.us +
                                      (int64_t)chance(kind == 0 ? 12 : 2) * US_PER_DAY +
                                      (int64_t)chance(600) * US_PER_MINUTE});
    else if (kind == 3)
        linked(world, counters);
    else if (kind < 6)
        post(world, counters);
    else if (kind == 6 && world->dossier->hold_count == 0)
        recalculate(world);
    else
        act(world, counters);
    after_result(world, finished, due);
    check(world);
}

static void submit(struct world *world)
{
    struct command command = command_blank(CMD_SUBMIT);
    struct dossier *d = world->dossier;
    struct actor actor;
    static const enum channel channels[] = {CHANNEL_DIRECT, CHANNEL_ONLINE, CHANNEL_POST};

    do
        d->channel = channels[chance(3)];
    while (!world->procedure->channel_open[d->channel]);
    if (world->procedure->postal_return && chance(2) == 0)
        d->delivery = DELIVERY_POST;
    if (chance(3) == 0)
        d->applicant.waiver = "poor";
    if (world->procedure->case_count > 0)
        d->case_id = world->procedure->cases[chance(world->procedure->case_count)].id;
    value_set(world->arena, d->form, "floors", value_int(world->arena, (int64_t)chance(12)));
    world_actor(world, d->channel == CHANNEL_DIRECT ? SLICE_LIT("receiver") : SLICE_LIT("citizen"),
                &actor);
    world_apply(world, &command, &actor);
    HOLDS(world, world->result == 0);
    check(world);
}

static void live(const struct procedure *procedure, const struct calendar *calendar,
                 struct counters *counters)
{
    struct arena *arena = arena_new();
    struct world *world = world_new(arena, procedure, calendar);

    world->digest = digest;
    world->setting.now =
        day_at(day_from_ymd(2026, 1 + (int)chance(3), 1 + (int)chance(28)), (int)chance(1440));
    submit(world);
    for (int i = 0, after_end = 0; i < ACTS && after_end < 6; i++) {
        one_act(world, counters);
        after_end += state_info(world->dossier->state)->terminal;
    }
    counters->by_state[world->dossier->state]++;
    counters->ended += state_info(world->dossier->state)->terminal;
    counters->accepted += !wall_is_none(world->dossier->received_at);
    arena_free(arena);
}

static void run_file(struct arena *arena, const char *root, const char *path,
                     const struct calendar *calendar, struct counters *counters)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct procedure *procedure;
    struct value *tree;

    if (plugin_load(arena, path, path, arena_printf(arena, "%s/plugins/workflows", root), &errors,
                    &tree) != 0 ||
        procedure_compile(arena, tree, path, &errors, &procedure) != 0) {
        printf("# cannot compile %s\nnot ok 1 - random\n1..1\n", path);
        exit(1);
    }
    for (int i = 0; i < DOSSIERS; i++)
        live(procedure, calendar, counters);
}

static void run_folder(struct arena *arena, const char *root, const char *folder,
                       const struct calendar *calendar, struct counters *counters)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    const char *path = arena_printf(arena, "%s/%s", root, folder);
    const char **names;
    size_t count;

    if (conf_folder_list(arena, path, folder, ".yaml", 100, &errors, &names, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++)
        run_file(arena, root, arena_printf(arena, "%s/%s", path, names[i]), calendar, counters);
}

static void tell_digest(void)
{
    char hex[SHA256_HEX_SIZE];

    if (digest == NULL)
        return;
    sha256_hex(sha256_end(digest), hex);
    printf("# outcomes %s\n", hex);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct calendar_set *calendars;
    struct counters counters = {0};
    const struct calendar *calendar;
    int64_t seed = 20260212;
    bool reached;

    if (argc > 3 && strcmp(argv[3], "digest") == 0)
        digest = sha256_begin();
    if (argc < 2 || (argc > 2 && num_parse_i64(slice_str(argv[2]), 0, INT64_MAX, &seed) != 0)) {
        fprintf(stderr, "usage: random ROOT [SEED [digest]]\n");
        return 100;
    }
    if (calendar_set_load(arena, arena_printf(arena, "%s/config/calendars", argv[1]),
                          "config/calendars", 0, &errors, &calendars) != 0) {
        printf("Bail out! no calendar\n");
        return 1;
    }
    seed_state = (uint64_t)seed;
    printf("# seed %lld\n", (long long)seed);
    fflush(stdout);
    calendar = calendar_set_find(calendars, "vn-default");
    run_folder(arena, argv[1], "tests/scenario/procedures", calendar, &counters);
    run_folder(arena, argv[1], "plugins/procedures", calendar, &counters);
    printf("# %d acts: %d applied, %d refused; %d timers fired; %d accepted, %d ended\n",
           counters.acts, counters.applied, counters.refused, counters.fired, counters.accepted,
           counters.ended);
    for (int i = 0; i < STATE_COUNT; i++) {
        if (counters.by_state[i] > 0)
            printf("# %d %s\n", counters.by_state[i], state_info((enum dossier_state)i)->code);
    }
    tell_digest();
    /* Random acts that reach nothing prove nothing. */
    reached = counters.accepted >= DOSSIERS && counters.by_state[STATE_RETURNED] > 50 &&
              counters.by_state[STATE_STOPPED] > 10 && counters.fired > 200;
    printf("%sok 1 - random\n1..1\n", reached ? "" : "not ");
    arena_free(arena);
    return !reached;
}
