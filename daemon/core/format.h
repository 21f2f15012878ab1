/* format.h - the formats of files that the house knows at all: one table for the language of
 * procedures, for what is taken in and for what is shown. */
#ifndef DVC_CORE_FORMAT_H
#define DVC_CORE_FORMAT_H

#include "base/slice.h"

struct file_format {
    const char *word;  /* as procedures write it: "pdf", "jpeg" */
    const char *type;  /* media type; two words may share one */
    const char *start; /* first bytes that it must have whatever a sniffer says; NULL: none */
    bool usual;        /* taken from everybody; the others only where a procedure names them */
    bool shown;        /* a browser may show it in its place, not only save it */
};

/* NULL: unknown. A media type gives the first of its words. */
const struct file_format *format_of_word(struct slice word);
const struct file_format *format_of_type(struct slice type);
/* The table, for whoever lists it. */
const struct file_format *formats_all(size_t *ret_count);

#endif
