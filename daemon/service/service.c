#include "service/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "conf/targets.h"
#include "service/inspect.h"
#include "service/member.h"
#include "service/registry.h"

static bool order_under(void *ctx, const char *agency, const char *ancestor)
{
    const struct service *service = ctx;

    return agency_under(service->generation->agencies, slice_str(agency), slice_str(ancestor));
}

static void keys_read(void *ctx, const struct db_result *result)
{
    struct service *service = ctx;
    struct arena *arena;

    if (result->code != 0) {
        log_warn("server_keys_unread", "reason=%s", store_error_name(result->code));
        return;
    }
    arena = arena_new();
    for (size_t i = 0; i < db_rows_count(result->rows); i++) {
        struct slice name = db_text_at(result->rows, i, 0);
        struct slice key = db_bytes_at(arena, result->rows, i, 1);
        uint8_t *into = slice_is(name, "pin")    ? service->pin_key
                        : slice_is(name, "salt") ? service->salt
                        : slice_is(name, "page") ? service->page_key
                                                 : NULL;

        if (into != NULL && key.len == SERVICE_KEY_SIZE)
            memcpy(into, key.ptr, SERVICE_KEY_SIZE);
    }
    service->keys_read = db_rows_count(result->rows) >= 3;
    arena_free(arena);
}

struct service *service_new(struct loop *loop, struct store *store,
                            const struct generation *generation, const struct published *published,
                            struct authclient *auth)
{
    struct service *service = dvc_calloc(1, sizeof(*service));

    service->loop = loop;
    service->store = store;
    service->generation = generation;
    service->auth = auth;
    service->order = (struct agency_order){.under = order_under, .ctx = service};
    service->members = members_new(service);
    service->registry = registry_new(service, published);
    service->inspector = inspector_new(service);
    store_query(store, service_statement(service, "server_keys"), NULL, 0, 60 * US_PER_SECOND,
                keys_read, service);
    return service;
}

struct service *service_free(struct service *service)
{
    if (service == NULL)
        return NULL;
    inspector_free(service->inspector);
    registry_free(service->registry);
    members_free(service->members);
    free(service);
    return NULL;
}

bool service_ready(const struct service *service)
{
    return service->keys_read && registry_ready(service->registry) && store_up(service->store);
}

const struct statement *service_statement(const struct service *service, const char *name)
{
    const struct statement *statement = store_statement(service->store, name);

    DVC_REQUIRE(statement != NULL);
    return statement;
}

int64_t service_timeout(const struct service *service)
{
    return service->generation->settings.http.request_timeout_ms * 1000;
}

static const char *agency_for(void *ctx, const char *function, const char *competent)
{
    const struct service *service = ctx;

    return agency_serving(service->generation->agencies, function, competent);
}

struct setting service_setting(struct service *service, const char *agency, wall_t now)
{
    const struct targets *targets = service->generation->targets;
    struct setting setting = {
        .agencies = &service->order,
        .agency_for = agency_for,
        .agency_ctx = service,
        .intake_limit = service->generation->settings.intake.limit,
        .backdate_hours = (int)service->generation->settings.intake.backdating_hours,
        .mail = targets != NULL && targets->mailer != NULL,
        .sinks = targets != NULL ? targets->sinks : NULL,
        .sink_count = targets != NULL ? targets->webhook_count : 0,
        .now = now,
    };

    setting.calendar = registry_calendar(service->registry, agency, &setting.calendar_version);
    return setting;
}

void *op_new(struct service *service, size_t size, answer_fn answer, void *ctx)
{
    struct arena *arena = arena_new();
    struct op *op = arena_alloc(arena, size);

    *op = (struct op){.service = service, .arena = arena, .answer = answer, .ctx = ctx};
    return op;
}

static void op_sweep(void *ctx)
{
    arena_free(ctx);
}

void op_end(struct op *op)
{
    loop_defer(op->service->loop, op_sweep, op->arena);
}

void op_json(struct op *op, struct slice json)
{
    answer_json(op->answer, op->ctx, json);
    op_end(op);
}

void op_fault(struct op *op, enum answer_kind kind, const char *code, const char *detail)
{
    answer_fault(op->answer, op->ctx, kind, code, detail);
    op_end(op);
}

void op_fault_at(struct op *op, enum answer_kind kind, const char *code, const char *pointer,
                 const char *detail)
{
    answer_fault_at(op->answer, op->ctx, kind, code, pointer, detail);
    op_end(op);
}

void op_not_json(struct op *op, int rc, const struct json_error *error, int depth)
{
    answer_not_json(op->answer, op->ctx, rc, error, depth);
    op_end(op);
}

void op_key_reused(struct op *op)
{
    op_fault(op, ANSWER_UNPROCESSABLE, "idempotency_key_reused",
             "Idempotency-Key này đã dùng cho một yêu cầu có nội dung khác.");
}

void op_store_error(struct op *op, int code)
{
    answer_store_error(op->answer, op->ctx, code);
    op_end(op);
}

void service_log_failure(const char *what, const struct db_result *result)
{
    if (result->code != STORE_E_BUSY && result->code != STORE_E_CANCELLED)
        log_error("statement_failed", "what=%s reason=%s sqlstate=%s detail=%s", what,
                  store_error_name(result->code), result->error->sqlstate, result->error->message);
}

static void read_done(void *ctx, const struct db_result *result)
{
    struct op *op = ctx;

    if (result->code != 0) {
        service_log_failure("read", result);
        op_store_error(op, result->code);
        return;
    }
    if (db_json(result->rows).ptr == NULL) {
        answer_not_found(op->answer, op->ctx);
        op_end(op);
        return;
    }
    op_json(op, db_json(result->rows));
}

void service_read(struct service *service, const char *statement, const struct db_param *params,
                  size_t count, answer_fn answer, void *ctx)
{
    struct op *op = op_new(service, sizeof(*op), answer, ctx);

    store_query(service->store, service_statement(service, statement), params, count,
                service_timeout(service), read_done, op);
}
