/* member.h - who calls: accounts with what they may do right now, by session or token. Kept at most
 * five seconds, so that a revocation holds everywhere within five. Each worker keeps its own: what
 * is kept may let somebody in, but whoever it would turn away is read anew first, for what he lacks
 * he may have got a moment ago, at another worker. */
#ifndef DVC_SERVICE_MEMBER_H
#define DVC_SERVICE_MEMBER_H

#include "core/access.h"
#include "base/hash.h"
#include "base/wall.h"

#define MEMBER_CACHE_US (5 * US_PER_SECOND)
#define MEMBERS_MAX 10000 /* of them kept; beyond it the cache starts anew */

struct service;
struct members;

/* Counted: whoever keeps one across a wait takes member_ref and gives it back. */
struct member {
    struct actor actor;
    const char *username, *name; /* name: a person's, never to a log */
    const char *email, *phone;   /* or NULL; never to a log */
    bool mail_notices, totp;     /* totp: one-time codes are on */
    bool must_change;            /* the password was made by another */
    struct sha256 token_hash;
    char csrf[33];
    wall_t expires_at;
    struct slice roles_json, delegations_json; /* for GET /me */
};

struct members *members_new(struct service *service);
struct members *members_free(struct members *members);

struct member *member_ref(struct member *member);
void member_unref(struct member *member); /* takes NULL */

/* Finds the account behind a bearer token or session cookie. `found` runs exactly once, possibly
 * before this returns: code 0 with the member (no reference is passed), 0 with NULL when nobody
 * holds that token, else the store's error. */
typedef void (*member_fn)(void *ctx, int code, struct member *member);
void members_find(struct members *members, struct slice token, member_fn found, void *ctx);
/* The same, past what is kept. */
void members_find_anew(struct members *members, struct slice token, member_fn found, void *ctx);
/* Forgets a token at once (sign-out). */
void members_forget(struct members *members, struct sha256 token_hash);
/* Forgets all of an account's tokens in this worker, so that its own change shows at once. */
void members_forget_account(struct members *members, int64_t account);
/* As members_find, by the digest of a token that was found before. */
void members_find_hash(struct members *members, struct sha256 token_hash, member_fn found,
                       void *ctx);
struct sha256 member_token_hash(struct slice token);

#endif
