/* dblink.h - a connection that is kept: opened, its session set up, opened again after a loss. */
#ifndef DVC_STORE_DBLINK_H
#define DVC_STORE_DBLINK_H

#include "store/pgconn.h"

struct dblink;

struct dblink_config {
    struct loop *loop;
    const char *conninfo, *application; /* copied */
    const struct statements *statements;
    const struct statement *session_start; /* (statement timeout in ms, read only) */
    bool writer;
    int64_t connect_timeout_us, statement_timeout_us;
};

struct dblink_hooks {
    void (*ready)(void *ctx, struct dblink *link);
    void (*lost)(void *ctx, struct dblink *link, const struct db_error *error);
    void (*completed)(void *ctx, struct dblink *link, struct db_op *op); /* as pgconn's */
    void (*returned)(void *ctx, struct dblink *link, struct db_op *op);  /* as pgconn's */
};

/* Starts connecting at once. */
struct dblink *dblink_new(const struct dblink_config *config, const struct dblink_hooks *hooks,
                          void *ctx);
struct dblink *dblink_free(struct dblink *link); /* as pgconn_free */
bool dblink_ready(const struct dblink *link);
bool dblink_writes(const struct dblink *link);
size_t dblink_load(const struct dblink *link);
void dblink_send(struct dblink *link, struct db_op *op); /* only while ready */
void dblink_drop(struct dblink *link, const char *reason);
void dblink_each(struct dblink *link, bool (*fn)(void *ctx, struct db_op *op), void *ctx);

#endif
