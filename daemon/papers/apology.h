/* apology.h - Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết (TT 03/2025), before that
 * Phiếu xin lỗi và hẹn lại ngày trả kết quả (TT 01/2018): A5, signed by the head of the agency
 * (Decree 61/2018/ND-CP, Art 19.9). */
#ifndef DVC_PAPERS_APOLOGY_H
#define DVC_PAPERS_APOLOGY_H

#include "papers/paper.h"

struct apology {
    struct paper_head head;
    struct paper_dossier dossier;
    wall_t received_at;
    wall_t due_before; /* that was promised */
    wall_t due;        /* that is promised now; WALL_NONE: not known yet */
    const char *unit;  /* that is late */
    const char *reason;
    const char *delivery; /* where the result is handed out */
};

int apology_print(const struct apology *apology, struct buf *out) DVC_MUSTCHECK;

#endif
