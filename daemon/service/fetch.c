#include "service/fetch.h"

#include "base/json.h"
#include "base/log.h"
#include "core/dossier_read.h"
#include "service/registry.h"
#include "service/service.h"

#define ROW_DEPTH 24

struct fetching {
    struct service *service;
    struct arena *arena;
    void (*done)(void *ctx, const struct fetched *fetched);
    void *ctx;
    struct value *row; /* while its procedure is read */
};

static void read_row(struct fetching *f, struct fetched *fetched)
{
    const struct procedure *procedure =
        registry_procedure(f->service->registry, value_get_int(fetched->row, "procedure_id", 0));

    if (procedure == NULL) {
        fetched->code = STORE_E_BUSY;
    } else if (dossier_read(f->arena, procedure, fetched->row, &fetched->dossier) != 0) {
        log_error("dossier_unreadable", "id=%lld", (long long)value_get_int(fetched->row, "id", 0));
        fetched->code = STORE_E_DATA;
    }
}

static void procedure_there(void *ctx)
{
    struct fetching *f = ctx;
    struct fetched fetched = {.row = f->row};

    read_row(f, &fetched);
    f->done(f->ctx, &fetched);
}

static void loaded(void *ctx, const struct db_result *result)
{
    struct fetching *f = ctx;
    struct fetched fetched = {.code = result->code};
    struct json_error error;

    if (result->code != 0)
        service_log_failure("dossier_load", result);
    if (result->code == 0 && db_json(result->rows).ptr != NULL) {
        if (json_parse(f->arena, db_json(result->rows), ROW_DEPTH, &fetched.row, &error) == 0)
            read_row(f, &fetched);
        else
            fetched.code = STORE_E_DATA;
    }
    if (fetched.code == STORE_E_BUSY && fetched.row != NULL) {
        f->row = fetched.row;
        registry_await(f->service->registry, value_get_int(f->row, "procedure_id", 0),
                       procedure_there, f);
        return;
    }
    f->done(f->ctx, &fetched);
}

void fetch_dossier(struct service *service, struct arena *arena, const char *code, int64_t id,
                   void (*done)(void *ctx, const struct fetched *fetched), void *ctx)
{
    struct fetching *f = ARENA_NEW(arena, struct fetching);
    struct db_param key = code != NULL ? db_str(code) : db_int(id);

    *f = (struct fetching){.service = service, .arena = arena, .done = done, .ctx = ctx};
    store_query(service->store,
                service_statement(service, code != NULL ? "dossier_load" : "dossier_load_id"), &key,
                1, service_timeout(service), loaded, f);
}
