/* table.h - a table with borders. A row that does not fit goes to the next page, below the head
 * again; one that is higher than a page is broken inside its cells. Nothing is ever cut. */
#ifndef DVC_PAPERS_TABLE_H
#define DVC_PAPERS_TABLE_H

#include "papers/sheet.h"

#define TABLE_COLUMNS_MAX 16

struct column {
    const char *title;
    double share;   /* of the width; all shares together are the whole */
    unsigned flags; /* enum style_flag, of the cells below the title */
};

struct table {
    struct sheet *sheet;
    const struct column *columns;
    size_t count;
    double scale; /* of the text */
    double width[TABLE_COLUMNS_MAX];
    bool headed; /* on this page */
    int page;
};

/* Borrows the columns. The head is drawn with the first row. */
void table_begin(struct table *table, struct sheet *sheet, const struct column *columns,
                 size_t count, double scale);
/* One text a column; NULL is an empty cell. */
void table_row(struct table *table, const char *const *cells);

#endif
