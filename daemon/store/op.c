#include "store/op.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What one call may send: the largest is a blob part or a batch of changes. */
#define OP_BYTES_MAX (64u * 1024 * 1024)

static int encode_all(const struct statement *statement, const struct db_param *params,
                      size_t count, struct buf *out, size_t *offsets, struct db_op *op)
{
    for (size_t i = 0; i < count; i++) {
        size_t start = out->len;
        int rc = db_param_encode(out, &params[i], statement->param_oids[i], &op->formats[i]);

        if (rc != 0)
            return rc;
        op->lengths[i] = (int)(out->len - start);
        offsets[i] = start;
        buf_addc(out, '\0'); /* libpq takes the text form up to a terminator */
        if (out->overflow)
            return -ERANGE;
    }
    return 0;
}

int db_op_new(const struct statement *statement, const struct db_param *params, size_t count,
              struct db_op **ret)
{
    struct buf bytes = BUF_INIT(OP_BYTES_MAX);
    size_t offsets[STATEMENT_PARAMS_MAX];
    struct db_op *op;
    char *base;
    int rc = 0;

    if (count != statement->param_count)
        return -EINVAL;
    op = dvc_calloc(1, sizeof(*op));
    list_init(&op->link);
    op->statement = statement;
    op->param_count = (uint32_t)count;
    op->values = dvc_calloc(count + 1, sizeof(*op->values) + 2 * sizeof(int));
    op->lengths = (int *)(void *)(op->values + count);
    op->formats = op->lengths + count;
    rc = encode_all(statement, params, count, &bytes, offsets, op);
    if (rc != 0) {
        buf_release(&bytes);
        db_op_free(op);
        return rc;
    }
    base = dvc_malloc(bytes.len + 1);
    memcpy(base, bytes.ptr, bytes.len);
    buf_release(&bytes);
    op->bytes = base;
    for (size_t i = 0; i < count; i++)
        op->values[i] = params[i].kind == DB_NULL ? NULL : base + offsets[i];
    *ret = op;
    return 0;
}

void db_op_finish(struct db_op *op)
{
    struct db_result result = {.code = op->error.code};

    if (op->answered)
        return;
    op->answered = true;
    if (result.code == 0)
        result.rows = &op->rows;
    else
        result.error = &op->error;
    if (op->on_done != NULL)
        op->on_done(op->ctx, &result);
}

struct db_op *db_op_free(struct db_op *op)
{
    if (op == NULL)
        return NULL;
    list_remove(&op->link);
    free(op->bytes);
    free(op->values);
    free(op);
    return NULL;
}
