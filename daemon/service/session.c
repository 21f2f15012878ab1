#include "service/session.h"

#include <string.h>

#include "base/json.h"
#include "base/jw.h"
#include "base/utf8.h"
#include "service/authclient.h"
#include "service/service.h"
#include "service/totp.h"

#define TOKEN_BYTES 32
#define CSRF_BYTES 16
#define OTP_MAX 64 /* bytes of what was typed as a code that are looked at */
#define VERIFY_TIMEOUT_US (8 * US_PER_SECOND)

struct signing {
    struct op op;
    session_fn done;
    void *done_ctx;
    const char *typed; /* the name, whether such an account exists or not */
    struct slice password;
    struct slice otp; /* given, or empty */
    int64_t account;
    const char *username, *name, *kind;
    struct slice secret; /* of its one-time codes; ptr NULL: off */
    int64_t last_step;
    int64_t step; /* of the code that was right */
    struct sha256 recovery;
    bool by_recovery;
    bool otp_was_wrong;
    char *token, *csrf;
    wall_t expires;
};

static void fail(struct signing *s, enum answer_kind kind, const char *code, const char *detail,
                 int64_t retry_after)
{
    s->done(s->done_ctx, NULL,
            &(struct answer){.kind = kind,
                             .etag = -1,
                             .code = code,
                             .detail = detail,
                             .retry_after = (int)retry_after});
    op_end(&s->op);
}

static void fail_sign_in(struct signing *s)
{
    if (s->otp_was_wrong)
        fail(s, ANSWER_UNAUTHENTICATED, "otp_wrong", "Mã xác thực không đúng hoặc đã dùng.", 0);
    else
        fail(s, ANSWER_UNAUTHENTICATED, "sign_in", "Tên đăng nhập hoặc mật khẩu không đúng.", 0);
}

/* Whatever the password was: who must wait learns nothing about it. */
static void fail_waiting(struct signing *s, int64_t seconds)
{
    fail(s, ANSWER_TOO_MANY, "account_waits",
         "Đăng nhập sai quá nhiều lần, hãy thử lại sau ít phút.", seconds > 0 ? seconds : 1);
}

static void fail_store(struct signing *s)
{
    fail(s, ANSWER_UNAVAILABLE, "unavailable", "Hệ thống đang bận, vui lòng thử lại sau ít phút.",
         2);
}

static void opened(struct signing *s)
{
    struct buf buf = BUF_INIT(4096);
    struct jw jw = JW_INIT(&buf);
    struct session_answer session;

    session = (struct session_answer){
        .token = s->token,
        .seconds = (s->expires.us - loop_now(s->op.service->loop).us) / US_PER_SECOND};
    jw_object(&jw);
    jw_kv_str(&jw, "token", s->token);
    jw_kv_wall(&jw, "expires_at", s->expires);
    jw_key(&jw, "account");
    jw_object(&jw);
    jw_kv_str(&jw, "username", s->username);
    jw_kv_str(&jw, "name", s->name);
    jw_kv_str(&jw, "kind", s->kind);
    jw_end_object(&jw);
    jw_end_object(&jw);
    s->done(s->done_ctx, &session,
            &(struct answer){.kind = ANSWER_CREATED, .json = buf_slice(&buf), .etag = -1});
    buf_release(&buf);
    op_end(&s->op);
}

static void failure_counted(void *ctx, const struct db_result *result)
{
    struct signing *s = ctx;
    int64_t waited;

    if (result->code != 0) {
        service_log_failure("session_failed", result);
        fail_store(s); /* a failure that does not count must not be a free guess */
        return;
    }
    waited = db_int_at(result->rows, 0, 0, 0);
    if (waited > 0)
        fail_waiting(s, waited);
    else
        fail_sign_in(s);
}

static void count_failure(struct signing *s)
{
    struct service *service = s->op.service;
    struct db_param param = db_str(s->typed);

    store_query(service->store, service_statement(service, "session_failed"), &param, 1,
                service_timeout(service), failure_counted, s);
}

static void kept(void *ctx, const struct db_result *result)
{
    struct signing *s = ctx;
    struct slice outcome;

    if (result->code != 0) {
        service_log_failure("session", result);
        fail_store(s);
        return;
    }
    outcome = db_text_at(result->rows, 0, 0);
    if (slice_is(outcome, "ok")) {
        opened(s);
    } else if (slice_is(outcome, "waits")) {
        fail_waiting(s, db_int_at(result->rows, 0, 1, 0));
    } else { /* the code was used a moment ago, or the account is gone */
        s->otp_was_wrong = slice_is(outcome, "otp_wrong");
        count_failure(s);
    }
}

static char *random_text(struct arena *arena, size_t bytes)
{
    uint8_t raw[TOKEN_BYTES];
    struct buf buf = BUF_INIT(128);
    char *text;

    random_bytes(raw, bytes);
    buf_add_base64url(&buf, raw, bytes);
    text = arena_str(arena, buf.ptr);
    buf_release(&buf);
    return text;
}

static void open_session(struct signing *s)
{
    struct service *service = s->op.service;
    struct slice recovery = {(const char *)s->recovery.bytes, SHA256_SIZE};
    struct sha256 hash;
    struct db_param params[7];

    s->token = random_text(s->op.arena, TOKEN_BYTES);
    s->csrf = random_text(s->op.arena, CSRF_BYTES);
    s->expires.us = loop_now(service->loop).us +
                    service->generation->settings.http.session_hours * US_PER_HOUR;
    hash = member_token_hash(slice_str(s->token));
    params[0] = db_str(s->typed);
    params[1] = db_int(s->account);
    params[2] = db_bytes((struct slice){(const char *)hash.bytes, SHA256_SIZE});
    params[3] = db_str(s->csrf);
    params[4] = db_wall(s->expires);
    params[5] = db_int(s->step);
    params[6] = s->by_recovery ? db_bytes(recovery) : db_null();
    store_query(service->store, service_statement(service, "session_open"), params, 7,
                service_timeout(service), kept, s);
}

/* The password is right. Where one-time codes are on, that alone opens nothing. */
static void check_otp(struct signing *s)
{
    if (s->secret.ptr == NULL) {
        open_session(s);
        return;
    }
    if (s->otp.len == 0) {
        fail(s, ANSWER_UNAUTHENTICATED, "otp_required",
             "Cần mã xác thực của ứng dụng trên điện thoại.", 0);
        return;
    }
    if (totp_matches(s->secret, loop_now(s->op.service->loop), s->last_step, s->otp, &s->step)) {
        open_session(s);
        return;
    }
    s->by_recovery = totp_recovery_digest(s->otp, &s->recovery);
    if (s->by_recovery) {
        open_session(s);
        return;
    }
    s->otp_was_wrong = true;
    count_failure(s);
}

static void verified(void *ctx, enum auth_answer answer, struct slice hash)
{
    struct signing *s = ctx;

    (void)hash;
    switch (answer) {
    case AUTH_ANSWER_OK:
        check_otp(s);
        return;
    case AUTH_ANSWER_MISMATCH:
        count_failure(s);
        return;
    case AUTH_ANSWER_BUSY:
        fail(s, ANSWER_TOO_MANY, "busy", "Nhiều người đang đăng nhập, hãy thử lại sau vài giây.", 5);
        return;
    case AUTH_ANSWER_TIMEOUT:
    case AUTH_ANSWER_FAILED:
        break;
    }
    fail_store(s);
}

static void account_read(void *ctx, const struct db_result *result)
{
    struct signing *s = ctx;
    struct arena *arena = s->op.arena;
    const char *password_hash = NULL;
    int64_t wait;

    if (result->code != 0) {
        service_log_failure("session", result);
        fail_store(s);
        return;
    }
    wait = db_int_at(result->rows, 0, 5, 0);
    if (wait > 0) {
        fail_waiting(s, wait);
        return;
    }
    s->account = db_int_at(result->rows, 0, 0, 0);
    if (s->account != 0) {
        s->username = arena_slice_str(arena, db_text_at(result->rows, 0, 1));
        s->name = arena_slice_str(arena, db_text_at(result->rows, 0, 2));
        s->kind = arena_slice_str(arena, db_text_at(result->rows, 0, 3));
        if (!db_null_at(result->rows, 0, 4))
            password_hash = arena_slice_str(arena, db_text_at(result->rows, 0, 4));
        s->secret = db_bytes_at(arena, result->rows, 0, 6);
        s->last_step = db_int_at(result->rows, 0, 7, 0);
    }
    authclient_verify(s->op.service->auth, s->password, password_hash, VERIFY_TIMEOUT_US, verified,
                      s);
}

void session_sign_in(struct service *service, struct slice body, session_fn answer, void *ctx)
{
    struct signing *s = op_new(service, sizeof(*s), NULL, NULL);
    struct json_error error;
    struct value *tree = NULL;
    struct slice username;
    struct db_param param;

    s->done = answer;
    s->done_ctx = ctx;
    if (json_parse(s->op.arena, body, 4, &tree, &error) != 0 || tree->kind != VALUE_MAP ||
        utf8_nfc(s->op.arena, value_get_text(tree, "password"), &s->password) != 0) {
        fail(s, ANSWER_MALFORMED, "json", "Cần {\"username\", \"password\"} dạng JSON.", 0);
        return;
    }
    username = value_get_text(tree, "username");
    if (username.len == 0 || username.len > 100 || s->password.len == 0) {
        fail_sign_in(s);
        return;
    }
    s->typed = arena_slice_str(s->op.arena, username);
    s->otp = slice_sub(value_get_text(tree, "otp"), 0, OTP_MAX);
    if (service->auth == NULL) {
        fail_store(s);
        return;
    }
    param = db_text(username);
    store_query(service->store, service_statement(service, "session_account"), &param, 1,
                service_timeout(service), account_read, s);
}

static void closed(void *ctx, const struct db_result *result)
{
    struct op *op = ctx;

    if (result->code != 0) {
        op_store_error(op, result->code);
        return;
    }
    op->answer(op->ctx, &(struct answer){.kind = ANSWER_DONE, .etag = -1});
    op_end(op);
}

void session_sign_out(struct service *service, struct slice token, answer_fn answer, void *ctx)
{
    struct op *op = op_new(service, sizeof(*op), answer, ctx);
    struct sha256 hash = member_token_hash(token);
    struct db_param param = db_bytes((struct slice){(const char *)hash.bytes, SHA256_SIZE});

    members_forget(service->members, hash);
    store_query(service->store, service_statement(service, "session_close"), &param, 1,
                service_timeout(service), closed, op);
}

void session_me(struct member *who, answer_fn answer, void *ctx)
{
    static const char *const kinds[] = {"citizen", "staff", "portal", "system"};
    struct buf buf = BUF_INIT(256u << 10);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_key(&jw, "account");
    jw_object(&jw);
    jw_kv_int(&jw, "id", who->actor.account);
    jw_kv_str(&jw, "username", who->username);
    jw_kv_str(&jw, "name", who->name);
    jw_kv_str(&jw, "kind", kinds[who->actor.kind]);
    jw_kv_str(&jw, "email", who->email);
    jw_kv_str(&jw, "phone", who->phone);
    jw_kv_bool(&jw, "mail_notices", who->mail_notices);
    jw_kv_bool(&jw, "id_number_verified", who->actor.id_number != NULL);
    jw_kv_bool(&jw, "totp", who->totp);
    jw_kv_bool(&jw, "must_change_password", who->must_change);
    jw_end_object(&jw);
    jw_key(&jw, "roles");
    jw_raw(&jw, who->roles_json);
    jw_key(&jw, "delegations");
    jw_raw(&jw, who->delegations_json);
    jw_kv_str(&jw, "csrf_token", who->csrf);
    jw_end_object(&jw);
    answer_json(answer, ctx, buf_slice(&buf));
    buf_release(&buf);
}
