/* targets.h - the services that dossiers leave the house by, from config/targets. The format
 * is described at the head of vnpost.yaml. */
#ifndef DVC_CONF_TARGETS_H
#define DVC_CONF_TARGETS_H

#include "conf/errors.h"
#include "conf/schema.h"
#include "core/carrier.h"

#define TARGET_FILES_MAX 100
#define TARGET_STATUS_MAX 9999 /* largest StatusCode a map may name */

struct targets {
    struct vnpost_target **vnposts; /* by id */
    size_t vnpost_count;
};

/* One target of kind vnpost from its map; `dir` (absolute) is what relative paths start from.
 * 0 with *ret written, or CONF_E_BAD. */
int vnpost_target_read(struct schema_reader *reader, const char *dir, const struct value *map,
                       struct vnpost_target **ret) DVC_MUSTCHECK;
/* Every YAML file of a folder; a folder without files gives no targets. 0 or CONF_E_BAD. */
int targets_load(struct arena *arena, const char *folder, const char *label,
                 struct conf_errors *errors, struct targets **ret) DVC_MUSTCHECK;

#endif
