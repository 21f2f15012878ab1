#include "service/lookup.h"

#include "base/jw.h"
#include "core/workflow.h"
#include "service/fetch.h"
#include "service/pin.h"
#include "service/service.h"

#define ANSWER_MAX (64u << 10)

struct looking {
    struct op op;
    struct slice pin;
    struct dossier *dossier;
};

static void parcel(struct jw *jw, const struct dossier *dossier)
{
    const struct parcel *last =
        dossier->parcel_count > 0 ? &dossier->parcels[dossier->parcel_count - 1] : NULL;

    jw_key(jw, "parcel");
    if (last == NULL) {
        jw_null(jw);
        return;
    }
    jw_object(jw);
    jw_kv_str(jw, "direction", parcel_direction_code(last->direction));
    jw_kv_str(jw, "item_code", last->item_code);
    jw_kv_str(jw, "state", parcel_state_code(last->state));
    jw_kv_str(jw, "state_name", parcel_name_vi(last->direction, last->state));
    jw_kv_wall(jw, "state_at", last->state_at);
    jw_end_object(jw);
}

static void tell(struct looking *looking, bool all)
{
    const struct dossier *d = looking->dossier;
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_kv_str(&jw, "code", d->code);
    jw_kv_int(&jw, "completion", workflow_completion(d));
    if (all) {
        jw_kv_str(&jw, "state", state_info(d->state)->code);
        jw_kv_str(&jw, "state_name", state_info(d->state)->name_vi);
        jw_kv_int(&jw, "status", dossier_national(d));
        jw_kv_wall(&jw, "due_current", d->due_current);
        jw_kv_str(&jw, "clock", clock_state_code(d->clock));
        parcel(&jw, d);
    }
    jw_end_object(&jw);
    op_json(&looking->op, buf_slice(&buf));
    buf_release(&buf);
}

static void locked(struct looking *looking)
{
    const struct settings *settings = &looking->op.service->generation->settings;
    struct op *op = &looking->op;

    op->answer(op->ctx,
               &(struct answer){.kind = ANSWER_TOO_MANY,
                                .etag = -1,
                                .code = "pin_locked",
                                .detail = "Nhập sai mã tra cứu quá nhiều lần, hãy thử lại sau.",
                                .retry_after = (int)settings->lookup.pin_lock_minutes * 60});
    op_end(op);
}

/* One statement checks the lock and counts a failure, so that guesses in parallel count too. */
static void counted(void *ctx, const struct db_result *result)
{
    struct looking *looking = ctx;
    bool right = pin_matches(looking->op.service, slice_str(looking->dossier->code), looking->pin);

    if (result->code != 0)
        op_store_error(&looking->op, result->code);
    else if (db_bool_at(result->rows, 0, 0))
        locked(looking);
    else if (!right)
        op_fault(&looking->op, ANSWER_NOT_FOUND, "not_found",
                 "Không tìm thấy hồ sơ với mã hồ sơ và mã tra cứu này.");
    else
        tell(looking, true);
}

static void check_pin(struct looking *looking)
{
    struct service *service = looking->op.service;
    const struct settings *settings = &service->generation->settings;
    struct db_param params[4];

    params[0] = db_int(looking->dossier->id);
    params[1] = db_bool(pin_matches(service, slice_str(looking->dossier->code), looking->pin));
    params[2] = db_int(settings->lookup.pin_failures);
    params[3] = db_int(settings->lookup.pin_lock_minutes);
    store_query(service->store, service_statement(service, "pin_try"), params, 4,
                service_timeout(service), counted, looking);
}

static void loaded(void *ctx, const struct fetched *fetched)
{
    struct looking *looking = ctx;

    looking->dossier = fetched->dossier;
    if (fetched->code != 0)
        op_store_error(&looking->op, fetched->code);
    else if (fetched->dossier == NULL)
        op_fault(&looking->op, ANSWER_NOT_FOUND, "not_found",
                 looking->pin.len > 0 ? "Không tìm thấy hồ sơ với mã hồ sơ và mã tra cứu này."
                                      : "Không tìm thấy hồ sơ với mã này.");
    else if (looking->pin.len > 0)
        check_pin(looking);
    else
        tell(looking, false);
}

void lookup(struct service *service, struct slice code, struct slice pin, answer_fn answer,
            void *ctx)
{
    struct looking *looking = op_new(service, sizeof(*looking), answer, ctx);

    looking->pin = arena_slice(looking->op.arena, pin);
    fetch_dossier(service, looking->op.arena, arena_slice_str(looking->op.arena, code), 0, loaded,
                  looking);
}
