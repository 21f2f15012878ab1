#include "core/role.h"

#include "core/code.h"

#include <errno.h>

static const char *const codes[ROLE_COUNT] = {
    [ROLE_RECEIVER] = "receiver",   [ROLE_OFFICER] = "officer", [ROLE_UNIT_HEAD] = "unit_head",
    [ROLE_LEADER] = "leader",       [ROLE_CLERK] = "clerk",     [ROLE_CASHIER] = "cashier",
    [ROLE_POSTAL] = "postal",       [ROLE_AUDITOR] = "auditor", [ROLE_ADMIN] = "admin",
    [ROLE_APPLICANT] = "applicant", [ROLE_POST] = "post",       [ROLE_PAYMENT] = "payment",
    [ROLE_PORTAL] = "portal",       [ROLE_LINKED] = "linked",   [ROLE_CLOCK] = "clock",
};

/* As the glossary writes them: to be read inside a sentence. */
static const char *const names[ROLE_COUNT] = {
    [ROLE_RECEIVER] = "người tiếp nhận hồ sơ",
    [ROLE_OFFICER] = "công chức thụ lý",
    [ROLE_UNIT_HEAD] = "lãnh đạo phòng chuyên môn",
    [ROLE_LEADER] = "lãnh đạo cơ quan",
    [ROLE_CLERK] = "văn thư",
    [ROLE_CASHIER] = "người thu phí, lệ phí",
    [ROLE_POSTAL] = "nhân viên bưu chính",
    [ROLE_AUDITOR] = "người kiểm soát TTHC",
    [ROLE_ADMIN] = "quản trị hệ thống",
    [ROLE_APPLICANT] = "người nộp hồ sơ",
    [ROLE_POST] = "bưu chính",
    [ROLE_PAYMENT] = "hệ thống thanh toán",
    [ROLE_PORTAL] = "Cổng Dịch vụ công quốc gia",
    [ROLE_LINKED] = "hồ sơ liên thông",
    [ROLE_CLOCK] = "hệ thống theo thời hạn",
};

const char *role_code(enum role role)
{
    DVC_REQUIRE(role < ROLE_COUNT);
    return codes[role];
}

const char *role_name_vi(enum role role)
{
    DVC_REQUIRE(role < ROLE_COUNT);
    return names[role];
}

int role_parse(struct slice code, enum role *ret)
{
    int found = code_find(codes, ROLE_COUNT, code);

    if (found < 0)
        return -EINVAL;
    *ret = (enum role)found;
    return 0;
}

bool role_is_staff(enum role role)
{
    return role > ROLE_NONE && role < ROLE_APPLICANT;
}
