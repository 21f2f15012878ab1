#include "apply_life.h"

#include "conf/agency_load.h"
#include "conf/calendar_load.h"
#include "conf/plugin.h"
#include "conf/plugin_check.h"
#include "conf/yaml.h"
#include "core/form.h"
#include "core/sink.h"
#include "world.h"

#include <string.h>

#define PLUGIN "plugins/procedures/1.013225.yaml"
#define WIDENED "tests/bench/apply.yaml"
#define CITIZEN_ID "031185001234"

struct teller {
    struct arena *arena;
    const char *root;
    struct life *life;
    struct conf_errors errors;
    struct agency_tree *agencies;
    struct world *world;
};

static void fault(struct teller *t, const char *what)
{
    struct buf text = BUF_INIT(8000);

    if (t->life->fault == NULL) {
        conf_errors_write(&text, &t->errors);
        t->life->fault = arena_printf(t->arena, "%s\n%s", what, text.ptr);
    }
    buf_release(&text);
}

static const char *path_of(struct teller *t, const char *file)
{
    return arena_printf(t->arena, "%s/%s", t->root, file);
}

/* As the daemon does it, over the real tree of agencies. */
static bool under(void *ctx, const char *agency, const char *ancestor)
{
    return agency_under(ctx, slice_str(agency), slice_str(ancestor));
}

static const char *agency_for(void *ctx, const char *function, const char *competent)
{
    return agency_serving(ctx, function, competent);
}

static void add_conditions(struct teller *t, const struct value *steps, const struct value *when)
{
    for (size_t i = 0; i < value_count(when); i++) {
        const struct value_member *step = &when->map.members[i];
        const struct value *actions = value_get(value_get_slice(steps, step->key), "actions");

        for (size_t k = 0; k < value_count(step->value); k++) {
            const struct value_member *member = &step->value->map.members[k];
            struct value *action = value_get_slice(actions, member->key);

            if (action != NULL)
                value_set(t->arena, action, "when", member->value);
            else
                fault(t, WIDENED ": an action that " PLUGIN " does not have");
        }
    }
}

/* The real plugin's tree, with more fields and conditions put in. */
static const struct procedure *procedure(struct teller *t, const struct value *more)
{
    const char *flows = path_of(t, "plugins/workflows");
    struct procedure *compiled;
    const struct value *fields = value_get(more, "form");
    struct value *tree;

    if (plugin_load(t->arena, path_of(t, PLUGIN), PLUGIN, flows, &t->errors, &tree) != 0) {
        fault(t, "the plugin cannot be read");
        return NULL;
    }
    for (size_t i = 0; i < value_count(fields); i++)
        value_append(t->arena, value_get(tree, "form"), fields->list.items[i]);
    add_conditions(t, value_get(value_get(tree, "workflow"), "steps"), value_get(more, "when"));
    if (procedure_compile(t->arena, tree, PLUGIN, &t->errors, &compiled) != 0 ||
        !procedure_check(compiled, t->agencies, PLUGIN, &t->errors)) {
        fault(t, "the widened plugin is refused");
        return NULL;
    }
    return compiled;
}

static const struct value *outside_form(void *ctx, struct slice path)
{
    struct teller *t = ctx;

    if (slice_is(path, "case"))
        return value_string(t->arena, SLICE_LIT("house"));
    if (slice_is(path, "applicant.kind"))
        return value_string(t->arena, SLICE_LIT("citizen"));
    return NULL;
}

static struct value *answers(struct teller *t, const struct procedure *procedure,
                             const struct value *more)
{
    struct form_faults faults = {0};
    struct value *form;

    form_check(t->arena, procedure, value_get(more, "answers"), day_of(t->world->setting.now),
               outside_form, t, &form, &faults);
    if (faults.count > 0)
        fault(t,
              arena_printf(t->arena, "%s: %s", faults.items[0].pointer, faults.items[0].message));
    else if (procedure->field_count != LIFE_FIELDS || value_count(form) != LIFE_FIELDS)
        fault(t, "the form does not have thirty fields, all filled in");
    return form;
}

static void papers(struct teller *t, struct dossier *d)
{
    static const char *const ids[] = {"land_right", "drawings", "adjacent_pledge"};

    d->papers = ARENA_ARRAY(t->arena, struct dossier_paper, DVC_COUNT(ids));
    d->paper_count = d->paper_cap = DVC_COUNT(ids);
    for (size_t i = 0; i < DVC_COUNT(ids); i++)
        d->papers[i] = (struct dossier_paper){
            .paper = ids[i], .upload = "0197c4a2-7b1e-7c60-9d59-3b1f0c7e5a10", .copies = 1};
}

/* What intake puts into a new dossier. */
static void fill(struct teller *t, struct value *form)
{
    struct dossier *d = t->world->dossier;

    d->channel = CHANNEL_ONLINE;
    d->delivery = DELIVERY_POST;
    d->case_id = "house";
    d->applicant = (struct party){.kind = "citizen",
                                  .name = "Nguyễn Thị Minh Châu",
                                  .id_number = CITIZEN_ID,
                                  .phone = "0912345678",
                                  .email = "minhchau@example.vn"};
    d->form = form;
    papers(t, d);
}

static void add_outlets(struct teller *t)
{
    struct sink *sink = ARENA_NEW(t->arena, struct sink);

    sink->id = "webhook";
    t->world->setting.mail = true;
    t->world->setting.sinks = sink;
    t->world->setting.sink_count = 1;
}

static bool begin(struct teller *t, bool outlets)
{
    struct agency_loader *loader = agency_loader_new(t->arena, &t->errors);
    const struct procedure *compiled;
    struct calendar_set *calendars;
    struct value *more;

    if (calendar_set_load(t->arena, path_of(t, "config/calendars"), "config/calendars", 0,
                          &t->errors, &calendars) != 0 ||
        agency_loader_file(loader, path_of(t, "config/agencies/haiphong.yaml"), "haiphong.yaml") !=
            0 ||
        agency_loader_finish(loader, NULL, &t->agencies) != 0 ||
        conf_yaml_load(t->arena, path_of(t, WIDENED), WIDENED, &t->errors, &more) != 0) {
        fault(t, "the configuration cannot be read");
        return false;
    }
    compiled = procedure(t, more);
    if (compiled == NULL)
        return false;
    t->world = world_new(t->arena, compiled, calendar_set_find(calendars, "vn-default"));
    t->world->order = (struct agency_order){under, t->agencies};
    t->world->setting.agency_for = agency_for;
    t->world->setting.agency_ctx = t->agencies;
    t->world->setting.portal_sync = false; /* as the daemon's own setting */
    t->world->setting.now = day_at(day_from_ymd(2026, 3, 2), 9 * 60);
    if (outlets)
        add_outlets(t);
    fill(t, answers(t, compiled, more));
    return t->life->fault == NULL;
}

static struct actor citizen(void)
{
    return (struct actor){.account = 1, .kind = ACCOUNT_CITIZEN, .id_number = CITIZEN_ID};
}

/* Someone of the house with three grants, of which the last is the one that counts. */
static struct actor staff(struct teller *t, enum role role, const char *agency)
{
    struct grant *grants = ARENA_ARRAY(t->arena, struct grant, 3);

    grants[0] = (struct grant){ROLE_CASHIER, "H24.15.02", false};
    grants[1] =
        (struct grant){role == ROLE_OFFICER ? ROLE_CLERK : ROLE_OFFICER, "H24.15.02", false};
    grants[2] = (struct grant){role, agency, false};
    return (struct actor){
        .account = 100 + (int64_t)role, .kind = ACCOUNT_STAFF, .grants = grants, .grant_count = 3};
}

/* Keeps the command with its dossier, decides it, saves and reloads. */
static void take(struct teller *t, const char *name, const struct command *command,
                 const struct actor *actor)
{
    struct life *life = t->life;

    if (life->fault != NULL)
        return;
    DVC_REQUIRE(life->count < LIFE_ACTS_MAX);
    life->acts[life->count++] =
        (struct life_act){name, t->world->dossier, *command, *actor, t->world->setting};
    if (world_apply(t->world, command, actor) != 0)
        fault(t, arena_printf(t->arena, "%s is refused: %s", name, t->world->refusal.message));
}

static const struct task *open_on(struct teller *t, const char *step)
{
    const struct dossier *d = t->world->dossier;

    for (size_t i = 0; i < d->task_count; i++) {
        if (strcmp(d->procedure->steps[d->tasks[i].step].id, step) == 0)
            return &d->tasks[i];
    }
    fault(t, arena_printf(t->arena, "no task on %s", step));
    return NULL;
}

static void pass(struct teller *t, int hours)
{
    world_run(t->world, (wall_t){t->world->setting.now.us + hours * US_PER_HOUR});
}

/* An action on `step` by whoever's the task is, two working hours after what went before. */
static void act(struct teller *t, const char *name, const char *step, const char *action,
                struct command command)
{
    const struct task *task;
    struct actor actor;

    if (t->life->fault != NULL)
        return;
    pass(t, 2);
    task = open_on(t, step);
    if (task == NULL)
        return;
    command.action = slice_str(action);
    command.task = task->no;
    command.if_decision = t->world->dossier->decision;
    actor = task->role == ROLE_NONE ? citizen() : staff(t, task->role, task->agency);
    take(t, name, &command, &actor);
}

static void submit(struct teller *t)
{
    const struct actor actor = citizen();
    struct command command = command_blank(CMD_SUBMIT);

    command.form_digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    take(t, "file", &command, &actor);
}

static void supplement(struct teller *t)
{
    static struct dossier_paper paper = {.paper = "drawings", .copies = 1, .upload = "0197c4a2"};
    struct command command = command_blank(CMD_ACTION);

    command.reason = "Bản vẽ mặt cắt thiếu cao độ nền của công trình liền kề";
    command.papers = value_new(t->arena, VALUE_LIST);
    value_append(t->arena, command.papers, value_string(t->arena, SLICE_LIT("drawings")));
    act(t, "supplement", "appraise", "supplement", command);
    command = command_blank(CMD_ACTION);
    command.documents = &paper;
    command.document_count = 1;
    act(t, "resubmit", "supplement", "resubmit", command);
    act(t, "complete", "supplement_check", "complete", command_blank(CMD_ACTION));
}

/* The armed warning that comes first fires. */
static void warn(struct teller *t)
{
    const struct actor actor = playback_party(ROLE_CLOCK);
    struct command command = command_blank(CMD_TIMER);
    const struct timer_row *first;

    if (t->life->fault != NULL)
        return;
    first = playback_next(&t->world->play, (wall_t){INT64_MAX});
    if (first == NULL || first->rung < 0) {
        fault(t, "no warning comes next");
        return;
    }
    command.scope = first->scope;
    command.epoch = first->epoch;
    command.rung = first->rung;
    t->world->setting.now = first->fire_at;
    take(t, "warn (clock)", &command, &actor);
}

static void sign(struct teller *t)
{
    static struct dossier_result result = {.code = "KQ.G17.000311",
                                           .number = "118/GPXD",
                                           .signed_by = "Trần Văn Khang",
                                           .signed_at = {INT64_MIN}};
    struct command command = command_blank(CMD_ACTION);

    act(t, "submit", "appraise", "submit", command);
    act(t, "agree", "review", "agree", command);
    command.result = &result;
    act(t, "approve", "approve", "approve", command);
    act(t, "issue", "issue_result", "issue", command_blank(CMD_ACTION));
}

static void carrier(struct teller *t, const char *name, enum parcel_state state)
{
    const struct actor actor = playback_party(ROLE_POST);
    struct command command = command_blank(CMD_POSTAL);
    const struct dossier *d = t->world->dossier;

    if (t->life->fault != NULL)
        return;
    pass(t, 2);
    command.order_number = slice_str(d->parcels[d->parcel_count - 1].order_number);
    command.order_answer = command.order_accepted = state == PARCEL_ORDERED;
    command.item_code = "CA123456789VN";
    command.parcel = (struct parcel_event){
        .source_id = name, .at = t->world->setting.now, .state = state, .moves = true};
    take(t, name, &command, &actor);
}

static void send_home(struct teller *t)
{
    struct command command = command_blank(CMD_ACTION);
    const struct task *desk = t->life->fault == NULL ? open_on(t, "return_result") : NULL;

    if (desk != NULL) {
        const struct actor actor = staff(t, ROLE_RECEIVER, desk->agency);

        command.action = SLICE_LIT("pay");
        command.fee = "le_phi_house";
        command.receipt = "AA/26E-0001187";
        command.method = "transfer";
        take(t, "pay", &command, &actor);
    }
    act(t, "post", "return_result", "post", command_blank(CMD_ACTION));
    carrier(t, "order taken (post)", PARCEL_ORDERED);
    carrier(t, "handed over (post)", PARCEL_HANDED_OVER);
    carrier(t, "delivered (post)", PARCEL_DELIVERED);
}

void life_take(struct arena *arena, const char *root, bool outlets, struct life *life)
{
    struct teller t = {.arena = arena, .root = root, .life = life, .errors = {.arena = arena}};
    const struct command plain = command_blank(CMD_ACTION);

    if (!begin(&t, outlets))
        return;
    submit(&t);
    act(&t, "accept", "receive", "accept", plain);
    act(&t, "consult", "appraise", "consult", plain);
    act(&t, "answer (first of two)", "ask_fire", "answer", plain);
    act(&t, "answer (joins)", "ask_environment", "answer", plain);
    supplement(&t);
    warn(&t);
    sign(&t);
    send_home(&t);
    if (life->fault == NULL && t.world->dossier->state != STATE_RETURNED)
        fault(&t, "the dossier did not come to its end");
}
