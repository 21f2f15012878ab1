/* param.h - values on their way to a statement. Built on the caller's stack; the store copies what
 * it needs before store_query returns. */
#ifndef DVC_STORE_PARAM_H
#define DVC_STORE_PARAM_H

#include "base/wall.h"

enum db_kind {
    DB_NULL,
    DB_INT,
    DB_BOOL,
    DB_TEXT, /* also for json, jsonb, numeric, date and timestamptz given as text */
    DB_BYTES,
    DB_WALL,
    DB_DAY,
    DB_TEXT_ARRAY,
    DB_INT_ARRAY,
    DB_RAW, /* the server's binary form, made by rowset.c */
};

struct db_param {
    enum db_kind kind;
    union {
        int64_t integer; /* DB_INT, DB_BOOL, DB_WALL (microseconds), DB_DAY (days) */
        struct slice bytes;
        struct {
            const struct slice *items; /* an item with ptr NULL is a null element */
            size_t count;
        } texts;
        struct {
            const int64_t *items;
            size_t count;
        } ints;
    };
};

static inline struct db_param db_null(void)
{
    return (struct db_param){.kind = DB_NULL};
}
static inline struct db_param db_int(int64_t value)
{
    return (struct db_param){.kind = DB_INT, .integer = value};
}
static inline struct db_param db_bool(bool value)
{
    return (struct db_param){.kind = DB_BOOL, .integer = value};
}
/* ptr NULL is SQL's null; an empty text has a pointer. */
static inline struct db_param db_text(struct slice text)
{
    return (struct db_param){.kind = text.ptr != NULL ? DB_TEXT : DB_NULL, .bytes = text};
}
static inline struct db_param db_str(const char *text)
{
    return db_text(slice_str(text));
}
static inline struct db_param db_bytes(struct slice bytes)
{
    return (struct db_param){.kind = bytes.ptr != NULL ? DB_BYTES : DB_NULL, .bytes = bytes};
}
/* WALL_NONE and DAY_NONE are SQL's null. */
static inline struct db_param db_wall(wall_t at)
{
    return (struct db_param){.kind = wall_is_none(at) ? DB_NULL : DB_WALL, .integer = at.us};
}
static inline struct db_param db_day(day_t day)
{
    return (struct db_param){.kind = day_is_none(day) ? DB_NULL : DB_DAY, .integer = day.n};
}
static inline struct db_param db_text_array(const struct slice *items, size_t count)
{
    return (struct db_param){.kind = DB_TEXT_ARRAY, .texts = {items, count}};
}
static inline struct db_param db_int_array(const int64_t *items, size_t count)
{
    return (struct db_param){.kind = DB_INT_ARRAY, .ints = {items, count}};
}

/* The types a statement may declare for its parameters, and the server's number of each. */
struct db_type {
    const char *name; /* as written after "-- params:" */
    uint32_t oid;     /* 0: not built in; the server infers it from the statement */
};
/* NULL when `name` is neither built in nor a plain identifier (with [] or not). */
const struct db_type *db_type_find(struct slice name);

enum { DB_FORMAT_TEXT = 0, DB_FORMAT_BINARY = 1 };
/* Appends the wire form of `param` for a parameter of type `oid`; *ret_format says which form.
 * 0; -EINVAL when that kind cannot fill that type; -ERANGE when the number does not fit. */
int db_param_encode(struct buf *out, const struct db_param *param, uint32_t oid,
                    int *ret_format) DVC_MUSTCHECK;

#endif
