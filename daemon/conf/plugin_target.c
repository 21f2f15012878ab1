#include "conf/plugin_target.h"

#include <string.h>

#include "conf/nearest.h"
#include "conf/plugin_flow.h"
#include "conf/plugin_spawn.h"

static bool step_of(struct plugin_reader *reader, const struct value *value, const char *what,
                    int *ret)
{
    const struct procedure *procedure = reader->procedure;
    const char **names = ARENA_ARRAY(reader->schema.arena, const char *, procedure->step_count + 1);
    const char *nearest;
    int step;

    if (value->kind != VALUE_STRING) {
        schema_fault(&reader->schema, value, "%s: cần tên một bước, ở đây là %s [K022]", what,
                     schema_found(reader->schema.arena, value));
        return false;
    }
    step = procedure_step(procedure, value->string);
    if (step >= 0) {
        *ret = step;
        return true;
    }
    for (size_t i = 0; i < procedure->step_count; i++)
        names[i] = procedure->steps[i].id;
    nearest = nearest_word(value->string, names, procedure->step_count);
    if (nearest != NULL)
        schema_fault(&reader->schema, value, "%s: không có bước \"%s\", có phải \"%s\"? [K101]",
                     what, value->string.ptr, nearest);
    else
        schema_fault(
            &reader->schema, value,
            "%s: không có bước \"%s\" trong quy trình, cần tên một bước có trong \"steps\" "
            "[K101]",
            what, value->string.ptr);
    return false;
}

static void parallel(struct plugin_reader *reader, const struct value *list, const char *what,
                     struct target *ret)
{
    size_t count = value_count(list);

    ret->kind = TARGET_PARALLEL;
    if (count < 2 || count > PLUGIN_BRANCHES_MAX) {
        schema_fault(&reader->schema, list,
                     "%s: chia nhánh song song cần từ 2 đến %d bước, ở đây có %zu [K023]", what,
                     PLUGIN_BRANCHES_MAX, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        int step = 0;

        if (!step_of(reader, value_at(list, i), what, &step))
            continue;
        for (int k = 0; k < ret->step_count; k++) {
            if (ret->steps[k] == step)
                schema_fault(&reader->schema, value_at(list, i),
                             "%s: bước \"%s\" có hai lần trong các nhánh song song [K029]", what,
                             reader->procedure->steps[step].id);
        }
        ret->steps[ret->step_count++] = step;
    }
}

static const struct schema_word end_words[] = {
    {"not_accepted", STATE_NOT_ACCEPTED}, {"refused", STATE_REFUSED},
    {"withdrawn", STATE_WITHDRAWN},       {"stopped", STATE_STOPPED},
    {"returned", STATE_RETURNED},         {NULL, 0}};
static const struct schema_key end_key = {.name = "end", .type = SCHEMA_WORD, .words = end_words};
const struct schema_shape plugin_end_shape = {
    .name = "end", .kind = SHAPE_VALUE, .value = &end_key};

static const struct schema_key step_key = {.name = "to", .type = SCHEMA_ID};
const struct schema_shape plugin_step_shape = {.kind = SHAPE_VALUE, .value = &step_key};
static const struct schema_shape branches_shape = {
    .kind = SHAPE_LIST, .item = &plugin_step_shape, .min = 2, .max = PLUGIN_BRANCHES_MAX};
static const struct schema_shape *const to_either[] = {&plugin_step_shape, &branches_shape, NULL};
const struct schema_shape plugin_to_shape = {
    .name = "to", .kind = SHAPE_EITHER, .either = to_either};

static void end_state(struct plugin_reader *reader, const struct value *value, struct target *ret)
{
    int state = 0;

    ret->kind = TARGET_END;
    if (schema_value(&reader->schema, value, &end_key, &state))
        ret->end = (enum dossier_state)state;
}

void plugin_target(struct plugin_reader *reader, const struct value *map, const char *what,
                   const struct raw_target *raw, struct target *ret)
{
    int given = (raw->to != NULL) + (raw->join != NULL) + (raw->end != NULL);

    *ret = (struct target){.kind = TARGET_STEP};
    if (given != 1) {
        schema_fault(&reader->schema, map,
                     given == 0 ? "%s: thiếu đích đến, cần một trong: to, join, end [K021]"
                                : "%s: chỉ được một đích đến trong: to, join, end [K022]",
                     what);
    } else if (raw->end != NULL) {
        end_state(reader, raw->end, ret);
    } else if (raw->join != NULL) {
        ret->kind = TARGET_JOIN;
        if (step_of(reader, raw->join, what, &ret->steps[0]))
            ret->step_count = 1;
    } else if (raw->to->kind == VALUE_LIST) {
        parallel(reader, raw->to, what, ret);
    } else if (raw->to->kind == VALUE_STRING && slice_is(raw->to->string, "previous")) {
        ret->kind = TARGET_PREVIOUS;
    } else if (step_of(reader, raw->to, what, &ret->steps[0])) {
        ret->step_count = 1;
    }
}

static bool wants_value(enum effect_kind kind)
{
    return kind == EFFECT_ISSUE || kind == EFFECT_SPAWN || kind == EFFECT_NOTIFY;
}

static const char *bare_word(int index)
{
    for (int kind = EFFECT_ACCEPT; kind <= EFFECT_CORRECT_RESULT; kind++) {
        if (!wants_value((enum effect_kind)kind) && index-- == 0)
            return effect_code((enum effect_kind)kind);
    }
    return NULL;
}

static const char *form_word(int index)
{
    return index < FORM_COUNT ? form_id_code((enum form_id)index) : NULL;
}

static const struct schema_shape form_shape = {
    .name = "form", .kind = SHAPE_WORDS, .word = form_word};
static const struct schema_shape bare_shape = {
    .name = "effect", .kind = SHAPE_WORDS, .word = bare_word};
static const struct schema_key issue_keys[] = {
    {"issue", SCHEMA_ANY, true, 0, .shape = &form_shape},
};
#define NOTIFY_TEXT 1
static const struct schema_key notify_keys[] = {
    {"notify", SCHEMA_ANY, true, 0, .shape = &plugin_roles_assignee_shape},
    [NOTIFY_TEXT] = {"text", SCHEMA_ID, false, 0, 1, 40},
};
static const struct schema_shape issue_shape = {SHAPE_OF_KEYS("issue", issue_keys)};
static const struct schema_shape notify_shape = {SHAPE_OF_KEYS("notify", notify_keys)};
static const struct schema_shape *const effect_either[] = {&bare_shape, &issue_shape, &notify_shape,
                                                           &plugin_spawn_shape, NULL};
static const struct schema_shape effect_shape = {.kind = SHAPE_EITHER, .either = effect_either};
const struct schema_shape plugin_effects_shape = {
    .name = "effects", .kind = SHAPE_LIST, .item = &effect_shape, .max = PLUGIN_EFFECTS_MAX};

/* Word to kind; -1 when there is none. */
static int effect_of(struct slice word)
{
    for (int kind = EFFECT_ACCEPT; kind <= EFFECT_CORRECT_RESULT; kind++) {
        if (slice_is(word, effect_code((enum effect_kind)kind)))
            return kind;
    }
    return -1;
}

static void unknown_effect(struct plugin_reader *reader, const struct value *at, struct slice word)
{
    const char *names[EFFECT_CORRECT_RESULT + 1];
    const char *nearest;

    for (int kind = EFFECT_ACCEPT; kind <= EFFECT_CORRECT_RESULT; kind++)
        names[kind] = effect_code((enum effect_kind)kind);
    nearest = nearest_word(word, names, DVC_COUNT(names));
    if (nearest != NULL)
        schema_fault(&reader->schema, at,
                     "\"effects\": không có tác động \"%.*s\", có phải \"%s\"? [K103]",
                     (int)word.len, word.ptr, nearest);
    else
        schema_fault(&reader->schema, at,
                     "\"effects\": không có tác động \"%.*s\", cần một trong: accept, pause, "
                     "resume, restart, finish, issue, request_payment, post_collect, post_return, "
                     "notify, spawn, publish_result, take_back, correct_result [K103]",
                     (int)word.len, word.ptr);
}

/* The value beside an effect's word: the form to issue, whom to tell. */
static void effect_value(struct plugin_reader *reader, const struct value *value,
                         struct effect *effect)
{
    if (effect->kind == EFFECT_ISSUE) {
        if (value->kind != VALUE_STRING || form_id_parse(value->string, &effect->form) != 0)
            schema_fault(&reader->schema, value,
                         "\"issue\": không có mẫu %s, cần một trong: receipt, supplement_request, "
                         "refusal, apology, stop_notice, control_slip, register [K104]",
                         schema_found(reader->schema.arena, value));
    } else if (effect->kind == EFFECT_NOTIFY) {
        plugin_role(reader, value, "notify", true, &effect->to);
    } else {
        schema_fault(&reader->schema, value, "\"effects\": \"%s\" không kèm giá trị [K022]",
                     effect_code(effect->kind));
    }
}

static void effect_map(struct plugin_reader *reader, const struct value *map, struct effect *ret)
{
    const struct value *message = value_get(map, "text");
    size_t main = map->map.count;

    if (value_get(map, "spawn") != NULL) {
        plugin_read_spawn(reader, map, ret);
        return;
    }
    for (size_t i = 0; i < map->map.count; i++) {
        if (!slice_is(map->map.members[i].key, "text"))
            main = main == map->map.count ? i : SIZE_MAX;
    }
    if (main >= map->map.count) {
        schema_fault(&reader->schema, map,
                     "\"effects\": mỗi mục là một tác động, ví dụ {issue: receipt} [K022]");
        return;
    }
    if (effect_of(map->map.members[main].key) < 0) {
        unknown_effect(reader, map, map->map.members[main].key);
        return;
    }
    ret->kind = (enum effect_kind)effect_of(map->map.members[main].key);
    effect_value(reader, map->map.members[main].value, ret);
    if (message != NULL && ret->kind != EFFECT_NOTIFY)
        schema_fault(&reader->schema, message, "\"text\" chỉ đi cùng \"notify\" [K022]");
    else if (message != NULL)
        schema_value(&reader->schema, message, &notify_keys[NOTIFY_TEXT], &ret->text);
}

static void effect_read(struct plugin_reader *reader, const struct value *value, struct effect *ret)
{
    int kind;

    if (value->kind == VALUE_MAP) {
        effect_map(reader, value, ret);
        return;
    }
    if (value->kind != VALUE_STRING) {
        schema_fault(&reader->schema, value, "\"effects\": cần một tác động, ở đây là %s [K022]",
                     schema_found(reader->schema.arena, value));
        return;
    }
    kind = effect_of(value->string);
    if (kind < 0) {
        unknown_effect(reader, value, value->string);
        return;
    }
    ret->kind = (enum effect_kind)kind;
    if (wants_value(ret->kind))
        schema_fault(&reader->schema, value,
                     "\"effects\": \"%s\" cần kèm giá trị, ví dụ {issue: receipt}, {notify: "
                     "applicant, text: result_ready}, {spawn: \"1.004222\"} [K021]",
                     effect_code(ret->kind));
}

void plugin_effects(struct plugin_reader *reader, const struct value *list, struct effect **ret,
                    size_t *ret_count)
{
    size_t count = value_count(list);

    if (count > PLUGIN_EFFECTS_MAX) {
        schema_fault(&reader->schema, list, "\"effects\": nhiều nhất %d tác động [K023]",
                     PLUGIN_EFFECTS_MAX);
        return;
    }
    *ret = ARENA_ARRAY(reader->schema.arena, struct effect, count + 1);
    for (size_t i = 0; i < count; i++)
        effect_read(reader, value_at(list, i), &(*ret)[i]);
    *ret_count = count;
}

static const enum need needs[] = {NEED_REASON,    NEED_PAPERS,   NEED_RESULT, NEED_RECEIVER,
                                  NEED_DOCUMENTS, NEED_ASSIGNEE, NEED_RECEIPT};

static const char *need_word(int index)
{
    return (size_t)index < DVC_COUNT(needs) ? need_code(needs[index]) : NULL;
}

static const struct schema_shape need_shape = {.kind = SHAPE_WORDS, .word = need_word};
const struct schema_shape plugin_needs_shape = {
    .name = "needs", .kind = SHAPE_LIST, .item = &need_shape};

void plugin_needs(struct plugin_reader *reader, const struct value *list, unsigned *ret)
{
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *value = value_at(list, i);
        bool known = false;

        for (size_t k = 0; k < DVC_COUNT(needs) && !known; k++) {
            known = value->kind == VALUE_STRING && slice_is(value->string, need_code(needs[k]));
            if (known)
                *ret |= needs[k];
        }
        if (!known)
            schema_fault(&reader->schema, value,
                         "\"needs\": không có %s, cần một trong: reason, papers, result, receiver, "
                         "documents, assignee, receipt [K024]",
                         schema_found(reader->schema.arena, value));
    }
}
