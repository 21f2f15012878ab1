/* schema.h - from a tree of values to a struct, by tables: one row a key. Every fault is collected;
 * an unknown key is answered with the nearest known one. */
#ifndef DVC_CONF_SCHEMA_H
#define DVC_CONF_SCHEMA_H

#include "base/value.h"
#include "base/wall.h"
#include "conf/file.h"
#include "core/expr.h"
#include "core/limit.h"

/* Where one file's faults go. */
struct schema_reader {
    struct arena *arena;
    struct conf_errors *errors;
    const char *file; /* shown in errors */
    size_t faults;    /* added by this reader */
    /* A key of a file with nothing behind it is a fault; else it is as if it were not there. */
    bool whole;
};

enum schema_type {
    SCHEMA_BOOL,   /* bool */
    SCHEMA_INT,    /* int64_t, in [min, max] */
    SCHEMA_INT32,  /* int, in [min, max] */
    SCHEMA_REAL,   /* double, in [min, max] */
    SCHEMA_TEXT,   /* const char *, of min..max code points (max 0: 2,000) */
    SCHEMA_CODE,   /* const char *: text that must be quoted, e.g. "1.001190" */
    SCHEMA_ID,     /* const char *: [a-z][a-z0-9_]*, at most 40 */
    SCHEMA_WORD,   /* int: the value of one of `words` */
    SCHEMA_DAY,    /* day_t */
    SCHEMA_LIMIT,  /* struct limit, as core/limit.h reads it */
    SCHEMA_MINUTE, /* int: minute of the day, from "15:00" */
    SCHEMA_EXPR,   /* struct expr * */
    SCHEMA_TEXTS,  /* struct schema_texts: a list of texts; a single text is a list of one */
    SCHEMA_CODES,  /* the same, each quoted */
    SCHEMA_MAP,    /* const struct value *: a map, read by the caller */
    SCHEMA_LIST,   /* const struct value *: a list, read by the caller */
    SCHEMA_ANY,    /* const struct value *: anything but null */
};

/* Where a key does not say less. */
#define SCHEMA_TEXT_MAX 2000 /* code points */
#define SCHEMA_ID_MAX 40
#define SCHEMA_LIST_MAX 1000 /* items */

struct schema_texts {
    const char **items;
    size_t count;
};

struct schema_word {
    const char *word;
    int value;
};

struct schema_shape; /* conf/schema_shape.h */

struct schema_key {
    const char *name;
    enum schema_type type;
    bool required;
    size_t offset; /* into the struct that is filled */
    int64_t min, max;
    const struct schema_word *words; /* SCHEMA_WORD; ended by word NULL */
    /* For editors: what is inside of a MAP, LIST or ANY, or what a text must be like. */
    const struct schema_shape *shape;
};

/* Reads `map` into `target`. Members that are absent leave their field as it was. `what` names the
 * thing in errors ("bước \"appraise\""). False when a fault was added. */
bool schema_read(struct schema_reader *reader, const struct value *map, const char *what,
                 const struct schema_key *keys, size_t count, void *target);
#define SCHEMA_READ(reader, map, what, keys, target)                                               \
    schema_read((reader), (map), (what), (keys), DVC_COUNT(keys), (target))

/* One value by itself, by the type (and range or words) of `key`. */
bool schema_value(struct schema_reader *reader, const struct value *value,
                  const struct schema_key *key, void *field);
void schema_fault(struct schema_reader *reader, const struct value *at, const char *fmt, ...)
    DVC_PRINTF(3, 4);
/* At the key of `map` called `key`, else at the map. */
void schema_fault_key(struct schema_reader *reader, const struct value *map, const char *key,
                      const char *fmt, ...) DVC_PRINTF(4, 5);
bool schema_is_id(struct slice text);
/* What was found, in Vietnamese: "một danh sách", "số 12", "chữ \"x\"". */
const char *schema_found(struct arena *arena, const struct value *value);

#endif
