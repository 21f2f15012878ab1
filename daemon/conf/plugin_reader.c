#include "conf/plugin_reader.h"

#include <string.h>

#include "conf/nearest.h"

#define RUNGS_MAX 16
#define ASSIGNEE "assignee"

const char *plugin_channel_word(int index)
{
    return CHANNEL_DIRECT + index < CHANNEL_SLOTS
               ? channel_code((enum channel)(CHANNEL_DIRECT + index))
               : NULL;
}

bool plugin_role_works(enum role role)
{
    return role_is_staff(role) && role != ROLE_ADMIN && role != ROLE_AUDITOR;
}

static const char *role_word(int index)
{
    return ROLE_RECEIVER + index < ROLE_CLOCK ? role_code((enum role)(ROLE_RECEIVER + index))
                                              : NULL;
}

static const char *role_assignee_word(int index)
{
    return index == 0 ? ASSIGNEE : role_word(index - 1);
}

static const char *staff_word(int index)
{
    for (int role = ROLE_RECEIVER; role < ROLE_CLOCK; role++) {
        if (plugin_role_works((enum role)role) && index-- == 0)
            return role_code((enum role)role);
    }
    return NULL;
}

const struct schema_shape plugin_roles_shape = {
    .name = "role", .kind = SHAPE_WORDS, .word = role_word};
const struct schema_shape plugin_roles_assignee_shape = {
    .name = "recipient", .kind = SHAPE_WORDS, .word = role_assignee_word};
const struct schema_shape plugin_staff_shape = {
    .name = "staff", .kind = SHAPE_WORDS, .word = staff_word};

static const struct schema_key limit_key = {.name = "limit", .type = SCHEMA_LIMIT};
static const struct schema_shape limit_shape = {
    .name = "duration", .kind = SHAPE_VALUE, .value = &limit_key};
static const struct schema_shape limit_channels = {
    .kind = SHAPE_MAP, .word = plugin_channel_word, .item = &limit_shape};
static const struct schema_shape *const limit_either[] = {&limit_shape, &limit_channels, NULL};
const struct schema_shape plugin_limits_shape = {
    .name = "limit", .kind = SHAPE_EITHER, .either = limit_either};

static const struct schema_key amount_key = {
    .name = "amount", .type = SCHEMA_INT, .min = 0, .max = INT64_C(100000000000)};
static const struct schema_shape amount_shape = {.kind = SHAPE_VALUE, .value = &amount_key};
static const struct schema_shape amount_channels = {
    .kind = SHAPE_MAP, .word = plugin_channel_word, .item = &amount_shape};
static const struct schema_shape *const amount_either[] = {&amount_shape, &amount_channels, NULL};
const struct schema_shape plugin_amounts_shape = {
    .name = "amount", .kind = SHAPE_EITHER, .either = amount_either};

/* One member of a map by channel: the channel, or a fault. */
static bool channel_of(struct plugin_reader *reader, const struct value_member *member,
                       const char *name, enum channel *ret)
{
    if (channel_parse(member->key, ret) == 0)
        return true;
    reader->schema.faults++;
    conf_error(reader->schema.errors, reader->schema.file, member->line, member->column,
               "\"%s\": không có kênh \"%s\", cần một trong: online, post, direct [K020]", name,
               member->key.ptr);
    return false;
}

bool plugin_limits(struct plugin_reader *reader, const struct value *value, const char *name,
                   struct limit limits[CHANNEL_SLOTS])
{
    struct schema_key key = limit_key;
    struct limit limit;
    bool ok = true;

    key.name = name;
    if (value_is_null(value))
        return true;
    if (value->kind != VALUE_MAP) {
        if (!schema_value(&reader->schema, value, &key, &limit))
            return false;
        for (int channel = CHANNEL_DIRECT; channel < CHANNEL_SLOTS; channel++)
            limits[channel] = limit;
        return true;
    }
    for (size_t i = 0; i < value->map.count; i++) {
        enum channel channel;

        if (!channel_of(reader, &value->map.members[i], name, &channel) ||
            !schema_value(&reader->schema, value->map.members[i].value, &key, &limits[channel]))
            ok = false;
    }
    return ok;
}

bool plugin_amounts(struct plugin_reader *reader, const struct value *value, const char *name,
                    int64_t amounts[CHANNEL_SLOTS])
{
    struct schema_key key = amount_key;
    int64_t amount;
    bool ok = true;

    key.name = name;
    if (value->kind != VALUE_MAP) {
        if (!schema_value(&reader->schema, value, &key, &amount))
            return false;
        for (int channel = CHANNEL_DIRECT; channel < CHANNEL_SLOTS; channel++)
            amounts[channel] = amount;
        return true;
    }
    for (size_t i = 0; i < value->map.count; i++) {
        enum channel channel;

        if (!channel_of(reader, &value->map.members[i], name, &channel) ||
            !schema_value(&reader->schema, value->map.members[i].value, &key, &amounts[channel]))
            ok = false;
    }
    return ok;
}

bool plugin_role(struct plugin_reader *reader, const struct value *value, const char *name,
                 bool assignee, enum role *ret)
{
    const char *names[ROLE_COUNT];
    const char *nearest;
    size_t count = 0;

    if (value->kind == VALUE_STRING && assignee && slice_is(value->string, ASSIGNEE)) {
        *ret = ROLE_NONE;
        return true;
    }
    if (value->kind == VALUE_STRING && role_parse(value->string, ret) == 0 && *ret != ROLE_NONE &&
        *ret != ROLE_CLOCK)
        return true;
    for (int role = ROLE_RECEIVER; role < ROLE_CLOCK; role++)
        names[count++] = role_code((enum role)role);
    nearest = value->kind == VALUE_STRING ? nearest_word(value->string, names, count) : NULL;
    if (nearest != NULL)
        schema_fault(&reader->schema, value, "\"%s\": không có vai trò %s, có phải \"%s\"? [K102]",
                     name, schema_found(reader->schema.arena, value), nearest);
    else
        schema_fault(&reader->schema, value,
                     "\"%s\": không có vai trò %s, cần một trong: receiver, officer, unit_head, "
                     "leader, clerk, cashier, postal, hoặc một bên: applicant, post, payment, "
                     "linked [K102]",
                     name, schema_found(reader->schema.arena, value));
    return false;
}

struct raw_rung {
    const struct value *at, *to;
};

static const struct schema_shape rung_at_shape = {.name = "moment", .kind = SHAPE_MOMENT};
static const struct schema_key rung_keys[] = {
    {"at", SCHEMA_ANY, true, offsetof(struct raw_rung, at), .shape = &rung_at_shape},
    {"to", SCHEMA_ANY, true, offsetof(struct raw_rung, to), .shape = &plugin_roles_assignee_shape},
};
static const struct schema_shape rung_shape = {SHAPE_OF_KEYS("warning", rung_keys)};
const struct schema_shape plugin_rungs_shape = {
    .name = "warnings", .kind = SHAPE_LIST, .item = &rung_shape, .max = RUNGS_MAX};

static bool rung_read(struct plugin_reader *reader, const struct value *value, struct rung *ret)
{
    struct raw_rung raw = {NULL, NULL};
    int error = LIMIT_E_SYNTAX;

    if (!SCHEMA_READ(&reader->schema, value, "nhắc hạn", rung_keys, &raw))
        return false;
    if (raw.at->kind == VALUE_STRING)
        error = warn_at_parse(raw.at->string, &ret->at);
    if (error != 0) {
        schema_fault(&reader->schema, raw.at,
                     "\"at\": %s: %s; cần \"50%%\", \"-1 working_day\", \"due\" hoặc "
                     "\"+1 working_day\" [K026]",
                     schema_found(reader->schema.arena, raw.at), limit_error_vi(error));
        return false;
    }
    return plugin_role(reader, raw.to, "to", true, &ret->to);
}

bool plugin_rungs(struct plugin_reader *reader, const struct value *value, struct rung **ret,
                  size_t *ret_count)
{
    size_t count = value_count(value);
    struct rung *rungs;
    bool ok = true;

    if (count > RUNGS_MAX) {
        schema_fault(&reader->schema, value, "\"warn\": nhiều nhất %d lần nhắc [K023]", RUNGS_MAX);
        return false;
    }
    rungs = ARENA_ARRAY(reader->schema.arena, struct rung, count > 0 ? count : 1);
    for (size_t i = 0; i < count; i++)
        ok = rung_read(reader, value_at(value, i), &rungs[i]) && ok;
    *ret = rungs;
    *ret_count = count;
    return ok;
}

void plugin_unique(struct plugin_reader *reader, const struct value *at, const char *what,
                   const char *id, const void *first, size_t stride, size_t count)
{
    const char *item = first;

    for (size_t i = 0; id != NULL && i < count; i++, item += stride) {
        const char *other;

        memcpy(&other, item, sizeof(other));
        if (other != NULL && strcmp(other, id) == 0) {
            schema_fault(&reader->schema, at, "%s \"%s\" có hai lần [K029]", what, id);
            return;
        }
    }
}
