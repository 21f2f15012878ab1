#include "base/num.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int num_parse_i64(struct slice text, int64_t min, int64_t max, int64_t *ret)
{
    bool negative = text.len > 0 && text.ptr[0] == '-';
    bool fits = true;
    int64_t value = 0;
    size_t i = negative ? 1 : 0;

    if (i == text.len)
        return -EINVAL;
    for (; i < text.len; i++) {
        int digit = text.ptr[i] - '0';

        if (!is_digit(text.ptr[i]))
            return -EINVAL;
        /* Counts downwards when negative: the least int64 has no positive twin. */
        fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
               !__builtin_add_overflow(value, negative ? -digit : digit, &value);
    }
    if (!fits || value < min || value > max)
        return -ERANGE;
    *ret = value;
    return 0;
}

static size_t count_digits(struct slice text, size_t from)
{
    size_t n = 0;

    while (from + n < text.len && is_digit(text.ptr[from + n]))
        n++;
    return n;
}

int num_parse_double(struct slice text, double min, double max, double *ret)
{
    char copy[512];
    size_t at = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;
    size_t digits = count_digits(text, at);
    double value;

    if (digits == 0)
        return -EINVAL;
    at += digits;
    if (at < text.len && text.ptr[at] == '.') {
        digits = count_digits(text, at + 1);
        if (digits == 0)
            return -EINVAL;
        at += digits + 1;
    }
    if (at != text.len)
        return -EINVAL;
    if (text.len >= sizeof(copy))
        return -ERANGE;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    value = strtod(copy, NULL);
    if (!(value >= min && value <= max))
        return -ERANGE;
    *ret = value;
    return 0;
}
