/* op.h - one call of the database from asking to answering. */
#ifndef DVC_STORE_OP_H
#define DVC_STORE_OP_H

#include "base/list.h"
#include "base/wall.h"
#include "store/rows.h"
#include "store/statement.h"

struct db_result {
    int code;                     /* 0 or STORE_E_* */
    const struct db_rows *rows;   /* set when code is 0 */
    const struct db_error *error; /* set when code is not 0 */
};
/* Called exactly once for each call that was made, whatever happens: success, SQL error, lost link,
 * timeout, cancel. Never from inside the call that asked. */
typedef void (*db_done_fn)(void *ctx, const struct db_result *result);

struct db_op {
    struct list link; /* in a queue of the pool or in flight on a connection */
    uint64_t id;
    const struct statement *statement;
    mono_t deadline;
    db_done_fn on_done;
    void *ctx;
    uint8_t attempts;      /* times it was sent */
    bool prepares;         /* a PREPARE goes before it in the pipeline */
    bool answered;         /* on_done has been called; what still arrives is dropped */
    struct db_error error; /* of the results seen so far */
    struct db_rows rows;
    uint32_t param_count;
    char *bytes; /* holds all encoded values */
    const char **values;
    int *lengths;
    int *formats;
};

/* Copies and encodes the parameters. 0, -EINVAL (count or kind differ from the statement's) or
 * -ERANGE. */
int db_op_new(const struct statement *statement, const struct db_param *params, size_t count,
              struct db_op **ret) DVC_MUSTCHECK;
/* Calls on_done, once; a second call does nothing. Takes the error from op->error when its code is
 * not 0. */
void db_op_finish(struct db_op *op);
struct db_op *db_op_free(struct db_op *op);

#endif
