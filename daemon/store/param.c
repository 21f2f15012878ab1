#include "store/param.h"

#include <errno.h>
#include <string.h>

#include "store/oid.h"

static const struct db_type types[] = {
    {"boolean", OID_BOOL},
    {"bool", OID_BOOL},
    {"bytea", OID_BYTEA},
    {"bigint", OID_BIGINT},
    {"smallint", OID_SMALLINT},
    {"integer", OID_INTEGER},
    {"int", OID_INTEGER},
    {"text", OID_TEXT},
    {"json", OID_JSON},
    {"jsonb", OID_JSONB},
    {"date", OID_DATE},
    {"timestamptz", OID_TIMESTAMPTZ},
    {"numeric", OID_NUMERIC},
    {"uuid", OID_UUID},
    {"text[]", OID_TEXT_ARRAY},
    {"bigint[]", OID_BIGINT_ARRAY},
    {"integer[]", OID_INTEGER_ARRAY},
    {"int[]", OID_INTEGER_ARRAY},
};
/* A type of our own schema: its number differs from database to database. */
static const struct db_type inferred = {"inferred", 0};

/* The server counts from 2000-01-01T00:00:00Z. */
static const int64_t EPOCH_2000_US = INT64_C(946684800000000);
static const int64_t EPOCH_2000_DAYS = 10957;

const struct db_type *db_type_find(struct slice name)
{
    for (size_t i = 0; i < DVC_COUNT(types); i++)
        if (slice_is(name, types[i].name))
            return &types[i];
    if (slice_ends(name, "[]"))
        name.len -= 2;
    if (name.len == 0)
        return NULL;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!((c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9')))
            return NULL;
    }
    return &inferred;
}

static int put_int(struct buf *out, int64_t value, uint32_t oid, int *ret_format)
{
    *ret_format = DB_FORMAT_BINARY;
    if (oid == OID_BIGINT) {
        buf_add_be64(out, (uint64_t)value);
        return 0;
    }
    if (oid == OID_INTEGER) {
        if (value < INT32_MIN || value > INT32_MAX)
            return -ERANGE;
        buf_add_be32(out, (uint32_t)value);
        return 0;
    }
    if (oid != OID_SMALLINT && oid != OID_NUMERIC && oid != OID_TEXT && oid != 0)
        return -EINVAL;
    *ret_format = DB_FORMAT_TEXT;
    buf_add_i64(out, value);
    return 0;
}

static int put_wall(struct buf *out, int64_t us, uint32_t oid, int *ret_format)
{
    if (oid != OID_TIMESTAMPTZ)
        return -EINVAL;
    *ret_format = DB_FORMAT_BINARY;
    buf_add_be64(out, (uint64_t)(us - EPOCH_2000_US));
    return 0;
}

static int put_day(struct buf *out, int64_t days, uint32_t oid, int *ret_format)
{
    if (oid != OID_DATE)
        return -EINVAL;
    *ret_format = DB_FORMAT_BINARY;
    buf_add_be32(out, (uint32_t)(int32_t)(days - EPOCH_2000_DAYS));
    return 0;
}

/* A text in the server's text form would end at a NUL; what takes raw bytes goes in binary. */
static int put_text(struct buf *out, struct slice text, uint32_t oid, int *ret_format)
{
    if (oid == OID_BYTEA || oid == OID_TEXT_ARRAY || oid == OID_BIGINT_ARRAY ||
        oid == OID_INTEGER_ARRAY)
        return -EINVAL;
    *ret_format = DB_FORMAT_TEXT;
    if (oid == OID_TEXT || oid == OID_JSON || oid == OID_JSONB)
        *ret_format = DB_FORMAT_BINARY;
    else if (memchr(text.ptr, '\0', text.len) != NULL)
        return -EINVAL;
    if (oid == OID_JSONB)
        buf_addc(out, 1); /* version of jsonb's wire form */
    buf_add_slice(out, text);
    return 0;
}

static void put_array_head(struct buf *out, size_t count, uint32_t element_oid, bool has_null)
{
    buf_add_be32(out, count > 0 ? 1 : 0); /* dimensions */
    buf_add_be32(out, has_null);
    buf_add_be32(out, element_oid);
    if (count > 0) {
        buf_add_be32(out, (uint32_t)count);
        buf_add_be32(out, 1); /* lower bound */
    }
}

static int put_texts(struct buf *out, const struct db_param *param, uint32_t oid, int *ret_format)
{
    bool has_null = false;

    if (oid != OID_TEXT_ARRAY)
        return -EINVAL;
    *ret_format = DB_FORMAT_BINARY;
    for (size_t i = 0; i < param->texts.count; i++)
        has_null = has_null || param->texts.items[i].ptr == NULL;
    put_array_head(out, param->texts.count, OID_TEXT, has_null);
    for (size_t i = 0; i < param->texts.count; i++) {
        struct slice item = param->texts.items[i];

        buf_add_be32(out, item.ptr == NULL ? UINT32_MAX : (uint32_t)item.len);
        if (item.ptr != NULL)
            buf_add_slice(out, item);
    }
    return 0;
}

static int put_ints(struct buf *out, const struct db_param *param, uint32_t oid, int *ret_format)
{
    if (oid != OID_BIGINT_ARRAY)
        return -EINVAL;
    *ret_format = DB_FORMAT_BINARY;
    put_array_head(out, param->ints.count, OID_BIGINT, false);
    for (size_t i = 0; i < param->ints.count; i++) {
        buf_add_be32(out, sizeof(int64_t));
        buf_add_be64(out, (uint64_t)param->ints.items[i]);
    }
    return 0;
}

int db_param_encode(struct buf *out, const struct db_param *param, uint32_t oid, int *ret_format)
{
    switch (param->kind) {
    case DB_NULL:
        *ret_format = DB_FORMAT_TEXT;
        return 0;
    case DB_INT:
        return put_int(out, param->integer, oid, ret_format);
    case DB_BOOL:
        if (oid != OID_BOOL)
            return -EINVAL;
        *ret_format = DB_FORMAT_BINARY;
        buf_addc(out, param->integer != 0);
        return 0;
    case DB_TEXT:
        return put_text(out, param->bytes, oid, ret_format);
    case DB_BYTES:
        if (oid != OID_BYTEA)
            return -EINVAL;
        *ret_format = DB_FORMAT_BINARY;
        buf_add_slice(out, param->bytes);
        return 0;
    case DB_WALL:
        return put_wall(out, param->integer, oid, ret_format);
    case DB_DAY:
        return put_day(out, param->integer, oid, ret_format);
    case DB_TEXT_ARRAY:
        return put_texts(out, param, oid, ret_format);
    case DB_INT_ARRAY:
        return put_ints(out, param, oid, ret_format);
    case DB_RAW:
        *ret_format = DB_FORMAT_BINARY;
        buf_add_slice(out, param->bytes);
        return 0;
    }
    return -EINVAL;
}
