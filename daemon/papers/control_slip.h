/* control_slip.h - Phiếu kiểm soát quá trình giải quyết hồ sơ: A5, who handed the dossier to whom
 * and when, as it stands at the moment of printing. */
#ifndef DVC_PAPERS_CONTROL_SLIP_H
#define DVC_PAPERS_CONTROL_SLIP_H

#include "papers/paper.h"

struct control_step {
    const char *giver;    /* office that handed it over, NULL: the applicant */
    const char *receiver; /* office that took it */
    const char *step;     /* name of the step */
    const char *officer;  /* who has it, or NULL */
    wall_t from, to;      /* taken, handed on; WALL_NONE: still there */
    wall_t due;
    const char *verdict; /* "trước hạn", "đúng hạn", "quá hạn", or NULL */
};

struct control_slip {
    struct paper_head head;
    struct paper_dossier dossier;
    struct paper_items items;
    wall_t received_at;
    const char *limit;
    wall_t due; /* of the result */
    const struct control_step *steps;
    size_t step_count;
};

int control_slip_print(const struct control_slip *slip, struct buf *out) DVC_MUSTCHECK;

#endif
