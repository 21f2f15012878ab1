#include "service/upload.h"

#include <stdio.h>
#include <string.h>

#include "base/jw.h"
#include "base/log.h"
#include "base/utf8.h"
#include "core/form_value.h"
#include "service/inspect.h"
#include "service/service.h"

#define LOOK_PIECE (256u << 10)          /* hashed and scanned in one turn */
#define WHOLE_SECONDS (15 * INT64_C(60)) /* what a killed worker leaves is thrown away after it */

struct upload {
    struct op op;
    int64_t account;
    struct upload_bytes file;
    char id[UUID_TEXT_SIZE];
    char stage[UUID_TEXT_SIZE]; /* under which a large one is kept until it is whole */
    char sha256[SHA256_HEX_SIZE];
    struct inspected seen;
    size_t size, at;
    struct slice name;
};

/* ---- what resume.c needs too ---- */

void upload_name(const struct service *service, int64_t account, struct slice key,
                 char ret_id[UUID_TEXT_SIZE])
{
    struct buf text = BUF_INIT(256), hex = BUF_INIT(64);
    struct sha256 digest;

    buf_addf(&text, "upload\n%lld\n", (long long)account);
    buf_add_slice(&text, key);
    digest = hmac_sha256((struct slice){(const char *)service->salt, SERVICE_KEY_SIZE},
                         buf_slice(&text));
    digest.bytes[6] = (uint8_t)((digest.bytes[6] & 0x0f) | 0x80);
    digest.bytes[8] = (uint8_t)((digest.bytes[8] & 0x3f) | 0x80);
    buf_add_hex(&hex, digest.bytes, 16);
    snprintf(ret_id, UUID_TEXT_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.ptr, hex.ptr + 8,
             hex.ptr + 12, hex.ptr + 16, hex.ptr + 20);
    buf_release(&hex);
    buf_release(&text);
}

/* A name is that of a file, whatever folders a client put before it. */
static struct slice last_part(struct slice name)
{
    size_t from = name.len;

    while (from > 0 && name.ptr[from - 1] != '/' && name.ptr[from - 1] != '\\')
        from--;
    name = slice_trim(slice_sub(name, from, name.len));
    return slice_is(name, ".") || slice_is(name, "..") ? SLICE_LIT("") : name;
}

bool upload_filename(struct op *op, struct slice filename, struct slice *ret_name)
{
    struct slice name;

    if (utf8_nfc(op->arena, filename, &name) != 0 || form_has_control(name, false) ||
        name.len > 255) {
        op_fault_at(op, ANSWER_UNPROCESSABLE, "filename", "X-Filename",
                    "Tên tệp dài nhất 255 byte và không có ký tự điều khiển hay ký tự ẩn.");
        return false;
    }
    *ret_name = last_part(name);
    return true;
}

void upload_json(struct buf *buf, const char *id, const char *sha256, int64_t size,
                 const char *type)
{
    struct jw jw = JW_INIT(buf);

    jw_object(&jw);
    jw_kv_str(&jw, "id", id);
    jw_kv_str(&jw, "sha256", sha256);
    jw_kv_int(&jw, "size", size);
    jw_kv_str(&jw, "type", type);
    jw_end_object(&jw);
}

static void busy(struct op *op)
{
    op->answer(op->ctx, &(struct answer){.kind = ANSWER_UNAVAILABLE,
                                         .etag = -1,
                                         .code = "scanner_busy",
                                         .detail = "Hệ thống chưa kiểm tra được tệp, hãy gửi lại "
                                                   "sau ít phút.",
                                         .retry_after = 5});
    op_end(op);
}

struct noting {
    struct op *op;
    char signature[SCAN_WORD_SIZE];
};

/* The trace is there before the sender hears of it; when it cannot be written he hears only that
 * the file was not taken. */
static void noted(void *ctx, const struct db_result *result)
{
    struct noting *noting = ctx;
    struct op *op = noting->op;

    if (result->code != 0) {
        service_log_failure("infection_note", result);
        op_store_error(op, result->code);
        return;
    }
    op_fault(op, ANSWER_UNPROCESSABLE, "infected",
             arena_printf(op->arena, "Tệp có mã độc (%s) nên không được nhận.", noting->signature));
}

static void note_infection(struct op *op, int64_t account, int64_t size,
                           const struct inspected *result)
{
    struct service *service = op->service;
    struct noting *noting = ARENA_NEW(op->arena, struct noting);
    char sha256[SHA256_HEX_SIZE];
    struct db_param params[5];

    noting->op = op;
    memcpy(noting->signature, result->signature, sizeof(noting->signature));
    sha256_hex(result->digest, sha256);
    log_warn("upload_infected", "account=%lld sha256=%s signature=%s", (long long)account, sha256,
             result->signature);
    params[0] = db_int(account);
    params[1] = db_bytes((struct slice){(const char *)result->digest.bytes, SHA256_SIZE});
    params[2] = db_int(size);
    params[3] = db_str(result->format->type);
    params[4] = db_str(result->signature);
    store_query(service->store, service_statement(service, "infection_note"), params, 5,
                service_timeout(service), noted, noting);
}

void upload_refuse(struct op *op, int64_t account, int64_t size, const struct inspected *result)
{
    switch (result->verdict) {
    case INSPECT_TYPE:
        op_fault(op, ANSWER_MEDIA_TYPE, "file_type",
                 "Chỉ nhận tệp PDF, JPEG, PNG và những định dạng mà thủ tục yêu cầu.");
        return;
    case INSPECT_INFECTED:
        note_infection(op, account, size, result);
        return;
    case INSPECT_FAILED:
        op_store_error(op, result->store_code);
        return;
    case INSPECT_GOOD:
    case INSPECT_BUSY:
        break;
    }
    busy(op);
}

/* ---- a file in one request ---- */

static void release(struct upload *upload)
{
    if (upload->file.release != NULL)
        upload->file.release(upload->file.hold);
    upload->file.release = NULL;
}

static void fail(struct upload *upload, const char *what, const struct db_result *result)
{
    release(upload);
    service_log_failure(what, result);
    op_store_error(&upload->op, result->code);
}

/* `sha256`: of what is kept under this id. */
static void answer_kept(struct upload *upload, struct slice sha256)
{
    struct buf buf = BUF_INIT(1024);

    release(upload);
    if (!slice_is(sha256, upload->sha256)) {
        op_fault(&upload->op, ANSWER_UNPROCESSABLE, "idempotency_key_reused",
                 "Idempotency-Key này đã dùng cho một tệp có nội dung khác.");
        return;
    }
    upload_json(&buf, upload->id, upload->sha256, (int64_t)upload->size, upload->seen.format->type);
    upload->op.answer(
        upload->op.ctx,
        &(struct answer){.kind = ANSWER_CREATED, .json = buf_slice(&buf), .etag = -1});
    buf_release(&buf);
    op_end(&upload->op);
}

static void kept(void *ctx, const struct db_result *result)
{
    struct upload *upload = ctx;

    if (result->code != 0)
        fail(upload, "upload_keep", result);
    else if (db_null_at(result->rows, 0, 0)) /* the same upload is being kept at this moment */
        op_fault(&upload->op, ANSWER_UNAVAILABLE, "busy", "Tệp đang được ghi, hãy gửi lại.");
    else
        answer_kept(upload, db_text_at(result->rows, 0, 0));
}

static void keep_small(struct upload *upload)
{
    struct service *service = upload->op.service;
    struct db_param params[7];

    params[0] = db_str(upload->id);
    params[1] = db_int(upload->account);
    params[2] = db_bytes((struct slice){(const char *)upload->seen.digest.bytes, SHA256_SIZE});
    params[3] = db_int((int64_t)upload->size);
    params[4] = db_str(upload->seen.format->type);
    params[5] = upload->name.len > 0 ? db_text(upload->name) : db_null();
    params[6] = db_bytes(upload->file.bytes);
    store_query(service->store, service_statement(service, "upload_keep"), params, 7,
                service_timeout(service), kept, upload);
    release(upload); /* the statement has its own copy */
}

/* ---- a large one: a MiB at a time, so that no statement and no turn of the loop is long ---- */

static void finished(void *ctx, const struct db_result *result)
{
    struct upload *upload = ctx;

    if (result->code != 0) {
        fail(upload, "upload_finish", result);
        return;
    }
    if (db_null_at(result->rows, 0, 0)) { /* it took longer than such an upload may live */
        release(upload);
        op_fault(&upload->op, ANSWER_UNAVAILABLE, "busy", "Tệp chưa ghi xong, hãy gửi lại.");
        return;
    }
    answer_kept(upload, db_text_at(result->rows, 0, 0));
}

static void finish(struct upload *upload)
{
    struct service *service = upload->op.service;
    struct db_param params[5];

    params[0] = db_str(upload->stage);
    params[1] = db_int(upload->account);
    params[2] = db_str(upload->id);
    params[3] = db_bytes((struct slice){(const char *)upload->seen.digest.bytes, SHA256_SIZE});
    params[4] = db_str(upload->seen.format->type);
    store_query(service->store, service_statement(service, "upload_finish"), params, 5,
                service_timeout(service), finished, upload);
}

static void append(struct upload *upload);

static void appended(void *ctx, const struct db_result *result)
{
    struct upload *upload = ctx;

    if (result->code != 0) {
        fail(upload, "upload_append", result);
        return;
    }
    if (db_int_at(result->rows, 0, 0, -1) != (int64_t)upload->at) {
        release(upload);
        op_fault(&upload->op, ANSWER_UNAVAILABLE, "busy", "Tệp chưa ghi xong, hãy gửi lại.");
        return;
    }
    if (upload->at < upload->size)
        append(upload);
    else
        finish(upload);
}

static void append(struct upload *upload)
{
    struct service *service = upload->op.service;
    struct slice piece = slice_sub(upload->file.bytes, upload->at, UPLOAD_PIECE);
    struct db_param params[4];

    params[0] = db_str(upload->stage);
    params[1] = db_int(upload->account);
    params[2] = db_int((int64_t)upload->at);
    params[3] = db_bytes(piece);
    upload->at += piece.len;
    store_query(service->store, service_statement(service, "upload_append"), params, 4,
                service_timeout(service), appended, upload);
}

static void begun(void *ctx, const struct db_result *result)
{
    struct upload *upload = ctx;

    if (result->code != 0) {
        fail(upload, "upload_begin", result);
        return;
    }
    if (!slice_is(db_text_at(result->rows, 0, 0), "made")) {
        release(upload);
        op_fault(&upload->op, ANSWER_TOO_MANY, "too_many_unfinished",
                 "Tài khoản có quá nhiều tệp đang gửi dở.");
        return;
    }
    append(upload);
}

static void begin(struct upload *upload)
{
    struct service *service = upload->op.service;
    const struct settings *settings = &service->generation->settings;
    struct db_param params[7];

    uuid7_text(loop_now(service->loop).us / 1000, upload->stage);
    params[0] = db_str(upload->stage);
    params[1] = db_int(upload->account);
    params[2] = db_int((int64_t)upload->size);
    params[3] = upload->name.len > 0 ? db_text(upload->name) : db_null();
    params[4] = db_int(WHOLE_SECONDS);
    params[5] = db_int(settings->files.unfinished);
    params[6] = db_int(settings->files.unfinished_mb << 20);
    store_query(service->store, service_statement(service, "upload_begin"), params, 7,
                service_timeout(service), begun, upload);
}

/* A repetition need not be written again. */
static void looked(void *ctx, const struct db_result *result)
{
    struct upload *upload = ctx;

    if (result->code != 0)
        fail(upload, "upload_look", result);
    else if (db_rows_count(result->rows) > 0 && db_bool_at(result->rows, 0, 2))
        answer_kept(upload, db_text_at(result->rows, 0, 5));
    else
        begin(upload);
}

static void keep_large(struct upload *upload)
{
    struct service *service = upload->op.service;
    struct db_param params[3];

    params[0] = db_str(upload->id);
    params[1] = db_int(upload->account);
    params[2] = db_int(service->generation->settings.retention.upload_hours);
    store_query(service->store, service_statement(service, "upload_look"), params, 3,
                service_timeout(service), looked, upload);
}

static void next_piece(void *ctx, struct inspection *inspection)
{
    struct upload *upload = ctx;
    struct slice piece = slice_sub(upload->file.bytes, upload->at, LOOK_PIECE);

    upload->at += piece.len;
    inspect_piece(inspection, piece);
}

static void inspected(void *ctx, const struct inspected *result)
{
    struct upload *upload = ctx;

    if (result->verdict != INSPECT_GOOD) {
        release(upload);
        upload_refuse(&upload->op, upload->account, (int64_t)upload->size, result);
        return;
    }
    upload->seen = *result;
    upload->at = 0;
    sha256_hex(result->digest, upload->sha256);
    if (upload->size <= UPLOAD_PIECE)
        keep_small(upload);
    else
        keep_large(upload);
}

void upload_whole(struct service *service, struct member *who, struct upload_bytes file,
                  struct slice filename, struct slice key, answer_fn answer, void *ctx)
{
    struct upload *upload = op_new(service, sizeof(*upload), answer, ctx);
    struct inspect_source source = {next_piece, upload};

    upload->account = who->actor.account;
    upload->file = file;
    upload->size = file.bytes.len;
    if (upload->size == 0 || upload->size > UPLOAD_MAX) {
        release(upload);
        op_fault_at(&upload->op, ANSWER_UNPROCESSABLE, "size", "",
                    "Tệp phải từ 1 byte đến 20 MiB.");
        return;
    }
    if (!upload_filename(&upload->op, filename, &upload->name)) {
        release(upload);
        return;
    }
    upload_name(service, upload->account, key, upload->id);
    inspect(service->inspector, &source, inspected, upload);
}
