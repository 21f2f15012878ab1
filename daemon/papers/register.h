/* register.h - Sổ theo dõi hồ sơ: A4 across, as many pages as it takes. */
#ifndef DVC_PAPERS_REGISTER_H
#define DVC_PAPERS_REGISTER_H

#include "papers/paper.h"

struct register_row {
    const char *code, *procedure;
    int sets;
    const char *owner, *address, *phone;
    const char *agency; /* that handles it */
    wall_t received_at, due, finished_at, returned_at;
    const char *delivery; /* how the result goes out */
    const char *note;     /* the state in words */
};

struct register_book {
    struct paper_head head;
    day_t from, to;        /* days of reception */
    const char *procedure; /* NULL: all */
    const struct register_row *rows;
    size_t count;
};

int register_print(const struct register_book *book, struct buf *out) DVC_MUSTCHECK;

#endif
