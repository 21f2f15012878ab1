#include "service/outrows.h"

#include <stdlib.h>

#include "base/log.h"
#include "service/service.h"

#define TIMEOUT_US (10 * US_PER_SECOND)

struct claiming {
    outrows_fn done;
    void *ctx;
};

static void claimed(void *ctx, const struct db_result *result)
{
    struct claiming *claiming = ctx;
    struct arena *arena = arena_new();
    struct outrow *rows = NULL;
    size_t count = 0;

    if (result->code == 0) {
        count = db_rows_count(result->rows);
        rows = ARENA_ARRAY(arena, struct outrow, count + 1);
        for (size_t i = 0; i < count; i++) {
            rows[i].id = db_int_at(result->rows, i, 0, 0);
            rows[i].dossier_id = db_int_at(result->rows, i, 1, 0);
            rows[i].channel = db_text_at(result->rows, i, 2).ptr;
            rows[i].topic = db_text_at(result->rows, i, 3).ptr;
            rows[i].key = db_text_at(result->rows, i, 4).ptr;
            rows[i].body = db_text_at(result->rows, i, 5);
            rows[i].attempts = (int)db_int_at(result->rows, i, 6, 0);
            rows[i].created_at = db_wall_at(result->rows, i, 7);
            rows[i].strikes = (int)db_int_at(result->rows, i, 8, 0);
            rows[i].code = db_text_at(result->rows, i, 9).ptr;
        }
    } else {
        log_warn("outbox_claim_failed", "reason=%s sqlstate=%s detail=%s",
                 store_error_name(result->code), result->error->sqlstate, result->error->message);
    }
    claiming->done(claiming->ctx, result->code == 0, rows, count);
    arena_free(arena);
    free(claiming);
}

void outrows_claim(struct service *service, const char *courier, const int64_t *held,
                   size_t held_count, int max, outrows_fn done, void *ctx)
{
    struct claiming *claiming = dvc_malloc(sizeof(*claiming));
    struct db_param params[] = {db_str(courier), db_int(max), db_int_array(held, held_count)};

    *claiming = (struct claiming){.done = done, .ctx = ctx};
    store_query(service->store, service_statement(service, "outbox_claim"), params, 3, TIMEOUT_US,
                claimed, claiming);
}

struct saving {
    outrows_saved_fn done;
    void *ctx;
};

static void saved(void *ctx, const struct db_result *result)
{
    struct saving *saving = ctx;

    if (result->code != 0)
        log_warn("outbox_save_failed", "reason=%s sqlstate=%s", store_error_name(result->code),
                 result->error->sqlstate);
    saving->done(saving->ctx, result->code == 0);
    free(saving);
}

static void save(struct service *service, const char *statement, const struct db_param *params,
                 size_t count, outrows_saved_fn done, void *ctx)
{
    struct saving *saving = dvc_malloc(sizeof(*saving));

    *saving = (struct saving){.done = done, .ctx = ctx};
    store_query(service->store, service_statement(service, statement), params, count, TIMEOUT_US,
                saved, saving);
}

void outrows_done(struct service *service, int64_t id, outrows_saved_fn done, void *ctx)
{
    save(service, "outbox_done", (struct db_param[]){db_int(id)}, 1, done, ctx);
}

void outrows_retry(struct service *service, int64_t id, wall_t at, const char *error, bool strike,
                   outrows_saved_fn done, void *ctx)
{
    save(service, "outbox_retry",
         (struct db_param[]){db_int(id), db_wall(at), db_str(error), db_bool(strike)}, 4, done,
         ctx);
}

void outrows_dead(struct service *service, int64_t id, const char *error, outrows_saved_fn done,
                  void *ctx)
{
    save(service, "outbox_dead", (struct db_param[]){db_int(id), db_str(error)}, 2, done, ctx);
}

void outrows_give_up(struct service *service, int64_t id, const char *error, outrows_saved_fn done,
                     void *ctx)
{
    save(service, "outbox_give_up", (struct db_param[]){db_int(id), db_str(error)}, 2, done, ctx);
}

void outrows_release(struct service *service, int64_t id, outrows_saved_fn done, void *ctx)
{
    save(service, "outbox_release", (struct db_param[]){db_int(id)}, 1, done, ctx);
}

static void beaten(void *ctx, const struct db_result *result)
{
    (void)ctx;
    (void)result; /* a missed beat costs a second attempt elsewhere, which the keys make harmless */
}

void outrows_heartbeat(struct service *service, const char *courier, int64_t us)
{
    store_query(service->store, service_statement(service, "courier_beat"),
                (struct db_param[]){db_str(courier), db_int(us)}, 2, TIMEOUT_US, beaten, NULL);
}

struct loading {
    cursor_fn done;
    void *ctx;
};

static void cursor_loaded(void *ctx, const struct db_result *result)
{
    struct loading *loading = ctx;
    const char *last = NULL;

    if (result->code == 0 && db_rows_count(result->rows) > 0)
        last = db_text_at(result->rows, 0, 0).ptr;
    loading->done(loading->ctx, result->code == 0, last);
    free(loading);
}

void cursor_load(struct service *service, const char *customer, cursor_fn done, void *ctx)
{
    struct loading *loading = dvc_malloc(sizeof(*loading));
    struct db_param param = db_str(customer);

    *loading = (struct loading){.done = done, .ctx = ctx};
    store_query(service->store, service_statement(service, "cursor_load"), &param, 1, TIMEOUT_US,
                cursor_loaded, loading);
}

void cursor_save(struct service *service, const char *customer, const char *last_id,
                 outrows_saved_fn done, void *ctx)
{
    save(service, "cursor_save", (struct db_param[]){db_str(customer), db_str(last_id)}, 2, done,
         ctx);
}
