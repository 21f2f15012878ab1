/* handover.h - Biên bản giao nhận hồ sơ, kết quả between a one-stop desk and the post (Decision
 * 45/2016/QD-TTg): A4, signed by both. */
#ifndef DVC_PAPERS_HANDOVER_H
#define DVC_PAPERS_HANDOVER_H

#include "papers/paper.h"

struct handover_row {
    const char *order_number; /* of the parcel */
    const char *code;         /* of the dossier */
    const char *procedure, *owner, *address;
};

struct handover {
    struct paper_head head;
    bool collect;       /* dossiers from the post to the desk; else results from the desk to it */
    const char *office; /* post office */
    struct paper_signer agency_signed, office_signed;
    wall_t agency_at, office_at; /* WALL_NONE: not signed yet */
    int originals, copies;
    const char *note;
    const struct handover_row *rows;
    size_t count;
};

int handover_print(const struct handover *handover, struct buf *out) DVC_MUSTCHECK;

#endif
