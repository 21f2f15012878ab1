/* sheet.h - the paper under the pen: pages of one size written as PDF into a buf, a place on them
 * that moves down, and text that flows over to the next page. Lengths are points (1/72 inch).
 *
 * The look is that of Decree 30/2020/ND-CP: a Times face, the number of the page in the middle of
 * the upper margin from the second page on. All text is put into NFC first. */
#ifndef DVC_PAPERS_SHEET_H
#define DVC_PAPERS_SHEET_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/wall.h"

enum {
    PAPERS_E_FONT = 1, /* no face here has the Vietnamese letters: see fonts.h */
    PAPERS_E_LARGE,    /* the PDF does not fit its buf */
    PAPERS_E_JOB,      /* the values are not those of a form: see job.h */
    PAPERS_E_DRAW,     /* Cairo's own fault */
};

enum sheet_size {
    SHEET_A5, /* 148 x 210 mm: forms 01 to 05 */
    SHEET_A4,
    SHEET_A4_WIDE, /* the register, which is wide */
};

struct sheet_options {
    enum sheet_size size;
    const char *title, *author; /* of the document's properties */
    wall_t created;             /* of the properties too: the same input gives the same bytes */
};

enum style_flag {
    STYLE_BOLD = 1,
    STYLE_ITALIC = 2,
    STYLE_CENTRE = 4,
    STYLE_RIGHT = 8,
    STYLE_JUSTIFY = 16,
    STYLE_UPPER = 32, /* in capitals */
};

struct style {
    double scale; /* of the size of the sheet's text; 0: 1 */
    unsigned flags;
    double before, after; /* free height around a paragraph */
    double indent;        /* of the first line */
};

struct sheet;

/* Borrows `out`, whose max bounds the document. */
struct sheet *sheet_new(struct buf *out, const struct sheet_options *options);
/* Ends the document and frees the sheet. 0, PAPERS_E_LARGE or PAPERS_E_DRAW; then `out` is void. */
int sheet_end(struct sheet *sheet) DVC_MUSTCHECK;

struct arena *sheet_arena(struct sheet *sheet); /* ends with the sheet */
double sheet_text_size(const struct sheet *sheet);
double sheet_left(const struct sheet *sheet);
double sheet_width(const struct sheet *sheet); /* between the margins */
double sheet_y(const struct sheet *sheet);
void sheet_move(struct sheet *sheet, double y);
double sheet_room(const struct sheet *sheet);   /* height that is left on this page */
double sheet_height(const struct sheet *sheet); /* of an empty page */
int sheet_page(const struct sheet *sheet);      /* from 1 */
void sheet_break(struct sheet *sheet);
/* Goes to the next page unless `height` is left here, or would not be there either. */
void sheet_keep(struct sheet *sheet, double height);
void sheet_gap(struct sheet *sheet, double height); /* nothing at the head of a page */

/* A paragraph over the whole width; what does not fit goes on overleaf. NULL or empty: nothing. */
void sheet_para(struct sheet *sheet, const struct style *style, const char *text);
/* "label: value", the value in bold when asked; a value that is missing leaves dots to write on. */
void sheet_field(struct sheet *sheet, const char *label, const char *value, bool bold);

/* Black shapes at a place of the page. */
void sheet_box(struct sheet *sheet, double x, double y, double width, double height);
void sheet_rule(struct sheet *sheet, double x, double y, double width);
/* A square of count x count modules, dark where the byte's lowest bit is set. */
void sheet_modules(struct sheet *sheet, double x, double y, double size, const uint8_t *modules,
                   int count);

/* ---- text broken into lines: what paragraphs and cells are made of ---- */

struct lines;
/* `bold_from`: byte from which the text is bold, SIZE_MAX: none beyond the style's. */
struct lines *lines_new(struct sheet *sheet, const struct style *style, double width,
                        const char *text, size_t bold_from);
struct lines *lines_free(struct lines *lines); /* takes NULL */
size_t lines_count(const struct lines *lines);
double lines_height(const struct lines *lines, size_t from, size_t to);
/* How many lines from `from` on fit into `height`. */
size_t lines_fit(const struct lines *lines, size_t from, double height);
void lines_draw(struct lines *lines, size_t from, size_t to, double x, double y);
/* The three above for a text that is not to be broken: its height; drawn when `draw`. */
double sheet_block(struct sheet *sheet, const struct style *style, double x, double y, double width,
                   const char *text, bool draw);

#endif
