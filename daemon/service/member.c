#include "service/member.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/list.h"
#include "service/service.h"

#define BUCKETS 1024
#define TOKEN_MAX 128

struct entry {
    struct member member;
    struct arena *arena;
    mono_t read_at;
    int refs; /* one of them is the cache's */
    struct entry *next;
};

struct members {
    struct service *service;
    struct entry *buckets[BUCKETS];
    size_t count;
    uint64_t forgotten; /* how often something was: what was asked for before may be older */
};

struct finding {
    struct members *members;
    struct sha256 token_hash;
    uint64_t forgotten; /* at the time of asking */
    member_fn found;
    void *ctx;
};

struct members *members_new(struct service *service)
{
    struct members *members = dvc_calloc(1, sizeof(*members));

    members->service = service;
    return members;
}

static void clear(struct members *members)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        while (members->buckets[i] != NULL) {
            struct entry *entry = members->buckets[i];

            members->buckets[i] = entry->next;
            member_unref(&entry->member);
        }
    }
    members->count = 0;
}

struct members *members_free(struct members *members)
{
    if (members == NULL)
        return NULL;
    clear(members);
    free(members);
    return NULL;
}

struct member *member_ref(struct member *member)
{
    LIST_ENTRY(member, struct entry, member)->refs++;
    return member;
}

void member_unref(struct member *member)
{
    struct entry *entry;

    if (member == NULL)
        return;
    entry = LIST_ENTRY(member, struct entry, member);
    if (--entry->refs > 0)
        return;
    arena_free(entry->arena); /* the entry itself lives there */
}

struct sha256 member_token_hash(struct slice token)
{
    return sha256_of(token);
}

static struct entry **bucket(struct members *members, struct sha256 hash)
{
    return &members->buckets[(hash.bytes[0] | hash.bytes[1] << 8) % BUCKETS];
}

static void drop(struct members *members, struct sha256 token_hash)
{
    struct entry **at = bucket(members, token_hash);

    for (; *at != NULL; at = &(*at)->next) {
        struct entry *entry = *at;

        if (memcmp(&entry->member.token_hash, &token_hash, sizeof(token_hash)) != 0)
            continue;
        *at = entry->next;
        members->count--;
        member_unref(&entry->member);
        return;
    }
}

void members_forget(struct members *members, struct sha256 token_hash)
{
    members->forgotten++;
    drop(members, token_hash);
}

void members_forget_account(struct members *members, int64_t account)
{
    members->forgotten++;
    for (size_t i = 0; i < BUCKETS; i++) {
        struct entry **at = &members->buckets[i];

        while (*at != NULL) {
            struct entry *entry = *at;

            if (entry->member.actor.account != account) {
                at = &entry->next;
                continue;
            }
            *at = entry->next;
            members->count--;
            member_unref(&entry->member);
        }
    }
}

static void read_grants(struct arena *arena, const struct value *list, struct actor *actor)
{
    size_t count = value_count(list);
    struct grant *grants = ARENA_ARRAY(arena, struct grant, count + 1);

    for (size_t i = 0; i < count; i++) {
        const struct value *row = value_at(list, i);

        if (role_parse(value_get_text(row, "role"), &grants[actor->grant_count].role) != 0)
            continue;
        grants[actor->grant_count].agency = value_get_str(row, "agency");
        grants[actor->grant_count].below = value_get_bool(row, "below", false);
        actor->grant_count++;
    }
    actor->grants = grants;
}

static void read_delegations(struct arena *arena, const struct value *list, struct actor *actor)
{
    size_t count = value_count(list);
    struct delegated *items = ARENA_ARRAY(arena, struct delegated, count + 1);

    for (size_t i = 0; i < count; i++) {
        const struct value *row = value_at(list, i);
        struct delegated *one = &items[actor->delegation_count];

        if (role_parse(value_get_text(row, "role"), &one->role) != 0)
            continue;
        one->from = value_get_int(row, "account", 0);
        one->agency = value_get_str(row, "agency");
        one->procedure = value_get_str(row, "procedure");
        actor->delegation_count++;
    }
    actor->delegations = items;
}

static enum account_kind kind_parse(struct slice kind)
{
    return slice_is(kind, "staff")    ? ACCOUNT_STAFF
           : slice_is(kind, "portal") ? ACCOUNT_PORTAL
           : slice_is(kind, "system") ? ACCOUNT_SYSTEM
                                      : ACCOUNT_CITIZEN;
}

static struct slice list_json(struct arena *arena, const struct value *list)
{
    struct buf buf = BUF_INIT(64 * 1024);
    struct slice text;

    value_write(&buf, list, false);
    text = arena_slice(arena, buf_slice(&buf));
    buf_release(&buf);
    return text;
}

static struct entry *entry_read(struct slice json, struct sha256 token_hash)
{
    struct arena *arena = arena_new();
    struct entry *entry = ARENA_NEW(arena, struct entry);
    struct member *member = &entry->member;
    struct json_error error;
    struct value *row;
    const struct value *account;
    struct slice csrf;

    if (json_parse(arena, json, 8, &row, &error) != 0) {
        arena_free(arena);
        return NULL;
    }
    entry->arena = arena;
    member->token_hash = token_hash;
    entry->refs = 1;
    account = value_get(row, "account");
    member->actor.account = value_get_int(account, "id", 0);
    member->actor.kind = kind_parse(value_get_text(account, "kind"));
    member->actor.id_number = value_get_str(account, "id_number");
    member->username = value_get_str(account, "username");
    member->name = value_get_str(account, "name");
    member->email = value_get_str(account, "email");
    member->phone = value_get_str(account, "phone");
    member->mail_notices = value_get_bool(account, "mail_notices", false);
    member->totp = value_get_bool(account, "totp", false);
    member->must_change = value_get_bool(account, "must_change", false);
    csrf = value_get_text(row, "csrf");
    if (csrf.len < sizeof(member->csrf))
        memcpy(member->csrf, csrf.ptr, csrf.len);
    if (wall_parse(value_get_text(row, "expires_at"), &member->expires_at) != 0)
        member->expires_at = WALL_NONE;
    read_grants(arena, value_get(row, "roles"), &member->actor);
    read_delegations(arena, value_get(row, "delegations"), &member->actor);
    member->roles_json = list_json(arena, value_get(row, "roles"));
    member->delegations_json = list_json(arena, value_get(row, "delegations"));
    return entry;
}

static void keep(struct members *members, struct entry *entry)
{
    struct entry **at = bucket(members, entry->member.token_hash);

    drop(members, entry->member.token_hash);
    if (members->count >= MEMBERS_MAX)
        clear(members);
    entry->read_at = loop_mono(members->service->loop);
    entry->refs++;
    entry->next = *at;
    *at = entry;
    members->count++;
}

static void member_read(void *ctx, const struct db_result *result)
{
    struct finding *finding = ctx;
    struct members *members = finding->members;
    struct entry *entry = NULL;

    if (result->code == 0 && db_json(result->rows).ptr != NULL)
        entry = entry_read(db_json(result->rows), finding->token_hash);
    if (entry != NULL && finding->forgotten == members->forgotten)
        keep(members, entry);
    if (entry == NULL && result->code == 0)
        drop(members, finding->token_hash);
    finding->found(finding->ctx, result->code, entry != NULL ? &entry->member : NULL);
    if (entry != NULL)
        member_unref(&entry->member);
    free(finding);
}

static void read_anew(struct members *members, struct sha256 hash, member_fn found, void *ctx)
{
    struct finding *finding = dvc_calloc(1, sizeof(*finding));
    struct db_param param = db_bytes((struct slice){(const char *)hash.bytes, SHA256_SIZE});

    *finding = (struct finding){.members = members,
                                .token_hash = hash,
                                .forgotten = members->forgotten,
                                .found = found,
                                .ctx = ctx};
    store_query(members->service->store, service_statement(members->service, "session_actor"),
                &param, 1, service_timeout(members->service), member_read, finding);
}

void members_find(struct members *members, struct slice token, member_fn found, void *ctx)
{
    if (token.len == 0 || token.len > TOKEN_MAX)
        found(ctx, 0, NULL);
    else
        members_find_hash(members, member_token_hash(token), found, ctx);
}

void members_find_anew(struct members *members, struct slice token, member_fn found, void *ctx)
{
    if (token.len == 0 || token.len > TOKEN_MAX)
        found(ctx, 0, NULL);
    else
        read_anew(members, member_token_hash(token), found, ctx);
}

void members_find_hash(struct members *members, struct sha256 hash, member_fn found, void *ctx)
{
    for (struct entry *entry = *bucket(members, hash); entry != NULL; entry = entry->next) {
        if (memcmp(&entry->member.token_hash, &hash, sizeof(hash)) == 0 &&
            loop_mono(members->service->loop).us - entry->read_at.us < MEMBER_CACHE_US &&
            loop_now(members->service->loop).us < entry->member.expires_at.us) {
            found(ctx, 0, &entry->member);
            return;
        }
    }
    read_anew(members, hash, found, ctx);
}
