#include "conf/schema.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "conf/nearest.h"

static void fault_at(struct schema_reader *reader, uint32_t line, uint32_t column, const char *fmt,
                     va_list args)
{
    reader->faults++;
    conf_error(reader->errors, reader->file, line, column, "%s",
               conf_error_text(reader->arena, fmt, args));
}

void schema_fault(struct schema_reader *reader, const struct value *at, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fault_at(reader, at == NULL ? 0 : at->line, at == NULL ? 0 : at->column, fmt, args);
    va_end(args);
}

static const struct value_member *member_of(const struct value *map, const char *key)
{
    if (map == NULL || map->kind != VALUE_MAP)
        return NULL;
    for (size_t i = 0; i < map->map.count; i++) {
        if (slice_is(map->map.members[i].key, key))
            return &map->map.members[i];
    }
    return NULL;
}

void schema_fault_key(struct schema_reader *reader, const struct value *map, const char *key,
                      const char *fmt, ...)
{
    const struct value_member *member = member_of(map, key);
    va_list args;

    va_start(args, fmt);
    if (member != NULL)
        fault_at(reader, member->line, member->column, fmt, args);
    else
        fault_at(reader, map == NULL ? 0 : map->line, map == NULL ? 0 : map->column, fmt, args);
    va_end(args);
}

const char *schema_found(struct arena *arena, const struct value *value)
{
    if (value == NULL)
        return "không có gì";
    switch (value->kind) {
    case VALUE_NULL:
        return "giá trị rỗng";
    case VALUE_BOOL:
        return value->boolean ? "true" : "false";
    case VALUE_INT:
        return arena_printf(arena, "số %lld", (long long)value->integer);
    case VALUE_REAL:
        return arena_printf(arena, "số %g", value->real);
    case VALUE_STRING:
        if (value->string.len > 60)
            return "một đoạn chữ";
        return arena_printf(arena, "\"%s\"", value->string.ptr);
    case VALUE_LIST:
        return "một danh sách";
    case VALUE_MAP:
        return "một nhóm khoá";
    }
    return "";
}

bool schema_is_id(struct slice text)
{
    if (text.len == 0 || text.len > SCHEMA_ID_MAX || text.ptr[0] < 'a' || text.ptr[0] > 'z')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

#define WRONG_TYPE(reader, value, expected)                                                        \
    schema_fault((reader), (value), "\"%s\": cần %s, ở đây là %s [K022]", key->name, (expected),   \
                 schema_found((reader)->arena, (value)))

static bool read_bool(struct schema_reader *reader, const struct value *value,
                      const struct schema_key *key, void *field)
{
    if (value->kind != VALUE_BOOL) {
        WRONG_TYPE(reader, value, "true hoặc false");
        return false;
    }
    *(bool *)field = value->boolean;
    return true;
}

static bool read_int(struct schema_reader *reader, const struct value *value,
                     const struct schema_key *key, void *field)
{
    int64_t min = key->min, max = key->max;

    if (min == 0 && max == 0)
        max = INT32_MAX;
    if (value->kind != VALUE_INT) {
        if (value->kind == VALUE_REAL)
            WRONG_TYPE(reader, value, "số nguyên, viết liền không có dấu chấm (15000)");
        else
            WRONG_TYPE(reader, value, "số nguyên");
        return false;
    }
    if (value->integer < min || value->integer > max) {
        schema_fault(reader, value, "\"%s\": %lld nằm ngoài khoảng %lld đến %lld [K023]", key->name,
                     (long long)value->integer, (long long)min, (long long)max);
        return false;
    }
    if (key->type == SCHEMA_INT32)
        *(int *)field = (int)value->integer;
    else
        *(int64_t *)field = value->integer;
    return true;
}

static bool read_real(struct schema_reader *reader, const struct value *value,
                      const struct schema_key *key, void *field)
{
    double real = value->kind == VALUE_INT ? (double)value->integer : value->real;

    if (value->kind != VALUE_INT && value->kind != VALUE_REAL) {
        WRONG_TYPE(reader, value, "một số");
        return false;
    }
    if ((key->min != 0 || key->max != 0) && (real < (double)key->min || real > (double)key->max)) {
        schema_fault(reader, value, "\"%s\": %g nằm ngoài khoảng %lld đến %lld [K023]", key->name,
                     real, (long long)key->min, (long long)key->max);
        return false;
    }
    *(double *)field = real;
    return true;
}

/* The text of a value that must be text, or a fault. */
static bool text_of(struct schema_reader *reader, const struct value *value,
                    const struct schema_key *key, bool code, struct slice *ret)
{
    size_t max = key->max > 0 ? (size_t)key->max : SCHEMA_TEXT_MAX;
    size_t len;

    if (value->kind != VALUE_STRING) {
        if (code)
            schema_fault(reader, value,
                         "\"%s\": mã phải đặt trong ngoặc kép, ở đây là %s (số sẽ mất các số 0 "
                         "cuối) [K025]",
                         key->name, schema_found(reader->arena, value));
        else
            WRONG_TYPE(reader, value, "chữ (đặt trong ngoặc kép nếu trông giống số)");
        return false;
    }
    if (code && !value->quoted) {
        schema_fault(reader, value, "\"%s\": mã %s phải đặt trong ngoặc kép [K025]", key->name,
                     schema_found(reader->arena, value));
        return false;
    }
    len = utf8_length(value->string);
    if (len < (size_t)key->min || len > max || len == 0) {
        schema_fault(reader, value, "\"%s\": cần từ %lld đến %zu ký tự, ở đây có %zu [K023]",
                     key->name, (long long)(key->min > 0 ? key->min : 1), max, len);
        return false;
    }
    if (utf8_has_control(value->string, "\n\t")) {
        schema_fault(reader, value, "\"%s\": có ký tự điều khiển [K010]", key->name);
        return false;
    }
    *ret = value->string;
    return true;
}

static bool read_text(struct schema_reader *reader, const struct value *value,
                      const struct schema_key *key, void *field)
{
    struct slice text;

    if (!text_of(reader, value, key, key->type == SCHEMA_CODE, &text))
        return false;
    if (key->type == SCHEMA_ID && !schema_is_id(text)) {
        schema_fault(reader, value,
                     "\"%s\": \"%s\" không phải tên hợp lệ; cần chữ thường không dấu, số và dấu "
                     "gạch dưới, bắt đầu bằng chữ, nhiều nhất %d ký tự [K022]",
                     key->name, text.ptr, SCHEMA_ID_MAX);
        return false;
    }
    *(const char **)field = text.ptr;
    return true;
}

static const char *words_list(struct arena *arena, const struct schema_word *words)
{
    const char *list = "";

    for (const struct schema_word *word = words; word->word != NULL; word++)
        list = arena_printf(arena, "%s%s%s", list, word == words ? "" : ", ", word->word);
    return list;
}

static bool read_word(struct schema_reader *reader, const struct value *value,
                      const struct schema_key *key, void *field)
{
    if (value->kind != VALUE_STRING) {
        WRONG_TYPE(
            reader, value,
            arena_printf(reader->arena, "một trong: %s", words_list(reader->arena, key->words)));
        return false;
    }
    for (const struct schema_word *word = key->words; word->word != NULL; word++) {
        if (slice_is(value->string, word->word)) {
            *(int *)field = word->value;
            return true;
        }
    }
    schema_fault(reader, value, "\"%s\": không có từ \"%s\", cần một trong: %s [K024]", key->name,
                 value->string.ptr, words_list(reader->arena, key->words));
    return false;
}

static bool read_day(struct schema_reader *reader, const struct value *value,
                     const struct schema_key *key, void *field)
{
    day_t day;

    if (value->kind != VALUE_STRING || day_parse(value->string, &day) != 0) {
        schema_fault(reader, value, "\"%s\": cần ngày dạng 2026-07-01, ở đây là %s [K027]",
                     key->name, schema_found(reader->arena, value));
        return false;
    }
    *(day_t *)field = day;
    return true;
}

static bool read_limit(struct schema_reader *reader, const struct value *value,
                       const struct schema_key *key, void *field)
{
    struct limit limit;
    int error = LIMIT_E_SYNTAX;

    if (value->kind == VALUE_STRING)
        error = limit_parse(value->string, &limit);
    if (error != 0) {
        schema_fault(reader, value, "\"%s\": %s: %s [K026]", key->name,
                     schema_found(reader->arena, value), limit_error_vi(error));
        return false;
    }
    *(struct limit *)field = limit;
    return true;
}

/* "15:00" as minutes of the day. */
static bool read_minute(struct schema_reader *reader, const struct value *value,
                        const struct schema_key *key, void *field)
{
    int64_t hour = -1, minute = -1;

    if (value->kind == VALUE_STRING && value->string.len == 5 && value->string.ptr[2] == ':' &&
        num_parse_i64(slice_sub(value->string, 0, 2), 0, 24, &hour) == 0 &&
        num_parse_i64(slice_sub(value->string, 3, 2), 0, 59, &minute) == 0 &&
        hour * 60 + minute <= 1440) {
        *(int *)field = (int)(hour * 60 + minute);
        return true;
    }
    schema_fault(reader, value, "\"%s\": cần giờ dạng \"15:00\", ở đây là %s [K027]", key->name,
                 schema_found(reader->arena, value));
    return false;
}

static bool read_expr(struct schema_reader *reader, const struct value *value,
                      const struct schema_key *key, void *field)
{
    struct expr_error error = {0, NULL};

    /* `when: true` is a condition too, and so is a bare path. */
    struct slice text = value->kind == VALUE_STRING ? value->string
                        : value->kind == VALUE_BOOL ? slice_str(value->boolean ? "true" : "false")
                                                    : SLICE_NULL;

    if (text.ptr == NULL) {
        WRONG_TYPE(reader, value, "một điều kiện");
        return false;
    }
    if (expr_parse(reader->arena, text, (struct expr **)field, &error) != 0) {
        schema_fault(reader, value, "\"%s\": điều kiện sai ở ký tự %d: %s [K028]", key->name,
                     error.column, error.what);
        return false;
    }
    return true;
}

static bool read_texts(struct schema_reader *reader, const struct value *value,
                       const struct schema_key *key, void *field)
{
    struct schema_texts texts = {NULL, 0};
    const struct value *const single[] = {value};
    const struct value *const *items = single;
    size_t count = 1;
    bool ok = true;

    if (value->kind == VALUE_LIST) {
        items = (const struct value *const *)value->list.items;
        count = value->list.count;
    }
    if (count > SCHEMA_LIST_MAX) {
        schema_fault(reader, value, "\"%s\": nhiều nhất %d mục [K023]", key->name, SCHEMA_LIST_MAX);
        return false;
    }
    texts.items = ARENA_ARRAY(reader->arena, const char *, count > 0 ? count : 1);
    for (size_t i = 0; i < count; i++) {
        struct slice text = SLICE_LIT("");

        if (!text_of(reader, items[i], key, key->type == SCHEMA_CODES, &text))
            ok = false;
        texts.items[texts.count++] = text.ptr;
    }
    if (ok)
        *(struct schema_texts *)field = texts;
    return ok;
}

static bool read_node(struct schema_reader *reader, const struct value *value,
                      const struct schema_key *key, void *field)
{
    if (key->type == SCHEMA_MAP && value->kind != VALUE_MAP) {
        WRONG_TYPE(reader, value, "một nhóm khoá");
        return false;
    }
    if (key->type == SCHEMA_LIST && value->kind != VALUE_LIST) {
        WRONG_TYPE(reader, value, "một danh sách");
        return false;
    }
    if (key->type == SCHEMA_LIST && value->list.count > SCHEMA_LIST_MAX) {
        schema_fault(reader, value, "\"%s\": nhiều nhất %d mục [K023]", key->name, SCHEMA_LIST_MAX);
        return false;
    }
    *(const struct value **)field = value;
    return true;
}

bool schema_value(struct schema_reader *reader, const struct value *value,
                  const struct schema_key *key, void *field)
{
    switch (key->type) {
    case SCHEMA_BOOL:
        return read_bool(reader, value, key, field);
    case SCHEMA_INT:
    case SCHEMA_INT32:
        return read_int(reader, value, key, field);
    case SCHEMA_REAL:
        return read_real(reader, value, key, field);
    case SCHEMA_TEXT:
    case SCHEMA_CODE:
    case SCHEMA_ID:
        return read_text(reader, value, key, field);
    case SCHEMA_WORD:
        return read_word(reader, value, key, field);
    case SCHEMA_DAY:
        return read_day(reader, value, key, field);
    case SCHEMA_LIMIT:
        return read_limit(reader, value, key, field);
    case SCHEMA_MINUTE:
        return read_minute(reader, value, key, field);
    case SCHEMA_EXPR:
        return read_expr(reader, value, key, field);
    case SCHEMA_TEXTS:
    case SCHEMA_CODES:
        return read_texts(reader, value, key, field);
    case SCHEMA_MAP:
    case SCHEMA_LIST:
    case SCHEMA_ANY:
        return read_node(reader, value, key, field);
    }
    return false;
}

static const struct schema_key *find_key(const struct schema_key *keys, size_t count,
                                         struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(name, keys[i].name))
            return &keys[i];
    }
    return NULL;
}

static void unknown_key(struct schema_reader *reader, const struct value_member *member,
                        const char *what, const struct schema_key *keys, size_t count)
{
    const char **names = ARENA_ARRAY(reader->arena, const char *, count > 0 ? count : 1);
    const char *nearest, *list = "";

    for (size_t i = 0; i < count; i++) {
        names[i] = keys[i].name;
        list = arena_printf(reader->arena, "%s%s%s", list, i == 0 ? "" : ", ", names[i]);
    }
    nearest = nearest_word(member->key, names, count);
    reader->faults++;
    if (value_is_null(member->value) && !schema_is_id(member->key))
        conf_error(reader->errors, reader->file, member->line, member->column,
                   "%s: \"%s\" đứng sau dấu phẩy nên bị đọc thành khoá; chữ có dấu phẩy phải đặt "
                   "trong ngoặc kép [K020]",
                   what, member->key.ptr);
    else if (nearest != NULL)
        conf_error(reader->errors, reader->file, member->line, member->column,
                   "%s: không có khoá \"%s\", có phải \"%s\"? [K020]", what, member->key.ptr,
                   nearest);
    else
        conf_error(reader->errors, reader->file, member->line, member->column,
                   "%s: không có khoá \"%s\", cần một trong: %s [K020]", what, member->key.ptr,
                   list);
}

static void blank(struct schema_reader *reader, const struct value_member *member)
{
    reader->faults++;
    conf_error(reader->errors, reader->file, member->line, member->column,
               "khoá \"%s\" không có nội dung; cần viết nội dung, hoặc bỏ khoá này [K021]",
               member->key.ptr);
}

bool schema_read(struct schema_reader *reader, const struct value *map, const char *what,
                 const struct schema_key *keys, size_t count, void *target)
{
    size_t before = reader->faults;

    if (map == NULL || map->kind != VALUE_MAP) {
        schema_fault(reader, map, "%s: cần một nhóm khoá, ở đây là %s [K022]", what,
                     schema_found(reader->arena, map));
        return false;
    }
    for (size_t i = 0; i < map->map.count; i++) {
        const struct value_member *member = &map->map.members[i];
        const struct schema_key *key = find_key(keys, count, member->key);

        if (key == NULL)
            unknown_key(reader, member, what, keys, count);
        else if (reader->whole && member->line > 0 && member->value->kind == VALUE_NULL)
            blank(reader, member);
        else if (member->value->kind != VALUE_NULL)
            schema_value(reader, member->value, key, (char *)target + key->offset);
    }
    for (size_t i = 0; i < count; i++) {
        const struct value *value = value_get(map, keys[i].name);

        if (keys[i].required && (value == NULL || (value_is_null(value) && !reader->whole)))
            schema_fault(reader, map, "%s: thiếu khoá bắt buộc \"%s\" [K021]", what, keys[i].name);
    }
    return reader->faults == before;
}
