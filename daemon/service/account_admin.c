#include "service/account_admin.h"

#include "base/jw.h"
#include "base/num.h"
#include "service/account_call.h"
#include "service/account_fields.h"
#include "service/authclient.h"
#include "service/password_rule.h"

#define ROLES_MAX 50
#define REASON_MAX 500

struct acting {
    struct account_call call;
    int64_t account; /* who acts */
    const char *username;
    struct slice key, digest;
    struct value *spec;
    bool no_codes;
    char password[PASSWORD_MADE_SIZE];
};

static struct acting *begin(struct service *service, const char *what,
                            const struct account_act *act, answer_fn answer, void *ctx)
{
    struct acting *a = account_call_new(service, sizeof(*a), answer, ctx);

    a->account = act->who->actor.account;
    a->username = arena_slice_str(a->call.op.arena, act->username);
    a->key = arena_slice(a->call.op.arena, act->key);
    a->digest = account_call_digest(&a->call, what, act->username, act->body);
    return a;
}

/* Follows from the key of the request: an answer that was lost can be asked for again, and nobody
 * need keep the password. */
static void make_password(struct acting *a)
{
    struct buf text = BUF_INIT(4096);
    struct sha256 mac;

    buf_addf(&text, "first password\n%lld\n", (long long)a->account);
    buf_add_slice(&text, a->key);
    buf_addc(&text, '\n');
    buf_add_slice(&text, a->digest);
    mac = hmac_sha256((struct slice){(const char *)a->call.op.service->salt, SERVICE_KEY_SIZE},
                      buf_slice(&text));
    password_make(mac.bytes, a->password);
    buf_release(&text);
}

static void hash_password(struct acting *a, auth_fn then)
{
    struct service *service = a->call.op.service;

    if (service->auth == NULL) {
        op_store_error(&a->call.op, STORE_E_DOWN);
        return;
    }
    make_password(a);
    authclient_hash(service->auth, slice_str(a->password), ACCOUNT_HASH_TIMEOUT_US, then, a);
}

static bool hashed(struct acting *a, enum auth_answer answer)
{
    if (answer == AUTH_ANSWER_OK)
        return true;
    op_store_error(&a->call.op, STORE_E_BUSY);
    return false;
}

/* ---- a new account ---- */

static void created(struct account_call *call, const struct value *outcome)
{
    struct acting *a = (struct acting *)call;
    struct buf buf = BUF_INIT(1024);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_kv_str(&jw, "username", value_get_str(outcome, "username"));
    jw_kv_str(&jw, "password", a->password);
    jw_end_object(&jw);
    account_call_answer(call, ANSWER_CREATED, buf_slice(&buf));
    buf_release(&buf);
}

static void create_hashed(void *ctx, enum auth_answer answer, struct slice hash)
{
    struct acting *a = ctx;
    struct buf spec = BUF_INIT(64u << 10);

    if (!hashed(a, answer))
        return;
    value_write(&spec, a->spec, false);
    account_call_run(&a->call, "account_create",
                     (struct db_param[]){db_int(a->account), db_text(buf_slice(&spec)),
                                         db_text(hash), db_str("create"), db_text(a->key),
                                         db_bytes(a->digest)},
                     6);
    buf_release(&spec);
}

static void read_roles(struct acting *a, const struct value *list)
{
    struct arena *arena = a->call.op.arena;
    struct value *roles = value_new(arena, VALUE_LIST);

    if (!value_is_null(list) && list->kind != VALUE_LIST)
        fields_fault(&a->call.fields, "/roles", "type", "Phải là một danh sách.");
    else if (value_count(list) > ROLES_MAX)
        fields_fault(&a->call.fields, "/roles", "max", "Nhiều nhất 50 vai trò.");
    else
        for (size_t i = 0; i < value_count(list); i++)
            value_append(arena, roles,
                         account_grant(&a->call.fields, value_at(list, i),
                                       arena_printf(arena, "/roles/%zu", i)));
    value_set(arena, a->spec, "roles", roles);
}

static const char *kind_of(struct acting *a, const struct value *map)
{
    static const char *const kinds[] = {"staff", "citizen", "portal"};
    const char *kind = fields_text(&a->call.fields, map, "kind", "", 20, FIELDS_REQUIRED);

    if (kind == NULL)
        return NULL;
    for (size_t i = 0; i < DVC_COUNT(kinds); i++)
        if (slice_is(slice_str(kind), kinds[i]))
            return kind;
    fields_fault(&a->call.fields, "/kind", "option", "Một trong: staff, citizen, portal.");
    return NULL;
}

void account_create(struct service *service, const struct account_act *act, answer_fn answer,
                    void *ctx)
{
    static const char *const keys[] = {"username", "name",      "kind", "phone",
                                       "email",    "id_number", "roles"};
    struct acting *a = begin(service, "create", act, answer, ctx);
    struct value *map = account_call_body(&a->call, act->body, keys, DVC_COUNT(keys));
    struct arena *arena = a->call.op.arena;
    struct fields *fields = &a->call.fields;

    if (map == NULL)
        return;
    a->call.done = created;
    a->spec = value_new(arena, VALUE_MAP);
    account_put(arena, a->spec, "username", account_username(fields, map, "username"));
    account_put(arena, a->spec, "name", account_name(fields, map));
    account_put(arena, a->spec, "kind", kind_of(a, map));
    account_put(arena, a->spec, "phone", account_phone(fields, map, false));
    account_put(arena, a->spec, "email", account_email(fields, map));
    account_put(arena, a->spec, "id_number", account_id_number(fields, map));
    value_set(arena, a->spec, "must_change", value_bool(arena, true));
    read_roles(a, value_get(map, "roles"));
    if (!account_call_refused(&a->call))
        hash_password(a, create_hashed);
}

/* ---- a new password ---- */

static void was_reset(struct account_call *call, const struct value *outcome)
{
    struct acting *a = (struct acting *)call;
    struct buf buf = BUF_INIT(1024);
    struct jw jw = JW_INIT(&buf);

    (void)outcome;
    jw_object(&jw);
    jw_kv_str(&jw, "password", a->password);
    jw_end_object(&jw);
    account_call_answer(call, ANSWER_OK, buf_slice(&buf));
    buf_release(&buf);
}

static void reset_hashed(void *ctx, enum auth_answer answer, struct slice hash)
{
    struct acting *a = ctx;

    if (hashed(a, answer))
        account_call_run(&a->call, "password_reset",
                         (struct db_param[]){db_int(a->account), db_str(a->username),
                                             db_text(hash), db_bool(true), db_bool(a->no_codes),
                                             db_text(a->key), db_bytes(a->digest)},
                         7);
}

void account_reset(struct service *service, const struct account_act *act, answer_fn answer,
                   void *ctx)
{
    static const char *const keys[] = {"totp_off"};
    struct acting *a = begin(service, "reset", act, answer, ctx);
    struct value *map = account_call_body(&a->call, act->body, keys, DVC_COUNT(keys));

    if (map == NULL)
        return;
    a->call.done = was_reset;
    a->no_codes = fields_bool(&a->call.fields, map, "totp_off", "");
    if (!account_call_refused(&a->call))
        hash_password(a, reset_hashed);
}

/* ---- off and on ---- */

void account_disable(struct service *service, const struct account_act *act, answer_fn answer,
                     void *ctx)
{
    static const char *const keys[] = {"reason"};
    struct acting *a = begin(service, "disable", act, answer, ctx);
    struct value *map = account_call_body(&a->call, act->body, keys, DVC_COUNT(keys));
    const char *reason;

    if (map == NULL)
        return;
    reason = fields_text(&a->call.fields, map, "reason", "", REASON_MAX, FIELDS_REQUIRED);
    if (!account_call_refused(&a->call))
        account_call_run(&a->call, "account_disable",
                         (struct db_param[]){db_int(a->account), db_str(a->username),
                                             db_str(reason), db_text(a->key), db_bytes(a->digest)},
                         5);
}

void account_enable(struct service *service, const struct account_act *act, answer_fn answer,
                    void *ctx)
{
    struct acting *a = begin(service, "enable", act, answer, ctx);

    if (account_call_body(&a->call, act->body, NULL, 0) != NULL && !account_call_refused(&a->call))
        account_call_run(&a->call, "account_enable",
                         (struct db_param[]){db_int(a->account), db_str(a->username),
                                             db_text(a->key), db_bytes(a->digest)},
                         4);
}

/* ---- roles ---- */

static void granted(struct account_call *call, const struct value *outcome)
{
    struct buf buf = BUF_INIT(64);

    buf_addf(&buf, "{\"id\":%lld}", (long long)value_get_int(outcome, "id", 0));
    account_call_answer(call, ANSWER_CREATED, buf_slice(&buf));
    buf_release(&buf);
}

void account_grant_give(struct service *service, const struct account_act *act, answer_fn answer,
                        void *ctx)
{
    static const char *const keys[] = {"role", "agency", "below", "from", "to"};
    struct acting *a = begin(service, "grant", act, answer, ctx);
    struct value *map = account_call_body(&a->call, act->body, keys, DVC_COUNT(keys)), *given;
    struct buf text = BUF_INIT(4096);

    if (map == NULL || account_call_refused(&a->call))
        return;
    a->call.done = granted;
    given = account_grant(&a->call.fields, map, "");
    if (account_call_refused(&a->call))
        return;
    value_write(&text, given, false);
    account_call_run(&a->call, "grant_give",
                     (struct db_param[]){db_int(a->account), db_str(a->username),
                                         db_text(buf_slice(&text)), db_text(a->key),
                                         db_bytes(a->digest)},
                     5);
    buf_release(&text);
}

void account_grant_end(struct service *service, const struct account_act *act, struct slice id,
                       answer_fn answer, void *ctx)
{
    struct acting *a = begin(service, "revoke", act, answer, ctx);
    int64_t number;

    if (num_parse_i64(id, 1, INT64_MAX, &number) != 0) {
        answer_not_found(answer, ctx);
        op_end(&a->call.op);
        return;
    }
    account_call_run(&a->call, "grant_end",
                     (struct db_param[]){db_int(a->account), db_str(a->username), db_int(number)},
                     3);
}
