#include "service/account_fields.h"

#include "dvc_test.h"

DVC_TEST(account_fields, usernames)
{
    static const char *const good[] = {"an1", "nguyen.van.an", "unit_head", "a-b", "0123"};
    static const char *const bad[] = {"",     "an",   "An1",  "ngọc", ".an",  "an.",
                                      "_an_", "a b1", "a@b1", "a/b1", "a\nb1"};

    for (size_t i = 0; i < DVC_COUNT(good); i++)
        cr_assert(account_username_ok(slice_str(good[i])), "%s", good[i]);
    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        cr_assert(!account_username_ok(slice_str(bad[i])), "%s", bad[i]);
    cr_assert(account_username_ok(SLICE_LIT("abcdefghabcdefghabcdefghabcdefgh")));
    cr_assert(!account_username_ok(SLICE_LIT("abcdefghabcdefghabcdefghabcdefghi")));
}
