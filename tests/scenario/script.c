#include "script.h"

#include "base/json.h"
#include "base/num.h"
#include "conf/calendar_load.h"
#include "conf/plugin.h"
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void script_fault(struct script *script, const char *fmt, ...)
{
    va_list args;
    int used;

    if (script->fault[0] != '\0')
        return;
    used = snprintf(script->fault, sizeof(script->fault), "%s:%d: ", script->file, script->number);
    if (used < 0 || (size_t)used >= sizeof(script->fault))
        return;
    va_start(args, fmt);
    (void)vsnprintf(script->fault + used, sizeof(script->fault) - (size_t)used, fmt, args);
    va_end(args);
}

/* Words are parted by blanks; blanks inside "..." or {...} belong to the word. */
bool script_word(struct script *script, struct slice *ret)
{
    struct slice line = slice_trim(script->line);
    bool quoted = false;
    int depth = 0;
    size_t end = 0;

    if (line.len == 0)
        return false;
    for (; end < line.len; end++) {
        char c = line.ptr[end];

        if (c == '"')
            quoted = !quoted;
        depth += !quoted && c == '{';
        depth -= !quoted && c == '}';
        if (c == ' ' && !quoted && depth == 0)
            break;
    }
    *ret = slice_sub(line, 0, end);
    script->line = slice_sub(line, end, line.len - end);
    return true;
}

static struct slice bare(struct slice text)
{
    if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
        return slice_sub(text, 1, text.len - 2);
    return text;
}

/* "2026-02-12T10:00" in local time. */
static wall_t moment(struct script *script, struct slice text)
{
    const char *full = arena_printf(script->arena, "%.*s:00+07:00", (int)text.len, text.ptr);
    wall_t at = WALL_NONE;

    if (wall_parse(slice_str(full), &at) != 0)
        script_fault(script, "no moment: %.*s", (int)text.len, text.ptr);
    return at;
}

static struct value *list_of(struct script *script, struct slice text)
{
    struct value *list = value_new(script->arena, VALUE_LIST);
    struct slice part;

    while (slice_next(&text, ',', &part))
        value_append(script->arena, list, value_string(script->arena, part));
    return list;
}

static void documents(struct script *script, struct slice text, struct command *command)
{
    struct slice part;

    command->documents = ARENA_ARRAY(script->arena, struct dossier_paper, text.len + 1);
    while (slice_next(&text, ',', &part)) {
        command->documents[command->document_count].paper = arena_slice_str(script->arena, part);
        command->documents[command->document_count++].copies = 1;
    }
}

static void account(struct script *script, struct slice name, struct command *command)
{
    struct actor actor = {.account = 0};

    if (world_actor(script->world, name, &actor))
        command->assignee = actor.account;
    else
        script_fault(script, "nobody is called %.*s", (int)name.len, name.ptr);
}

/* key=value of a command line. */
static void option(struct script *script, struct slice word, struct command *command)
{
    ptrdiff_t equal = slice_find(word, '=', 0);
    struct slice key = slice_sub(word, 0, equal < 0 ? word.len : (size_t)equal);
    struct slice raw = equal < 0 ? SLICE_NULL : slice_sub(word, (size_t)equal + 1, word.len);
    const char *text = arena_slice_str(script->arena, bare(raw));

    if (slice_is(key, "reason")) {
        command->reason = text;
    } else if (slice_is(key, "note")) {
        command->note = text;
    } else if (slice_is(key, "papers")) {
        command->papers = list_of(script, bare(raw));
    } else if (slice_is(key, "documents")) {
        documents(script, bare(raw), command);
    } else if (slice_is(key, "result")) {
        command->result = ARENA_NEW(script->arena, struct dossier_result);
        command->result->signed_at = WALL_NONE;
        command->result->code = text;
    } else if (slice_is(key, "receiver")) {
        command->receiver = value_new(script->arena, VALUE_MAP);
        value_set(script->arena, command->receiver, "name", value_string(script->arena, bare(raw)));
    } else if (slice_is(key, "assignee")) {
        account(script, raw, command);
    } else if (slice_is(key, "fee")) {
        command->fee = text;
    } else if (slice_is(key, "receipt")) {
        command->receipt = text;
    } else if (slice_is(key, "waive")) {
        command->waive = true;
    } else if (slice_is(key, "new_due")) {
        command->new_due = moment(script, raw);
    } else if (slice_is(key, "received_at")) {
        command->received_at = moment(script, raw);
    } else if (slice_is(key, "if_decision")) {
        if (num_parse_i64(raw, 0, 100000, &command->if_decision) != 0)
            script_fault(script, "no number: %.*s", (int)raw.len, raw.ptr);
    } else {
        script_fault(script, "no option: %.*s", (int)key.len, key.ptr);
    }
}

static void done(struct script *script)
{
    script->refusal_open = script->world->result != 0;
}

/* The open task whose step has the action; without one, the dossier itself. */
static int task_for(struct script *script, struct slice action)
{
    const struct dossier *d = script->world->dossier;
    bool on_task = slice_is(action, "take") || slice_is(action, "reassign");

    for (size_t i = 0; i < d->task_count; i++) {
        const struct task *task = &d->tasks[i];

        if (step_action(&d->procedure->steps[task->step], action) != NULL)
            return task->no;
    }
    return on_task && d->task_count > 0 ? d->tasks[0].no : 0;
}

static int task_on(struct script *script, struct slice step)
{
    const struct dossier *d = script->world->dossier;

    for (size_t i = 0; i < d->task_count; i++) {
        if (slice_is(step, d->procedure->steps[d->tasks[i].step].id))
            return d->tasks[i].no;
    }
    script_fault(script, "no open task on %.*s", (int)step.len, step.ptr);
    return 0;
}

static void act(struct script *script, struct slice who)
{
    struct command command = command_blank(CMD_ACTION);
    struct actor actor;
    struct slice word;

    if (!world_actor(script->world, who, &actor)) {
        script_fault(script, "no such line: %.*s", (int)who.len, who.ptr);
        return;
    }
    if (!script_word(script, &command.action)) {
        script_fault(script, "%.*s does what?", (int)who.len, who.ptr);
        return;
    }
    command.task = task_for(script, command.action);
    while (script_word(script, &word)) {
        if (slice_is(word, "on") && script_word(script, &word))
            command.task = task_on(script, word);
        else if (slice_is(word, "task") && script_word(script, &word))
            command.task = word.ptr[0] - '0';
        else
            option(script, word, &command);
    }
    if (script->fault[0] != '\0')
        return;
    world_apply(script->world, &command, &actor);
    done(script);
}

static void submit(struct script *script)
{
    struct command command = command_blank(CMD_SUBMIT);
    struct actor actor;
    struct slice word;

    world_actor(script->world, SLICE_LIT("citizen"), &actor);
    while (script_word(script, &word)) {
        if (slice_is(word, "by") && script_word(script, &word)) {
            if (!world_actor(script->world, word, &actor))
                script_fault(script, "nobody is called %.*s", (int)word.len, word.ptr);
        } else if (slice_is(word, "and") && script_word(script, &word)) {
            command.action = word;
        } else {
            option(script, word, &command);
        }
    }
    if (script->fault[0] != '\0')
        return;
    world_apply(script->world, &command, &actor);
    done(script);
}

static void post(struct script *script)
{
    struct command command = command_blank(CMD_POSTAL);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_POST};
    struct world *world = script->world;
    const struct dossier *d = world->dossier;
    struct slice word;

    if (!script_word(script, &word) || d->parcel_count == 0) {
        script_fault(script, "the post has no parcel");
        return;
    }
    command.order_number = slice_str(d->parcels[d->parcel_count - 1].order_number);
    if (slice_is(word, "accepts") || slice_is(word, "declines")) {
        command.order_answer = true;
        command.order_accepted = slice_is(word, "accepts");
        command.item_code = "CA123456789VN";
    } else {
        command.parcel = (struct parcel_event){
            .source_id = arena_printf(script->arena, "e%d", script->number),
            .at = world->setting.now,
            .state = PARCEL_STATE_COUNT,
            .moves = true,
        };
        if (!slice_is(word, "unknown") && parcel_state_parse(word, &command.parcel.state) != 0)
            script_fault(script, "no parcel state: %.*s", (int)word.len, word.ptr);
        if (script_word(script, &word) && slice_is(word, "at") && script_word(script, &word))
            command.parcel.at = moment(script, word);
    }
    world_apply(world, &command, &actor);
    done(script);
}

/* time passes 3 working_days */
static void pass(struct script *script)
{
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    struct world *world = script->world;
    struct limit limit;
    struct slice word;
    wall_t until;

    rule.due_time = DUE_SAME_TIME;
    if (!script_word(script, &word) || limit_parse(script->line, &limit) != 0 ||
        deadline_due(script->calendar, &rule, limit, world->setting.now, &until) != 0) {
        script_fault(script, "time passes how long?");
        return;
    }
    world_run(world, until);
    script->line = SLICE_NULL;
}

static void load(struct script *script, struct slice name)
{
    struct conf_errors errors = CONF_ERRORS_INIT(script->arena);
    const char *path =
        arena_printf(script->arena, "%s/%.*s", script->root, (int)name.len, name.ptr);
    const char *flows = arena_printf(script->arena, "%s/plugins/workflows", script->root);
    struct procedure *procedure;
    struct value *tree;
    struct buf text = BUF_INIT(4000);

    if (plugin_load(script->arena, path, path, flows, &errors, &tree) == 0 &&
        procedure_compile(script->arena, tree, path, &errors, &procedure) == 0) {
        script->world = world_new(script->arena, procedure, script->calendar);
        return;
    }
    conf_errors_write(&text, &errors);
    script_fault(script, "%s", text.ptr);
    buf_release(&text);
}

static void recalculate(struct script *script)
{
    struct command command = command_blank(CMD_RECALCULATE);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};

    script->world->setting.calendar_version++;
    world_apply(script->world, &command, &actor);
    done(script);
}

/* linked residence opened CODE; linked residence refused, finished, ... : what came of it. */
static void linked(struct script *script)
{
    struct command command = command_blank(CMD_LINKED);
    struct actor actor = {.kind = ACCOUNT_SYSTEM, .party = ROLE_LINKED};
    const struct dossier_link *link = NULL;
    struct slice as, word, code;

    if (script_word(script, &as))
        link = dossier_link_as(script->world->dossier, arena_slice_str(script->arena, as));
    if (link == NULL || !script_word(script, &word)) {
        script_fault(script, "linked which, and what of it?");
        return;
    }
    command.link = link->no;
    command.link_over = !slice_is(word, "opened");
    command.link_code = link->code;
    if (!command.link_over)
        command.link_code = script_word(script, &code) ? arena_slice_str(script->arena, code) : "";
    else if (state_parse(word, &command.link_end) != 0)
        script_fault(script, "a linked dossier does not end in %.*s", (int)word.len, word.ptr);
    world_apply(script->world, &command, &actor);
    done(script);
}

static void setting(struct script *script, struct slice key)
{
    struct dossier *d = script->world->dossier;
    struct slice word;
    struct json_error error;

    if (!script_word(script, &word))
        script_fault(script, "%.*s needs a value", (int)key.len, key.ptr);
    else if (slice_is(key, "channel") && channel_parse(word, &d->channel) == 0)
        return;
    else if (slice_is(key, "delivery") && delivery_parse(word, &d->delivery) == 0)
        return;
    else if (slice_is(key, "form") && json_parse(script->arena, word, 8, &d->form, &error) == 0)
        return;
    else if (slice_is(key, "case"))
        d->case_id = arena_slice_str(script->arena, word);
    else if (slice_is(key, "waiver"))
        d->applicant.waiver = arena_slice_str(script->arena, word);
    else
        script_fault(script, "%.*s: not a value", (int)key.len, key.ptr);
}

/* The agency that decides has this calendar. */
static void calendar(struct script *script, struct slice id)
{
    script->calendar = calendar_set_find(script->calendars, arena_slice_str(script->arena, id));
    if (script->calendar == NULL)
        script_fault(script, "no calendar: %.*s", (int)id.len, id.ptr);
    else
        script->world->setting.calendar = script->calendar;
}

/* delegation leader unit_head 2026-03-04 2026-03-06 [CODE] */
static void delegation(struct script *script)
{
    struct slice from, to, first, last, code;
    day_t begin, end;

    if (!script_word(script, &from) || !script_word(script, &to) || !script_word(script, &first) ||
        !script_word(script, &last) || day_parse(first, &begin) != 0 ||
        day_parse(last, &end) != 0 ||
        !world_delegate(script->world, from, to, begin, end,
                        script_word(script, &code) ? arena_slice_str(script->arena, code) : NULL))
        script_fault(script, "who gives whom what, from which day until which?");
}

static void play_line(struct script *script)
{
    struct slice word, first;

    if (!script_word(script, &first) || first.ptr[0] == '#')
        return;
    if (slice_is(first, "procedure")) {
        if (script_word(script, &word))
            load(script, word);
        return;
    }
    if (script->world == NULL) {
        script_fault(script, "name the procedure first");
        return;
    }
    if (slice_is(first, "expect")) {
        script_expect(script);
        return;
    }
    if (script->refusal_open) {
        script_fault(script, "the command before was refused: %s (%s)", script->world->refusal.code,
                     script->world->refusal.message);
        return;
    }
    script->world->notice_count = slice_is(first, "listen") ? 0 : script->world->notice_count;
    if (slice_is(first, "listen"))
        return;
    if (slice_is(first, "at") && script_word(script, &word))
        world_run(script->world, moment(script, word));
    else if (slice_is(first, "calendar") && script_word(script, &word))
        calendar(script, word);
    else if (slice_is(first, "delegation"))
        delegation(script);
    else if (slice_is(first, "time"))
        pass(script);
    else if (slice_is(first, "submit"))
        submit(script);
    else if (slice_is(first, "post"))
        post(script);
    else if (slice_is(first, "linked"))
        linked(script);
    else if (slice_is(first, "recalculate"))
        recalculate(script);
    else if (slice_is(first, "channel") || slice_is(first, "delivery") || slice_is(first, "form") ||
             slice_is(first, "case") || slice_is(first, "waiver"))
        setting(script, first);
    else
        act(script, first);
}

bool script_play(struct script *script, struct slice text)
{
    struct slice line;

    while (script->fault[0] == '\0' && slice_next(&text, '\n', &line)) {
        script->number++;
        script->line = line;
        play_line(script);
    }
    if (script->refusal_open)
        script_fault(script, "the last command was refused: %s", script->world->refusal.code);
    return script->fault[0] == '\0';
}
