#include "base/value.h"

#include "base/jw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct value *value_new(struct arena *arena, enum value_kind kind)
{
    struct value *value = ARENA_NEW(arena, struct value);

    value->kind = kind;
    if (kind == VALUE_STRING)
        value->string = SLICE_LIT("");
    return value;
}

struct value *value_string(struct arena *arena, struct slice text)
{
    struct value *value = value_new(arena, VALUE_STRING);

    value->quoted = true;
    value->string = arena_slice(arena, text);
    return value;
}

struct value *value_text(struct arena *arena, const char *text)
{
    struct value *value = value_new(arena, VALUE_STRING);

    value->quoted = true;
    value->string = slice_str(text);
    return value;
}

struct value *value_int(struct arena *arena, int64_t integer)
{
    struct value *value = value_new(arena, VALUE_INT);

    value->integer = integer;
    return value;
}

struct value *value_bool(struct arena *arena, bool boolean)
{
    struct value *value = value_new(arena, VALUE_BOOL);

    value->boolean = boolean;
    return value;
}

void value_append(struct arena *arena, struct value *list, struct value *item)
{
    DVC_REQUIRE(list->kind == VALUE_LIST);
    list->list.items = arena_grow(arena, list->list.items, list->list.count, &list->list.cap,
                                  sizeof(*list->list.items));
    list->list.items[list->list.count++] = item;
}

static struct value_member *find(const struct value *map, struct slice key)
{
    if (map == NULL || map->kind != VALUE_MAP)
        return NULL;
    for (size_t i = 0; i < map->map.count; i++) {
        if (slice_eq(map->map.members[i].key, key))
            return &map->map.members[i];
    }
    return NULL;
}

void value_add(struct arena *arena, struct value *map, const char *key, struct value *item)
{
    DVC_REQUIRE(map->kind == VALUE_MAP);
    map->map.members = arena_grow(arena, map->map.members, map->map.count, &map->map.cap,
                                  sizeof(*map->map.members));
    map->map.members[map->map.count++] =
        (struct value_member){.key = slice_str(key), .value = item};
}

void value_set(struct arena *arena, struct value *map, const char *key, struct value *item)
{
    struct value_member *member = find(map, slice_str(key));

    if (member != NULL)
        member->value = item;
    else
        value_add(arena, map, arena_str(arena, key), item);
}

struct value *value_get_slice(const struct value *map, struct slice key)
{
    struct value_member *member = find(map, key);

    return member != NULL ? member->value : NULL;
}

struct value *value_get(const struct value *map, const char *key)
{
    return value_get_slice(map, slice_str(key));
}

struct value *value_path(const struct value *map, struct slice path)
{
    struct value *found = NULL;
    struct slice key;

    while (slice_next(&path, '.', &key)) {
        found = value_get_slice(map, key);
        map = found;
    }
    return found;
}

struct value *value_at(const struct value *list, size_t index)
{
    if (list == NULL || list->kind != VALUE_LIST || index >= list->list.count)
        return NULL;
    return list->list.items[index];
}

size_t value_count(const struct value *value)
{
    if (value == NULL)
        return 0;
    if (value->kind == VALUE_LIST)
        return value->list.count;
    return value->kind == VALUE_MAP ? value->map.count : 0;
}

bool value_is_null(const struct value *value)
{
    return value == NULL || value->kind == VALUE_NULL;
}

struct slice value_get_text(const struct value *map, const char *key)
{
    const struct value *value = value_get(map, key);

    return value != NULL && value->kind == VALUE_STRING ? value->string : SLICE_NULL;
}

const char *value_get_str(const struct value *map, const char *key)
{
    return value_get_text(map, key).ptr;
}

int64_t value_get_int(const struct value *map, const char *key, int64_t otherwise)
{
    const struct value *value = value_get(map, key);

    return value != NULL && value->kind == VALUE_INT ? value->integer : otherwise;
}

bool value_get_bool(const struct value *map, const char *key, bool otherwise)
{
    const struct value *value = value_get(map, key);

    return value != NULL && value->kind == VALUE_BOOL ? value->boolean : otherwise;
}

static int compare_members(const void *a, const void *b)
{
    const struct value_member *const *left = a, *const *right = b;

    return slice_cmp((*left)->key, (*right)->key);
}

/* The members by key, in `few` when they fit, else in memory that the caller frees: outsiders
 * choose how many members there are, so comparing each with each is no option. */
enum { FEW = 24 };

static const struct value_member **sorted_members(const struct value *map,
                                                  const struct value_member *few[FEW])
{
    size_t count = map->map.count;
    const struct value_member **all = few;

    if (count > FEW)
        all = dvc_malloc(count * sizeof(struct value_member *));
    for (size_t i = 0; i < count; i++)
        all[i] = &map->map.members[i];
    qsort(all, count, sizeof(struct value_member *), compare_members);
    return all;
}

static bool maps_eq(const struct value *a, const struct value *b)
{
    const struct value_member *few_a[FEW], *few_b[FEW];
    const struct value_member **in_a, **in_b;
    bool equal = true;

    if (a->map.count != b->map.count)
        return false;
    in_a = sorted_members(a, few_a);
    in_b = sorted_members(b, few_b);
    for (size_t i = 0; equal && i < a->map.count; i++) {
        equal = slice_eq(in_a[i]->key, in_b[i]->key) && value_eq(in_a[i]->value, in_b[i]->value);
    }
    if (in_a != few_a)
        free(in_a);
    if (in_b != few_b)
        free(in_b);
    return equal;
}

static bool lists_eq(const struct value *a, const struct value *b)
{
    if (a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i < a->list.count; i++) {
        if (!value_eq(a->list.items[i], b->list.items[i]))
            return false;
    }
    return true;
}

static bool reals_eq(double a, double b)
{
    return !islessgreater(a, b) && !isunordered(a, b);
}

/* Exact: above 2^53 a conversion to double would call different numbers equal. */
static bool int_eq_real(int64_t integer, double real)
{
    return real >= -0x1p63 && real < 0x1p63 && reals_eq(trunc(real), real) &&
           (int64_t)real == integer;
}

bool value_eq(const struct value *a, const struct value *b)
{
    if (value_is_null(a) || value_is_null(b))
        return value_is_null(a) && value_is_null(b);
    if (a->kind == VALUE_INT && b->kind == VALUE_REAL)
        return int_eq_real(a->integer, b->real);
    if (a->kind == VALUE_REAL && b->kind == VALUE_INT)
        return int_eq_real(b->integer, a->real);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return a->boolean == b->boolean;
    case VALUE_INT:
        return a->integer == b->integer;
    case VALUE_REAL:
        return reals_eq(a->real, b->real);
    case VALUE_STRING:
        return slice_eq(a->string, b->string);
    case VALUE_LIST:
        return lists_eq(a, b);
    case VALUE_MAP:
        return maps_eq(a, b);
    }
    return false;
}

static void write_member(struct buf *buf, const struct value_member *member, bool first,
                         bool sorted)
{
    if (!first)
        buf_addc(buf, ',');
    buf_add_json_string(buf, member->key);
    buf_addc(buf, ':');
    value_write(buf, member->value, sorted);
}

static void write_map(struct buf *buf, const struct value *map, bool sorted)
{
    const struct value_member *few[FEW];
    const struct value_member **in_order = sorted ? sorted_members(map, few) : NULL;

    buf_addc(buf, '{');
    for (size_t i = 0; i < map->map.count; i++)
        write_member(buf, sorted ? in_order[i] : &map->map.members[i], i == 0, sorted);
    buf_addc(buf, '}');
    if (sorted && in_order != few)
        free(in_order);
}

static void write_list(struct buf *buf, const struct value *list, bool sorted)
{
    buf_addc(buf, '[');
    for (size_t i = 0; i < list->list.count; i++) {
        if (i > 0)
            buf_addc(buf, ',');
        value_write(buf, list->list.items[i], sorted);
    }
    buf_addc(buf, ']');
}

/* Not over jw: values nest as deep as an outsider's text may, jw only as deep as our own shapes. */
void value_write(struct buf *buf, const struct value *value, bool sorted)
{
    struct jw jw = JW_INIT(buf);

    if (value == NULL) {
        jw_null(&jw);
        return;
    }
    switch (value->kind) {
    case VALUE_NULL:
        jw_null(&jw);
        break;
    case VALUE_BOOL:
        jw_bool(&jw, value->boolean);
        break;
    case VALUE_INT:
        buf_add_i64(buf, value->integer);
        break;
    case VALUE_REAL:
        jw_real(&jw, value->real);
        break;
    case VALUE_STRING:
        buf_add_json_string(buf, value->string);
        break;
    case VALUE_LIST:
        write_list(buf, value, sorted);
        break;
    case VALUE_MAP:
        write_map(buf, value, sorted);
        break;
    }
}
