/* csv.h - tables as spreadsheets write them (RFC 4180): fields in quotes may hold the separator,
 * line breaks and doubled quotes; line ends LF or CRLF; with or without the mark of UTF-8 in front.
 * The separator is what the head line has: comma, semicolon or tab. Pure. */
#ifndef DVC_CTL_CSV_H
#define DVC_CTL_CSV_H

#include "base/arena.h"

struct csv_row {
    int line; /* of the file, where the row begins; from 1 */
    struct slice *fields;
    size_t count;
};

struct csv {
    struct arena *arena;
    struct slice rest;
    char separator;
    int line;
    const char *fault; /* after csv_next gave -EINVAL: Vietnamese */
};

/* `text` is borrowed. 0, or -EINVAL when it is no UTF-8. */
int csv_open(struct csv *csv, struct arena *arena, struct slice text) DVC_MUSTCHECK;
/* The next row; empty lines are left out. 1; 0 at the end; -EINVAL for a quote that is wrong, with
 * csv->fault and ret->line: reading goes on behind the line. */
int csv_next(struct csv *csv, struct csv_row *ret) DVC_MUSTCHECK;

#endif
