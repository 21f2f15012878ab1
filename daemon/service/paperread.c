#include "service/paperread.h"

#include <string.h>

#include "base/num.h"
#include "service/decide.h"
#include "service/fetch.h"
#include "service/service.h"
#include "service/viewing.h"

#define LOOK_EVERY_US (100 * US_PER_SECOND / 1000)

struct reading {
    struct op op;
    struct member *who;
    const char *code, *form, *number;
    paper_fn fn;
    void *fn_ctx;
    int64_t dossier;
    int form_no;
    int64_t order; /* of a control slip */
    const char *document, *filename;
    struct loop_timer *timer;
    mono_t until;
    struct decision decision;
};

static void refused(void *ctx, const struct answer *answer)
{
    struct reading *reading = ctx;

    reading->fn(reading->fn_ctx, NULL, answer);
}

static void timer_end(void *ctx)
{
    loop_timer_free(ctx);
}

static struct reading *reading_new(struct service *service, struct member *who, paper_fn fn,
                                   void *ctx)
{
    struct reading *reading = op_new(service, sizeof(*reading), refused, NULL);

    reading->op.ctx = reading;
    reading->who = member_ref(who);
    reading->fn = fn;
    reading->fn_ctx = ctx;
    return reading;
}

/* What the reading holds beside its arena; each end passes here. */
static void let_go(struct reading *reading)
{
    member_unref(reading->who);
    if (reading->timer != NULL) {
        loop_timer_stop(reading->timer);
        loop_defer(reading->op.service->loop, timer_end, reading->timer);
    }
    reading->timer = NULL;
}

static void fault(struct reading *reading, enum answer_kind kind, const char *code,
                  const char *detail)
{
    let_go(reading);
    op_fault(&reading->op, kind, code, detail);
}

static void store_fault(struct reading *reading, int code)
{
    let_go(reading);
    op_store_error(&reading->op, code);
}

static void not_found(struct reading *reading)
{
    fault(reading, ANSWER_NOT_FOUND, "not_found", "Không tìm thấy, hoặc tài khoản không được xem.");
}

static void query(struct reading *reading, const char *name, const struct db_param *params,
                  size_t count, void (*fn)(void *ctx, const struct db_result *result))
{
    struct service *service = reading->op.service;

    store_query(service->store, service_statement(service, name), params, count,
                service_timeout(service), fn, reading);
}

/* ---- printed: noted, then given out ---- */

static void bytes_read(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;
    struct paper_file file;

    if (result->code != 0 || db_rows_count(result->rows) == 0) {
        store_fault(reading, result->code != 0 ? result->code : STORE_E_DATA);
        return;
    }
    file.bytes = db_bytes_at(reading->op.arena, result->rows, 0, 0);
    file.filename = reading->filename;
    reading->fn(reading->fn_ctx, &file, NULL);
    let_go(reading);
    op_end(&reading->op);
}

static void give(struct reading *reading)
{
    query(reading, "paper_bytes", (struct db_param[]){db_str(reading->document)}, 1, bytes_read);
}

static void recorded(void *ctx, const struct decided *decided)
{
    struct reading *reading = ctx;

    if (decided->kind == DECIDE_APPLIED) {
        give(reading);
        return;
    }
    let_go(reading);
    decide_answer_fault(&reading->op, decided);
}

static const struct refusal hidden = {"not_found", "",
                                      "Không tìm thấy, hoặc tài khoản không được xem."};

/* Rights are looked at again: the dossier may have moved while the printer worked. */
static int prepare(struct decision *decision, const struct dossier *dossier,
                   struct refusal *refusal)
{
    const struct reading *reading = decision->ctx;

    if (!access_may_view(decision->actor, dossier, &decision->service->order)) {
        *refusal = hidden;
        return WF_E_FORBIDDEN;
    }
    decision->command.document = reading->document;
    return 0;
}

static void note_and_give(struct reading *reading)
{
    struct decision *decision = &reading->decision;

    decision->service = reading->op.service;
    decision->arena = reading->op.arena;
    decision->dossier_id = reading->dossier;
    decision->actor = &reading->who->actor;
    decision->command = command_blank(CMD_READ);
    decision->prepare = prepare;
    decision->done = recorded;
    decision->ctx = reading;
    decide(decision);
}

static void noted_apart(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;

    if (result->code != 0) {
        service_log_failure("paper_read_note", result);
        store_fault(reading, result->code);
        return;
    }
    give(reading);
}

/* No single dossier's history could tell of it. */
static void note_apart(struct reading *reading)
{
    query(reading, "paper_read_note",
          (struct db_param[]){db_int(reading->order), db_int(reading->who->actor.account)}, 2,
          noted_apart);
}

/* ---- waiting for the printer ---- */

static void look(void *ctx);

static void looked(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;
    bool order = reading->order > 0;
    int column = order ? 2 : 0;

    if (result->code != 0) {
        store_fault(reading, result->code);
        return;
    }
    if (db_rows_count(result->rows) == 0) {
        not_found(reading);
        return;
    }
    if (!db_null_at(result->rows, 0, (size_t)column)) {
        reading->document =
            arena_slice_str(reading->op.arena, db_text_at(result->rows, 0, (size_t)column));
        if (reading->dossier > 0)
            note_and_give(reading);
        else
            note_apart(reading);
        return;
    }
    if (order && slice_is(db_text_at(result->rows, 0, 1), "failed")) {
        fault(reading, ANSWER_FAILED, "print", "Không in được giấy tờ này.");
        return;
    }
    if (loop_mono(reading->op.service->loop).us >= reading->until.us) {
        struct answer later = {.kind = ANSWER_UNAVAILABLE,
                               .code = "printing",
                               .detail = "Giấy tờ đang được in, hãy thử lại sau giây lát.",
                               .retry_after = 1,
                               .etag = -1};

        let_go(reading);
        refused(reading, &later);
        op_end(&reading->op);
        return;
    }
    loop_timer_start(reading->timer, LOOK_EVERY_US);
}

static void look(void *ctx)
{
    struct reading *reading = ctx;

    if (reading->order > 0)
        query(reading, "paper_order", (struct db_param[]){db_int(reading->order), db_null()}, 2,
              looked);
    else
        query(reading, "paper_form",
              (struct db_param[]){db_int(reading->dossier), db_int(reading->form_no)}, 2, looked);
}

static void wait(struct reading *reading)
{
    struct loop *loop = reading->op.service->loop;

    reading->timer = loop_timer_new(loop, look, reading);
    reading->until = (mono_t){loop_mono(loop).us + PAPERREAD_WAIT_US};
    look(reading);
}

/* ---- which form ---- */

static void ordered(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;

    if (result->code != 0 || db_rows_count(result->rows) == 0) {
        service_log_failure("paper_order_put", result);
        store_fault(reading, result->code != 0 ? result->code : STORE_E_DATA);
        return;
    }
    reading->order = db_int_at(result->rows, 0, 0, 0);
    wait(reading);
}

/* The same day and the same decision of the dossier: the same slip. */
static void order_control_slip(struct reading *reading, const struct dossier *dossier)
{
    struct service *service = reading->op.service;
    bool masked = viewing_masked(service, dossier, &reading->who->actor);
    struct db_param params[6];

    if (reading->who->actor.kind != ACCOUNT_STAFF) {
        fault(reading, ANSWER_FORBIDDEN, "staff_only",
              "Phiếu kiểm soát chỉ dành cho cán bộ và người kiểm soát.");
        return;
    }
    params[0] = db_str("control_slip");
    params[1] = db_str(arena_printf(reading->op.arena, "control_slip/%s/%lld/%d/%d", dossier->code,
                                    (long long)dossier->decision, day_of(loop_now(service->loop)).n,
                                    masked));
    params[2] = db_int(dossier->id);
    params[3] = db_str(dossier->agency_competent);
    params[4] = db_int(reading->who->actor.account);
    params[5] = db_str(masked ? "{\"masked\":true}" : "{\"masked\":false}");
    query(reading, "paper_order_put", params, 6, ordered);
}

static const struct dossier_form *form_of(const struct reading *reading,
                                          const struct dossier *dossier)
{
    for (size_t i = dossier->form_count; i-- > 0;) {
        const struct dossier_form *form = &dossier->forms[i];

        if (strcmp(form_id_code(form->form), reading->form) == 0 &&
            (reading->number[0] == '\0' || strcmp(form->number, reading->number) == 0))
            return form;
    }
    return NULL;
}

static void fetched(void *ctx, const struct fetched *fetched)
{
    struct reading *reading = ctx;
    struct service *service = reading->op.service;
    const struct dossier *dossier = fetched->dossier;
    const struct dossier_form *form;

    if (fetched->code != 0) {
        store_fault(reading, fetched->code);
        return;
    }
    if (dossier == NULL || !access_may_view(&reading->who->actor, dossier, &service->order)) {
        not_found(reading);
        return;
    }
    reading->dossier = dossier->id;
    reading->filename = arena_printf(reading->op.arena, "%s-%s.pdf", dossier->code, reading->form);
    if (strcmp(reading->form, form_id_code(FORM_CONTROL_SLIP)) == 0) {
        order_control_slip(reading, dossier);
        return;
    }
    form = form_of(reading, dossier);
    if (form == NULL) {
        not_found(reading);
    } else if (viewing_masked(service, dossier, &reading->who->actor)) {
        fault(reading, ANSWER_FORBIDDEN, "masked",
              "Tài khoản chỉ xem được hồ sơ đã che thông tin cá nhân.");
    } else {
        reading->form_no = form->no;
        wait(reading);
    }
}

void paperread_form(struct service *service, struct member *who, struct slice code,
                    struct slice form, struct slice number, paper_fn fn, void *ctx)
{
    struct reading *reading = reading_new(service, who, fn, ctx);

    reading->code = arena_slice_str(reading->op.arena, code);
    reading->form = arena_slice_str(reading->op.arena, form);
    reading->number = arena_slice_str(reading->op.arena, number);
    fetch_dossier(service, reading->op.arena, reading->code, 0, fetched, reading);
}

/* ---- registers ---- */

static void register_found(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;
    struct slice state;

    if (result->code != 0) {
        store_fault(reading, result->code);
        return;
    }
    if (db_rows_count(result->rows) == 0 || !db_bool_at(result->rows, 0, 8)) {
        not_found(reading);
        return;
    }
    state = db_text_at(result->rows, 0, 1);
    if (slice_is(state, "done")) {
        reading->document = arena_slice_str(reading->op.arena, db_text_at(result->rows, 0, 2));
        note_apart(reading);
    } else if (slice_is(state, "failed")) {
        fault(reading, ANSWER_FAILED, "print", "Không in được sổ này, hãy yêu cầu in lại.");
    } else {
        let_go(reading);
        op_json(&reading->op,
                slice_str(arena_printf(reading->op.arena, "{\"id\":%lld,\"state\":\"waiting\"}",
                                       (long long)reading->order)));
    }
}

void paperread_register(struct service *service, struct member *who, struct slice id, paper_fn fn,
                        void *ctx)
{
    struct reading *reading = reading_new(service, who, fn, ctx);

    if (num_parse_i64(id, 1, INT64_MAX, &reading->order) != 0) {
        not_found(reading);
        return;
    }
    reading->filename =
        arena_printf(reading->op.arena, "so-theo-doi-%lld.pdf", (long long)reading->order);
    query(reading, "paper_order",
          (struct db_param[]){db_int(reading->order), db_int(who->actor.account)}, 2,
          register_found);
}

static void handover_ordered(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;

    if (result->code == 0 && db_rows_count(result->rows) == 0)
        not_found(reading);
    else
        ordered(ctx, result);
}

void paperread_handover(struct service *service, struct member *who, struct slice id, paper_fn fn,
                        void *ctx)
{
    struct reading *reading = reading_new(service, who, fn, ctx);
    int64_t number;

    if (num_parse_i64(id, 1, INT64_MAX, &number) != 0) {
        not_found(reading);
        return;
    }
    reading->filename = arena_printf(reading->op.arena, "bien-ban-%lld.pdf", (long long)number);
    query(reading, "handover_paper_order",
          (struct db_param[]){db_int(who->actor.account), db_int(number)}, 2, handover_ordered);
}
