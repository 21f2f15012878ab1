/* pgconn.h - one connection to PostgreSQL on the loop: asynchronous, nonblocking, pipelined. Each
 * op is its own transaction: a sync after each, so that one error harms no neighbour. */
#ifndef DVC_STORE_PGCONN_H
#define DVC_STORE_PGCONN_H

#include "base/loop.h"
#include "store/op.h"

struct pgconn;

enum pgconn_state {
    PGCONN_DOWN,       /* no link; pgconn_open starts one */
    PGCONN_CONNECTING, /* handshake under way */
    PGCONN_OPEN,       /* takes ops */
};

struct pgconn_hooks {
    void (*opened)(void *ctx);
    /* The link is gone or was never made. Ops in flight have been given to `returned`. */
    void (*closed)(void *ctx, const struct db_error *error);
    /* An op is complete: op->rows, or op->error with its code set. The hook owns the op again. Rows
     * live until it returns. */
    void (*completed)(void *ctx, struct db_op *op);
    /* An op was in flight when the link broke, so its outcome is unknown. The hook owns it again.
     */
    void (*returned)(void *ctx, struct db_op *op);
};

/* `conninfo` as libpq takes it (keywords or postgresql:// URL); hooks and texts are copied. */
struct pgconn *pgconn_new(struct loop *loop, const char *conninfo, const char *application,
                          size_t statement_count, const struct pgconn_hooks *hooks, void *ctx);
/* How long a handshake may take, from the next pgconn_open on; 10 s unless told. */
void pgconn_set_timeout(struct pgconn *conn, int64_t connect_us);
/* Closes without calling hooks; ops in flight are freed without being answered, so answer them
 * before. Not from inside a hook. */
struct pgconn *pgconn_free(struct pgconn *conn);
/* Starts connecting; ends in `opened` or `closed`, never inside this call. */
void pgconn_open(struct pgconn *conn);
/* Drops the link; `returned` for each op in flight, then `closed`, at the end of this turn. */
void pgconn_drop(struct pgconn *conn, const char *reason);
/* Sends an op (state must be PGCONN_OPEN) and owns it until a hook gives it back. */
void pgconn_send(struct pgconn *conn, struct db_op *op);
enum pgconn_state pgconn_state(const struct pgconn *conn);
size_t pgconn_load(const struct pgconn *conn); /* ops in flight */
/* Calls fn for each op in flight, oldest first, until it returns false. */
void pgconn_each(struct pgconn *conn, bool (*fn)(void *ctx, struct db_op *op), void *ctx);

#endif
