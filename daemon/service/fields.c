#include "service/fields.h"

#include "base/utf8.h"
#include "core/form_value.h"

#define KEY_SHOWN 64 /* bytes of an unknown member's name that go back to the sender */

void fields_fault(struct fields *fields, const char *pointer, const char *code, const char *message)
{
    form_fault(fields->arena, fields->faults, code, message, "%s", pointer);
}

static const char *pointer_to(struct fields *fields, const char *pointer, const char *key)
{
    return arena_printf(fields->arena, "%s/%s", pointer, key);
}

/* RFC 6901: '~' is written ~0 and '/' ~1. */
static const char *escaped(struct fields *fields, struct slice key)
{
    struct buf buf = BUF_INIT(2 * KEY_SHOWN + 1);
    const char *text;

    key = form_shorten(key, KEY_SHOWN);
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '~' || key.ptr[i] == '/')
            buf_adds(&buf, key.ptr[i] == '~' ? "~0" : "~1");
        else
            buf_addc(&buf, key.ptr[i]);
    }
    text = arena_slice_str(fields->arena, buf_slice(&buf));
    buf_release(&buf);
    return text;
}

static bool is_known(struct slice key, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(key, keys[i]))
            return true;
    return false;
}

bool fields_members(struct fields *fields, const struct value *map, const char *pointer,
                    const char *const *keys, size_t count)
{
    if (value_is_null(map))
        return true;
    if (map->kind != VALUE_MAP) {
        fields_fault(fields, pointer, "type", "Phải là một đối tượng.");
        return false;
    }
    for (size_t i = 0; i < map->map.count; i++)
        if (!is_known(map->map.members[i].key, keys, count))
            fields_fault(fields,
                         pointer_to(fields, pointer, escaped(fields, map->map.members[i].key)),
                         "unknown", "Không có mục dữ liệu này.");
    return true;
}

int64_t fields_int(struct fields *fields, const struct value *map, const char *key,
                   const char *pointer, int64_t min, int64_t max, int64_t otherwise)
{
    const struct value *value = value_get(map, key);

    if (value_is_null(value))
        return otherwise;
    if (value->kind == VALUE_INT && value->integer >= min && value->integer <= max)
        return value->integer;
    fields_fault(fields, pointer_to(fields, pointer, key),
                 value->kind == VALUE_INT ? "range" : "type",
                 arena_printf(fields->arena, "Phải là số nguyên từ %lld đến %lld.", (long long)min,
                              (long long)max));
    return otherwise;
}

bool fields_bool(struct fields *fields, const struct value *map, const char *key,
                 const char *pointer)
{
    const struct value *value = value_get(map, key);

    if (value_is_null(value))
        return false;
    if (value->kind == VALUE_BOOL)
        return value->boolean;
    fields_fault(fields, pointer_to(fields, pointer, key), "type", "Phải là true hoặc false.");
    return false;
}

const char *fields_text(struct fields *fields, const struct value *map, const char *key,
                        const char *pointer, size_t max, unsigned flags)
{
    const struct value *value = value_get(map, key);
    struct slice norm = SLICE_NULL;

    if (!value_is_null(value)) {
        const char *at = pointer_to(fields, pointer, key);

        if (value->kind != VALUE_STRING) {
            fields_fault(fields, at, "type", "Phải là chuỗi ký tự.");
            return NULL;
        }
        if (utf8_nfc(fields->arena, value->string, &norm) != 0 ||
            form_has_control(norm, (flags & FIELDS_LINES) != 0)) {
            fields_fault(fields, at, "text", "Có ký tự không hợp lệ.");
            return NULL;
        }
        norm = slice_trim(norm);
        if (utf8_length(norm) > max) {
            fields_fault(fields, at, "length",
                         arena_printf(fields->arena, "Dài nhất %zu ký tự.", max));
            return NULL;
        }
    }
    if (norm.len > 0)
        return arena_slice_str(fields->arena, norm);
    if ((flags & FIELDS_REQUIRED) != 0)
        fields_fault(fields, pointer_to(fields, pointer, key), "required", "Bắt buộc phải có.");
    return NULL;
}

wall_t fields_moment(struct fields *fields, const struct value *map, const char *key,
                     const char *pointer)
{
    const struct value *value = value_get(map, key);
    wall_t at;

    if (value_is_null(value))
        return WALL_NONE;
    if (value->kind == VALUE_STRING && wall_parse(value->string, &at) == 0)
        return at;
    fields_fault(fields, pointer_to(fields, pointer, key), "date",
                 "Thời điểm phải theo RFC 3339, ví dụ 2026-02-12T09:30:00+07:00.");
    return WALL_NONE;
}
