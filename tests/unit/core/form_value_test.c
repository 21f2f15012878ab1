#include "core/form_value.h"

#include "core/form.h"
#include "dvc_test.h"

struct row {
    const char *text;
    const char *spelled; /* NULL: refused */
};

DVC_TEST(form_value, citizen_ids)
{
    static const struct row rows[] = {
        {"038087042028", "038087042028"}, /* Thanh Hóa, man, 1987 */
        {"031085001234", "031085001234"},
        {" 031 085 001234", "031085001234"},
        {"001.202.012.345", "001202012345"}, /* Hà Nội, man, 2002 */
        {"101185001234", "101185001234"},    /* registered abroad */
        {"038487042028", NULL},              /* nobody is born in 2187 yet */
        {"003087042028", NULL},              /* there was no province 003 */
        {"000087042028", NULL},
        {"03808704202", NULL},
        {"0380870420289", NULL},
        {"031085O01234", NULL},
        {"123456789", NULL}, /* an old CMND */
        {"", NULL},
        {"０３１０８５００１２３４", NULL}, /* full-width digits */
    };
    char out[FORM_CITIZEN_ID_SIZE];

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        bool right = form_citizen_id(slice_str(rows[i].text), out);

        cr_expect(right == (rows[i].spelled != NULL), "%s", rows[i].text);
        cr_expect(right == form_citizen_id_ok(slice_str(rows[i].text)));
        if (right && rows[i].spelled != NULL)
            DVC_EQ_STR(out, rows[i].spelled);
    }
}

DVC_TEST(form_value, phones)
{
    static const struct row rows[] = {
        {"0912345678", "0912345678"},
        {"0912 345 678", "0912345678"},
        {"0912.345.678", "0912345678"},
        {"+84912345678", "0912345678"},
        {"+84 (0)912 345 678", "0912345678"},
        {"84912345678", "0912345678"},
        {"0084 912 345 678", "0912345678"},
        {"(0225) 3822 456", "02253822456"}, /* Hải Phòng */
        {"(0225) 3822 4567", NULL},
        {"(0225) 382245", NULL},
        {"02253822456", "02253822456"},
        {"+842253822456", "02253822456"},
        {"02438251234", "02438251234"}, /* Hà Nội */
        {"0112345678", NULL},
        {"0612345678", NULL},
        {"1234567890", NULL},
        {"912345678", NULL},
        {"+85912345678", NULL},
        {"+0912345678", NULL},
        {"++84912345678", NULL},
        {"09123456789", NULL},
        {"0912345678x", NULL},
        {"+84", NULL},
        {"+", NULL},
        {"", NULL},
        {"0000000000000000000000000000000000000000000000", NULL},
    };
    char out[FORM_PHONE_SIZE];

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        bool right = form_phone(slice_str(rows[i].text), out);

        cr_expect(right == (rows[i].spelled != NULL), "%s", rows[i].text);
        cr_expect(right == form_phone_ok(slice_str(rows[i].text)));
        if (right && rows[i].spelled != NULL)
            DVC_EQ_STR(out, rows[i].spelled);
    }
}

DVC_TEST(form_value, tax_codes)
{
    static const struct row rows[] = {
        {"0300588569", "0300588569"}, /* S = 375, 375 mod 11 = 1, check digit 9 */
        {"0300588569-001", "0300588569-001"},
        {"0300588569001", "0300588569-001"},
        {"0300588569 001", "0300588569-001"},
        {"038087042028", "038087042028"}, /* a person's, since 01/07/2025 */
        {"0300588568", NULL},
        {"0300588569-000", NULL},
        {"0300588569-01", NULL},
        {"0000000000", NULL},
        {"0300588569-0011", NULL},
        {"", NULL},
    };
    char out[FORM_TAX_CODE_SIZE];

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        bool right = form_tax_code(slice_str(rows[i].text), out);

        cr_expect(right == (rows[i].spelled != NULL), "%s", rows[i].text);
        cr_expect(right == form_tax_code_ok(slice_str(rows[i].text)));
        if (right && rows[i].spelled != NULL)
            DVC_EQ_STR(out, rows[i].spelled);
    }
}

/* Each digit but the check digit itself changes the sum, so one wrong digit is always found. */
DVC_TEST(form_value, one_wrong_digit_of_a_tax_code_is_found)
{
    for (int at = 0; at < 10; at++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            char code[] = "0300588569";
            bool changed = code[at] != digit;

            code[at] = digit;
            cr_assert(form_tax_code_ok(slice_str(code)) == !changed, "%s", code);
        }
    }
}

DVC_TEST(form_value, emails)
{
    static const char *const good[] = {"a@b.vn", "nguyen.van-minh+hoso@haiphong.gov.vn",
                                       "x_1@sub.example.com", "o'neil@example.com",
                                       "a@xn--p1ai.xn--p1ai"};
    static const char *const bad[] = {
        "",         "@b.vn",          "a@",          "a@b",     "a b@c.vn",  "a@b..vn", "a..b@c.vn",
        ".a@c.vn",  "a.@c.vn",        "a@-b.vn",     "a@b-.vn", "a@b.v",     "a@b.123", "a@b@c.vn",
        "a@b.vn\n", "a@b.vn, c@d.vn", "nguyễn@b.vn", "a@b.vn>", "\"a\"@b.vn"};

    for (size_t i = 0; i < DVC_COUNT(good); i++)
        cr_expect(form_email_ok(slice_str(good[i])), "%s", good[i]);
    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        cr_expect(!form_email_ok(slice_str(bad[i])), "%s", bad[i]);
}

DVC_TEST(form_value, lengths_are_in_letters)
{
    DVC_EQ_INT(form_length(SLICE_LIT("Nguyễn Thị Huệ")), 14);
    DVC_EQ_INT(form_length(SLICE_NULL), 0);
    DVC_EQ_SLICE(form_shorten(SLICE_LIT("Huệ"), 4), "Hu");
    DVC_EQ_SLICE(form_shorten(SLICE_LIT("Huệ"), 5), "Huệ");
    DVC_EQ_SLICE(form_shorten(SLICE_LIT("ệ"), 1), "");
}

DVC_TEST(form_value, hidden_characters)
{
    cr_assert(!form_has_control(SLICE_LIT("Đặng Thị Ổ – 12 “Lạch Tray”"), false));
    cr_assert(form_has_control(SLICE_LIT("a\tb"), false));
    cr_assert(!form_has_control(SLICE_LIT("a\tb\r\nc"), true));
    cr_assert(form_has_control(SLICE_LIT("a\x1b[0m"), true));
    cr_assert(form_has_control(SLICE_LIT("a\x7f"), true));
    cr_assert(form_has_control(SLICE_LIT("a\xc2\x85"), true));
    cr_assert(form_has_control(SLICE_LIT("Minh\xe2\x80\xaetxt.exe"), true));
    cr_assert(form_has_control(SLICE_LIT("\xe2\x81\xa7x"), false));
    cr_assert(!form_has_control(SLICE_LIT("\xe2\x80"), false)); /* cut short: nothing behind it */
}
