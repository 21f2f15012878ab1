#include "base/utf8.h"

#include "dvc_test.h"

#include <errno.h>

DVC_TEST(utf8, valid)
{
    static const char *const good[] = {
        "", "abc", "Nguyễn Thị Huệ", "\xf0\x9f\x98\x80", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {
        "\x80",     "\xc3",  "\xc0\xaf",         "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xe1\xbb", "a\xff", "\xf8\x88\x80\x80", "\xe0\x80\xaf"};

    for (size_t i = 0; i < DVC_COUNT(good); i++)
        cr_assert(utf8_valid(slice_str(good[i])), "good %zu", i);
    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        cr_assert(!utf8_valid(slice_str(bad[i])), "bad %zu", i);
    cr_assert(!utf8_valid(slice_sub(SLICE_LIT("ệ"), 0, 2)), "cut in the middle of a letter");
}

DVC_TEST(utf8, length_in_code_points)
{
    DVC_EQ_INT(utf8_length(SLICE_LIT("Huệ")), 3);
    DVC_EQ_INT(utf8_length(SLICE_LIT("Hue\xcc\xa3\xcc\x82")), 5);
    DVC_EQ_INT(utf8_length(SLICE_NULL), 0);
}

static const char *nfc(struct arena *arena, const char *text)
{
    struct slice got = SLICE_NULL;

    DVC_EQ_INT(utf8_nfc(arena, slice_str(text), &got), 0);
    return got.ptr;
}

static const char *fold(struct arena *arena, const char *text)
{
    struct slice got = SLICE_NULL;

    DVC_EQ_INT(utf8_fold(arena, slice_str(text), &got), 0);
    DVC_EQ_INT(strlen(got.ptr), got.len);
    return got.ptr;
}

DVC_TEST(utf8, one_normal_form)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();

    /* What a phone of one maker sends, letter and marks apart, in either order of the marks. */
    DVC_EQ_STR(nfc(arena, "Hue\xcc\xa3\xcc\x82"), "Huệ");
    DVC_EQ_STR(nfc(arena, "Hue\xcc\x82\xcc\xa3"), "Huệ");
    DVC_EQ_STR(nfc(arena, "Hu\xc3\xaa\xcc\xa3"), "Huệ");
    DVC_EQ_STR(nfc(arena, "u\xcc\x9b\xcc\x81"), "ứ");
    DVC_EQ_STR(nfc(arena, "đường Lê Lợi"), "đường Lê Lợi");
    DVC_EQ_STR(nfc(arena, "\xe2\x84\xab"), "Å");
    DVC_EQ_STR(nfc(arena, ""), "");
}

DVC_TEST(utf8, folds_for_search)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();

    DVC_EQ_STR(fold(arena, "NGUYỄN Thị Huệ"), "nguyen thi hue");
    DVC_EQ_STR(fold(arena, "Nguye\xcc\x82\xcc\x83n"), "nguyen");
    DVC_EQ_STR(fold(arena, "Đặng ĐỨC đạt"), "dang duc dat");
    DVC_EQ_STR(fold(arena, "hoà"), fold(arena, "hòa"));
    DVC_EQ_STR(fold(arena, "ƯƠNG ương"), "uong uong");
    DVC_EQ_STR(fold(arena, "a \t\n b\xc2\xa0\xe3\x80\x80"
                           "c"),
               "a b c");
    DVC_EQ_STR(fold(arena, "Số 12/3-A"), "so 12/3-a");
    DVC_EQ_STR(fold(arena, ""), "");
}

/* Every letter of the Vietnamese alphabet in both cases must come out as plain a..z. */
DVC_TEST(utf8, folds_the_whole_alphabet)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    const char *letters =
        "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
        "AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬEÈÉẺẼẸÊỀẾỂỄỆIÌÍỈĨỊOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢUÙÚỦŨỤƯỪỨỬỮỰYỲÝỶỸỴĐ";
    const char *folded = fold(arena, letters);

    DVC_EQ_INT(strlen(folded), utf8_length(slice_str(letters)));
    for (; *folded != '\0'; folded++)
        cr_assert(*folded >= 'a' && *folded <= 'z', "a letter is left: %s", folded);
}

DVC_TEST(utf8, refuses_what_is_no_utf8)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct slice got = SLICE_NULL;

    DVC_EQ_INT(utf8_nfc(arena, SLICE_LIT("a\xc3"), &got), -EINVAL);
    DVC_EQ_INT(utf8_fold(arena, SLICE_LIT("a\xc3"), &got), -EINVAL);
    cr_assert_null(got.ptr);
}

DVC_TEST(utf8, control_characters)
{
    cr_assert(!utf8_has_control(SLICE_LIT("Huệ, à"), ""));
    cr_assert(utf8_has_control(SLICE_LIT("a\nb"), ""));
    cr_assert(!utf8_has_control(SLICE_LIT("a\nb\tc"), "\n\t"));
    cr_assert(utf8_has_control(SLICE_LIT("a\rb"), "\n\t"));
    cr_assert(utf8_has_control(SLICE_LIT("a\0b"), "\n"));
    cr_assert(utf8_has_control(SLICE_LIT("\x7f"), ""));
    cr_assert(utf8_has_control(SLICE_LIT("\xc2\x85"), ""));
    cr_assert(!utf8_has_control(SLICE_LIT("\xc2\xa0"), ""));
}
