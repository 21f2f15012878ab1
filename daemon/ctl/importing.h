/* importing.h - a record of the national portal on its way to a plugin: what all parts of it share.
 */
#ifndef DVC_CTL_IMPORTING_H
#define DVC_CTL_IMPORTING_H

#include "core/limit.h"
#include "core/state.h"
#include "ctl/national_record.h"

#define IMPORT_CASES 40

struct importing {
    struct arena *arena;
    const struct national_record *record;
    struct buf *out;
    const char *case_names[IMPORT_CASES], *case_ids[IMPORT_CASES];
    size_t case_count;
    struct limit limits[CHANNEL_SLOTS];
};

/* A comment for whoever goes on with the plugin: what has to be looked at. */
void importing_look(struct importing *im, int indent, const char *fmt, ...) DVC_PRINTF(3, 4);
/* `text` with at most `max` letters, and a note above when something was cut; `otherwise`, and a
 * note that there is no `what`, when it has less than `min`. */
const char *importing_fit(struct importing *im, int indent, const char *what, const char *text,
                          size_t min, size_t max, const char *otherwise);
/* The case of that name, or -1. */
int importing_case(const struct importing *im, const char *name);

#endif
