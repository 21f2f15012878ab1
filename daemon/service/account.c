#include "service/account.h"

#include "base/jw.h"
#include "base/utf8.h"
#include "service/account_call.h"
#include "service/account_fields.h"
#include "service/authclient.h"
#include "service/password_rule.h"
#include "service/session.h"

/* The helper has no answer that we can use. */
static void unhashed(struct account_call *call, enum auth_answer answer)
{
    struct op *op = &call->op;
    bool busy = answer == AUTH_ANSWER_BUSY;

    op->answer(op->ctx,
               &(struct answer){.kind = busy ? ANSWER_TOO_MANY : ANSWER_UNAVAILABLE,
                                .etag = -1,
                                .code = busy ? "busy" : "unavailable",
                                .detail = "Hệ thống đang bận, vui lòng thử lại sau ít phút.",
                                .retry_after = busy ? 5 : 2});
    op_end(op);
}

/* A password as it is given: NFC, nothing trimmed. Faults are noted at /<key>. */
static struct slice new_password(struct account_call *call, const struct value *map,
                                 const char *key, const char *username)
{
    const char *pointer = arena_printf(call->op.arena, "/%s", key);
    const struct password_fault *fault;
    struct slice text;

    if (value_get_text(map, key).len == 0) {
        fields_fault(&call->fields, pointer, "required", "Bắt buộc phải có.");
        return SLICE_NULL;
    }
    if (utf8_nfc(call->op.arena, value_get_text(map, key), &text) != 0)
        text = SLICE_LIT("");
    fault = password_check(call->op.arena, text, username);
    if (fault != NULL)
        fields_fault(&call->fields, pointer, fault->code, fault->message);
    return text;
}

/* ---- opening an account ---- */

struct registering {
    struct account_call call;
    struct value *spec;
    const char *username;
    struct slice key;
};

static void registered(struct account_call *call, const struct value *outcome)
{
    struct registering *r = (struct registering *)call;
    struct buf buf = BUF_INIT(1024);
    struct jw jw = JW_INIT(&buf);

    (void)outcome;
    jw_object(&jw);
    jw_kv_str(&jw, "username", r->username);
    jw_end_object(&jw);
    account_call_answer(call, ANSWER_CREATED, buf_slice(&buf));
    buf_release(&buf);
}

static void register_hashed(void *ctx, enum auth_answer answer, struct slice hash)
{
    struct registering *r = ctx;
    struct buf spec = BUF_INIT(16384);

    if (answer != AUTH_ANSWER_OK) {
        unhashed(&r->call, answer);
        return;
    }
    value_write(&spec, r->spec, false);
    account_call_run(&r->call, "account_create",
                     (struct db_param[]){db_null(), db_text(buf_slice(&spec)), db_text(hash),
                                         db_str("register"), db_text(r->key),
                                         db_bytes(account_call_digest(&r->call, "register",
                                                                      slice_str(r->username),
                                                                      buf_slice(&spec)))},
                     6);
    buf_release(&spec);
}

void account_register(struct service *service, struct slice body, struct slice key,
                      answer_fn answer, void *ctx)
{
    static const char *const keys[] = {"username", "password", "name",
                                       "phone",    "email",    "id_number"};
    struct registering *r = account_call_new(service, sizeof(*r), answer, ctx);
    struct arena *arena = r->call.op.arena;
    struct fields *fields = &r->call.fields;
    struct value *map;
    struct slice password;

    if (!service->generation->settings.accounts.self_registration || service->auth == NULL) {
        op_fault(&r->call.op, ANSWER_FORBIDDEN, "self_registration_off",
                 "Hệ thống này không cho tự mở tài khoản.");
        return;
    }
    map = account_call_body(&r->call, body, keys, DVC_COUNT(keys));
    if (map == NULL)
        return;
    r->spec = value_new(arena, VALUE_MAP);
    r->username = account_username(fields, map, "username");
    r->key = arena_slice(arena, key);
    r->call.done = registered;
    account_put(arena, r->spec, "username", r->username);
    account_put(arena, r->spec, "name", account_name(fields, map));
    account_put(arena, r->spec, "kind", "citizen");
    account_put(arena, r->spec, "phone", account_phone(fields, map, true));
    account_put(arena, r->spec, "email", account_email(fields, map));
    account_put(arena, r->spec, "id_number", account_id_number(fields, map));
    value_set(arena, r->spec, "claimed", value_bool(arena, true));
    password = new_password(&r->call, map, "password", r->username != NULL ? r->username : "");
    if (!account_call_refused(&r->call))
        authclient_hash(service->auth, password, ACCOUNT_HASH_TIMEOUT_US, register_hashed, r);
}

/* ---- proving who one is ---- */

static void failure_counted(void *ctx, const struct db_result *result)
{
    struct account_proof *proof = ctx;

    if (result->code != 0) {
        op_store_error(&proof->call->op, result->code);
        return;
    }
    account_call_fault(proof->call, proof->pointer, "mismatch", "Mật khẩu không đúng.");
}

static void proof_verified(void *ctx, enum auth_answer answer, struct slice hash)
{
    struct account_proof *proof = ctx;
    struct service *service = proof->call->op.service;
    struct db_param param = db_str(proof->username);

    (void)hash;
    if (answer == AUTH_ANSWER_OK)
        proof->then(proof);
    else if (answer == AUTH_ANSWER_MISMATCH)
        store_query(service->store, service_statement(service, "session_failed"), &param, 1,
                    service_timeout(service), failure_counted, proof);
    else
        unhashed(proof->call, answer);
}

static void proof_read(void *ctx, const struct db_result *result)
{
    struct account_proof *proof = ctx;
    struct op *op = &proof->call->op;
    int64_t wait;

    if (result->code != 0) {
        op_store_error(op, result->code);
        return;
    }
    wait = db_int_at(result->rows, 0, 1, 0);
    if (wait > 0) {
        op->answer(op->ctx, &(struct answer){.kind = ANSWER_TOO_MANY,
                                             .etag = -1,
                                             .code = "account_waits",
                                             .detail = "Nhập sai mật khẩu quá nhiều lần, hãy thử "
                                                       "lại sau ít phút.",
                                             .retry_after = (int)wait});
        op_end(op);
        return;
    }
    if (!db_null_at(result->rows, 0, 0))
        proof->hash = arena_slice_str(op->arena, db_text_at(result->rows, 0, 0));
    authclient_verify(op->service->auth, proof->password, proof->hash, ACCOUNT_HASH_TIMEOUT_US,
                      proof_verified, proof);
}

void account_prove(struct account_proof *proof)
{
    struct service *service = proof->call->op.service;
    struct db_param param = db_int(proof->account);

    if (utf8_nfc(proof->call->op.arena, proof->password, &proof->password) != 0)
        proof->password = SLICE_LIT("");
    if (service->auth == NULL)
        unhashed(proof->call, AUTH_ANSWER_FAILED);
    else
        store_query(service->store, service_statement(service, "account_password"), &param, 1,
                    service_timeout(service), proof_read, proof);
}

/* ---- a new password ---- */

struct changing {
    struct account_call call;
    struct account_proof proof;
    struct slice wanted;
    struct sha256 token_hash;
};

static void changed(void *ctx, const struct db_result *result)
{
    struct changing *c = ctx;
    struct op *op = &c->call.op;

    if (result->code != 0) {
        service_log_failure("password_change", result);
        op_store_error(op, result->code);
    } else if (!db_bool_at(result->rows, 0, 0)) {
        op_fault(op, ANSWER_CONFLICT, "changed", "Mật khẩu vừa được đổi ở nơi khác.");
    } else {
        members_forget_account(op->service->members, c->proof.account);
        op->answer(op->ctx, &(struct answer){.kind = ANSWER_DONE, .etag = -1});
        op_end(op);
    }
}

static void change_hashed(void *ctx, enum auth_answer answer, struct slice hash)
{
    struct changing *c = ctx;
    struct service *service = c->call.op.service;
    struct db_param params[4];

    if (answer != AUTH_ANSWER_OK) {
        unhashed(&c->call, answer);
        return;
    }
    params[0] = db_int(c->proof.account);
    params[1] = db_str(c->proof.hash);
    params[2] = db_text(hash);
    params[3] = db_bytes((struct slice){(const char *)c->token_hash.bytes, SHA256_SIZE});
    store_query(service->store, service_statement(service, "password_change"), params, 4,
                service_timeout(service), changed, c);
}

static void change_proved(struct account_proof *proof)
{
    struct changing *c = (struct changing *)proof->call;

    authclient_hash(c->call.op.service->auth, c->wanted, ACCOUNT_HASH_TIMEOUT_US, change_hashed, c);
}

void account_password(struct service *service, struct member *who, struct slice body,
                      answer_fn answer, void *ctx)
{
    static const char *const keys[] = {"old", "new"};
    struct changing *c = account_call_new(service, sizeof(*c), answer, ctx);
    struct value *map = account_call_body(&c->call, body, keys, DVC_COUNT(keys));

    if (map == NULL)
        return;
    c->token_hash = who->token_hash;
    c->proof = (struct account_proof){.call = &c->call,
                                      .account = who->actor.account,
                                      .username = arena_str(c->call.op.arena, who->username),
                                      .password = value_get_text(map, "old"),
                                      .pointer = "/old",
                                      .then = change_proved};
    if (c->proof.password.len == 0)
        fields_fault(&c->call.fields, "/old", "required", "Bắt buộc phải có.");
    c->wanted = new_password(&c->call, map, "new", c->proof.username);
    if (c->wanted.len > 0 && slice_eq(c->wanted, c->proof.password))
        fields_fault(&c->call.fields, "/new", "same", "Mật khẩu mới phải khác mật khẩu cũ.");
    if (!account_call_refused(&c->call))
        account_prove(&c->proof);
}

/* ---- contact data ---- */

struct contact {
    struct account_call call;
    int64_t account;
    struct sha256 token_hash;
};

static void shown(void *ctx, int code, struct member *member)
{
    struct contact *c = ctx;
    struct op *op = &c->call.op;

    if (code != 0) {
        op_store_error(op, code);
        return;
    }
    if (member == NULL)
        answer_fault(op->answer, op->ctx, ANSWER_UNAUTHENTICATED, "unauthenticated",
                     "Phiên làm việc không còn hiệu lực.");
    else
        session_me(member, op->answer, op->ctx);
    op_end(op);
}

static void kept(void *ctx, const struct db_result *result)
{
    struct contact *c = ctx;
    struct service *service = c->call.op.service;

    if (result->code != 0) {
        service_log_failure("account_contact", result);
        op_store_error(&c->call.op, result->code);
        return;
    }
    members_forget_account(service->members, c->account);
    members_find_hash(service->members, c->token_hash, shown, c);
}

static void put(struct contact *c, const struct value *from, struct value *to, const char *key,
                const char *text)
{
    struct arena *arena = c->call.op.arena;

    if (value_get(from, key) != NULL)
        value_set(arena, to, key,
                  text != NULL ? value_string(arena, slice_str(text))
                               : value_new(arena, VALUE_NULL));
}

void account_contact(struct service *service, struct member *who, struct slice body,
                     answer_fn answer, void *ctx)
{
    static const char *const keys[] = {"phone", "email", "mail_notices"};
    struct contact *c = account_call_new(service, sizeof(*c), answer, ctx);
    struct fields *fields = &c->call.fields;
    struct value *map = account_call_body(&c->call, body, keys, DVC_COUNT(keys)), *out;
    struct buf text = BUF_INIT(4096);
    const char *email;

    if (map == NULL)
        return;
    c->account = who->actor.account;
    c->token_hash = who->token_hash;
    out = value_new(c->call.op.arena, VALUE_MAP);
    put(c, map, out, "phone", account_phone(fields, map, false));
    email = account_email(fields, map);
    put(c, map, out, "email", email);
    if (value_get(map, "mail_notices") != NULL)
        value_set(c->call.op.arena, out, "mail_notices",
                  value_bool(c->call.op.arena, fields_bool(fields, map, "mail_notices", "")));
    if (value_get_bool(out, "mail_notices", false) && email == NULL &&
        (value_get(map, "email") != NULL || who->email == NULL))
        fields_fault(fields, "/email", "required",
                     "Muốn nhận thông báo qua thư thì phải có địa chỉ.");
    if (account_call_refused(&c->call))
        return;
    value_write(&text, out, false);
    store_query(service->store, service_statement(service, "account_contact"),
                (struct db_param[]){db_int(c->account), db_text(buf_slice(&text))}, 2,
                service_timeout(service), kept, c);
    buf_release(&text);
}
