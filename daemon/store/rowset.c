#include "store/rowset.h"

#include <endian.h>
#include <string.h>

#include "store/oid.h"

#define ROWSET_BYTES_MAX (48u * 1024 * 1024)

static void patch32(struct buf *out, size_t at, uint32_t value)
{
    value = htobe32(value);
    if (!out->overflow)
        memcpy(out->ptr + at, &value, sizeof(value));
}

void rowset_init(struct rowset *set, uint32_t oid)
{
    *set = (struct rowset){.buf = BUF_INIT(ROWSET_BYTES_MAX), .oid = oid};
}

void rowset_release(struct rowset *set)
{
    buf_release(&set->buf);
}

void rowset_begin(struct rowset *set)
{
    set->row_start = set->buf.len;
    set->columns = 0;
    buf_add_be32(&set->buf, 0); /* length */
    buf_add_be32(&set->buf, 0); /* columns */
}

void rowset_end(struct rowset *set)
{
    patch32(&set->buf, set->row_start, (uint32_t)(set->buf.len - set->row_start - 4));
    patch32(&set->buf, set->row_start + 4, set->columns);
    set->count++;
}

static void column(struct rowset *set, uint32_t oid, uint32_t length)
{
    set->columns++;
    buf_add_be32(&set->buf, oid);
    buf_add_be32(&set->buf, length);
}

static void null_column(struct rowset *set, uint32_t oid)
{
    column(set, oid, UINT32_MAX);
}

void rowset_int2(struct rowset *set, int value)
{
    column(set, OID_SMALLINT, 2);
    buf_add_be16(&set->buf, (uint16_t)(int16_t)value);
}

void rowset_int4(struct rowset *set, int64_t value)
{
    column(set, OID_INTEGER, 4);
    buf_add_be32(&set->buf, (uint32_t)(int32_t)value);
}

void rowset_int4_or_null(struct rowset *set, int64_t value, bool present)
{
    if (present)
        rowset_int4(set, value);
    else
        null_column(set, OID_INTEGER);
}

void rowset_int8(struct rowset *set, int64_t value)
{
    column(set, OID_BIGINT, 8);
    buf_add_be64(&set->buf, (uint64_t)value);
}

void rowset_id(struct rowset *set, int64_t id)
{
    if (id != 0)
        rowset_int8(set, id);
    else
        null_column(set, OID_BIGINT);
}

void rowset_bool(struct rowset *set, bool value)
{
    column(set, OID_BOOL, 1);
    buf_addc(&set->buf, value);
}

static void blob(struct rowset *set, uint32_t oid, struct slice bytes)
{
    if (bytes.ptr == NULL) {
        null_column(set, oid);
        return;
    }
    column(set, oid, (uint32_t)bytes.len);
    buf_add_slice(&set->buf, bytes);
}

void rowset_text(struct rowset *set, struct slice text)
{
    blob(set, OID_TEXT, text);
}

void rowset_str(struct rowset *set, const char *text)
{
    blob(set, OID_TEXT, slice_str(text));
}

void rowset_bytes(struct rowset *set, struct slice bytes)
{
    blob(set, OID_BYTEA, bytes);
}

/* The server counts from 2000-01-01T00:00:00Z. */
void rowset_wall(struct rowset *set, wall_t at)
{
    if (wall_is_none(at)) {
        null_column(set, OID_TIMESTAMPTZ);
        return;
    }
    column(set, OID_TIMESTAMPTZ, 8);
    buf_add_be64(&set->buf, (uint64_t)(at.us - INT64_C(946684800000000)));
}

void rowset_day(struct rowset *set, day_t day)
{
    if (day_is_none(day)) {
        null_column(set, OID_DATE);
        return;
    }
    column(set, OID_DATE, 4);
    buf_add_be32(&set->buf, (uint32_t)(day.n - 10957));
}

void rowset_write(const struct rowset *set, struct buf *out)
{
    buf_add_be32(out, set->count > 0 ? 1 : 0); /* dimensions */
    buf_add_be32(out, 0);                      /* no null rows */
    buf_add_be32(out, set->oid);
    if (set->count > 0) {
        buf_add_be32(out, set->count);
        buf_add_be32(out, 1); /* lower bound */
    }
    buf_add(out, set->buf.ptr, set->buf.len);
}
