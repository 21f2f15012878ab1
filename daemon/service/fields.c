#include "service/fields.h"

#include "base/utf8.h"

void fields_fault(struct fields *fields, const char *pointer, const char *code, const char *message)
{
    form_fault(fields->arena, fields->faults, code, message, "%s", pointer);
}

static const char *pointer_to(struct fields *fields, const char *pointer, const char *key)
{
    return arena_printf(fields->arena, "%s/%s", pointer, key);
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
            utf8_has_control(norm, (flags & FIELDS_LINES) != 0 ? "\r\n\t" : "")) {
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
