#include "service/document.h"

#include <stdio.h>
#include <string.h>

#include "base/jw.h"
#include "base/num.h"
#include "base/utf8.h"
#include "service/decide.h"
#include "service/service.h"
#include "service/view.h"

/* ---- taking in ---- */

struct upload {
    struct op op;
    char id[UUID_TEXT_SIZE];
    char sha256[SHA256_HEX_SIZE];
    const char *type;
    size_t size;
};

/* The first bytes tell. What claims to be one of these and is not will not open: it runs nowhere,
 * for files are given out as attachments only. */
static const char *type_of(struct slice bytes)
{
    static const struct {
        const char *magic;
        size_t len;
        const char *type;
    } known[] = {{"%PDF-", 5, "application/pdf"},
                 {"\xff\xd8\xff", 3, "image/jpeg"},
                 {"\x89PNG\r\n\x1a\n", 8, "image/png"}};

    for (size_t i = 0; i < DVC_COUNT(known); i++)
        if (bytes.len > known[i].len && memcmp(bytes.ptr, known[i].magic, known[i].len) == 0)
            return known[i].type;
    return NULL;
}

static void kept(void *ctx, const struct db_result *result)
{
    struct upload *upload = ctx;
    struct buf buf = BUF_INIT(1024);
    struct jw jw = JW_INIT(&buf);
    struct slice sha256;

    if (result->code != 0) {
        service_log_failure("upload_keep", result);
        op_store_error(&upload->op, result->code);
        return;
    }
    if (db_rows_count(result->rows) == 0) { /* the same upload is being kept at this moment */
        op_fault(&upload->op, ANSWER_UNAVAILABLE, "busy", "Tệp đang được ghi, hãy gửi lại.");
        return;
    }
    sha256 = db_text_at(result->rows, 0, 0);
    if (!slice_is(sha256, upload->sha256)) {
        op_fault(&upload->op, ANSWER_UNPROCESSABLE, "idempotency_key_reused",
                 "Idempotency-Key này đã dùng cho một tệp có nội dung khác.");
        return;
    }
    jw_object(&jw);
    jw_kv_str(&jw, "id", upload->id);
    jw_kv_str(&jw, "sha256", upload->sha256);
    jw_kv_int(&jw, "size", (int64_t)upload->size);
    jw_kv_str(&jw, "type", upload->type);
    jw_end_object(&jw);
    upload->op.answer(
        upload->op.ctx,
        &(struct answer){.kind = ANSWER_CREATED, .json = buf_slice(&buf), .etag = -1});
    buf_release(&buf);
    op_end(&upload->op);
}

/* A name of UUID's form (RFC 9562, version 8) that account and key alone decide. */
static void name_upload(struct upload *upload, int64_t account, struct slice key)
{
    struct buf text = BUF_INIT(256), hex = BUF_INIT(64);
    struct sha256 digest;

    buf_addf(&text, "upload\n%lld\n", (long long)account);
    buf_add_slice(&text, key);
    digest = hmac_sha256((struct slice){(const char *)upload->op.service->salt, SERVICE_KEY_SIZE},
                         buf_slice(&text));
    digest.bytes[6] = (uint8_t)((digest.bytes[6] & 0x0f) | 0x80);
    digest.bytes[8] = (uint8_t)((digest.bytes[8] & 0x3f) | 0x80);
    buf_add_hex(&hex, digest.bytes, 16);
    snprintf(upload->id, sizeof(upload->id), "%.8s-%.4s-%.4s-%.4s-%.12s", hex.ptr, hex.ptr + 8,
             hex.ptr + 12, hex.ptr + 16, hex.ptr + 20);
    buf_release(&hex);
    buf_release(&text);
}

void document_upload(struct service *service, struct member *who, struct slice bytes,
                     struct slice filename, struct slice key, answer_fn answer, void *ctx)
{
    struct upload *upload = op_new(service, sizeof(*upload), answer, ctx);
    struct sha256 digest = sha256_of(bytes);
    struct slice name;
    struct db_param params[7];

    upload->type = type_of(bytes);
    upload->size = bytes.len;
    if (bytes.len == 0 || bytes.len > UPLOAD_MAX) {
        op_fault(&upload->op, ANSWER_UNPROCESSABLE, "size", "Tệp phải từ 1 byte đến 1 MiB.");
        return;
    }
    if (upload->type == NULL) {
        op_fault(&upload->op, ANSWER_UNPROCESSABLE, "file_type",
                 "Chỉ nhận tệp PDF, JPEG hoặc PNG.");
        return;
    }
    if (utf8_nfc(upload->op.arena, filename, &name) != 0 || utf8_has_control(name, "") ||
        name.len > 255) {
        op_fault(&upload->op, ANSWER_UNPROCESSABLE, "filename",
                 "Tên tệp dài nhất 255 byte và không có ký tự điều khiển.");
        return;
    }
    sha256_hex(digest, upload->sha256);
    name_upload(upload, who->actor.account, key);
    params[0] = db_str(upload->id);
    params[1] = db_int(who->actor.account);
    params[2] = db_bytes((struct slice){(const char *)digest.bytes, SHA256_SIZE});
    params[3] = db_int((int64_t)bytes.len);
    params[4] = db_str(upload->type);
    params[5] = name.len > 0 ? db_text(name) : db_null();
    params[6] = db_bytes(bytes);
    store_query(service->store, service_statement(service, "upload_keep"), params, 7,
                service_timeout(service), kept, upload);
}

/* ---- giving out ---- */

struct reading {
    struct op op;
    struct member *who;
    bool result;
    const char *id;
    file_fn file;
    void *file_ctx;
    const char *upload; /* found when the dossier was loaded */
    struct decision decision;
};

static void refused(void *ctx, const struct answer *answer)
{
    struct reading *reading = ctx;

    reading->file(reading->file_ctx, NULL, answer);
}

static void bytes_read(void *ctx, const struct db_result *result)
{
    struct reading *reading = ctx;
    struct arena *arena = reading->op.arena;
    struct file_answer file;

    member_unref(reading->who);
    if (result->code != 0 || db_rows_count(result->rows) == 0) {
        op_store_error(&reading->op, result->code != 0 ? result->code : STORE_E_DATA);
        return;
    }
    file.bytes = db_bytes_at(arena, result->rows, 0, 0);
    file.type = arena_slice_str(arena, db_text_at(result->rows, 0, 1));
    file.filename = db_null_at(result->rows, 0, 2)
                        ? NULL
                        : arena_slice_str(arena, db_text_at(result->rows, 0, 2));
    reading->file(reading->file_ctx, &file, NULL);
    op_end(&reading->op);
}

/* The event that it was read is durable before the first byte leaves. */
static void recorded(void *ctx, const struct decided *decided)
{
    struct reading *reading = ctx;
    struct service *service = reading->op.service;
    struct db_param param;

    if (decided->kind != DECIDE_APPLIED) {
        member_unref(reading->who);
        decide_answer_fault(&reading->op, decided);
        return;
    }
    param = db_str(reading->upload);
    store_query(service->store, service_statement(service, "document_bytes"), &param, 1,
                service_timeout(service), bytes_read, reading);
}

static const char *find(const struct reading *reading, const struct dossier *dossier)
{
    int64_t no = 0;

    if (reading->result) {
        if (num_parse_i64(slice_str(reading->id), 1, INT32_MAX, &no) != 0)
            return NULL;
        for (size_t i = 0; i < dossier->result_count; i++)
            if (dossier->results[i].no == no)
                return dossier->results[i].upload;
        return NULL;
    }
    /* By its number, as the view gives it, or the newest of that paper: what came before a
     * supplement stays readable. */
    if (num_parse_i64(slice_str(reading->id), 1, INT32_MAX, &no) != 0)
        no = 0;
    for (size_t i = dossier->paper_count; i-- > 0;)
        if (dossier->papers[i].upload != NULL &&
            (dossier->papers[i].no == no || strcmp(dossier->papers[i].paper, reading->id) == 0))
            return dossier->papers[i].upload;
    return NULL;
}

static int prepare(struct decision *decision, const struct dossier *dossier,
                   struct refusal *refusal)
{
    struct reading *reading = decision->ctx;

    if (access_may_view(decision->actor, dossier, &decision->service->order)) {
        if (view_masked(decision->service, dossier, decision->actor)) {
            *refusal = (struct refusal){"masked", "",
                                        "Tài khoản chỉ xem được hồ sơ đã che thông tin cá nhân."};
            return WF_E_FORBIDDEN;
        }
        reading->upload = find(reading, dossier);
    }
    if (reading->upload != NULL) {
        decision->command.document = reading->upload;
        return 0;
    }
    *refusal = (struct refusal){"not_found", "", "Không tìm thấy, hoặc tài khoản không được xem."};
    return WF_E_FORBIDDEN;
}

void document_read(struct service *service, struct member *who, struct slice code, bool result,
                   struct slice id, file_fn answer, void *ctx)
{
    struct reading *reading = op_new(service, sizeof(*reading), refused, NULL);
    struct decision *decision = &reading->decision;

    reading->op.ctx = reading;
    reading->who = member_ref(who);
    reading->result = result;
    reading->id = arena_slice_str(reading->op.arena, id);
    reading->file = answer;
    reading->file_ctx = ctx;
    decision->service = service;
    decision->arena = reading->op.arena;
    decision->code = arena_slice_str(reading->op.arena, code);
    decision->actor = &who->actor;
    decision->command = (struct command){
        .kind = CMD_READ, .if_decision = -1, .received_at = WALL_NONE, .new_due = WALL_NONE};
    decision->prepare = prepare;
    decision->done = recorded;
    decision->ctx = reading;
    decide(decision);
}
