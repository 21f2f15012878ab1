/* jw.h - writes JSON text straight into a buf: commas and escapes right, order as called. */
#ifndef DVC_BASE_JW_H
#define DVC_BASE_JW_H

#include "base/buf.h"
#include "base/wall.h"

/* Depth is limited to 31 levels (DVC_REQUIRE): shapes are ours, not an outsider's. */
struct jw {
    struct buf *buf;
    uint32_t filled; /* bit per level: a member was written */
    uint8_t depth;
    bool after_key;
};

#define JW_INIT(b) ((struct jw){.buf = (b)})

void jw_object(struct jw *jw); /* { */
void jw_array(struct jw *jw);  /* [ */
void jw_end_object(struct jw *jw);
void jw_end_array(struct jw *jw);
/* A key is a word of ours: it is written as it is, nothing in it is escaped. */
void jw_key_slice(struct jw *jw, struct slice key);
static inline void jw_key(struct jw *jw, const char *key)
{
    jw_key_slice(jw, slice_str(key));
}
void jw_null(struct jw *jw);
void jw_bool(struct jw *jw, bool value);
void jw_int(struct jw *jw, int64_t value);
void jw_real(struct jw *jw, double value);
void jw_slice(struct jw *jw, struct slice text);
static inline void jw_str(struct jw *jw, const char *text) /* NULL writes null */
{
    if (text == NULL)
        jw_null(jw);
    else
        jw_slice(jw, slice_str(text));
}
void jw_raw(struct jw *jw, struct slice json); /* text that is JSON already */
void jw_wall(struct jw *jw, wall_t at);        /* RFC 3339 +07:00, or null for WALL_NONE */
void jw_day(struct jw *jw, day_t day);

/* Key and value in one call, for the common cases. */
void jw_kv_strs(struct jw *jw, const char *key, const char *const *texts, size_t count); /* a list */
static inline void jw_kv_str(struct jw *jw, const char *key, const char *text)
{
    jw_key(jw, key);
    jw_str(jw, text);
}
static inline void jw_kv_slice(struct jw *jw, const char *key, struct slice text)
{
    jw_key(jw, key);
    jw_slice(jw, text);
}
static inline void jw_kv_int(struct jw *jw, const char *key, int64_t value)
{
    jw_key(jw, key);
    jw_int(jw, value);
}
static inline void jw_kv_bool(struct jw *jw, const char *key, bool value)
{
    jw_key(jw, key);
    jw_bool(jw, value);
}
static inline void jw_kv_wall(struct jw *jw, const char *key, wall_t at)
{
    jw_key(jw, key);
    jw_wall(jw, at);
}
static inline void jw_kv_day(struct jw *jw, const char *key, day_t day)
{
    jw_key(jw, key);
    jw_day(jw, day);
}
static inline void jw_kv_null(struct jw *jw, const char *key)
{
    jw_key(jw, key);
    jw_null(jw);
}

/* Appends text as a JSON string, quotes included. */
void buf_add_json_string(struct buf *buf, struct slice text);

#endif
