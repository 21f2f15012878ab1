/* stop_notice.h - Thông báo dừng giải quyết hồ sơ (TT 03/2025, form 05): A5. */
#ifndef DVC_PAPERS_STOP_NOTICE_H
#define DVC_PAPERS_STOP_NOTICE_H

#include "papers/paper.h"

struct stop_notice {
    struct paper_head head;
    struct paper_dossier dossier;
    wall_t received_at;
    const char *reason;
    const char *phone;
};

int stop_notice_print(const struct stop_notice *notice, struct buf *out) DVC_MUSTCHECK;

#endif
