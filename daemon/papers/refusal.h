/* refusal.h - Phiếu từ chối tiếp nhận giải quyết hồ sơ: A5. */
#ifndef DVC_PAPERS_REFUSAL_H
#define DVC_PAPERS_REFUSAL_H

#include "papers/paper.h"

struct refusal_form {
    struct paper_head head;
    struct paper_dossier dossier;
    const char *reason;
    const char *officer, *phone;
};

int refusal_print(const struct refusal_form *refusal, struct buf *out) DVC_MUSTCHECK;

#endif
