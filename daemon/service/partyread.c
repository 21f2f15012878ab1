#include "service/partyread.h"

#include <string.h>

#include "core/form_value.h"

#define LINE_MAX_CHARS 300

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

void party_read_address(struct fields *r, const struct commune_list *communes,
                        const struct value *map, const char *pointer, bool required,
                        const char **province, const char **commune, const char **line)
{
    static const char *const members[] = {"province", "commune", "line"};
    const struct value *address = value_get(map, "address");
    const char *at = arena_printf(r->arena, "%s/address", pointer);

    if (value_is_null(address)) {
        if (required)
            fields_fault(r, at, "required", "Bắt buộc phải có địa chỉ.");
        return;
    }
    if (!fields_members(r, address, at, members, DVC_COUNT(members)))
        return;
    *province = fields_text(r, address, "province", at, 2, FIELDS_REQUIRED);
    *commune = fields_text(r, address, "commune", at, 5, FIELDS_REQUIRED);
    *line = fields_text(r, address, "line", at, LINE_MAX_CHARS, FIELDS_REQUIRED);
    if (*province != NULL && *commune != NULL &&
        !commune_in(communes, slice_str(*commune), slice_str(*province)))
        fields_fault(
            r, arena_printf(r->arena, "%s/commune", at), "commune",
            "Xã, phường, đặc khu không thuộc tỉnh, thành phố đã chọn hoặc không còn hiệu lực.");
}

const char *party_read_phone(struct fields *r, const struct value *map, const char *pointer,
                             bool required)
{
    const char *phone = fields_text(r, map, "phone", pointer, 20, required ? FIELDS_REQUIRED : 0);
    char normal[FORM_PHONE_SIZE];

    if (phone != NULL && form_phone(slice_str(phone), normal))
        return arena_str(r->arena, normal);
    if (phone != NULL)
        fields_fault(r, arena_printf(r->arena, "%s/phone", pointer), "phone",
                     "Số điện thoại phải có 10 chữ số, bắt đầu bằng 03, 05, 07, 08, 09; "
                     "số cố định có 11 chữ số, bắt đầu bằng 02.");
    return NULL;
}

/* Personal ID number of a citizen, tax code of a business, in the spelling that is stored and
 * searched; what other bodies have is kept as typed. */
static const char *read_id_number(struct fields *r, const struct value *map, const char *pointer,
                                  const char *kind)
{
    const char *typed = fields_text(r, map, "id_number", pointer, 20, FIELDS_REQUIRED);
    const char *at = arena_printf(r->arena, "%s/id_number", pointer);
    char id[FORM_CITIZEN_ID_SIZE], tax[FORM_TAX_CODE_SIZE];

    if (typed == NULL || kind == NULL)
        return typed;
    if (strcmp(kind, "citizen") == 0) {
        if (form_citizen_id(slice_str(typed), id))
            return arena_str(r->arena, id);
        fields_fault(
            r, at, "citizen_id",
            "Số định danh cá nhân phải có 12 chữ số đúng cấu trúc (mã nơi đăng ký khai sinh, "
            "thế kỷ và giới tính, năm sinh).");
    } else if (strcmp(kind, "business") == 0) {
        if (form_tax_code(slice_str(typed), tax))
            return arena_str(r->arena, tax);
        fields_fault(r, at, "tax_code",
                     "Mã số thuế phải có 10 hoặc 13 chữ số và đúng số kiểm tra.");
    }
    return typed;
}

void party_read(struct fields *r, const struct commune_list *communes, const struct value *map,
                const char *pointer, bool address_required, struct party *party)
{
    static const char *const kinds[] = {"citizen", "business", "state_agency", "organisation"};
    static const char *const members[] = {"kind",  "name",   "id_number", "phone",
                                          "email", "waiver", "address"};

    if (!fields_members(r, map, pointer, members, DVC_COUNT(members)))
        return;
    party->kind = fields_text(r, map, "kind", pointer, 20, FIELDS_REQUIRED);
    if (party->kind != NULL && !is_one_of(party->kind, kinds, DVC_COUNT(kinds)))
        fields_fault(r, arena_printf(r->arena, "%s/kind", pointer), "option",
                     "Phải là citizen, business, state_agency hoặc organisation.");
    party->name = fields_text(r, map, "name", pointer, PARTY_NAME_MAX, FIELDS_REQUIRED);
    party->id_number = read_id_number(r, map, pointer, party->kind);
    party->phone = party_read_phone(r, map, pointer, false);
    party->email = fields_text(r, map, "email", pointer, 254, 0);
    if (party->email != NULL && !form_email_ok(slice_str(party->email)))
        fields_fault(r, arena_printf(r->arena, "%s/email", pointer), "email",
                     "Địa chỉ thư điện tử không hợp lệ.");
    party->waiver = fields_text(r, map, "waiver", pointer, 40, 0);
    party_read_address(r, communes, map, pointer, address_required, &party->province,
                       &party->commune, &party->line);
}
