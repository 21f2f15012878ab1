/* printed.h - forms of the samples beside this file, printed and read back with the tools of
 * poppler and zbar, as a citizen's computer would. */
#ifndef DVC_TESTS_PRINTED_H
#define DVC_TESTS_PRINTED_H

#include "base/arena.h"
#include "base/buf.h"

/* The sample NAME.json. */
struct slice sample(struct arena *arena, const char *name);
/* The same with the first `old` in it changed into `new`; `old` must be there. */
struct slice changed(struct arena *arena, struct slice json, const char *old, const char *new);
/* Prints; any error is a failed test. */
void print_job(struct slice json, struct buf *pdf);
/* What pdftotext reads, blanks and ends of lines run together to one blank. */
const char *text_of(struct arena *arena, const struct buf *pdf);
int pages_of(struct arena *arena, const struct buf *pdf);
/* Standard output of a shell command with "$PDF" set to a file that holds the document. */
const char *said(struct arena *arena, const struct buf *pdf, const char *command);
/* Every one of the texts is there, else the test fails and names it. */
void reads(const char *text, const char *const *wanted, size_t count);

#endif
