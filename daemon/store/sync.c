#include "store/sync.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "store/op.h"

struct store_sync {
    PGconn *pg;
};

static void ignore_notice(void *ctx, const char *message)
{
    (void)ctx;
    (void)message;
}

/* PQconnectdb's own timeout counts whole seconds and at least two; a check wants less. */
static bool connect_within(PGconn *pg, int64_t timeout_us)
{
    int64_t end = mono_now().us + timeout_us;
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;

    if (PQstatus(pg) == CONNECTION_BAD)
        return false;
    while (status == PGRES_POLLING_WRITING || status == PGRES_POLLING_READING) {
        struct pollfd item = {PQsocket(pg), POLLIN, 0};
        int64_t left = end - mono_now().us;

        if (status == PGRES_POLLING_WRITING)
            item.events = POLLOUT;
        if (left <= 0)
            return false;
        (void)poll(&item, 1, (int)(left / 1000 + 1));
        status = PQconnectPoll(pg);
    }
    return status == PGRES_POLLING_OK;
}

int store_sync_open(const char *conninfo, const char *application, int64_t timeout_us,
                    struct store_sync **ret, struct db_error *ret_error)
{
    const char *keys[] = {"dbname", "application_name", "client_encoding", NULL};
    const char *values[] = {conninfo, application, "UTF8", NULL};
    PGconn *pg = PQconnectStartParams(keys, values, 1);
    struct store_sync *sync;

    DVC_REQUIRE(pg != NULL);
    if (!connect_within(pg, timeout_us)) {
        const char *message = PQerrorMessage(pg);

        db_error_set(ret_error, STORE_E_DOWN, message[0] != '\0' ? message : "no answer in time");
        PQfinish(pg);
        return STORE_E_DOWN;
    }
    PQsetNoticeProcessor(pg, ignore_notice, NULL);
    sync = dvc_calloc(1, sizeof(*sync));
    sync->pg = pg;
    *ret = sync;
    return 0;
}

struct store_sync *store_sync_close(struct store_sync *sync)
{
    if (sync != NULL) {
        PQfinish(sync->pg);
        free(sync);
    }
    return NULL;
}

void store_sync_closep(struct store_sync **sync)
{
    *sync = store_sync_close(*sync);
}

static int take(PGresult *result, struct db_rows **ret_rows, struct db_error *ret_error)
{
    *ret_error = (struct db_error){0};
    if (db_result_failed(result, ret_error)) {
        PQclear(result);
        return ret_error->code;
    }
    if (ret_rows == NULL) {
        PQclear(result);
        return 0;
    }
    *ret_rows = dvc_calloc(1, sizeof(**ret_rows));
    (*ret_rows)->result = result;
    return 0;
}

int store_sync_script(struct store_sync *sync, const char *sql, struct db_rows **ret_rows,
                      struct db_error *ret_error)
{
    return take(PQexec(sync->pg, sql), ret_rows, ret_error);
}

int store_sync_query(struct store_sync *sync, const struct statement *statement,
                     const struct db_param *params, size_t count, struct db_rows **ret_rows,
                     struct db_error *ret_error)
{
    struct db_op *op;
    int rc = db_op_new(statement, params, count, &op);

    if (rc != 0) {
        db_error_set(ret_error, STORE_E_STATEMENT, "parameters differ from the statement's");
        return STORE_E_STATEMENT;
    }
    rc = take(PQexecParams(sync->pg, statement->sql, (int)count, statement->param_oids, op->values,
                           op->lengths, op->formats, 0),
              ret_rows, ret_error);
    db_op_free(op);
    return rc;
}
