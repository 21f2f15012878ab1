/* shared_workflow.h - workflows that many plugins use (plugins/workflows): each is read once in a
 * generation of the configuration, and taken over by the next one while its file is the same. */
#ifndef DVC_CONF_SHARED_WORKFLOW_H
#define DVC_CONF_SHARED_WORKFLOW_H

#include "base/hash.h"
#include "base/value.h"
#include "conf/file.h"

struct shared_workflow {
    unsigned refs;
    struct arena *arena;
    const char *use;
    int version;
    struct sha256 digest;     /* of the file */
    const struct value *tree; /* with the orders kept, see plugin_keep_orders; NULL: faulty */
};

struct shared_workflow *shared_workflow_ref(struct shared_workflow *workflow);   /* takes NULL */
struct shared_workflow *shared_workflow_unref(struct shared_workflow *workflow); /* returns NULL */

/* Those of one generation. */
struct workflow_shelf;
/* `dir` is the folder's path; `old`: the generation before it, or NULL. Both are only used while
 * workflow_shelf_get is called. */
struct workflow_shelf *workflow_shelf_new(const char *dir, const struct workflow_shelf *old);
struct workflow_shelf *workflow_shelf_free(struct workflow_shelf *shelf); /* takes NULL */
/* The one of this name, which stays the shelf's; read when it is asked for the first time, its
 * faults added to `errors` then. `file` is its name in errors. NULL: it cannot be used. */
struct shared_workflow *workflow_shelf_get(struct workflow_shelf *shelf, const char *use,
                                           int version, const char *file,
                                           struct conf_errors *errors);

#endif
