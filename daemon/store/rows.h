/* rows.h - the answer of a statement. Inside a callback it is borrowed: valid until the callback
 * returns, as is every slice taken from it. */
#ifndef DVC_STORE_ROWS_H
#define DVC_STORE_ROWS_H

#include "base/arena.h"
#include "base/wall.h"
#include "store/fault.h"

struct pg_result;

struct db_rows {
    struct pg_result *result;
};

size_t db_rows_count(const struct db_rows *rows);
size_t db_rows_columns(const struct db_rows *rows);

/* All take (row, column) from 0; outside the answer they give what a null gives. */
bool db_null_at(const struct db_rows *rows, size_t row, size_t column);
/* As the server writes it, NUL-terminated at ptr[len]; null gives SLICE_NULL. */
struct slice db_text_at(const struct db_rows *rows, size_t row, size_t column);
int64_t db_int_at(const struct db_rows *rows, size_t row, size_t column, int64_t otherwise);
bool db_bool_at(const struct db_rows *rows, size_t row, size_t column);
wall_t db_wall_at(const struct db_rows *rows, size_t row, size_t column); /* null: WALL_NONE */
/* bytea, decoded into the arena; null gives SLICE_NULL. */
struct slice db_bytes_at(struct arena *arena, const struct db_rows *rows, size_t row,
                         size_t column);
/* First column of the first row: the whole answer of a `-- json` statement; SLICE_NULL when there
 * is no row or it is null. */
struct slice db_json(const struct db_rows *rows);

/* A copy that outlives the callback; freed by db_rows_free. */
struct db_rows *db_rows_keep(const struct db_rows *rows);
/* Of what sync.h or db_rows_keep gave. Takes NULL, returns NULL. */
struct db_rows *db_rows_free(struct db_rows *rows);
void db_rows_freep(struct db_rows **rows);

/* For pgconn.c and sync.c: whether the result is an error, and which. True when it is one. */
bool db_result_failed(const struct pg_result *result, struct db_error *ret_error);

#endif
