/* role.h - roles at agencies and the parties that are no accounts (plugins.md, Words). */
#ifndef DVC_CORE_ROLE_H
#define DVC_CORE_ROLE_H

#include "base/slice.h"

enum role {
    ROLE_NONE,
    ROLE_RECEIVER,  /* người tiếp nhận hồ sơ */
    ROLE_OFFICER,   /* công chức thụ lý */
    ROLE_UNIT_HEAD, /* lãnh đạo phòng chuyên môn */
    ROLE_LEADER,    /* lãnh đạo cơ quan */
    ROLE_CLERK,     /* văn thư */
    ROLE_CASHIER,   /* người thu phí, lệ phí */
    ROLE_POSTAL,    /* nhân viên bưu chính */
    ROLE_AUDITOR,   /* người kiểm soát TTHC */
    ROLE_ADMIN,     /* quản trị */
    ROLE_APPLICANT, /* parties from here on */
    ROLE_POST,
    ROLE_PAYMENT,
    ROLE_PORTAL,
    ROLE_LINKED,
    ROLE_CLOCK, /* the daemon's own clock: timeouts and warnings */
    ROLE_COUNT
};

/* Word and Vietnamese name; NULL for ROLE_NONE. The name is lower case, for use inside a sentence.
 */
const char *role_code(enum role role);
const char *role_name_vi(enum role role);
/* 0, or -EINVAL for an unknown code. */
int role_parse(struct slice code, enum role *ret) DVC_MUSTCHECK;
/* A role that an account holds at an agency, as opposed to a party. */
bool role_is_staff(enum role role);

#endif
