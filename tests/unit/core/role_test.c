#include "core/role.h"

#include "dvc_test.h"

DVC_TEST(role, every_code_is_read_back)
{
    enum role back;

    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++) {
        cr_assert_not_null(role_name_vi((enum role)i));
        DVC_EQ_INT(role_parse(slice_str(role_code((enum role)i)), &back), 0);
        DVC_EQ_INT(back, i);
    }
    cr_assert_null(role_code(ROLE_NONE));
    cr_assert(role_parse(SLICE_LIT("none"), &back) < 0);
    cr_assert(role_parse(SLICE_LIT("boss"), &back) < 0);
    cr_assert(role_parse(SLICE_NULL, &back) < 0);
}

DVC_TEST(role, staff_and_parties)
{
    cr_assert(role_is_staff(ROLE_RECEIVER));
    cr_assert(role_is_staff(ROLE_ADMIN));
    cr_assert(!role_is_staff(ROLE_NONE));
    cr_assert(!role_is_staff(ROLE_APPLICANT));
    cr_assert(!role_is_staff(ROLE_CLOCK));
    DVC_EQ_STR(role_name_vi(ROLE_AUDITOR), "người kiểm soát TTHC");
}
