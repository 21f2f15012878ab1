#include "core/form_value.h"

#include "core/form.h"

#include <string.h>

/* Codes of the 63 provinces of the citizen identity number (Circular 59/2021/TT-BCA). The mergers
 * of 2025 changed no number that was given out. */
static const unsigned char birth_provinces[] = {
    1,  2,  4,  6,  8,  10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33,
    34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66,
    67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The digits of `text` without what people put between them; 0 when there is anything else, or more
 * than `max` of them. */
static size_t digits_of(struct slice text, char *out, size_t max)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == ' ' || c == '.' || c == '-')
            continue;
        if (!is_digit(c) || len == max)
            return 0;
        out[len++] = c;
    }
    return len;
}

static bool birth_province_ok(int code)
{
    /* From 100 on the code names the country in which the birth was registered. */
    if (code >= 100)
        return code < 400;
    for (size_t i = 0; i < sizeof(birth_provinces); i++) {
        if (birth_provinces[i] == code)
            return true;
    }
    return false;
}

bool form_citizen_id(struct slice text, char out[FORM_CITIZEN_ID_SIZE])
{
    char digits[FORM_CITIZEN_ID_SIZE - 1];
    int province;

    if (digits_of(text, digits, sizeof(digits)) != sizeof(digits))
        return false;
    province = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    /* 0 to 3: born in the 20th or 21st century. */
    if (!birth_province_ok(province) || digits[3] > '3')
        return false;
    memcpy(out, digits, sizeof(digits));
    out[sizeof(digits)] = '\0';
    return true;
}

/* Drops the country's code; the digits that follow must then begin with the area, not with 0. */
static size_t national_digits(char *digits, size_t len, bool plus)
{
    size_t drop;

    if (plus || digits[0] != '0')
        drop = 2;
    else if (len > 4 && memcmp(digits, "0084", 4) == 0)
        drop = 4;
    else
        return len;
    if (len <= drop || memcmp(digits + drop - 2, "84", 2) != 0)
        return 0;
    /* +84 (0)912: the zero in brackets is often left in. */
    if (digits[drop] == '0')
        drop++;
    memmove(digits + 1, digits + drop, len - drop);
    digits[0] = '0';
    return len - drop + 1;
}

bool form_phone(struct slice text, char out[FORM_PHONE_SIZE])
{
    char bare[32], digits[16];
    bool plus = text.len > 0 && text.ptr[0] == '+';
    size_t len = 0;

    if (plus)
        text = slice_sub(text, 1, text.len);
    if (text.len > sizeof(bare))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '(' && text.ptr[i] != ')')
            bare[len++] = text.ptr[i];
    }
    len = digits_of((struct slice){bare, len}, digits, sizeof(digits));
    if (len > 0)
        len = national_digits(digits, len, plus);
    if (len == 10 && strchr("35789", digits[1]) == NULL)
        return false;
    if (len == 11 && digits[1] != '2')
        return false;
    if (len != 10 && len != 11)
        return false;
    memcpy(out, digits, len);
    out[len] = '\0';
    return true;
}

/* The tenth digit is 10 less the weighted sum of the nine before it modulo 11; numbers for which
 * that gives 10 are not issued. */
static bool tax_check_ok(const char digits[10])
{
    static const int weights[9] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    int sum = 0;

    for (int i = 0; i < 9; i++)
        sum += weights[i] * (digits[i] - '0');
    return 10 - sum % 11 == digits[9] - '0';
}

bool form_tax_code(struct slice text, char out[FORM_TAX_CODE_SIZE])
{
    char digits[13];
    size_t len = digits_of(text, digits, sizeof(digits));

    /* A dash belongs to a branch: with a digit of it missing this would pass for a citizen's. */
    if (len == FORM_CITIZEN_ID_SIZE - 1)
        return slice_find(text, '-', 0) < 0 && form_citizen_id(text, out);
    if ((len != 10 && len != 13) || !tax_check_ok(digits))
        return false;
    if (len == 13 && memcmp(digits + 10, "000", 3) == 0)
        return false;
    memcpy(out, digits, 10);
    out[10] = '\0';
    if (len == 13) {
        out[10] = '-';
        memcpy(out + 11, digits + 10, 3);
        out[14] = '\0';
    }
    return true;
}

bool form_citizen_id_ok(struct slice text)
{
    char out[FORM_CITIZEN_ID_SIZE];

    return form_citizen_id(text, out);
}

bool form_phone_ok(struct slice text)
{
    char out[FORM_PHONE_SIZE];

    return form_phone(text, out);
}

bool form_tax_code_ok(struct slice text)
{
    char out[FORM_TAX_CODE_SIZE];

    return form_tax_code(text, out);
}

static bool domain_label_ok(struct slice label)
{
    if (label.len == 0 || label.len > 63 || label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++) {
        if (!is_letter(label.ptr[i]) && !is_digit(label.ptr[i]) && label.ptr[i] != '-')
            return false;
    }
    return true;
}

static bool domain_ok(struct slice domain)
{
    struct slice label = SLICE_NULL;
    int labels = 0;

    while (slice_next(&domain, '.', &label)) {
        if (!domain_label_ok(label))
            return false;
        labels++;
    }
    return labels >= 2 && label.len >= 2 && is_letter(label.ptr[0]);
}

static bool local_part_ok(struct slice local)
{
    struct slice part;

    if (local.len == 0 || local.len > 64)
        return false;
    while (slice_next(&local, '.', &part)) {
        if (part.len == 0)
            return false;
        for (size_t i = 0; i < part.len; i++) {
            char c = part.ptr[i];

            if (!is_letter(c) && !is_digit(c) && memchr("!#$%&'*+/=?^_`{|}~-", c, 19) == NULL)
                return false;
        }
    }
    return true;
}

bool form_email_ok(struct slice text)
{
    ptrdiff_t at = slice_find(text, '@', 0);

    if (at < 0 || text.len > 254)
        return false;
    return local_part_ok(slice_sub(text, 0, (size_t)at)) &&
           domain_ok(slice_sub(text, (size_t)at + 1, text.len));
}

size_t form_length(struct slice text)
{
    size_t length = 0;

    for (size_t i = 0; i < text.len; i++)
        length += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return length;
}

struct slice form_shorten(struct slice text, size_t max)
{
    if (text.len <= max)
        return text;
    while (max > 0 && ((unsigned char)text.ptr[max] & 0xc0) == 0x80)
        max--;
    return slice_sub(text, 0, max);
}

/* Whether the bytes at `at` are U+0080..9F, U+200E/F, U+202A..E or U+2066..9. */
static bool is_hidden_mark(struct slice text, size_t at)
{
    const unsigned char *c = (const unsigned char *)text.ptr + at;
    size_t left = text.len - at;

    if (c[0] == 0xc2)
        return left > 1 && c[1] < 0xa0;
    if (c[0] != 0xe2 || left < 3)
        return false;
    if (c[1] == 0x80)
        return c[2] == 0x8e || c[2] == 0x8f || (c[2] >= 0xaa && c[2] <= 0xae);
    return c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9;
}

bool form_has_control(struct slice text, bool lines)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c >= 0x20 && c < 0x7f)
            continue;
        if (c < 0x20 && !(lines && (c == '\n' || c == '\t' || c == '\r')))
            return true;
        if (c == 0x7f || (c >= 0x80 && is_hidden_mark(text, i)))
            return true;
    }
    return false;
}
