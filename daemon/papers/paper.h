/* paper.h - what the forms have in common: who issues, who is spoken of, the block at the head with
 * the motto, the papers of a dossier, the signatures. All texts are borrowed, and NULL where a
 * thing is not known: the form then leaves dots to write on, or leaves the line out. */
#ifndef DVC_PAPERS_PAPER_H
#define DVC_PAPERS_PAPER_H

#include "papers/sheet.h"

struct paper_head {
    const char *mark;     /* "Mẫu số 01", of the circular below */
    const char *circular; /* "03/2025/TT-VPCP" */
    const char *title;    /* "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" */
    const char *parent;   /* the organ above the agency, or NULL */
    const char *agency;   /* that issues it */
    const char *number;
    const char *place; /* of the date line */
    wall_t at;         /* when it was issued: date line and properties */
};

struct paper_person {
    const char *name, *id_number, *phone, *email, *address;
};

struct paper_dossier {
    const char *code;
    const char *procedure; /* name */
    struct paper_person submitter;
    struct paper_person owner; /* name NULL: the submitter */
};

/* One paper of the composition (thành phần hồ sơ); 0 leaves the cell empty. */
struct paper_item {
    const char *name;
    int originals, certified, copies, files;
};

struct paper_items {
    const struct paper_item *rows;
    size_t count;
};

struct paper_signer {
    const char *office; /* "Người tiếp nhận hồ sơ" */
    const char *name;   /* NULL: to be written by hand */
};

/* A sheet for this form with its properties, mark, head block, number and place and date. */
struct sheet *paper_begin(struct buf *out, enum sheet_size size, const struct paper_head *head);
/* The title in the middle, and `subtitle` (or NULL) below it. */
void paper_title(struct sheet *sheet, const char *title, const char *subtitle);
/* Name, address, phone, e-mail and ID number after `label`. */
void paper_person(struct sheet *sheet, const char *label, const struct paper_person *person);
/* Submitter, and the owner where another one, then the matter. */
void paper_dossier(struct sheet *sheet, const char *label, const struct paper_dossier *dossier);
/* The table of papers; an empty list says so in a line. `files`: with a column for electronic ones.
 */
void paper_items(struct sheet *sheet, const char *label, const struct paper_items *items,
                 bool files);
/* Side by side, kept on one page; `left` may be NULL. */
void paper_sign(struct sheet *sheet, const struct paper_signer *left,
                const struct paper_signer *right);
/* "Nơi nhận" on the left, who signs on the right. */
void paper_sign_out(struct sheet *sheet, const char *const *receivers, size_t count,
                    const struct paper_signer *signer);

/* "08 giờ 05 phút, ngày 02 tháng 01 năm 2026"; NULL for WALL_NONE. In the sheet's arena. */
const char *paper_moment(struct sheet *sheet, wall_t at);
const char *paper_day(struct sheet *sheet, wall_t at); /* "02/01/2026", or NULL */
/* "08:05 02/01/2026", or NULL */
const char *paper_minute(struct sheet *sheet, wall_t at);

#endif
