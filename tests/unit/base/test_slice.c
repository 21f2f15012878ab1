#include "base/slice.h"

#include "dvc_test.h"

DVC_TEST(slice, compares)
{
    cr_assert(slice_eq(SLICE_LIT("abc"), slice_str("abc")));
    cr_assert(!slice_eq(SLICE_LIT("abc"), SLICE_LIT("abcd")));
    cr_assert(slice_eq(SLICE_NULL, SLICE_LIT("")));
    cr_assert(slice_is(SLICE_LIT("a\0b"), "a\0b") == false, "a NUL inside is part of the text");
    DVC_EQ_INT(slice_cmp(SLICE_LIT("ab"), SLICE_LIT("abc")) < 0, 1);
    DVC_EQ_INT(slice_cmp(SLICE_LIT("b"), SLICE_LIT("abc")) > 0, 1);
    DVC_EQ_INT(slice_cmp(SLICE_LIT("\xc3\xa0"), SLICE_LIT("z")) > 0, 1);
    DVC_EQ_INT(slice_cmp(SLICE_NULL, SLICE_LIT("")), 0);
}

DVC_TEST(slice, starts_and_ends)
{
    cr_assert(slice_starts(SLICE_LIT("/api/v1"), "/api"));
    cr_assert(!slice_starts(SLICE_LIT("/ap"), "/api"));
    cr_assert(slice_ends(SLICE_LIT("form.yaml"), ".yaml"));
    cr_assert(!slice_ends(SLICE_LIT("yaml"), ".yaml"));
    cr_assert(slice_ends(SLICE_NULL, ""));
}

DVC_TEST(slice, trims)
{
    DVC_EQ_SLICE(slice_trim(SLICE_LIT(" \t\r\nhai  chữ\n ")), "hai  chữ");
    DVC_EQ_SLICE(slice_trim(SLICE_LIT("  \t ")), "");
    DVC_EQ_SLICE(slice_trim(SLICE_NULL), "");
}

DVC_TEST(slice, sub_is_clamped)
{
    DVC_EQ_SLICE(slice_sub(SLICE_LIT("hello"), 1, 3), "ell");
    DVC_EQ_SLICE(slice_sub(SLICE_LIT("hello"), 4, SIZE_MAX), "o");
    DVC_EQ_SLICE(slice_sub(SLICE_LIT("hello"), 9, 1), "");
}

DVC_TEST(slice, find)
{
    DVC_EQ_INT(slice_find(SLICE_LIT("a.b.c"), '.', 0), 1);
    DVC_EQ_INT(slice_find(SLICE_LIT("a.b.c"), '.', 2), 3);
    DVC_EQ_INT(slice_find(SLICE_LIT("a.b.c"), '.', 4), -1);
    DVC_EQ_INT(slice_find(SLICE_LIT("a"), 'a', 7), -1);
    DVC_EQ_INT(slice_find(SLICE_NULL, 'a', 0), -1);
}

static void expect_parts(struct slice rest, const char *const *parts, size_t count)
{
    struct slice part;

    for (size_t i = 0; i < count; i++) {
        cr_assert(slice_next(&rest, ',', &part), "part %zu is missing", i);
        DVC_EQ_SLICE(part, parts[i]);
    }
    cr_assert(!slice_next(&rest, ',', &part));
    cr_assert(!slice_next(&rest, ',', &part), "used up stays used up");
}

DVC_TEST(slice, next_gives_every_part_once)
{
    expect_parts(SLICE_LIT("a,b"), (const char *const[]){"a", "b"}, 2);
    expect_parts(SLICE_LIT("a,"), (const char *const[]){"a", ""}, 2);
    expect_parts(SLICE_LIT(",,"), (const char *const[]){"", "", ""}, 3);
    expect_parts(SLICE_LIT(""), (const char *const[]){""}, 1);
    expect_parts(SLICE_NULL, NULL, 0);
}
