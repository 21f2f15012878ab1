#include "http/tus.h"

#include <errno.h>
#include <string.h>

#include "dvc_test.h"

DVC_TEST(tus, numbers_are_digits_only)
{
    static const char *const bad[] = {"", " ", "-1", "+1", "1 2", "0x10", "1.0", "1e3", "x"};
    int64_t value = 7;

    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        cr_assert_eq(tus_number(slice_str(bad[i]), 100, &value), -EINVAL, "%s", bad[i]);
    cr_assert_eq(tus_number(SLICE_NULL, 100, &value), -EINVAL);
    cr_assert_eq(tus_number(SLICE_LIT("101"), 100, &value), -ERANGE);
    cr_assert_eq(tus_number(SLICE_LIT("99999999999999999999"), 100, &value), -ERANGE);
    cr_assert_eq(value, 7);
    cr_assert_eq(tus_number(SLICE_LIT("0"), 100, &value), 0);
    cr_assert_eq(value, 0);
    cr_assert_eq(tus_number(SLICE_LIT(" 100 "), 100, &value), 0);
    cr_assert_eq(value, 100);
}

DVC_TEST(tus, filename_among_the_metadata)
{
    static const struct {
        const char *metadata, *name; /* name NULL: malformed */
    } cases[] = {
        {"", ""},
        {"filename YS5wZGY=", "a.pdf"},
        {"filetype YXBwbGljYXRpb24vcGRm,filename YS5wZGY=", "a.pdf"},
        {"filename YS5wZGY=, is_confidential", "a.pdf"},
        {"filename", ""},
        {"filename R2nhuqV5LnBkZg==", "Giấy.pdf"},
        {"Filename YS5wZGY=", ""},
        {"filename a.pdf", NULL},
        {"filename YS5wZGY", NULL},
        {"filename YS5wZGY=,filename YS5wZGY=", NULL},
        {"filename YWFhAA==", NULL}, /* holds a NUL */
        {",", NULL},
        {"filename YS5wZGY=,,x", NULL},
        {"t\xc3\xaan YS5wZGY=", NULL},
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < DVC_COUNT(cases); i++) {
        struct slice name = SLICE_LIT("untouched");
        int rc = tus_filename(arena, slice_str(cases[i].metadata), &name);

        cr_assert_eq(rc, cases[i].name != NULL ? 0 : -EINVAL, "%s", cases[i].metadata);
        cr_assert(slice_is(name, cases[i].name != NULL ? cases[i].name : "untouched"), "%s",
                  cases[i].metadata);
    }
    arena_free(arena);
}

DVC_TEST(tus, content_type_of_a_part)
{
    cr_assert(tus_is_part(SLICE_LIT("application/offset+octet-stream")));
    cr_assert(tus_is_part(SLICE_LIT("Application/Offset+Octet-Stream; charset=binary")));
    cr_assert_not(tus_is_part(SLICE_LIT("application/octet-stream")));
    cr_assert_not(tus_is_part(SLICE_LIT("application/offset+octet-streams")));
    cr_assert_not(tus_is_part(SLICE_NULL));
}

DVC_TEST(tus, expiry_is_a_date_of_http)
{
    struct arena *arena = arena_new();
    wall_t at;

    cr_assert_eq(wall_parse(SLICE_LIT("2026-11-22T03:04:05+07:00"), &at), 0);
    cr_assert_str_eq(tus_date(arena, at), "Sat, 21 Nov 2026 20:04:05 GMT");
    cr_assert_eq(wall_parse(SLICE_LIT("2026-02-01T07:00:00+07:00"), &at), 0);
    cr_assert_str_eq(tus_date(arena, at), "Sun, 01 Feb 2026 00:00:00 GMT");
    arena_free(arena);
}
