#include "base/password.h"

#include "dvc_test.h"

#include <errno.h>

static const struct password_cost cheap = {8192, 1};

DVC_TEST(password, right_and_wrong)
{
    char hash[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];

    DVC_EQ_INT(password_hash(&cheap, SLICE_LIT("con ngựa"), hash), 0);
    DVC_EQ_INT(password_hash(&cheap, SLICE_LIT("con ngựa"), again), 0);
    cr_assert(strncmp(hash, "$argon2id$v=19$m=8192,t=1,p=1$", 30) == 0, "%s", hash);
    cr_assert(strcmp(hash, again) != 0, "each has a salt of its own");
    DVC_EQ_INT(password_verify(hash, SLICE_LIT("con ngựa")), 0);
    DVC_EQ_INT(password_verify(hash, SLICE_LIT("con ngua")), 1);
    DVC_EQ_INT(password_verify(hash, SLICE_LIT("")), 1);
}

/* A row of the database must not exhaust the machine. */
DVC_TEST(password, hashes_that_ask_too_much)
{
    static const char *const hashes[] = {"",
                                         "x",
                                         "$argon2i$v=19$m=8192,t=1,p=1$c29tZXNhbHQ$x",
                                         "$argon2id$v=16$m=8192,t=1,p=1$c29tZXNhbHQ$x",
                                         "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHRzYWx0$x",
                                         "$argon2id$v=19$m=8192,t=9999,p=1$c29tZXNhbHRzYWx0$x",
                                         "$argon2id$v=19$m=8192,t=1,p=99$c29tZXNhbHRzYWx0$x"};

    for (size_t i = 0; i < DVC_COUNT(hashes); i++)
        DVC_EQ_INT(password_verify(hashes[i], SLICE_LIT("x")), -EINVAL);
}
