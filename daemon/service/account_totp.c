#include "service/account_totp.h"

#include <string.h>

#include "base/jw.h"
#include "service/account.h"
#include "service/account_call.h"
#include "service/totp.h"

#define ISSUER "dvcd"

static int setting_of(const struct service *service)
{
    return service->generation->settings.accounts.staff_totp;
}

struct enrolment {
    struct account_call call;
    struct account_proof proof;
    int64_t account;
    const char *username;
    struct slice otp;
    struct slice secret;
};

static struct enrolment *begin(struct service *service, struct member *who, answer_fn answer,
                               void *ctx)
{
    struct enrolment *e = account_call_new(service, sizeof(*e), answer, ctx);

    e->account = who->actor.account;
    e->username = arena_str(e->call.op.arena, who->username);
    return e;
}

static void on_already(struct enrolment *e)
{
    op_fault(&e->call.op, ANSWER_CONFLICT, "totp_on", "Mã xác thực đang bật.");
}

/* ---- a secret ---- */

static void offered(void *ctx, const struct db_result *result)
{
    struct enrolment *e = ctx;
    struct buf buf = BUF_INIT(2048), secret = BUF_INIT(64), uri = BUF_INIT(1024);
    struct jw jw = JW_INIT(&buf);
    struct slice bytes;

    if (result->code != 0) {
        service_log_failure("totp_offer", result);
        op_store_error(&e->call.op, result->code);
        return;
    }
    if (db_rows_count(result->rows) == 0) {
        on_already(e);
        return;
    }
    bytes = db_bytes_at(e->call.op.arena, result->rows, 0, 0);
    buf_add_base32(&secret, bytes.ptr, bytes.len);
    totp_uri(&uri, bytes, ISSUER, e->username);
    jw_object(&jw);
    jw_kv_str(&jw, "secret", secret.ptr);
    jw_kv_str(&jw, "uri", uri.ptr);
    jw_end_object(&jw);
    account_call_answer(&e->call, ANSWER_CREATED, buf_slice(&buf));
    buf_release(&uri);
    buf_release(&secret);
    buf_release(&buf);
}

void account_totp_offer(struct service *service, struct member *who, struct slice key,
                        answer_fn answer, void *ctx)
{
    struct enrolment *e = begin(service, who, answer, ctx);
    uint8_t secret[TOTP_SECRET_SIZE];

    if (who->actor.kind != ACCOUNT_STAFF || setting_of(service) == STAFF_TOTP_OFF) {
        op_fault(&e->call.op, ANSWER_FORBIDDEN, "totp_off",
                 "Tài khoản này không dùng mã xác thực trên điện thoại.");
        return;
    }
    random_bytes(secret, sizeof(secret));
    store_query(service->store, service_statement(service, "totp_offer"),
                (struct db_param[]){db_int(e->account),
                                    db_bytes((struct slice){(const char *)secret, sizeof(secret)}),
                                    db_text(key)},
                3, service_timeout(service), offered, e);
}

/* ---- its first code ---- */

/* Recovery codes follow from the secret and the server's key, so that an answer that was lost can
 * be asked for again with the same code. */
static void recovery_bytes(const struct enrolment *e, int index, uint8_t out[TOTP_RECOVERY_BYTES])
{
    struct buf text = BUF_INIT(256);
    struct sha256 mac;

    buf_addf(&text, "recovery code %d of %lld\n", index, (long long)e->account);
    buf_add_slice(&text, e->secret);
    mac = hmac_sha256((struct slice){(const char *)e->call.op.service->salt, SERVICE_KEY_SIZE},
                      buf_slice(&text));
    memcpy(out, mac.bytes, TOTP_RECOVERY_BYTES);
    buf_release(&text);
}

static void give_recovery(struct enrolment *e)
{
    struct buf buf = BUF_INIT(1024);
    struct jw jw = JW_INIT(&buf);

    members_forget_account(e->call.op.service->members, e->account);
    jw_object(&jw);
    jw_key(&jw, "recovery");
    jw_array(&jw);
    for (int i = 0; i < TOTP_RECOVERY_COUNT; i++) {
        uint8_t bytes[TOTP_RECOVERY_BYTES];
        struct buf code = BUF_INIT(32);

        recovery_bytes(e, i, bytes);
        totp_recovery_write(&code, bytes);
        jw_str(&jw, code.ptr);
        buf_release(&code);
    }
    jw_end_array(&jw);
    jw_end_object(&jw);
    account_call_answer(&e->call, ANSWER_OK, buf_slice(&buf));
    buf_release(&buf);
}

static void confirmed(void *ctx, const struct db_result *result)
{
    struct enrolment *e = ctx;

    if (result->code != 0) {
        service_log_failure("totp_confirm", result);
        op_store_error(&e->call.op, result->code);
    } else if (db_rows_count(result->rows) == 0) {
        on_already(e);
    } else {
        give_recovery(e);
    }
}

static void keep(struct enrolment *e, int64_t step)
{
    struct service *service = e->call.op.service;
    struct slice digests[TOTP_RECOVERY_COUNT];

    for (int i = 0; i < TOTP_RECOVERY_COUNT; i++) {
        uint8_t bytes[TOTP_RECOVERY_BYTES];
        char hex[SHA256_HEX_SIZE];
        struct buf code = BUF_INIT(32);
        struct sha256 digest;

        recovery_bytes(e, i, bytes);
        totp_recovery_write(&code, bytes);
        DVC_REQUIRE(totp_recovery_digest(buf_slice(&code), &digest));
        sha256_hex(digest, hex);
        digests[i] = slice_str(arena_str(e->call.op.arena, hex));
        buf_release(&code);
    }
    store_query(service->store, service_statement(service, "totp_confirm"),
                (struct db_param[]){db_int(e->account), db_bytes(e->secret), db_int(step),
                                    db_text_array(digests, TOTP_RECOVERY_COUNT)},
                4, service_timeout(service), confirmed, e);
}

static void secret_read(void *ctx, const struct db_result *result)
{
    struct enrolment *e = ctx;
    struct op *op = &e->call.op;
    wall_t now = loop_now(op->service->loop);
    int64_t step, last;

    if (result->code != 0) {
        op_store_error(op, result->code);
        return;
    }
    if (db_rows_count(result->rows) == 0) {
        op_fault(op, ANSWER_CONFLICT, "totp_off", "Hãy xin mã bí mật trước.");
        return;
    }
    e->secret = db_bytes_at(op->arena, result->rows, 0, 0);
    last = db_int_at(result->rows, 0, 3, 0);
    if (db_bool_at(result->rows, 0, 2)) {
        /* Only the very code that turned them on, as long as it is one. */
        if (totp_matches(e->secret, now, last - 1, e->otp, &step) && step == last)
            give_recovery(e);
        else
            on_already(e);
    } else if (totp_matches(e->secret, now, 0, e->otp, &step)) {
        keep(e, step);
    } else {
        account_call_fault(&e->call, "/otp", "otp_wrong",
                           "Mã xác thực không đúng; hãy xem lại giờ của điện thoại.");
    }
}

void account_totp_confirm(struct service *service, struct member *who, struct slice body,
                          answer_fn answer, void *ctx)
{
    static const char *const keys[] = {"otp"};
    struct enrolment *e = begin(service, who, answer, ctx);
    struct value *map = account_call_body(&e->call, body, keys, DVC_COUNT(keys));
    struct db_param param = db_int(e->account);

    if (map == NULL)
        return;
    e->otp = slice_str(fields_text(&e->call.fields, map, "otp", "", 32, FIELDS_REQUIRED));
    if (!account_call_refused(&e->call))
        store_query(service->store, service_statement(service, "totp_read"), &param, 1,
                    service_timeout(service), secret_read, e);
}

/* ---- off ---- */

static void dropped(void *ctx, const struct db_result *result)
{
    struct enrolment *e = ctx;
    struct op *op = &e->call.op;

    if (result->code != 0) {
        service_log_failure("totp_drop", result);
        op_store_error(op, result->code);
        return;
    }
    members_forget_account(op->service->members, e->account);
    op->answer(op->ctx, &(struct answer){.kind = ANSWER_DONE, .etag = -1});
    op_end(op);
}

static void drop_proved(struct account_proof *proof)
{
    struct service *service = proof->call->op.service;
    struct db_param param = db_int(proof->account);

    store_query(service->store, service_statement(service, "totp_drop"), &param, 1,
                service_timeout(service), dropped, proof->call);
}

void account_totp_drop(struct service *service, struct member *who, struct slice body,
                       answer_fn answer, void *ctx)
{
    static const char *const keys[] = {"password"};
    struct enrolment *e = begin(service, who, answer, ctx);
    struct value *map;

    if (setting_of(service) == STAFF_TOTP_REQUIRED) {
        op_fault(&e->call.op, ANSWER_FORBIDDEN, "totp_required",
                 "Cơ quan yêu cầu dùng mã xác thực.");
        return;
    }
    map = account_call_body(&e->call, body, keys, DVC_COUNT(keys));
    if (map == NULL)
        return;
    e->proof = (struct account_proof){.call = &e->call,
                                      .account = e->account,
                                      .username = e->username,
                                      .password = value_get_text(map, "password"),
                                      .pointer = "/password",
                                      .then = drop_proved};
    if (e->proof.password.len == 0)
        fields_fault(&e->call.fields, "/password", "required", "Bắt buộc phải có.");
    if (!account_call_refused(&e->call))
        account_prove(&e->proof);
}
