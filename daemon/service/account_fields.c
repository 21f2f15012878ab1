#include "service/account_fields.h"

#include "core/form_value.h"
#include "core/role.h"

#define AGENCY_CODE_MAX 40
#define EMAIL_MAX 254

bool account_username_ok(struct slice text)
{
    if (text.len < USERNAME_MIN || text.len > USERNAME_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool inner = (c == '.' || c == '_' || c == '-') && i > 0 && i + 1 < text.len;

        if (!plain && !inner)
            return false;
    }
    return true;
}

const char *account_username(struct fields *fields, const struct value *map, const char *key)
{
    size_t before = fields->faults->count;
    const char *text = fields_text(fields, map, key, "", 100, FIELDS_REQUIRED);

    if (text != NULL && account_username_ok(slice_str(text)))
        return text;
    if (fields->faults->count == before)
        fields_fault(fields, arena_printf(fields->arena, "/%s", key), "username",
                     "Tên đăng nhập từ 3 đến 32 ký tự: chữ thường không dấu, chữ số, và . _ - ở "
                     "giữa.");
    return NULL;
}

static bool has_letter(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            return true;
    }
    return false;
}

const char *account_name(struct fields *fields, const struct value *map)
{
    const char *text = fields_text(fields, map, "name", "", ACCOUNT_NAME_MAX, FIELDS_REQUIRED);
    struct slice name = slice_str(text);

    if (text == NULL)
        return NULL;
    if (has_letter(name) && slice_find(name, '<', 0) < 0 && slice_find(name, '>', 0) < 0)
        return text;
    fields_fault(fields, "/name", "text", "Họ và tên có ký tự không hợp lệ.");
    return NULL;
}

const char *account_phone(struct fields *fields, const struct value *map, bool required)
{
    const char *text = fields_text(fields, map, "phone", "", 30, required ? FIELDS_REQUIRED : 0);
    char phone[FORM_PHONE_SIZE];

    if (text == NULL)
        return NULL;
    if (form_phone(slice_str(text), phone))
        return arena_str(fields->arena, phone);
    fields_fault(fields, "/phone", "phone", "Số điện thoại Việt Nam gồm 10 hoặc 11 chữ số.");
    return NULL;
}

const char *account_email(struct fields *fields, const struct value *map)
{
    const char *text = fields_text(fields, map, "email", "", EMAIL_MAX, 0);

    if (text == NULL || form_email_ok(slice_str(text)))
        return text;
    fields_fault(fields, "/email", "email", "Thư điện tử chưa đúng, ví dụ ten@example.vn.");
    return NULL;
}

const char *account_id_number(struct fields *fields, const struct value *map)
{
    const char *text = fields_text(fields, map, "id_number", "", 30, 0);
    char number[FORM_CITIZEN_ID_SIZE];

    if (text == NULL)
        return NULL;
    if (form_citizen_id(slice_str(text), number))
        return arena_str(fields->arena, number);
    fields_fault(fields, "/id_number", "citizen_id", "Số định danh cá nhân gồm 12 chữ số.");
    return NULL;
}

void account_put(struct arena *arena, struct value *map, const char *key, const char *text)
{
    if (text != NULL)
        value_set(arena, map, key, value_string(arena, slice_str(text)));
}

static void put_moment(struct fields *fields, const struct value *map, const char *key,
                       const char *pointer, struct value *out)
{
    wall_t at = fields_moment(fields, map, key, pointer);
    struct buf text = BUF_INIT(64);

    if (wall_is_none(at))
        return;
    buf_add_wall(&text, at);
    account_put(fields->arena, out, key, text.ptr);
    buf_release(&text);
}

struct value *account_grant(struct fields *fields, const struct value *map, const char *pointer)
{
    static const char *const keys[] = {"role", "agency", "below", "from", "to"};
    struct value *out = value_new(fields->arena, VALUE_MAP);
    const char *role, *agency;
    enum role parsed;

    if (!fields_members(fields, map, pointer, keys, DVC_COUNT(keys)))
        return out;
    role = fields_text(fields, map, "role", pointer, 20, FIELDS_REQUIRED);
    if (role != NULL && (role_parse(slice_str(role), &parsed) != 0 || !role_is_staff(parsed))) {
        fields_fault(fields, arena_printf(fields->arena, "%s/role", pointer), "option",
                     "Không có vai trò này.");
        role = NULL;
    }
    agency = fields_text(fields, map, "agency", pointer, AGENCY_CODE_MAX, FIELDS_REQUIRED);
    account_put(fields->arena, out, "role", role);
    account_put(fields->arena, out, "agency", agency);
    value_set(fields->arena, out, "below",
              value_bool(fields->arena, fields_bool(fields, map, "below", pointer)));
    put_moment(fields, map, "from", pointer, out);
    put_moment(fields, map, "to", pointer, out);
    return out;
}
