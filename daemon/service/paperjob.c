#include "service/paperjob.h"

#include <string.h>

#include "base/json.h"
#include "service/fetch.h"
#include "service/paperforms.h"
#include "service/paperregister.h"
#include "service/service.h"
#include "service/upload.h"

struct loading {
    struct op op;
    struct paperjob_id id;
    void (*fn)(void *ctx, const struct paperjob *job);
    void *ctx;
    const char *kind;           /* of an order */
    struct paper_register book; /* of a register */
    wall_t at;                  /* when the order was given */
    bool masked;
    struct paper_issuer issuer;
    struct dossier *dossier;
};

static void end(struct loading *loading, enum paperjob_kind kind, const char *why)
{
    loading->fn(loading->ctx, &(struct paperjob){.kind = kind, .why = why});
    op_end(&loading->op);
}

static void ready(struct loading *loading, struct buf *json)
{
    if (json->overflow)
        end(loading, PAPERJOB_WRONG, "too large to print");
    else {
        loading->fn(loading->ctx,
                    &(struct paperjob){.kind = PAPERJOB_READY, .json = buf_slice(json)});
        op_end(&loading->op);
    }
    buf_release(json);
}

static void query(struct loading *loading, const char *name, const struct db_param *params,
                  size_t count, void (*fn)(void *ctx, const struct db_result *result))
{
    struct service *service = loading->op.service;

    store_query(service->store, service_statement(service, name), params, count,
                service_timeout(service), fn, loading);
}

/* False: it has ended. */
static bool answered(struct loading *loading, const char *what, const struct db_result *result)
{
    if (result->code != 0) {
        service_log_failure(what, result);
        end(loading, PAPERJOB_LATER, "the database did not answer");
        return false;
    }
    if (db_rows_count(result->rows) == 0) {
        end(loading, PAPERJOB_WRONG, "no such form or order");
        return false;
    }
    return true;
}

static const char *text_at(struct loading *loading, const struct db_result *result, int column)
{
    return db_null_at(result->rows, 0, column)
               ? NULL
               : arena_slice_str(loading->op.arena, db_text_at(result->rows, 0, column));
}

/* False: it has ended. */
static bool fetched_well(struct loading *loading, const struct fetched *fetched)
{
    loading->dossier = fetched->dossier;
    if (fetched->code == STORE_E_DATA || (fetched->code == 0 && fetched->dossier == NULL))
        end(loading, PAPERJOB_WRONG, "the dossier cannot be read");
    else if (fetched->code != 0)
        end(loading, PAPERJOB_LATER, "the dossier was not answered");
    else
        return true;
    return false;
}

/* ---- a form that was issued ---- */

static void form_fetched(void *ctx, const struct fetched *fetched)
{
    struct loading *loading = ctx;
    const struct dossier_form *form = NULL;
    struct buf json = BUF_INIT(PAPERJOB_MAX);

    if (!fetched_well(loading, fetched))
        return;
    for (size_t i = 0; i < fetched->dossier->form_count; i++)
        if (fetched->dossier->forms[i].no == loading->id.form)
            form = &fetched->dossier->forms[i];
    if (form == NULL) {
        end(loading, PAPERJOB_WRONG, "no such form");
        return;
    }
    paperforms_write(&json, loading->op.arena, loading->op.service, fetched->dossier, form,
                     &loading->issuer);
    ready(loading, &json);
}

static void form_found(void *ctx, const struct db_result *result)
{
    struct loading *loading = ctx;

    if (!answered(loading, "paper_form", result))
        return;
    if (!db_null_at(result->rows, 0, 0)) {
        end(loading, PAPERJOB_DONE, NULL);
        return;
    }
    loading->issuer.name = text_at(loading, result, 1);
    loading->issuer.phone = text_at(loading, result, 2);
    fetch_dossier(loading->op.service, loading->op.arena, NULL, loading->id.dossier, form_fetched,
                  loading);
}

/* ---- what was ordered ---- */

static void steps_read(void *ctx, const struct db_result *result)
{
    struct loading *loading = ctx;
    struct buf json = BUF_INIT(PAPERJOB_MAX);
    struct json_error error;
    struct value *steps;

    if (!answered(loading, "control_rows", result))
        return;
    if (json_parse(loading->op.arena, db_text_at(result->rows, 0, 0), 8, &steps, &error) != 0) {
        end(loading, PAPERJOB_WRONG, "the steps cannot be read");
        return;
    }
    paperforms_control(&json, loading->op.arena, loading->op.service, loading->dossier, steps,
                       loading->masked, loading->at);
    ready(loading, &json);
}

static void control_fetched(void *ctx, const struct fetched *fetched)
{
    struct loading *loading = ctx;

    if (fetched_well(loading, fetched))
        query(loading, "control_rows", (struct db_param[]){db_int(loading->id.dossier)}, 1,
              steps_read);
}

static void rows_read(void *ctx, const struct db_result *result)
{
    struct loading *loading = ctx;
    struct buf json = BUF_INIT(PAPERJOB_MAX);
    struct json_error error;
    struct value *rows;

    if (!answered(loading, "register_rows", result))
        return;
    if (json_parse(loading->op.arena, db_text_at(result->rows, 0, 0), 8, &rows, &error) != 0) {
        end(loading, PAPERJOB_WRONG, "the rows cannot be read");
        return;
    }
    paperregister_write(&json, loading->op.arena, loading->op.service, &loading->book, rows,
                        loading->at);
    ready(loading, &json);
}

static void load_register(struct loading *loading, const struct value *args)
{
    struct paper_register *book = &loading->book;
    struct db_param params[8];

    if (day_parse(value_get_text(args, "from"), &book->from) != 0 ||
        day_parse(value_get_text(args, "to"), &book->to) != 0) {
        end(loading, PAPERJOB_WRONG, "the days cannot be read");
        return;
    }
    book->procedure = value_get_str(args, "procedure");
    params[0] = db_bool(value_get_bool(args, "masked", true));
    params[1] = db_str(book->agency);
    params[2] = db_day(book->from);
    params[3] = db_day(book->to);
    params[4] = db_str(book->procedure);
    params[5] = db_str(paperregister_states(loading->op.arena));
    params[6] = db_str(paperregister_deliveries(loading->op.arena));
    params[7] = db_int(PAPERJOB_REGISTER_ROWS);
    query(loading, "register_rows", params, 8, rows_read);
}

static void record_read(void *ctx, const struct db_result *result)
{
    struct loading *loading = ctx;
    struct buf json = BUF_INIT(PAPERJOB_MAX);
    struct json_error error;
    struct value *record;

    if (!answered(loading, "handover_paper", result))
        return;
    if (json_parse(loading->op.arena, db_text_at(result->rows, 0, 0), 8, &record, &error) != 0) {
        end(loading, PAPERJOB_WRONG, "the record cannot be read");
        return;
    }
    paperregister_handover(&json, loading->op.arena, loading->op.service, record);
    ready(loading, &json);
}

static void order_found(void *ctx, const struct db_result *result)
{
    struct loading *loading = ctx;
    struct json_error error;
    struct value *args;

    if (!answered(loading, "paper_order", result))
        return;
    if (!slice_is(db_text_at(result->rows, 0, 1), "waiting")) {
        end(loading, PAPERJOB_DONE, NULL);
        return;
    }
    loading->kind = text_at(loading, result, 0);
    loading->id.dossier = db_int_at(result->rows, 0, 4, 0);
    loading->book.agency = text_at(loading, result, 5);
    loading->at = db_wall_at(result->rows, 0, 9);
    if (json_parse(loading->op.arena, db_text_at(result->rows, 0, 7), 12, &args, &error) != 0)
        end(loading, PAPERJOB_WRONG, "the details cannot be read");
    else if (strcmp(loading->kind, "register") == 0)
        load_register(loading, args);
    else if (strcmp(loading->kind, "control_slip") == 0) {
        loading->masked = value_get_bool(args, "masked", true);
        fetch_dossier(loading->op.service, loading->op.arena, NULL, loading->id.dossier,
                      control_fetched, loading);
    } else
        query(loading, "handover_paper",
              (struct db_param[]){db_int(value_get_int(args, "handover", 0))}, 1, record_read);
}

static void unanswered(void *ctx, const struct answer *answer)
{
    (void)ctx;
    (void)answer;
}

void paperjob_load(struct service *service, struct paperjob_id id,
                   void (*fn)(void *ctx, const struct paperjob *job), void *ctx)
{
    struct loading *loading = op_new(service, sizeof(*loading), unanswered, NULL);

    loading->id = id;
    loading->fn = fn;
    loading->ctx = ctx;
    if (id.order > 0)
        query(loading, "paper_order", (struct db_param[]){db_int(id.order), db_null()}, 2,
              order_found);
    else
        query(loading, "paper_form", (struct db_param[]){db_int(id.dossier), db_int(id.form)}, 2,
              form_found);
}

/* ---- the way back ---- */

struct keeping {
    struct op op;
    const char *what;
    void (*fn)(void *ctx, bool ok);
    void *ctx;
};

static void kept(void *ctx, const struct db_result *result)
{
    struct keeping *keeping = ctx;

    if (result->code != 0)
        service_log_failure(keeping->what, result);
    keeping->fn(keeping->ctx, result->code == 0);
    op_end(&keeping->op);
}

static struct keeping *keeping_new(struct service *service, const char *what,
                                   void (*fn)(void *ctx, bool ok), void *ctx)
{
    struct keeping *keeping = op_new(service, sizeof(*keeping), unanswered, NULL);

    keeping->what = what;
    keeping->fn = fn;
    keeping->ctx = ctx;
    return keeping;
}

void paperjob_keep(struct service *service, struct paperjob_id id, struct slice pdf,
                   void (*fn)(void *ctx, bool ok), void *ctx)
{
    struct keeping *keeping =
        keeping_new(service, id.order > 0 ? "paper_order_keep" : "paper_form_keep", fn, ctx);
    struct sha256 digest = sha256_of(pdf);
    char name[UUID_TEXT_SIZE];
    struct db_param params[7];

    /* The owner is nobody: a printed form is not an upload that somebody could hand in. */
    upload_name(service, 0,
                slice_str(arena_printf(keeping->op.arena, "paper\n%lld\n%d\n%lld",
                                       (long long)(id.order > 0 ? 0 : id.dossier), id.form,
                                       (long long)id.order)),
                name);
    params[0] = db_str(name);
    params[1] = db_int(0);
    params[2] = db_bytes((struct slice){(const char *)digest.bytes, SHA256_SIZE});
    params[3] =
        db_str(id.order > 0 ? arena_printf(keeping->op.arena, "in-%lld.pdf", (long long)id.order)
                            : arena_printf(keeping->op.arena, "giay-to-%d.pdf", id.form));
    params[4] = db_bytes(pdf);
    params[5] = db_int(id.order > 0 ? id.order : id.dossier);
    params[6] = db_int(id.form);
    store_query(service->store, service_statement(service, keeping->what), params,
                id.order > 0 ? 6 : 7, service_timeout(service), kept, keeping);
}

void paperjob_fail(struct service *service, struct paperjob_id id, const char *word,
                   void (*fn)(void *ctx, bool ok), void *ctx)
{
    struct keeping *keeping;

    if (id.order <= 0) {
        fn(ctx, true);
        return;
    }
    keeping = keeping_new(service, "paper_order_fail", fn, ctx);
    store_query(service->store, service_statement(service, keeping->what),
                (struct db_param[]){db_int(id.order), db_str(word)}, 2, service_timeout(service),
                kept, keeping);
}
