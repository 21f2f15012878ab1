#include "conf/plugin_flow.h"

#include <string.h>

#include "conf/plugin.h"
#include "conf/plugin_target.h"

static const struct schema_word wait_words[] = {{"applicant", WAIT_APPLICANT},
                                                {"payment", WAIT_PAYMENT},
                                                {"post", WAIT_POST},
                                                {"linked", WAIT_LINKED},
                                                {NULL, 0}};
static const struct schema_word linked_words[] = {{"all", 1}, {"first", 2}, {NULL, 0}};
static const struct schema_word join_words[] = {{"all", false}, {"first", true}, {NULL, 0}};
static const struct schema_word clock_words[] = {{"running", 1}, {NULL, 0}};

struct raw_action {
    const char *name;
    struct raw_target target;
    const struct value *by, *needs, *effects;
    struct expr *when;
    bool automatic;
};

#define AT(field) offsetof(struct raw_action, field)
static const struct schema_key action_keys[] = {
    {"name", SCHEMA_TEXT, false, AT(name), 1, 200},
    {"to", SCHEMA_ANY, false, AT(target.to), .shape = &plugin_to_shape},
    {"join", SCHEMA_ANY, false, AT(target.join), .shape = &plugin_step_shape},
    {"end", SCHEMA_ANY, false, AT(target.end), .shape = &plugin_end_shape},
    {"by", SCHEMA_ANY, false, AT(by), .shape = &plugin_roles_shape},
    {"needs", SCHEMA_LIST, false, AT(needs), .shape = &plugin_needs_shape},
    {"when", SCHEMA_EXPR, false, AT(when)},
    {"effects", SCHEMA_LIST, false, AT(effects), .shape = &plugin_effects_shape},
    {"automatic", SCHEMA_BOOL, false, AT(automatic)},
};
#undef AT
static const char *const action_one[] = {"to", "join", "end", NULL};
static const struct schema_shape action_shape = {SHAPE_OF_KEYS("action", action_keys),
                                                 .exactly_one = action_one};
static const struct schema_shape actions_shape = {
    .kind = SHAPE_MAP, .item = &action_shape, .min = 1, .max = PLUGIN_ACTIONS_MAX};

static void read_action(struct plugin_reader *reader, const struct step *step,
                        const struct value_member *member, struct action *ret)
{
    const char *what = arena_printf(reader->schema.arena, "hành động \"%s\" của bước \"%s\"",
                                    member->key.ptr, step->id);
    struct raw_action raw = {NULL};

    ret->id = member->key.ptr;
    if (!schema_is_id(member->key))
        conf_error(reader->schema.errors, reader->schema.file, member->line, member->column,
                   "%s: tên không hợp lệ, cần chữ thường không dấu, số và dấu gạch dưới [K022]",
                   what),
            reader->schema.faults++;
    if (member->value->kind != VALUE_MAP) {
        SCHEMA_READ(&reader->schema, member->value, what, action_keys, &raw);
        return;
    }
    SCHEMA_READ(&reader->schema, member->value, what, action_keys, &raw);
    ret->name = raw.name;
    ret->when = raw.when;
    ret->is_default = raw.automatic;
    ret->by = wait_party(step->wait);
    if (raw.by != NULL)
        plugin_role(reader, raw.by, "by", false, &ret->by);
    if (raw.name == NULL && (ret->by == ROLE_NONE || role_is_staff(ret->by)))
        schema_fault(&reader->schema, member->value, "%s: thiếu khoá bắt buộc \"name\" [K021]",
                     what);
    plugin_needs(reader, raw.needs, &ret->needs);
    plugin_effects(reader, raw.effects, &ret->effects, &ret->effect_count);
    plugin_target(reader, member->value, what, &raw.target, &ret->to);
}

/* The members of `map` in the order that `order` (a list of their names) gives; without it in that
 * of the text. A list that leaves one out or names another is a fault. */
static const struct value_member **ordered(struct plugin_reader *reader, const struct value *map,
                                           const struct value *order)
{
    size_t count = value_count(map);
    const struct value_member **members =
        ARENA_ARRAY(reader->schema.arena, const struct value_member *, count + 1);

    for (size_t i = 0; i < count; i++)
        members[i] = &map->map.members[i];
    if (order == NULL)
        return members;
    if (value_count(order) != count) {
        schema_fault(&reader->schema, order, "\"order\": cần đủ %zu tên, ở đây có %zu [K101]",
                     count, value_count(order));
        return members;
    }
    for (size_t i = 0; i < count; i++) {
        const struct value *name = value_at(order, i);
        size_t at = i;

        while (at < count &&
               !(name->kind == VALUE_STRING && slice_eq(members[at]->key, name->string)))
            at++;
        if (at == count) {
            schema_fault(&reader->schema, name, "\"order\": %s không có hoặc có hai lần [K101]",
                         schema_found(reader->schema.arena, name));
            return members;
        }
        for (const struct value_member *moved = members[at]; at > i; at--) {
            members[at] = members[at - 1];
            members[at - 1] = moved;
        }
    }
    return members;
}

struct raw_timeout {
    struct limit after;
    struct raw_target target;
    const struct value *effects;
    const char *consent, *action;
};

#define AT(field) offsetof(struct raw_timeout, field)
static const struct schema_key timeout_keys[] = {
    {"after", SCHEMA_LIMIT, true, AT(after)},
    {"to", SCHEMA_ANY, false, AT(target.to), .shape = &plugin_to_shape},
    {"join", SCHEMA_ANY, false, AT(target.join), .shape = &plugin_step_shape},
    {"end", SCHEMA_ANY, false, AT(target.end), .shape = &plugin_end_shape},
    {"effects", SCHEMA_LIST, false, AT(effects), .shape = &plugin_effects_shape},
    {"consent", SCHEMA_ID, false, AT(consent)},
    {"action", SCHEMA_ID, false, AT(action)},
};
#undef AT
static const char *const timeout_one[] = {"to", "join", "end", "consent", "action", NULL};
static const struct schema_shape timeout_shape = {SHAPE_OF_KEYS("timeout", timeout_keys),
                                                  .exactly_one = timeout_one};

static void timeout_action(struct plugin_reader *reader, const struct value *map,
                           const struct raw_timeout *raw, struct step *step)
{
    struct timeout *timeout = &step->timeout;
    const struct action *action;
    const char *key = raw->consent != NULL ? "consent" : "action";

    timeout->consents = raw->consent != NULL;
    timeout->action = raw->consent != NULL ? raw->consent : raw->action;
    if (raw->target.to != NULL || raw->target.join != NULL || raw->target.end != NULL ||
        raw->effects != NULL || (raw->consent != NULL && raw->action != NULL)) {
        schema_fault(&reader->schema, map,
                     "hết hạn chờ của bước \"%s\": đã có \"%s\" thì đích đến và tác động là của "
                     "hành động đó, bỏ các khoá khác [K022]",
                     step->id, key);
        return;
    }
    action = step_action(step, slice_str(timeout->action));
    if (action == NULL) {
        schema_fault_key(&reader->schema, map, key,
                         "hết hạn chờ của bước \"%s\": bước không có hành động \"%s\" [K101]",
                         step->id, timeout->action);
        return;
    }
    timeout->to = action->to;
}

static void read_timeout(struct plugin_reader *reader, const struct value *map, struct step *step)
{
    struct raw_timeout raw = {.after = LIMIT_INIT_NONE};
    const char *what = arena_printf(reader->schema.arena, "hết hạn chờ của bước \"%s\"", step->id);

    if (map == NULL)
        return;
    step->timeout.present = true;
    SCHEMA_READ(&reader->schema, map, what, timeout_keys, &raw);
    if (raw.after.unit == LIMIT_NONE && !value_is_null(value_get(map, "after")))
        schema_fault_key(&reader->schema, map, "after", "%s: \"after\" phải là một thời hạn [K026]",
                         what);
    step->timeout.after = raw.after;
    if (raw.consent != NULL || raw.action != NULL) {
        timeout_action(reader, map, &raw, step);
        return;
    }
    plugin_effects(reader, raw.effects, &step->timeout.effects, &step->timeout.effect_count);
    plugin_target(reader, map, what, &raw.target, &step->timeout.to);
}

struct raw_step {
    const char *name, *agency;
    int wait, linked, join, clock, national;
    const struct value *role, *state, *limit, *limit_after, *warn, *actions, *timeout, *order;
    struct schema_texts of;
};

/* States of a dossier that is under way: an ended one is in no step. */
static const char *state_word(int index)
{
    for (int state = 0; state < STATE_COUNT; state++) {
        const struct state_info *info = state_info((enum dossier_state)state);

        if (!info->terminal && index-- == 0)
            return info->code;
    }
    return NULL;
}

static const struct schema_shape state_shape = {
    .name = "state", .kind = SHAPE_WORDS, .word = state_word};

#define AT(field) offsetof(struct raw_step, field)
static const struct schema_key step_keys[] = {
    {"name", SCHEMA_TEXT, true, AT(name), 2, 200},
    {"role", SCHEMA_ANY, false, AT(role), .shape = &plugin_staff_shape},
    {"wait", SCHEMA_WORD, false, AT(wait), .words = wait_words},
    {"linked", SCHEMA_WORD, false, AT(linked), .words = linked_words},
    {"of", SCHEMA_TEXTS, false, AT(of), 1, 40},
    {"agency", SCHEMA_ID, false, AT(agency)},
    {"state", SCHEMA_ANY, false, AT(state), .shape = &state_shape},
    {"national", SCHEMA_INT32, false, AT(national), 1, 10},
    {"limit", SCHEMA_ANY, false, AT(limit), .shape = &plugin_limits_shape},
    {"limit_after", SCHEMA_ANY, false, AT(limit_after), .shape = &plugin_limits_shape},
    {"warn", SCHEMA_LIST, false, AT(warn), .shape = &plugin_rungs_shape},
    {"join", SCHEMA_WORD, false, AT(join), .words = join_words},
    {"clock", SCHEMA_WORD, false, AT(clock), .words = clock_words},
    {"actions", SCHEMA_MAP, true, AT(actions), .shape = &actions_shape},
    {"timeout", SCHEMA_MAP, false, AT(timeout), .shape = &timeout_shape},
    {"order", SCHEMA_LIST, false, AT(order)},
};
#undef AT
static const char *const step_one[] = {"role", "wait", NULL};
static const struct schema_shape step_shape = {SHAPE_OF_KEYS("step", step_keys),
                                               .exactly_one = step_one};
const struct schema_shape plugin_steps_shape = {
    .name = "steps", .kind = SHAPE_MAP, .item = &step_shape, .min = 1, .max = PLUGIN_STEPS_MAX};

static void read_actions(struct plugin_reader *reader, const struct raw_step *raw,
                         struct step *step)
{
    size_t count = value_count(raw->actions);
    const struct value_member **members;

    if (raw->actions == NULL)
        return;
    if (count == 0 || count > PLUGIN_ACTIONS_MAX) {
        schema_fault(&reader->schema, raw->actions,
                     "bước \"%s\": cần từ 1 đến %d hành động, ở đây có %zu [K023]", step->id,
                     PLUGIN_ACTIONS_MAX, count);
        return;
    }
    members = ordered(reader, raw->actions, raw->order);
    step->actions = ARENA_ARRAY(reader->schema.arena, struct action, count);
    for (size_t i = 0; i < count; i++)
        read_action(reader, step, members[i], &step->actions[i]);
    step->action_count = count;
}

/* A step is done by a role of an agency, or waits for a party: one of the two. */
static void role_or_wait(struct plugin_reader *reader, const struct value *map,
                         const struct raw_step *raw, struct step *step)
{
    step->wait = (enum wait_for)raw->wait;
    if ((raw->role != NULL) == (raw->wait != WAIT_NOTHING)) {
        schema_fault(
            &reader->schema, map,
            "bước \"%s\": cần đúng một trong hai: \"role\" (ai làm) hoặc \"wait\" (chờ ai) "
            "[K022]",
            step->id);
        return;
    }
    if (raw->role == NULL || !plugin_role(reader, raw->role, "role", false, &step->role))
        return;
    if (!plugin_role_works(step->role))
        schema_fault(
            &reader->schema, raw->role,
            "bước \"%s\": \"%s\" không giải quyết hồ sơ, cần một trong: receiver, officer, "
            "unit_head, leader, clerk, cashier, postal [K102]",
            step->id, role_code(step->role));
}

/* Which of the dossiers that this one opened are waited for, and for how many of them. */
static void read_linked(struct plugin_reader *reader, const struct value *map,
                        const struct raw_step *raw, struct step *step)
{
    if (step->wait != WAIT_LINKED && (raw->linked != 0 || raw->of.count > 0))
        schema_fault_key(&reader->schema, map, raw->linked != 0 ? "linked" : "of",
                         "bước \"%s\": \"linked\" và \"of\" chỉ đi cùng \"wait: linked\" [K022]",
                         step->id);
    step->linked_first = raw->linked == 2;
    step->linked_of = raw->of.items;
    step->linked_of_count = raw->of.count;
}

static void read_limits(struct plugin_reader *reader, const struct raw_step *raw, struct step *step)
{
    plugin_limits(reader, raw->limit, "limit", step->limit);
    memcpy(step->limit_after, step->limit, sizeof(step->limit_after));
    plugin_limits(reader, raw->limit_after, "limit_after", step->limit_after);
}

static void read_step(struct plugin_reader *reader, const struct value *map, struct step *step)
{
    const char *what = arena_printf(reader->schema.arena, "bước \"%s\"", step->id);
    struct raw_step raw = {NULL};

    SCHEMA_READ(&reader->schema, map, what, step_keys, &raw);
    if (map->kind != VALUE_MAP)
        return;
    step->name = raw.name;
    if (raw.agency != NULL && strcmp(raw.agency, "competent") != 0)
        step->agency_role = raw.agency;
    step->national = raw.national;
    step->join_any = raw.join != 0;
    role_or_wait(reader, map, &raw, step);
    read_linked(reader, map, &raw, step);
    if (raw.state != NULL) {
        step->has_state = raw.state->kind == VALUE_STRING &&
                          state_parse(raw.state->string, &step->state) == 0 &&
                          !state_info(step->state)->terminal;
        if (!step->has_state)
            schema_fault(&reader->schema, raw.state,
                         "%s: %s không phải trạng thái của hồ sơ đang đi, cần một trạng thái trong "
                         "bảng của plugins/README.md, ví dụ processing, signing [K024]",
                         what, schema_found(reader->schema.arena, raw.state));
    }
    read_limits(reader, &raw, step);
    plugin_rungs(reader, raw.warn, &step->rungs, &step->rung_count);
    read_actions(reader, &raw, step);
    read_timeout(reader, raw.timeout, step);
}

static void read_steps(struct plugin_reader *reader, const struct value_member **members,
                       size_t count)
{
    struct procedure *procedure = reader->procedure;

    procedure->steps = ARENA_ARRAY(reader->schema.arena, struct step, count);
    procedure->step_count = count;
    /* All ids first: actions name steps that come later. */
    for (size_t i = 0; i < count; i++) {
        procedure->steps[i].id = members[i]->key.ptr;
        if (!schema_is_id(members[i]->key) || slice_is(members[i]->key, "previous"))
            conf_error(reader->schema.errors, reader->schema.file, members[i]->line,
                       members[i]->column,
                       "tên bước \"%s\" không hợp lệ, cần chữ thường không dấu, số và dấu gạch "
                       "dưới, và không phải \"previous\" [K022]",
                       members[i]->key.ptr),
                reader->schema.faults++;
    }
    for (size_t i = 0; i < count; i++)
        read_step(reader, members[i]->value, &procedure->steps[i]);
}

struct raw_flow {
    const char *use, *start;
    int version;
    const struct value *steps, *order;
};

#define AT(field) offsetof(struct raw_flow, field)
static const struct schema_key flow_keys[] = {
    {"use", SCHEMA_TEXT, false, AT(use), 1, 60},
    {"version", SCHEMA_INT32, false, AT(version), 1, 100000},
    {"start", SCHEMA_ID, true, AT(start)},
    {"steps", SCHEMA_MAP, true, AT(steps), .shape = &plugin_steps_shape},
    {"order", SCHEMA_LIST, false, AT(order)},
};
#undef AT
static const struct schema_shape flow_shape = {SHAPE_OF_KEYS("flow", flow_keys)};
static const struct schema_shape *const workflow_either[] = {&plugin_use_shape, &flow_shape, NULL};
const struct schema_shape plugin_workflow_shape = {
    .name = "workflow", .kind = SHAPE_EITHER, .either = workflow_either};

void plugin_read_flow(struct plugin_reader *reader, const struct value *map)
{
    struct procedure *procedure = reader->procedure;
    struct raw_flow raw = {NULL};
    size_t count;

    SCHEMA_READ(&reader->schema, map, "quy trình", flow_keys, &raw);
    count = value_count(raw.steps);
    if (raw.steps == NULL)
        return;
    if (count == 0 || count > PLUGIN_STEPS_MAX) {
        schema_fault(&reader->schema, raw.steps,
                     "quy trình: cần từ 1 đến %d bước, ở đây có %zu [K023]", PLUGIN_STEPS_MAX,
                     count);
        return;
    }
    read_steps(reader, ordered(reader, raw.steps, raw.order), count);
    procedure->start = raw.start == NULL ? 0 : procedure_step(procedure, slice_str(raw.start));
    if (procedure->start < 0)
        schema_fault_key(&reader->schema, map, "start",
                         "quy trình: không có bước \"%s\" để bắt đầu [K101]", raw.start);
}
