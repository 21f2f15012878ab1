#include "service/password_rule.h"

#include "dvc_test.h"

static const char *fault_of(struct slice text, const char *username)
{
    struct arena *arena = arena_new();
    const struct password_fault *fault = password_check(arena, text, username);

    arena_free(arena);
    return fault != NULL ? fault->code : "";
}

DVC_TEST(password_rule, length_in_letters)
{
    char longest[PASSWORD_LENGTH_MAX + 2];

    DVC_EQ_STR(fault_of(SLICE_LIT("chín chữ."), "a"), "length");
    DVC_EQ_STR(fault_of(SLICE_LIT("mười chữ .."), "a"), "");
    DVC_EQ_STR(fault_of(SLICE_LIT("đđđđđ"), "a"), "length"); /* ten bytes, five letters */
    for (size_t i = 0; i < sizeof(longest); i++)
        longest[i] = (char)('a' + i % 7);
    DVC_EQ_STR(fault_of((struct slice){longest, PASSWORD_LENGTH_MAX}, "a"), "");
    DVC_EQ_STR(fault_of((struct slice){longest, PASSWORD_LENGTH_MAX + 1}, "a"), "length");
    DVC_EQ_STR(fault_of(SLICE_LIT(""), "a"), "length");
}

DVC_TEST(password_rule, what_is_guessed_first)
{
    static const char *const texts[] = {"1234567890",   "Matkhau123",   "MẬTKHẨU123", "aaaaaaaaaa",
                                        "abababababab", "123123123123", "qwertyuiop"};

    for (size_t i = 0; i < DVC_COUNT(texts); i++)
        DVC_EQ_STR(fault_of(slice_str(texts[i]), "a"), "common");
    DVC_EQ_STR(fault_of(SLICE_LIT("con ngựa chạy nhanh"), "a"), "");
}

DVC_TEST(password_rule, not_the_username)
{
    DVC_EQ_STR(fault_of(SLICE_LIT("nguyen.van.minh"), "nguyen.van.minh"), "username");
    DVC_EQ_STR(fault_of(SLICE_LIT("Nguyen.Van.Minh"), "nguyen.van.minh"), "username");
    DVC_EQ_STR(fault_of(SLICE_LIT("nguyen.van.minh"), "nguyen.van.binh"), "");
}

DVC_TEST(password_rule, text_only)
{
    DVC_EQ_STR(fault_of(SLICE_LIT("co\tdau tab dai"), "a"), "text");
    DVC_EQ_STR(fault_of(SLICE_LIT("khong\xff\xfephai utf8"), "a"), "text");
}

DVC_TEST(password_rule, what_we_make_will_do)
{
    static const uint8_t bytes[10] = {9, 8, 7, 6, 5, 4, 3, 2, 1, 77};
    char made[PASSWORD_MADE_SIZE];

    password_make(bytes, made);
    DVC_EQ_INT(strlen(made), PASSWORD_MADE_SIZE - 1);
    DVC_EQ_STR(fault_of(slice_str(made), "a"), "");
}
