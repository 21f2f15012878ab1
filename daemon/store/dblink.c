#include "store/dblink.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

#define BACKOFF_FIRST_US (50 * INT64_C(1000))
#define BACKOFF_MAX_US US_PER_SECOND

struct dblink {
    struct pgconn *conn;
    struct dblink_hooks hooks;
    void *ctx;
    const struct statement *session_start;
    bool writer, ready;
    int64_t statement_timeout_us;
    struct loop_timer *again;
    int64_t backoff_us;
};

static void session_started(void *ctx, const struct db_result *result)
{
    struct dblink *link = ctx;

    if (result->code != 0) {
        pgconn_drop(link->conn, result->error->message);
        return;
    }
    link->ready = true;
    link->backoff_us = BACKOFF_FIRST_US;
    link->hooks.ready(link->ctx, link);
}

static void on_opened(void *ctx)
{
    struct dblink *link = ctx;
    char timeout[24];
    struct db_param params[2];
    struct db_op *op;

    snprintf(timeout, sizeof(timeout), "%lld", (long long)(link->statement_timeout_us / 1000));
    params[0] = db_str(timeout);
    params[1] = db_str(link->writer ? "off" : "on");
    if (db_op_new(link->session_start, params, DVC_COUNT(params), &op) != 0) {
        pgconn_drop(link->conn, "session_start takes two texts");
        return;
    }
    op->on_done = session_started;
    op->ctx = link;
    pgconn_send(link->conn, op);
}

/* Half of the delay is random, so that all workers do not knock at the same moment. */
static void on_closed(void *ctx, const struct db_error *error)
{
    struct dblink *link = ctx;
    uint16_t noise;

    link->ready = false;
    random_bytes(&noise, sizeof(noise));
    loop_timer_start(link->again, link->backoff_us / 2 + link->backoff_us * noise / 131072);
    link->backoff_us =
        link->backoff_us * 2 > BACKOFF_MAX_US ? BACKOFF_MAX_US : link->backoff_us * 2;
    link->hooks.lost(link->ctx, link, error);
}

static bool is_own(const struct dblink *link, const struct db_op *op)
{
    return op->on_done == session_started && op->ctx == link;
}

static void on_completed(void *ctx, struct db_op *op)
{
    struct dblink *link = ctx;

    if (!is_own(link, op)) {
        link->hooks.completed(link->ctx, link, op);
        return;
    }
    db_op_finish(op);
    db_op_free(op);
}

static void on_returned(void *ctx, struct db_op *op)
{
    struct dblink *link = ctx;

    if (is_own(link, op))
        db_op_free(op);
    else
        link->hooks.returned(link->ctx, link, op);
}

static void open_again(void *ctx)
{
    struct dblink *link = ctx;

    pgconn_open(link->conn);
}

struct dblink *dblink_new(const struct dblink_config *config, const struct dblink_hooks *hooks,
                          void *ctx)
{
    static const struct pgconn_hooks conn_hooks = {on_opened, on_closed, on_completed, on_returned};
    struct dblink *link = dvc_calloc(1, sizeof(*link));

    link->hooks = *hooks;
    link->ctx = ctx;
    link->session_start = config->session_start;
    link->writer = config->writer;
    link->statement_timeout_us = config->statement_timeout_us;
    link->backoff_us = BACKOFF_FIRST_US;
    link->again = loop_timer_new(config->loop, open_again, link);
    link->conn = pgconn_new(config->loop, config->conninfo, config->application,
                            statements_count(config->statements), &conn_hooks, link);
    if (config->connect_timeout_us > 0)
        pgconn_set_timeout(link->conn, config->connect_timeout_us);
    pgconn_open(link->conn);
    return link;
}

struct dblink *dblink_free(struct dblink *link)
{
    if (link == NULL)
        return NULL;
    pgconn_free(link->conn);
    loop_timer_free(link->again);
    free(link);
    return NULL;
}

bool dblink_ready(const struct dblink *link)
{
    return link->ready && pgconn_state(link->conn) == PGCONN_OPEN;
}

bool dblink_writes(const struct dblink *link)
{
    return link->writer;
}

size_t dblink_load(const struct dblink *link)
{
    return pgconn_load(link->conn);
}

void dblink_send(struct dblink *link, struct db_op *op)
{
    pgconn_send(link->conn, op);
}

void dblink_drop(struct dblink *link, const char *reason)
{
    pgconn_drop(link->conn, reason);
}

void dblink_each(struct dblink *link, bool (*fn)(void *ctx, struct db_op *op), void *ctx)
{
    pgconn_each(link->conn, fn, ctx);
}
