/* value.h - a plain tree of values: what JSON and YAML both become. Lives in an arena. */
#ifndef DVC_BASE_VALUE_H
#define DVC_BASE_VALUE_H

#include "base/arena.h"
#include "base/buf.h"

enum value_kind {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,    /* fits int64 */
    VALUE_REAL,   /* written with a fraction or exponent */
    VALUE_STRING, /* valid UTF-8 */
    VALUE_LIST,
    VALUE_MAP, /* order of the text kept; keys unique (the readers see to it) */
};

struct value {
    enum value_kind kind;
    uint32_t line, column; /* 1-based place in the file; 0 when it has none (JSON, made by us) */
    bool quoted;           /* VALUE_STRING: was written in quotes (YAML); true for JSON */
    union {
        bool boolean;
        int64_t integer;
        double real;
        struct slice string; /* also NUL-terminated at ptr[len] */
        struct {
            struct value **items;
            size_t count, cap;
        } list;
        struct {
            struct value_member *members;
            size_t count, cap;
        } map;
    };
};

struct value_member {
    struct slice key; /* NUL-terminated too */
    uint32_t line, column;
    struct value *value;
};

struct value *value_new(struct arena *arena, enum value_kind kind);
struct value *value_string(struct arena *arena, struct slice text); /* copies */
/* The same without copying: `text` outlives the arena, or lives in it. */
struct value *value_text(struct arena *arena, const char *text);
struct value *value_int(struct arena *arena, int64_t integer);
struct value *value_bool(struct arena *arena, bool boolean);
void value_append(struct arena *arena, struct value *list, struct value *item);
void value_set(struct arena *arena, struct value *map, const char *key, struct value *item);
/* value_set for a key that the map does not have yet and that outlives the arena: it is neither
 * looked for nor copied. */
void value_add(struct arena *arena, struct value *map, const char *key, struct value *item);

/* Each takes NULL for `value` and answers as for a missing one. */
struct value *value_get(const struct value *map, const char *key);    /* NULL when absent */
struct value *value_get_slice(const struct value *map, struct slice key);
struct value *value_path(const struct value *map, struct slice path); /* "a.b.c" */
struct value *value_at(const struct value *list, size_t index);
size_t value_count(const struct value *value); /* of a list or map, else 0 */
bool value_is_null(const struct value *value); /* NULL or VALUE_NULL */
/* The member as a C string (NULL when absent, null or no string), number or boolean. */
const char *value_get_str(const struct value *map, const char *key);
struct slice value_get_text(const struct value *map, const char *key);
int64_t value_get_int(const struct value *map, const char *key, int64_t otherwise);
bool value_get_bool(const struct value *map, const char *key, bool otherwise);
bool value_eq(const struct value *a, const struct value *b); /* 1 equals 1.0; maps by key */

/* Compact JSON. `sorted` orders members bytewise at each level: the canonical form whose SHA-256
 * names a procedure version. */
void value_write(struct buf *buf, const struct value *value, bool sorted);

#endif
