#include "core/form_text.h"

struct text {
    const char *code;
    const char *before; /* then the limit, */
    const char *after;  /* then this, when there is one */
};

static const struct text texts[FORM_RULE_COUNT] = {
    [FORM_REQUIRED] = {"required", "chưa được điền", NULL},
    [FORM_PLEDGE] = {"required", "phải được đánh dấu đồng ý", NULL},
    [FORM_HIDDEN] = {"hidden", "không cần trả lời trong trường hợp này, hãy bỏ trống", NULL},
    [FORM_UNKNOWN] = {"unknown", "không có trong biểu mẫu của thủ tục", NULL},
    [FORM_NOT_MAP] = {"type", "phải là một nhóm các trường", NULL},
    [FORM_TYPE_TEXT] = {"type", "phải là văn bản", NULL},
    [FORM_TYPE_INTEGER] = {"type", "phải là số nguyên", NULL},
    [FORM_TYPE_NUMBER] = {"type", "phải là số", NULL},
    [FORM_TYPE_BOOLEAN] = {"type", "phải là có hoặc không", NULL},
    [FORM_TYPE_LIST] = {"type", "phải là danh sách các lựa chọn", NULL},
    [FORM_MIN] = {"min", "không được nhỏ hơn ", ""},
    [FORM_MAX] = {"max", "không được lớn hơn ", ""},
    [FORM_TOO_SHORT] = {"length", "phải có ít nhất ", " ký tự"},
    [FORM_TOO_LONG] = {"length", "không được dài quá ", " ký tự"},
    [FORM_CONTROL] = {"control", "chứa ký tự điều khiển không được phép", NULL},
    [FORM_PATTERN] = {"pattern", "không đúng định dạng quy định", NULL},
    [FORM_OPTION] = {"option", "không thuộc các lựa chọn cho phép", NULL},
    [FORM_TWICE] = {"duplicate", "có một lựa chọn bị lặp lại", NULL},
    [FORM_DATE] = {"date", "phải là ngày có thật, dạng năm-tháng-ngày như 2026-01-31", NULL},
    [FORM_DATE_MIN] = {"min", "không được trước ngày ", ""},
    [FORM_DATE_MAX] = {"max", "không được sau ngày ", ""},
    [FORM_FUTURE] = {"max", "không được là ngày trong tương lai", NULL},
    [FORM_CITIZEN_ID] = {"citizen_id", "không phải số định danh cá nhân hợp lệ (12 chữ số)", NULL},
    [FORM_PHONE] = {"phone",
                    "không phải số điện thoại hợp lệ (di động 10 chữ số, cố định 11 chữ số)", NULL},
    [FORM_EMAIL] = {"email", "không phải địa chỉ thư điện tử hợp lệ", NULL},
    [FORM_TAX_CODE] = {"tax_code",
                       "không phải mã số thuế hợp lệ (10 chữ số, 13 chữ số với đơn vị phụ thuộc, "
                       "hoặc số định danh cá nhân)",
                       NULL},
    [FORM_COMMUNE] = {"commune", "phải là mã xã, phường, đặc khu gồm 5 chữ số", NULL},
    [FORM_PAPER_REQUIRED] = {"required", "chưa được nộp", NULL},
    [FORM_PAPER_UNKNOWN] = {"unknown", "không thuộc thành phần hồ sơ của thủ tục", NULL},
    [FORM_PAPER_CASE] = {"unknown", "không thuộc thành phần hồ sơ của trường hợp đã chọn", NULL},
    [FORM_PAPER_TWICE] = {"duplicate", "được nộp hai lần", NULL},
    [FORM_PAPER_FORMAT] = {"format", "phải là tệp dạng ", ""},
    [FORM_PAPER_SIZE] = {"size", "không được lớn hơn ", " MB"},
};

const char *form_rule_code(enum form_rule rule)
{
    DVC_REQUIRE(rule < FORM_RULE_COUNT);
    return texts[rule].code;
}

const char *form_rule_message(struct arena *arena, enum form_rule rule, const char *label,
                              const char *limit)
{
    const struct text *text;

    DVC_REQUIRE(rule < FORM_RULE_COUNT);
    text = &texts[rule];
    if (text->after == NULL || limit == NULL)
        return arena_printf(arena, "“%s” %s.", label, text->before);
    return arena_printf(arena, "“%s” %s%s%s.", label, text->before, limit, text->after);
}
