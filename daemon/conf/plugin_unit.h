/* plugin_unit.h - one plugin file as a generation holds it: compiled, proved by itself, and with
 * what publishing needs. The next generation takes it over while the file is the same; the tree
 * that it was read from does not stay, but where it opens other procedures. */
#ifndef DVC_CONF_PLUGIN_UNIT_H
#define DVC_CONF_PLUGIN_UNIT_H

#include "conf/agencies.h"
#include "conf/shared_workflow.h"
#include "core/procedure.h"

struct plugin_unit {
    unsigned refs;
    struct arena *arena; /* the unit, its procedure and texts */
    struct arena *nodes; /* the tree, of one that spawns; else NULL, and procedure->source too */
    struct shared_workflow *shared; /* borrowed from; NULL: a workflow of its own */
    struct sha256 digest;           /* of the file */
    struct procedure *procedure;
    char *canonical; /* NUL-terminated; NULL once the database has it */
};

struct plugin_reading {
    struct workflow_shelf *shelf;
    const struct agency_tree *agencies;
    struct conf_errors *errors;
};

/* Reads the file at `path`, called `file` in errors. `old`: what stood there in a generation with
 * the same functions of agencies, or NULL; given again when nothing changed. The caller drops what
 * it gets. NULL: faulty. */
struct plugin_unit *plugin_unit_read(const struct plugin_reading *reading, const char *path,
                                     const char *file, struct plugin_unit *old);
struct plugin_unit *plugin_unit_drop(struct plugin_unit *unit); /* takes NULL, returns NULL */
/* The database has it under this id. */
void plugin_unit_published(struct plugin_unit *unit, int64_t id);

#endif
