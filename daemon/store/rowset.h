/* rowset.h - an array of rows in the server's binary form: how a batch sends its rows in one
 * parameter per kind. Columns must be put in the order and with the types of the SQL row type. */
#ifndef DVC_STORE_ROWSET_H
#define DVC_STORE_ROWSET_H

#include "base/wall.h"
#include "store/param.h"

struct rowset {
    struct buf buf;   /* row after row, without the array's head */
    uint32_t oid;     /* of the row type in this database */
    uint32_t count;   /* rows */
    uint32_t columns; /* put into the row begun */
    size_t row_start; /* of the row begun: its length goes there */
};

void rowset_init(struct rowset *set, uint32_t oid);
void rowset_release(struct rowset *set);
void rowset_begin(struct rowset *set);
void rowset_end(struct rowset *set);
void rowset_int2(struct rowset *set, int value);
void rowset_int4(struct rowset *set, int64_t value);
void rowset_int4_or_null(struct rowset *set, int64_t value, bool present);
void rowset_int8(struct rowset *set, int64_t value);
void rowset_id(struct rowset *set, int64_t id); /* bigint, 0 is null */
void rowset_bool(struct rowset *set, bool value);
void rowset_text(struct rowset *set, struct slice text); /* ptr NULL is null */
void rowset_str(struct rowset *set, const char *text);   /* NULL is null */
void rowset_bytes(struct rowset *set, struct slice bytes);
void rowset_wall(struct rowset *set, wall_t at); /* WALL_NONE is null */
void rowset_day(struct rowset *set, day_t day);  /* DAY_NONE is null */
/* Appends the whole array. */
void rowset_write(const struct rowset *set, struct buf *out);

#endif
