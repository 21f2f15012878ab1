/* schema_json.h - tables and shapes of a language as JSON Schema (2020-12), for editors. It says
 * what the reader says of each value by itself; what is proved of the whole stays the checker's. An
 * optional key without a value, which the reader takes as absent, is no match. */
#ifndef DVC_CONF_SCHEMA_JSON_H
#define DVC_CONF_SCHEMA_JSON_H

#include "base/buf.h"
#include "conf/schema_shape.h"

/* Help of a key, in Vietnamese, looked up as "<shape>.<key>"; without a text the key is the
 * program's own (canonical JSON) and no part of what people write. */
struct schema_help {
    const char *key, *text;
};

/* One schema for files of two kinds, both of SHAPE_KEYS; the second key of the first kind tells
 * them apart. `roots` is ended by NULL. */
void schema_json(struct buf *out, const char *title, const struct schema_shape *const roots[3],
                 const struct schema_help *help, size_t help_count);

/* Calls fn for each key of each shape that the roots reach. */
void schema_each_key(const struct schema_shape *const *roots,
                     void (*fn)(void *ctx, const char *shape, const struct schema_key *key),
                     void *ctx);

#endif
