/* schema_shape.h - what stands inside a list, a map or a value of several forms, beside the tables
 * of schema.h: with both a whole language is described, for its reader and for editors. */
#ifndef DVC_CONF_SCHEMA_SHAPE_H
#define DVC_CONF_SCHEMA_SHAPE_H

#include "conf/schema.h"

enum schema_shape_kind {
    SHAPE_KEYS,   /* a map with `keys` */
    SHAPE_MAP,    /* a map to `item`: its keys are `word`'s, without it ids */
    SHAPE_LIST,   /* a list of `item`, min..max of them (max 0: not bounded here) */
    SHAPE_VALUE,  /* what `value` says */
    SHAPE_WORDS,  /* one of `word`'s */
    SHAPE_TEXT,   /* text that matches `pattern` (ECMA, whole) */
    SHAPE_MOMENT, /* a point of a limit, as warn_at_parse reads it */
    SHAPE_EITHER, /* one of `either` */
};

struct schema_shape {
    const char *name; /* of its place among the definitions and before the keys of its help */
    enum schema_shape_kind kind;
    const struct schema_key *keys;
    size_t count;
    const char *const
        *exactly_one; /* keys of which one must be there and no other; ended by NULL */
    const struct schema_shape *item;
    const struct schema_shape *const *either; /* ended by NULL */
    const struct schema_key *value;
    const char *(*word)(int index); /* NULL after the last */
    const char *pattern;
    size_t min, max;
};

#define SHAPE_OF_KEYS(shape_name, table)                                                           \
    .name = (shape_name), .kind = SHAPE_KEYS, .keys = (table), .count = DVC_COUNT(table)

#endif
