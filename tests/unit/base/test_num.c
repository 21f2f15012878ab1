#include "base/num.h"

#include "dvc_test.h"

#include <errno.h>
#include <math.h>

static void expect_int(const char *text, int64_t min, int64_t max, int result, int64_t value)
{
    int64_t got = -77;

    cr_assert(num_parse_i64(slice_str(text), min, max, &got) == result, "result for \"%s\"", text);
    cr_assert(got == (result == 0 ? value : -77), "value for \"%s\" is %lld", text, (long long)got);
}

DVC_TEST(num, integers)
{
    expect_int("0", 0, 9, 0, 0);
    expect_int("-0", 0, 9, 0, 0);
    expect_int("007", 0, 9, 0, 7);
    expect_int("-12", -12, 0, 0, -12);
    expect_int("9223372036854775807", INT64_MIN, INT64_MAX, 0, INT64_MAX);
    expect_int("-9223372036854775808", INT64_MIN, INT64_MAX, 0, INT64_MIN);
}

DVC_TEST(num, integers_out_of_range)
{
    expect_int("10", 0, 9, -ERANGE, 0);
    expect_int("-1", 0, 9, -ERANGE, 0);
    expect_int("9223372036854775808", INT64_MIN, INT64_MAX, -ERANGE, 0);
    expect_int("-9223372036854775809", INT64_MIN, INT64_MAX, -ERANGE, 0);
    expect_int("18446744073709551617", INT64_MIN, INT64_MAX, -ERANGE, 0);
    expect_int("99999999999999999999999999999999", INT64_MIN, INT64_MAX, -ERANGE, 0);
}

DVC_TEST(num, no_integers)
{
    static const char *const bad[] = {"",    "-",   "+1",   " 1",
                                      "1 ",  "1.0", "0x10", "1e3",
                                      "--1", "12a", "٣",    "99999999999999999999999x"};

    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        expect_int(bad[i], INT64_MIN, INT64_MAX, -EINVAL, 0);
}

DVC_TEST(num, integer_ends_at_the_slice)
{
    int64_t got = 0;

    DVC_EQ_INT(num_parse_i64(slice_sub(SLICE_LIT("123456"), 1, 2), 0, 99, &got), 0);
    DVC_EQ_INT(got, 23);
}

static void expect_real(const char *text, int result, double value)
{
    double got = -77;

    cr_assert(num_parse_double(slice_str(text), -1000, 1000, &got) == result, "result for \"%s\"",
              text);
    cr_assert(fabs(got - (result == 0 ? value : -77)) < 1e-12, "value for \"%s\" is %g", text, got);
}

DVC_TEST(num, fractions)
{
    expect_real("12.50", 0, 12.5);
    expect_real("-0.125", 0, -0.125);
    expect_real("1000", 0, 1000);
    expect_real("20.86512345678", 0, 20.86512345678);
    expect_real("1000.01", -ERANGE, 0);
    expect_real("99999999999999999999999999999999999999999999", -ERANGE, 0);
    expect_real("", -EINVAL, 0);
    expect_real(".5", -EINVAL, 0);
    expect_real("5.", -EINVAL, 0);
    expect_real("1e2", -EINVAL, 0);
    expect_real("nan", -EINVAL, 0);
    expect_real("inf", -EINVAL, 0);
    expect_real("0x1p3", -EINVAL, 0);
    expect_real("1,5", -EINVAL, 0);
    expect_real("1.2.3", -EINVAL, 0);
}
