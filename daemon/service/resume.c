#include "service/resume.h"

#include <string.h>

#include "service/inspect.h"
#include "service/service.h"

/* What upload_append_v1 answers beside a number of bytes. */
enum { APPEND_GONE = -1, APPEND_OFFSET = -2, APPEND_LONG = -3, APPEND_SMALL = -4 };

struct resume {
    struct op op;
    resume_fn fn;
    void *fn_ctx;
    int64_t account;
    const char *id;
    struct resume_state state;
    bool looked_at; /* by inspect: once is enough */
    bool late;      /* a part of one that is done or gone, */
    int64_t offset; /* that begins here */
    /* Reading it back. */
    struct inspection *inspection;
    struct arena *piece; /* holds the part that is being looked at */
    int part;
    struct inspected seen;
};

static void refused(void *ctx, const struct answer *fault)
{
    struct resume *resume = ctx;

    resume->fn(resume->fn_ctx, NULL, fault);
}

static struct resume *resume_new(struct service *service, struct member *who, struct slice id,
                                 resume_fn fn, void *ctx)
{
    struct resume *resume = op_new(service, sizeof(*resume), refused, NULL);

    resume->op.ctx = resume;
    resume->fn = fn;
    resume->fn_ctx = ctx;
    resume->account = who->actor.account;
    resume->id = arena_slice_str(resume->op.arena, slice_sub(id, 0, UUID_TEXT_SIZE));
    return resume;
}

static void fail(struct resume *resume, const char *what, const struct db_result *result)
{
    service_log_failure(what, result);
    op_store_error(&resume->op, result->code);
}

static void look(struct resume *resume);

/* ---- whole: what is it? ---- */

static void finished(void *ctx, const struct db_result *result)
{
    struct resume *resume = ctx;

    if (result->code != 0)
        fail(resume, "upload_finish", result);
    else
        look(resume); /* done now, or dropped meanwhile */
}

static void finish(struct resume *resume)
{
    struct service *service = resume->op.service;
    struct db_param params[5];

    params[0] = db_str(resume->id);
    params[1] = db_int(resume->account);
    params[2] = db_str(resume->id);
    params[3] = db_bytes((struct slice){(const char *)resume->seen.digest.bytes, SHA256_SIZE});
    params[4] = db_str(resume->seen.format->type);
    store_query(service->store, service_statement(service, "upload_finish"), params, 5,
                service_timeout(service), finished, resume);
}

static void dropped_bad(void *ctx, const struct db_result *result)
{
    struct resume *resume = ctx;

    if (result->code != 0)
        fail(resume, "upload_drop", result);
    else
        upload_refuse(&resume->op, resume->account, resume->state.size, &resume->seen);
}

static void drop(struct resume *resume, db_done_fn done)
{
    struct service *service = resume->op.service;
    struct db_param params[2];

    params[0] = db_str(resume->id);
    params[1] = db_int(resume->account);
    store_query(service->store, service_statement(service, "upload_drop"), params, 2,
                service_timeout(service), done, resume);
}

static void inspected(void *ctx, const struct inspected *result)
{
    struct resume *resume = ctx;

    arena_free(resume->piece);
    resume->piece = NULL;
    resume->seen = *result;
    resume->looked_at = true;
    if (result->verdict == INSPECT_GOOD)
        finish(resume);
    else if (result->verdict == INSPECT_TYPE || result->verdict == INSPECT_INFECTED)
        drop(resume, dropped_bad);
    else
        upload_refuse(&resume->op, resume->account, resume->state.size, result);
}

static void part_read(void *ctx, const struct db_result *result)
{
    struct resume *resume = ctx;
    struct slice bytes = SLICE_NULL;

    arena_free(resume->piece);
    resume->piece = arena_new();
    if (result->code != 0) {
        inspect_fail(resume->inspection, result->code);
        return;
    }
    if (db_rows_count(result->rows) > 0)
        bytes = db_bytes_at(resume->piece, result->rows, 0, 0);
    resume->part++;
    inspect_piece(resume->inspection, bytes);
}

static void next_part(void *ctx, struct inspection *inspection)
{
    struct resume *resume = ctx;
    struct service *service = resume->op.service;
    struct db_param params[2];

    resume->inspection = inspection;
    params[0] = db_str(resume->id);
    params[1] = db_int(resume->part);
    store_query(service->store, service_statement(service, "upload_part"), params, 2,
                service_timeout(service), part_read, resume);
}

/* ---- how far it is ---- */

static void wrong_offset(struct op *op)
{
    op_fault(op, ANSWER_CONFLICT, "offset",
             "Upload-Offset không phải là số byte đã nhận; hãy hỏi lại bằng HEAD.");
}

static void looked(void *ctx, const struct db_result *result)
{
    struct resume *resume = ctx;
    struct resume_state *state = &resume->state;

    if (result->code != 0) {
        fail(resume, "upload_look", result);
        return;
    }
    if (db_rows_count(result->rows) == 0) {
        op_fault(&resume->op, ANSWER_NOT_FOUND, "not_found",
                 "Không có tệp đang gửi này, hoặc đã quá hạn.");
        return;
    }
    *state = (struct resume_state){
        .id = resume->id,
        .size = db_int_at(result->rows, 0, 0, 0),
        .received = db_int_at(result->rows, 0, 1, 0),
        .done = db_bool_at(result->rows, 0, 2),
        .expires_at = db_wall_at(result->rows, 0, 4),
        .sha256 = arena_slice_str(resume->op.arena, db_text_at(result->rows, 0, 5)),
        .type = arena_slice_str(resume->op.arena, db_text_at(result->rows, 0, 6)),
    };
    if (state->received == state->size && !state->done && !resume->looked_at) {
        struct inspect_source source = {next_part, resume};

        inspect(resume->op.service->inspector, &source, inspected, resume);
        return;
    }
    if (resume->late && resume->offset != state->size) {
        wrong_offset(&resume->op);
        return;
    }
    resume->fn(resume->fn_ctx, state, NULL);
    op_end(&resume->op);
}

static void look(struct resume *resume)
{
    struct service *service = resume->op.service;
    struct db_param params[3];

    params[0] = db_str(resume->id);
    params[1] = db_int(resume->account);
    params[2] = db_int(service->generation->settings.retention.upload_hours);
    store_query(service->store, service_statement(service, "upload_look"), params, 3,
                service_timeout(service), looked, resume);
}

void resume_look(struct service *service, struct member *who, struct slice id, resume_fn fn,
                 void *ctx)
{
    look(resume_new(service, who, id, fn, ctx));
}

/* ---- a part more ---- */

static void appended(void *ctx, const struct db_result *result)
{
    struct resume *resume = ctx;
    struct op *op = &resume->op;

    if (result->code != 0) {
        fail(resume, "upload_append", result);
        return;
    }
    switch (db_int_at(result->rows, 0, 0, APPEND_GONE)) {
    case APPEND_GONE:
        resume->late = true;
        look(resume);
        return;
    case APPEND_OFFSET:
        wrong_offset(op);
        return;
    case APPEND_LONG:
        op_fault(op, ANSWER_TOO_LARGE, "upload_length", "Nhiều hơn Upload-Length đã báo.");
        return;
    case APPEND_SMALL:
        op_fault(op, ANSWER_UNPROCESSABLE, "part_small", "Mỗi phần phải từ 16 KiB, trừ phần cuối.");
        return;
    default:
        look(resume);
    }
}

void resume_append(struct service *service, struct member *who, struct slice id, int64_t offset,
                   struct slice bytes, resume_fn fn, void *ctx)
{
    struct resume *resume = resume_new(service, who, id, fn, ctx);
    struct db_param params[4];

    params[0] = db_str(resume->id);
    params[1] = db_int(resume->account);
    resume->offset = offset;
    params[2] = db_int(offset);
    params[3] = db_bytes(bytes.ptr != NULL ? bytes : SLICE_LIT(""));
    store_query(service->store, service_statement(service, "upload_append"), params, 4,
                service_timeout(service), appended, resume);
}

/* ---- beginning and throwing away ---- */

static void begun(void *ctx, const struct db_result *result)
{
    struct resume *resume = ctx;
    struct slice outcome;

    if (result->code != 0) {
        fail(resume, "upload_begin", result);
        return;
    }
    outcome = db_text_at(result->rows, 0, 0);
    if (slice_is(outcome, "made") || slice_is(outcome, "there"))
        look(resume);
    else if (slice_is(outcome, "other"))
        op_fault(&resume->op, ANSWER_UNPROCESSABLE, "idempotency_key_reused",
                 "Idempotency-Key này đã dùng cho một tệp khác.");
    else
        op_fault(&resume->op, ANSWER_TOO_MANY, "too_many_unfinished",
                 "Tài khoản có quá nhiều tệp đang gửi dở.");
}

void resume_begin(struct service *service, struct member *who, int64_t size, struct slice filename,
                  struct slice key, resume_fn fn, void *ctx)
{
    const struct settings *settings = &service->generation->settings;
    char id[UUID_TEXT_SIZE];
    struct resume *resume;
    struct slice name;
    struct db_param params[7];

    if (key.len > 0)
        upload_name(service, who->actor.account, key, id);
    else
        uuid7_text(loop_now(service->loop).us / 1000, id);
    resume = resume_new(service, who, slice_str(id), fn, ctx);
    if (!upload_filename(&resume->op, filename, &name))
        return;
    params[0] = db_str(resume->id);
    params[1] = db_int(resume->account);
    params[2] = db_int(size);
    params[3] = name.len > 0 ? db_text(name) : db_null();
    params[4] = db_int(settings->retention.upload_hours * 3600);
    params[5] = db_int(settings->files.unfinished);
    params[6] = db_int(settings->files.unfinished_mb << 20);
    store_query(service->store, service_statement(service, "upload_begin"), params, 7,
                service_timeout(service), begun, resume);
}

static void dropped(void *ctx, const struct db_result *result)
{
    struct op *op = ctx;

    if (result->code != 0) {
        service_log_failure("upload_drop", result);
        op_store_error(op, result->code);
        return;
    }
    if (!db_bool_at(result->rows, 0, 0)) {
        op_fault(op, ANSWER_NOT_FOUND, "not_found", "Không có tệp đang gửi này, hoặc đã quá hạn.");
        return;
    }
    op->answer(op->ctx, &(struct answer){.kind = ANSWER_DONE, .etag = -1});
    op_end(op);
}

void resume_drop(struct service *service, struct member *who, struct slice id, answer_fn answer,
                 void *ctx)
{
    struct op *op = op_new(service, sizeof(*op), answer, ctx);
    struct db_param params[2];

    params[0] = db_text(id);
    params[1] = db_int(who->actor.account);
    store_query(service->store, service_statement(service, "upload_drop"), params, 2,
                service_timeout(service), dropped, op);
}
