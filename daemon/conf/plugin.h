/* plugin.h - one procedure's plugin: from YAML, or from the canonical JSON kept in the database, to
 * a compiled procedure. The language: plugins/README.md. */
#ifndef DVC_CONF_PLUGIN_H
#define DVC_CONF_PLUGIN_H

#include "base/hash.h"
#include "conf/file.h"
#include "core/procedure.h"

struct schema_shape;
/* For schemas: of a shared workflow's file, and of `workflow: {use: ...}`. */
extern const struct schema_shape plugin_shared_shape, plugin_use_shape;

/* Reads a plugin file and puts the shared workflow that it names into its tree, so that the tree is
 * complete by itself. `path` is where it is, `file` the name in errors; workflows are looked for in
 * `workflow_dir` (path) and named as ../workflows/ beside `file`'s folder. 0 or CONF_E_BAD. */
int plugin_load(struct arena *arena, const char *path, const char *file, const char *workflow_dir,
                struct conf_errors *errors, struct value **ret_tree) DVC_MUSTCHECK;
/* The same for a tree that is read already. */
int plugin_expand(struct arena *arena, struct value *tree, const char *file,
                  const char *workflow_dir, struct conf_errors *errors) DVC_MUSTCHECK;

/* The same with shared workflows from a shelf; *ret_used is the one it borrows from, or NULL. */
struct shared_workflow;
struct workflow_shelf;
int plugin_expand_shared(struct arena *arena, struct value *tree, const char *file,
                         struct workflow_shelf *shelf, struct conf_errors *errors,
                         struct shared_workflow **ret_used) DVC_MUSTCHECK;
/* Beside steps and actions the order in which they were written: canonical JSON sorts them. */
void plugin_keep_orders(struct arena *arena, struct value *workflow);

/* Reads the text of a shared workflow's file; its head must say what its name says (K105). 0 or
 * CONF_E_BAD. */
int plugin_shared_read(struct arena *arena, struct slice text, const char *file, const char *use,
                         int version, struct conf_errors *errors,
                         struct value **ret_tree) DVC_MUSTCHECK;

/* Compiles a complete tree, from YAML or from canonical JSON (json_parse; no places then). The
 * procedure borrows from `arena` and `tree`, and carries its SHA-256. 0 or CONF_E_BAD. */
int procedure_compile(struct arena *arena, const struct value *tree, const char *file,
                      struct conf_errors *errors, struct procedure **ret) DVC_MUSTCHECK;

/* The same, and its canonical text into `canonical`, of at most PLUGIN_CANONICAL_MAX bytes. */
int procedure_compile_keep(struct arena *arena, const struct value *tree, const char *file,
                           struct conf_errors *errors, struct buf *canonical,
                           struct procedure **ret) DVC_MUSTCHECK;
#define PLUGIN_CANONICAL_MAX (32u << 20)

/* The canonical text of a complete tree: compact JSON, members sorted bytewise at every level.
 * Lives in `arena`. */
struct slice procedure_canonical(struct arena *arena, const struct value *tree);
/* SHA-256 of that text, lower-case hexadecimal. */
void procedure_sha256(struct arena *arena, const struct value *tree, char out[SHA256_HEX_SIZE]);

/* K105: a procedure's file carries its code. */
void plugin_named(struct arena *arena, const struct value *tree, const char *file,
                  struct conf_errors *errors);

/* The file of the shared workflow `use`, `version` as errors name it. */
const char *plugin_workflow_file(struct arena *arena, const char *file, const char *use,
                                 int64_t version);

#endif
