#include "service/fetch.h"

#include "base/json.h"
#include "base/log.h"
#include "service/registry.h"
#include "service/service.h"

#define ROW_DEPTH 24

struct fetching {
    struct service *service;
    struct arena *arena;
    void (*done)(void *ctx, const struct fetched *fetched);
    void *ctx;
};

static int read_row(struct fetching *f, struct slice json, struct fetched *fetched)
{
    const struct procedure *procedure;
    struct json_error error;

    if (json_parse(f->arena, json, ROW_DEPTH, &fetched->row, &error) != 0)
        return STORE_E_DATA;
    procedure =
        registry_procedure(f->service->registry, value_get_int(fetched->row, "procedure_id", 0));
    if (procedure == NULL) {
        registry_look(f->service->registry);
        return STORE_E_BUSY;
    }
    if (dossier_read(f->arena, procedure, fetched->row, &fetched->dossier) != 0) {
        log_error("dossier_unreadable", "id=%lld",
                  (long long)value_get_int(fetched->row, "id", 0));
        return STORE_E_DATA;
    }
    return 0;
}

static void loaded(void *ctx, const struct db_result *result)
{
    struct fetching *f = ctx;
    struct fetched fetched = {.code = result->code};

    if (result->code != 0)
        service_log_failure("dossier_load", result);
    if (result->code == 0 && db_json(result->rows).ptr != NULL)
        fetched.code = read_row(f, db_json(result->rows), &fetched);
    f->done(f->ctx, &fetched);
}

void fetch_dossier(struct service *service, struct arena *arena, const char *code, int64_t id,
                   void (*done)(void *ctx, const struct fetched *fetched), void *ctx)
{
    struct fetching *f = ARENA_NEW(arena, struct fetching);
    struct db_param key = code != NULL ? db_str(code) : db_int(id);

    *f = (struct fetching){.service = service, .arena = arena, .done = done, .ctx = ctx};
    store_query(service->store,
                service_statement(service, code != NULL ? "dossier_load" : "dossier_load_id"),
                &key, 1, service_timeout(service), loaded, f);
}
