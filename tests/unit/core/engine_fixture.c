#include "engine_fixture.h"

#include "calendar_fixture.h"
#include "dvc_test.h"

#define HOME "H24.15.01"

static bool under(void *ctx, const char *agency, const char *ancestor)
{
    (void)ctx;
    return strcmp(agency, ancestor) == 0;
}

static const char *agency_for(void *ctx, const char *function, const char *competent)
{
    (void)ctx;
    (void)competent;
    if (strcmp(function, "post_office") == 0)
        return "H24.POST";
    return strcmp(function, "other") == 0 ? "H24.OTHER" : NULL;
}

static struct target to_step(int step)
{
    return (struct target){.kind = TARGET_STEP, .steps = {step}, .step_count = 1};
}

static void set_actions(struct engine *engine, int step, const struct action *actions, size_t count)
{
    struct step *spec = &engine->procedure->steps[step];

    spec->actions = ARENA_ARRAY(engine->arena, struct action, count);
    memcpy(spec->actions, actions, count * sizeof(*actions));
    spec->action_count = count;
}

#define ACTIONS(engine, step, ...)                                                                 \
    do {                                                                                           \
        const struct action list_[] = {__VA_ARGS__};                                               \
        set_actions((engine), (step), list_, DVC_COUNT(list_));                                    \
    } while (0)

static struct effect *effects(struct engine *engine, enum effect_kind a, int form)
{
    struct effect *list = ARENA_ARRAY(engine->arena, struct effect, 2);

    list[0].kind = a;
    if (form >= 0) {
        list[1].kind = EFFECT_ISSUE;
        list[1].form = (enum form_id)form;
    }
    return list;
}

static void set_flow(struct engine *engine)
{
    static const struct target split = {
        .kind = TARGET_PARALLEL, .steps = {S_ASK_A, S_ASK_B}, .step_count = 2};
    static const struct target join = {.kind = TARGET_JOIN, .steps = {S_WORK}, .step_count = 1};
    static const struct target previous = {.kind = TARGET_PREVIOUS};
    struct target refused = {.kind = TARGET_END, .end = STATE_REFUSED};
    struct target not_accepted = {.kind = TARGET_END, .end = STATE_NOT_ACCEPTED};
    struct target returned = {.kind = TARGET_END, .end = STATE_RETURNED};

    ACTIONS(engine, S_RECEIVE,
            {.id = "accept",
             .name = "Tiếp nhận",
             .to = to_step(S_WORK),
             .effect_count = 1,
             .effects = effects(engine, EFFECT_ACCEPT, -1)},
            {.id = "refuse", .name = "Từ chối", .to = not_accepted, .needs = NEED_REASON});
    ACTIONS(engine, S_WORK, {.id = "split", .name = "Lấy ý kiến", .to = split},
            {.id = "hold",
             .name = "Yêu cầu bổ sung",
             .to = to_step(S_WAIT),
             .effect_count = 2,
             .effects = effects(engine, EFFECT_PAUSE, FORM_SUPPLEMENT_REQUEST)},
            {.id = "submit", .name = "Trình ký", .to = to_step(S_SIGN)},
            {.id = "refuse", .name = "Từ chối", .to = refused, .needs = NEED_REASON});
    ACTIONS(engine, S_ASK_A, {.id = "answer", .name = "Trả lời", .to = join},
            {.id = "split", .name = "Lấy ý kiến", .to = split});
    ACTIONS(engine, S_ASK_B, {.id = "answer", .name = "Trả lời", .to = join});
    ACTIONS(
        engine, S_WAIT,
        {.id = "resubmit", .name = "Nộp bổ sung", .by = ROLE_APPLICANT, .to = to_step(S_CHECK)});
    ACTIONS(engine, S_CHECK,
            {.id = "restart",
             .name = "Tính lại",
             .to = to_step(S_WORK),
             .effect_count = 1,
             .effects = effects(engine, EFFECT_RESTART, -1)},
            {.id = "resume",
             .name = "Tính tiếp",
             .to = to_step(S_WORK),
             .effect_count = 1,
             .effects = effects(engine, EFFECT_RESUME, -1)});
    ACTIONS(engine, S_SIGN,
            {.id = "sign",
             .name = "Ký",
             .to = to_step(S_DESK),
             .effect_count = 1,
             .effects = effects(engine, EFFECT_FINISH, -1)},
            {.id = "back", .name = "Trả lại", .to = previous});
    ACTIONS(engine, S_DESK, {.id = "hand_over", .name = "Trả", .to = returned});
}

static void set_procedure(struct engine *engine)
{
    static const char *const ids[] = {"receive", "work",  "ask_a", "ask_b",
                                      "wait",    "check", "sign",  "desk"};
    static const enum role roles[] = {ROLE_RECEIVER, ROLE_OFFICER,  ROLE_OFFICER, ROLE_OFFICER,
                                      ROLE_NONE,     ROLE_RECEIVER, ROLE_LEADER,  ROLE_RECEIVER};
    struct procedure *p = engine->procedure = ARENA_NEW(engine->arena, struct procedure);
    struct rung *rungs = ARENA_ARRAY(engine->arena, struct rung, 2);

    p->code = "9.999999";
    p->version = 3;
    p->clock = CLOCK_RULE_DEFAULT;
    for (int i = CHANNEL_DIRECT; i <= CHANNEL_POST; i++) {
        p->channel_open[i] = true;
        p->limit[i] = (struct limit){LIMIT_WORKING_DAYS, 10};
    }
    p->postal_return = p->postal_collect = true;
    p->appraisal.max = p->intake.max = 2;
    p->steps = ARENA_ARRAY(engine->arena, struct step, S_COUNT);
    p->step_count = S_COUNT;
    for (int i = 0; i < S_COUNT; i++) {
        p->steps[i].id = p->steps[i].name = ids[i];
        p->steps[i].role = roles[i];
    }
    p->steps[S_WAIT].wait = WAIT_APPLICANT;
    p->steps[S_ASK_B].agency_role = "other";
    p->steps[S_WORK].limit[CHANNEL_ONLINE] = (struct limit){LIMIT_WORKING_DAYS, 4};
    rungs[0] = (struct rung){{WARN_PERCENT, LIMIT_INIT_NONE, 50}, ROLE_NONE};
    rungs[1] = (struct rung){{WARN_DUE, LIMIT_INIT_NONE, 0}, ROLE_LEADER};
    p->steps[S_WORK].rungs = p->rungs = rungs;
    p->steps[S_WORK].rung_count = p->rung_count = 2;
    set_flow(engine);
}

static void clear(struct engine *engine)
{
    engine->command =
        (struct command){.if_decision = -1, .received_at = WALL_NONE, .new_due = WALL_NONE};
}

struct engine *engine_new(void)
{
    struct arena *arena = arena_new();
    struct engine *engine = ARENA_NEW(arena, struct engine);

    engine->arena = arena;
    set_procedure(engine);
    engine->order = (struct agency_order){under, NULL};
    engine->setting = (struct setting){
        .calendar = fixture_calendar(arena, false),
        .calendar_version = 7,
        .agencies = &engine->order,
        .agency_for = agency_for,
        .intake_limit = {LIMIT_WORKING_HOURS, 8},
        .now = fixture_at("2026-03-02 08:00"),
    };
    engine->dossier = dossier_new(arena, engine->procedure);
    engine->dossier->agency_receiving = engine->dossier->agency_competent = HOME;
    engine->dossier->applicant.kind = "citizen";
    engine->dossier->applicant.name = "Nguyễn Văn Minh";
    engine->dossier->applicant.id_number = "031085001234";
    clear(engine);
    return engine;
}

void engine_free(struct engine *engine)
{
    arena_free(engine->arena);
}

void engine_at(struct engine *engine, const char *when)
{
    engine->setting.now = fixture_at(when);
}

static int apply(struct engine *engine, const struct actor *actor)
{
    struct outcome *outcome = NULL;
    struct command command = engine->command;
    int r = workflow_apply(engine->arena, engine->dossier, &command, actor, &engine->setting,
                           &outcome, &engine->refusal);

    clear(engine);
    engine->last = r == 0 ? outcome : NULL;
    if (r != 0)
        return r;
    if (outcome->creates) {
        outcome->after->id = 1;
        outcome->after->code = HOME "-260302-0001";
    }
    engine->dossier = dossier_copy(engine->arena, outcome->after);
    return 0;
}

int engine_submit(struct engine *engine)
{
    struct actor actor = {.account = 1, .kind = ACCOUNT_CITIZEN, .id_number = "031085001234"};

    engine->command.kind = CMD_SUBMIT;
    return apply(engine, &actor);
}

int engine_act(struct engine *engine, enum role role, const char *action, int task)
{
    const struct task *on = dossier_task(engine->dossier, task);
    struct grant grant = {role, on != NULL && on->agency != NULL ? on->agency : HOME, false};
    struct actor actor = {
        .account = 10 + (int64_t)role, .kind = ACCOUNT_STAFF, .grants = &grant, .grant_count = 1};

    if (role == ROLE_APPLICANT)
        actor = (struct actor){.account = 1, .kind = ACCOUNT_CITIZEN, .id_number = "031085001234"};
    engine->command.kind = CMD_ACTION;
    engine->command.action = slice_str(action);
    engine->command.task = task;
    return apply(engine, &actor);
}

int engine_timer(struct engine *engine, int scope, int epoch, int rung)
{
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};

    engine->command.kind = CMD_TIMER;
    engine->command.scope = scope;
    engine->command.epoch = epoch;
    engine->command.rung = rung;
    return apply(engine, &actor);
}

int engine_task(const struct engine *engine, int step)
{
    for (size_t i = 0; i < engine->dossier->task_count; i++) {
        if (engine->dossier->tasks[i].step == step)
            return engine->dossier->tasks[i].no;
    }
    return 0;
}

void engine_accepted(struct engine *engine)
{
    DVC_EQ_INT(engine_submit(engine), 0);
    engine_at(engine, "2026-03-02 09:00");
    DVC_EQ_INT(engine_act(engine, ROLE_RECEIVER, "accept", 1), 0);
}

struct slice engine_body(const struct engine *engine)
{
    cr_assert(engine->last != NULL && engine->last->event_count > 0);
    return engine->last->events[engine->last->event_count - 1].body;
}

int engine_delta(const struct engine *engine, enum measure measure)
{
    int sum = 0;

    for (size_t i = 0; engine->last != NULL && i < engine->last->delta_count; i++) {
        if (engine->last->deltas[i].measure == measure)
            sum += engine->last->deltas[i].count;
    }
    return sum;
}

const struct timer_row *engine_timer_of(const struct engine *engine, int scope, int rung)
{
    for (size_t i = 0; engine->last != NULL && i < engine->last->timer_count; i++) {
        if (engine->last->timers[i].scope == scope && engine->last->timers[i].rung == rung)
            return &engine->last->timers[i];
    }
    return NULL;
}
