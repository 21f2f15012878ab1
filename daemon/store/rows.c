#include "store/rows.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/num.h"

static bool has_value(const struct db_rows *rows, size_t row, size_t column)
{
    return rows != NULL && rows->result != NULL && row < (size_t)PQntuples(rows->result) &&
           column < (size_t)PQnfields(rows->result) &&
           !PQgetisnull(rows->result, (int)row, (int)column);
}

size_t db_rows_count(const struct db_rows *rows)
{
    return rows != NULL && rows->result != NULL ? (size_t)PQntuples(rows->result) : 0;
}

size_t db_rows_columns(const struct db_rows *rows)
{
    return rows != NULL && rows->result != NULL ? (size_t)PQnfields(rows->result) : 0;
}

bool db_null_at(const struct db_rows *rows, size_t row, size_t column)
{
    return !has_value(rows, row, column);
}

struct slice db_text_at(const struct db_rows *rows, size_t row, size_t column)
{
    if (!has_value(rows, row, column))
        return SLICE_NULL;
    return (struct slice){PQgetvalue(rows->result, (int)row, (int)column),
                          (size_t)PQgetlength(rows->result, (int)row, (int)column)};
}

int64_t db_int_at(const struct db_rows *rows, size_t row, size_t column, int64_t otherwise)
{
    int64_t value;

    if (num_parse_i64(db_text_at(rows, row, column), INT64_MIN, INT64_MAX, &value) != 0)
        return otherwise;
    return value;
}

bool db_bool_at(const struct db_rows *rows, size_t row, size_t column)
{
    return slice_is(db_text_at(rows, row, column), "t");
}

/* The server writes 2026-11-22 08:30:00.25+07: RFC 3339 but for the blank and the short offset. */
wall_t db_wall_at(const struct db_rows *rows, size_t row, size_t column)
{
    struct slice text = db_text_at(rows, row, column);
    char copy[48];
    wall_t at;
    int len;

    if (text.len < 20 || text.len > 40)
        return WALL_NONE;
    len = snprintf(copy, sizeof(copy), "%.*s", (int)text.len, text.ptr);
    if (copy[10] == ' ')
        copy[10] = 'T';
    if (copy[len - 3] == '+' || copy[len - 3] == '-')
        memcpy(copy + len, ":00", 4);
    return wall_parse(slice_str(copy), &at) == 0 ? at : WALL_NONE;
}

struct slice db_bytes_at(struct arena *arena, const struct db_rows *rows, size_t row, size_t column)
{
    struct slice text = db_text_at(rows, row, column);
    char *bytes;

    if (text.len < 2 || text.len % 2 != 0 || !slice_starts(text, "\\x"))
        return SLICE_NULL;
    text = slice_sub(text, 2, text.len - 2);
    bytes = arena_alloc(arena, text.len / 2 + 1);
    if (text.len > 0 && hex_parse(text, bytes, text.len / 2) != 0)
        return SLICE_NULL;
    return (struct slice){bytes, text.len / 2};
}

struct slice db_json(const struct db_rows *rows)
{
    return db_text_at(rows, 0, 0);
}

struct db_rows *db_rows_keep(const struct db_rows *rows)
{
    struct db_rows *kept = dvc_calloc(1, sizeof(*kept));

    kept->result = PQcopyResult(rows->result, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
    DVC_REQUIRE(kept->result != NULL); /* out of memory, as dvc_calloc */
    return kept;
}

struct db_rows *db_rows_free(struct db_rows *rows)
{
    if (rows != NULL) {
        PQclear(rows->result);
        free(rows);
    }
    return NULL;
}

void db_rows_freep(struct db_rows **rows)
{
    *rows = db_rows_free(*rows);
}

bool db_result_failed(const struct pg_result *result, struct db_error *ret_error)
{
    const char *text;

    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_PIPELINE_SYNC:
        return false;
    case PGRES_PIPELINE_ABORTED:
        db_error_set(ret_error, STORE_E_STATEMENT, "the statement before it failed");
        return true;
    case PGRES_EMPTY_QUERY:
    case PGRES_COPY_OUT:
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
        db_error_set(ret_error, STORE_E_STATEMENT, "not a statement with an answer");
        return true;
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_FATAL_ERROR:
        break;
    }
    *ret_error = (struct db_error){0};
    db_error_classify(ret_error, PQresultErrorField(result, PG_DIAG_SQLSTATE));
    text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (text == NULL)
        text = PQresultErrorMessage(result);
    snprintf(ret_error->message, sizeof(ret_error->message), "%s", text);
    text = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    snprintf(ret_error->constraint, sizeof(ret_error->constraint), "%s", text != NULL ? text : "");
    return true;
}
