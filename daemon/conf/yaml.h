/* yaml.h - the part of YAML that configuration is written in, read into plain values with their
 * places. What makes YAML surprising is refused: anchors and aliases, tags, several documents, keys
 * twice, yes/no as booleans, numbers with leading zeros. */
#ifndef DVC_CONF_YAML_H
#define DVC_CONF_YAML_H

#include "base/value.h"
#include "conf/file.h"

#define CONF_YAML_MAX_BYTES (1024 * 1024)
#define CONF_YAML_MAX_DEPTH 24
#define CONF_YAML_MAX_NODES 100000
#define CONF_YAML_MAX_KEYS 2000 /* of one map */

/* Reads one document, normalised to NFC. `file` is the name shown in errors. Every fault is added
 * to `errors`; a fault of syntax ends the reading. 0 with *ret written, or CONF_E_BAD. */
int conf_yaml_read(struct arena *arena, const char *file, struct slice text,
                   struct conf_errors *errors, struct value **ret) DVC_MUSTCHECK;
/* The same with the texts of values and keys in another arena than the tree: what is made from the
 * tree borrows them, and the tree itself need not stay. */
int conf_yaml_read_apart(struct arena *arena, struct arena *texts, const char *file,
                         struct slice text, struct conf_errors *errors,
                         struct value **ret) DVC_MUSTCHECK;
/* conf_yaml_read from the file at `path`. */
int conf_yaml_load(struct arena *arena, const char *path, const char *file,
                   struct conf_errors *errors, struct value **ret) DVC_MUSTCHECK;

#endif
