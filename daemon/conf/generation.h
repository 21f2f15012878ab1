/* generation.h - one generation of the configuration: everything that dvcd.yaml names, read and
 * proved as a whole. A reload builds a new one and swaps; the old one stays on any error. */
#ifndef DVC_CONF_GENERATION_H
#define DVC_CONF_GENERATION_H

#include "base/hash.h"
#include "conf/agencies.h"
#include "conf/communes.h"
#include "conf/settings.h"
#include "core/procedure.h"

#define GENERATION_PLUGINS_MAX 10000

struct calendar_set;
struct form_editions;
struct plugin_unit;
struct targets;
struct workflow_shelf;

struct generation {
    struct arena *arena; /* everything below lives here */
    struct settings settings;
    bool settings_ok;             /* else faulty keys are defaults; all zero: no YAML at all */
    struct agency_tree *agencies; /* NULL when its files are wrong, as the next three */
    struct commune_list *communes;
    struct calendar_set *calendars;   /* conf/calendar_load.h */
    struct targets *targets;          /* conf/targets.h */
    struct form_editions *forms;      /* conf/forms.h */
    struct workflow_shelf *workflows; /* conf/shared_workflow.h */
    struct procedure **procedures;    /* those without a fault, by code */
    struct plugin_unit **units;       /* of each procedure: conf/plugin_unit.h */
    size_t procedure_count;
    struct sha256 functions;   /* of all agencies: what plugins were checked against */
    size_t plugin_files;       /* read, with and without faults */
    struct conf_errors errors; /* sorted */
};

/* Reads dvcd.yaml at `path` and all it names; `data` as settings_load. Always gives a generation,
 * which may be used when generation_ok. The caller frees it. */
struct generation *generation_load(const char *path, const char *data);
/* Only its settings: what must be known before the database answers. */
struct generation *generation_load_settings(const char *path, const char *data);
struct generation *generation_free(struct generation *generation); /* takes NULL, returns NULL */

bool generation_ok(const struct generation *generation);
/* What its files say of a procedure, or NULL. */
struct plugin_unit *generation_unit(const struct generation *generation, struct slice code);
const struct procedure *generation_procedure(const struct generation *generation,
                                             struct slice code);
/* What `dvcd check` prints: every error, else what was read. True when all is well. */
bool generation_report(struct generation *generation, struct buf *buf);

#endif
