#include "store/pgconn.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A server that answers no handshake in this time is treated as gone. */
#define CONNECT_TIMEOUT_US (10 * US_PER_SECOND)

struct pgconn {
    struct loop *loop;
    char *conninfo, *application;
    struct pgconn_hooks hooks;
    void *ctx;
    enum pgconn_state state;
    PGconn *pg;
    struct loop_fd *watch;
    struct loop_timer *deadline; /* of the handshake */
    int64_t connect_us;
    struct loop_timer *dropper;  /* closes at the end of the turn, never under a running callback */
    struct list in_flight;       /* struct db_op, oldest first */
    size_t load;
    size_t statement_count;
    bool *prepared;     /* by statement id: a PREPARE was sent on this link and has not failed */
    bool head_prepared; /* the PREPARE of the oldest op has been answered */
    struct db_error fault;
};

static void ignore_notice(void *ctx, const char *message)
{
    (void)ctx;
    (void)message;
}

static void disconnect(struct pgconn *conn)
{
    loop_timer_stop(conn->deadline);
    loop_timer_stop(conn->dropper);
    conn->watch = loop_fd_free(conn->watch);
    PQfinish(conn->pg);
    conn->pg = NULL;
    conn->state = PGCONN_DOWN;
    conn->head_prepared = false;
    memset(conn->prepared, 0, conn->statement_count * sizeof(*conn->prepared));
}

static void op_clear(struct db_op *op)
{
    PQclear(op->rows.result);
    op->rows.result = NULL;
}

/* The end of every link, by whatever cause. Runs on the dropper's timer. */
static void go_down(void *ctx)
{
    struct pgconn *conn = ctx;
    struct list orphans = LIST_INIT(orphans);
    struct list *link;

    disconnect(conn);
    while ((link = list_pop_front(&conn->in_flight)) != NULL)
        list_push_back(&orphans, link);
    conn->load = 0;
    while ((link = list_pop_front(&orphans)) != NULL) {
        struct db_op *op = LIST_ENTRY(link, struct db_op, link);

        op_clear(op);
        conn->hooks.returned(conn->ctx, op);
    }
    conn->hooks.closed(conn->ctx, &conn->fault);
}

static void fail(struct pgconn *conn, int code, const char *message)
{
    if (conn->fault.code == 0)
        db_error_set(&conn->fault, code, message);
    if (conn->watch != NULL)
        loop_fd_want(conn->watch, 0);
    loop_timer_start(conn->dropper, 0);
}

void pgconn_drop(struct pgconn *conn, const char *reason)
{
    if (conn->state != PGCONN_DOWN)
        fail(conn, STORE_E_LOST, reason);
}

static bool dropping(const struct pgconn *conn)
{
    return conn->fault.code != 0;
}

static void arm(struct pgconn *conn, int flushed)
{
    if (flushed < 0)
        fail(conn, STORE_E_LOST, PQerrorMessage(conn->pg));
    else
        loop_fd_want(conn->watch, LOOP_READ | (flushed > 0 ? LOOP_WRITE : 0));
}

static int shape_check(struct db_op *op)
{
    size_t rows = db_rows_count(&op->rows);

    if (op->statement->shape == STATEMENT_ROWS)
        return 0;
    if (rows > 1)
        return STORE_E_STATEMENT;
    if (op->statement->shape == STATEMENT_JSON && db_rows_columns(&op->rows) != 1)
        return STORE_E_STATEMENT;
    return 0;
}

static void complete_head(struct pgconn *conn)
{
    struct db_op *op = LIST_ENTRY(list_pop_front(&conn->in_flight), struct db_op, link);
    PGresult *result;

    conn->load--;
    conn->head_prepared = false;
    if (op->error.code == 0 && shape_check(op) != 0)
        db_error_set(&op->error, STORE_E_STATEMENT, "more rows or columns than the statement says");
    if (op->error.code != 0)
        op_clear(op);
    result = op->rows.result;
    conn->hooks.completed(conn->ctx, op);
    PQclear(result);
}

/* An op's answers are: that of its PREPARE if it has one, its own, and the sync. */
static void take_result(struct pgconn *conn, PGresult *result)
{
    struct db_op *op = LIST_ENTRY(conn->in_flight.next, struct db_op, link);
    struct db_error error = {0};
    bool failed;

    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
        PQclear(result);
        complete_head(conn);
        return;
    }
    failed = db_result_failed(result, &error);
    if (failed && op->error.code == 0)
        op->error = error;
    if (op->prepares && !conn->head_prepared) {
        conn->head_prepared = true;
        if (failed)
            conn->prepared[op->statement->id] = false;
        PQclear(result);
        return;
    }
    op_clear(op);
    op->rows.result = result;
}

static void take_results(struct pgconn *conn)
{
    int nulls = 0; /* one ends each statement; two running mean that nothing more is there */

    while (!dropping(conn) && !list_empty(&conn->in_flight) && nulls < 2 && !PQisBusy(conn->pg)) {
        PGresult *result = PQgetResult(conn->pg);

        if (result == NULL) {
            nulls++;
            continue;
        }
        nulls = 0;
        take_result(conn, result);
    }
}

static void on_open_ready(struct pgconn *conn, int what)
{
    if ((what & LOOP_READ) != 0) {
        int ok = PQconsumeInput(conn->pg);

        take_results(conn);
        if (!ok || PQstatus(conn->pg) == CONNECTION_BAD)
            fail(conn, STORE_E_LOST, PQerrorMessage(conn->pg));
    }
    if (!dropping(conn))
        arm(conn, PQflush(conn->pg));
}

static void on_ready(void *ctx, int what);

/* The handshake may go on on another socket (the next host), so the watch is made anew each time.
 */
static void watch_socket(struct pgconn *conn, int what)
{
    conn->watch = loop_fd_free(conn->watch);
    conn->watch = loop_fd_new(conn->loop, PQsocket(conn->pg), on_ready, conn);
    loop_fd_want(conn->watch, what);
}

static void handshake_done(struct pgconn *conn)
{
    loop_timer_stop(conn->deadline);
    PQsetNoticeProcessor(conn->pg, ignore_notice, NULL);
    if (PQsetnonblocking(conn->pg, 1) != 0 || PQenterPipelineMode(conn->pg) != 1) {
        fail(conn, STORE_E_DOWN, PQerrorMessage(conn->pg));
        return;
    }
    conn->state = PGCONN_OPEN;
    watch_socket(conn, LOOP_READ);
    conn->hooks.opened(conn->ctx);
}

static void handshake_step(struct pgconn *conn)
{
    switch (PQconnectPoll(conn->pg)) {
    case PGRES_POLLING_READING:
        watch_socket(conn, LOOP_READ);
        break;
    case PGRES_POLLING_WRITING:
        watch_socket(conn, LOOP_WRITE);
        break;
    case PGRES_POLLING_OK:
        handshake_done(conn);
        break;
    case PGRES_POLLING_FAILED:
    case PGRES_POLLING_ACTIVE:
        fail(conn, STORE_E_DOWN, PQerrorMessage(conn->pg));
        break;
    }
}

static void on_ready(void *ctx, int what)
{
    struct pgconn *conn = ctx;

    if (dropping(conn))
        return;
    if (conn->state == PGCONN_CONNECTING)
        handshake_step(conn);
    else
        on_open_ready(conn, what);
}

static void on_deadline(void *ctx)
{
    fail(ctx, STORE_E_DOWN, "no answer to the handshake");
}

struct pgconn *pgconn_new(struct loop *loop, const char *conninfo, const char *application,
                          size_t statement_count, const struct pgconn_hooks *hooks, void *ctx)
{
    struct pgconn *conn = dvc_calloc(1, sizeof(*conn));

    conn->loop = loop;
    conn->conninfo = dvc_strdup(conninfo);
    conn->application = dvc_strdup(application);
    conn->hooks = *hooks;
    conn->ctx = ctx;
    conn->deadline = loop_timer_new(loop, on_deadline, conn);
    conn->connect_us = CONNECT_TIMEOUT_US;
    conn->dropper = loop_timer_new(loop, go_down, conn);
    conn->statement_count = statement_count;
    conn->prepared = dvc_calloc(statement_count + 1, sizeof(*conn->prepared));
    list_init(&conn->in_flight);
    return conn;
}

struct pgconn *pgconn_free(struct pgconn *conn)
{
    struct list *link;

    if (conn == NULL)
        return NULL;
    disconnect(conn);
    while ((link = list_pop_front(&conn->in_flight)) != NULL) {
        struct db_op *op = LIST_ENTRY(link, struct db_op, link);

        op_clear(op);
        db_op_free(op);
    }
    loop_timer_free(conn->deadline);
    loop_timer_free(conn->dropper);
    free(conn->prepared);
    free(conn->conninfo);
    free(conn->application);
    free(conn);
    return NULL;
}

void pgconn_set_timeout(struct pgconn *conn, int64_t connect_us)
{
    conn->connect_us = connect_us;
}

void pgconn_open(struct pgconn *conn)
{
    /* Later words win, so an administrator's own keepalives in conninfo are not ours to set. */
    const char *keys[] = {"dbname", "application_name", "client_encoding", NULL};
    const char *values[] = {conn->conninfo, conn->application, "UTF8", NULL};

    if (conn->state != PGCONN_DOWN)
        return;
    conn->fault = (struct db_error){0};
    conn->state = PGCONN_CONNECTING;
    conn->pg = PQconnectStartParams(keys, values, 1);
    DVC_REQUIRE(conn->pg != NULL);
    if (PQstatus(conn->pg) == CONNECTION_BAD) {
        fail(conn, STORE_E_DOWN, PQerrorMessage(conn->pg));
        return;
    }
    loop_timer_start(conn->deadline, conn->connect_us);
    watch_socket(conn, LOOP_WRITE);
}

void pgconn_send(struct pgconn *conn, struct db_op *op)
{
    const struct statement *statement = op->statement;
    int ok = 1;

    DVC_REQUIRE(conn->state == PGCONN_OPEN && statement->id < conn->statement_count);
    list_push_back(&conn->in_flight, &op->link);
    conn->load++;
    op->attempts++;
    op->error = (struct db_error){0};
    op->prepares = !conn->prepared[statement->id];
    if (dropping(conn))
        return;
    if (op->prepares) {
        conn->prepared[statement->id] = true;
        ok = PQsendPrepare(conn->pg, statement->name, statement->sql, (int)statement->param_count,
                           statement->param_oids);
    }
    ok = ok && PQsendQueryPrepared(conn->pg, statement->name, (int)op->param_count, op->values,
                                   op->lengths, op->formats, 0);
    ok = ok && PQpipelineSync(conn->pg);
    if (ok)
        arm(conn, PQflush(conn->pg));
    else
        fail(conn, STORE_E_LOST, PQerrorMessage(conn->pg));
}

enum pgconn_state pgconn_state(const struct pgconn *conn)
{
    return dropping(conn) ? PGCONN_DOWN : conn->state;
}

size_t pgconn_load(const struct pgconn *conn)
{
    return conn->load;
}

void pgconn_each(struct pgconn *conn, bool (*fn)(void *ctx, struct db_op *op), void *ctx)
{
    struct list *link = conn->in_flight.next, *next;

    for (; link != &conn->in_flight; link = next) {
        next = link->next;
        if (!fn(ctx, LIST_ENTRY(link, struct db_op, link)))
            return;
    }
}
