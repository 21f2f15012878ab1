/* receipt.h - Giấy tiếp nhận hồ sơ và hẹn trả kết quả: A5, with a code that opens the look-up. */
#ifndef DVC_PAPERS_RECEIPT_H
#define DVC_PAPERS_RECEIPT_H

#include "papers/paper.h"

struct receipt_fee {
    const char *name;
    const char *amount; /* "50.000 đồng", "Miễn" */
    const char *state;  /* "đã thu", "chưa thu", or NULL */
};

struct receipt {
    struct paper_head head;
    struct paper_dossier dossier;
    struct paper_items items;
    const struct receipt_fee *fees;
    size_t fee_count;
    int sets;          /* số bộ hồ sơ */
    const char *limit; /* "03 ngày làm việc"; NULL: the law gives none */
    wall_t received_at, due;
    const char *delivery; /* how and where the result is handed out */
    const char *look_up;  /* what the code holds: the address with code and PIN; NULL: no code */
    const char *address;  /* where to look up, as people type it; NULL: none */
    const char *pin;      /* mã tra cứu */
    const char *phone;    /* of the agency */
    const char *officer;  /* who took it in; NULL: the portal did */
};

/* Appends the PDF. 0 or PAPERS_E_*. */
int receipt_print(const struct receipt *receipt, struct buf *out) DVC_MUSTCHECK;

#endif
