/* plugin_load.h - plugins for a command: files given by name, without a database and without
 * dvcd.yaml, or those of the configuration by their codes. */
#ifndef DVC_CTL_PLUGIN_LOAD_H
#define DVC_CTL_PLUGIN_LOAD_H

#include "conf/agencies.h"
#include "core/procedure.h"
#include "ctl/ctl.h"

/* Plugins read by one command. Everything lives in `arena`, which is the caller's. */
struct plugin_set {
    struct ctl *ctl;
    struct arena *arena;
    const struct agency_tree *agencies; /* NULL: functions of agencies are not looked up */
    const char *folder, *workflows;     /* of the configuration; NULL until it is needed */
    struct conf_errors errors;
    struct procedure **procedures; /* without a fault of their own, in the order of reading */
    const char **files;            /* of each */
    size_t count, procedure_cap, file_cap;
    size_t read; /* with and without faults */
};

/* With --config its agencies are read, so that K106 can be proved of files as well. 0, or
 * CTL_E_USAGE, printed. */
int plugin_set_open(struct ctl *ctl, struct arena *arena, struct plugin_set *ret) DVC_MUSTCHECK;
/* The folders and agencies that dvcd.yaml names, which a CODE asks for by itself. As above. */
int plugin_set_configuration(struct plugin_set *set) DVC_MUSTCHECK;
/* Reads one by FILE (has a slash or ends in .yaml; shared workflows are looked for beside its
 * folder, ../workflows) or by CODE (paths.plugins). 0, CTL_FAILED when it does not compile (*ret
 * unwritten) or CTL_E_USAGE, printed, when the configuration cannot be read. With faults of the
 * proof alone it is 0 and *ret is written, but it is not in `procedures`. `ret` may be NULL. */
int plugin_set_add(struct plugin_set *set, const char *name,
                   const struct procedure **ret) DVC_MUSTCHECK;
/* All of the configuration. `progress`: a line of standard error that counts. 0 also with faults,
 * else as above. */
int plugin_set_add_all(struct plugin_set *set, bool progress) DVC_MUSTCHECK;
/* What one procedure opens of another, as the last thing: reads those as well that are named and
 * not yet there, from the folder of the file that names them. */
void plugin_set_link(struct plugin_set *set);

/* One plugin, for a command that works with one: 0, with *ret living in `arena`, or an exit status
 * with everything printed. `sound`: faults of the proof are a failure too; else they are printed
 * and the procedure comes all the same. */
int plugin_load_one(struct ctl *ctl, struct arena *arena, const char *name, bool sound,
                    const struct procedure **ret) DVC_MUSTCHECK;
/* A published version from the database's canonical JSON; `name` is what people call it. 0, with
 * *ret living in `arena`, or CTL_E_DATABASE, printed: it was written by another dvcd. */
int plugin_published(struct arena *arena, const char *name, struct slice canonical,
                     const struct procedure **ret) DVC_MUSTCHECK;
bool plugin_is_file(const char *name);

#endif
