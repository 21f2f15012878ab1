/* generation.h - one generation of the configuration: everything under the configuration folder,
 * read and proved as a whole. A reload builds a new one and swaps; the old one stays on any error. */
#ifndef DVC_CONF_GENERATION_H
#define DVC_CONF_GENERATION_H

#include "conf/agencies.h"
#include "conf/communes.h"
#include "conf/settings.h"
#include "core/procedure.h"

struct calendar_set;
struct targets;

struct generation {
    struct arena *arena; /* everything below lives here */
    struct settings settings;
    struct agency_tree *agencies;    /* NULL when its files are wrong */
    struct commune_list *communes;   /* the same */
    struct calendar_set *calendars;  /* the same */
    struct targets *targets;         /* the same */
    struct procedure **procedures;   /* those without a fault, by code and version */
    size_t procedure_count;
    size_t plugin_files;             /* read, with and without faults */
    struct conf_errors errors;       /* sorted */
};

/* Reads the configuration file at `path` and all it names. Always gives a generation; it may be used
 * when conf_errors_total(&generation->errors) is 0. The caller frees it. */
struct generation *generation_load(const char *path);
struct generation *generation_free(struct generation *generation); /* takes NULL, returns NULL */

/* Only the settings of it, quickly: what a worker needs before the database answers. */
struct generation *generation_load_settings(const char *path);

const struct procedure *generation_procedure(const struct generation *generation,
                                             struct slice code, int version); /* or NULL */
/* Prints what was read, or every error: the whole of `dvcd check`. True when all is well. */
bool generation_report(const struct generation *generation, struct buf *buf);

#endif
