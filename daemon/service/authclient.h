/* authclient.h - asks the auth helper to hash or verify a password, from a worker's loop. */
#ifndef DVC_SERVICE_AUTHCLIENT_H
#define DVC_SERVICE_AUTHCLIENT_H

#include "base/loop.h"
#include "base/slice.h"

struct authclient;

enum auth_answer {
    AUTH_ANSWER_OK,       /* right password; or hashed */
    AUTH_ANSWER_MISMATCH, /* wrong password, or no such account */
    AUTH_ANSWER_BUSY,     /* too many at once, here or at the helper: 429 */
    AUTH_ANSWER_TIMEOUT,  /* no answer in time: 503 */
    AUTH_ANSWER_FAILED    /* the stored hash cannot be used, or there is no helper any more: 503 */
};

/* Called exactly once for each call below, from the loop, never before that call returns. `hash` is
 * borrowed and only there for a hash that was asked for. */
typedef void (*auth_fn)(void *ctx, enum auth_answer answer, struct slice hash);

/* `fd`: this gateway's end of its pair (service/authproto.h), borrowed. At most `max` requests are
 * outstanding; one more is answered AUTH_ANSWER_BUSY at once. */
struct authclient *authclient_new(struct loop *loop, int fd, uint32_t max);
/* What is outstanding is answered AUTH_ANSWER_FAILED first. Before the loop is freed; also from one
 * of its own callbacks. Takes NULL, returns NULL. */
struct authclient *authclient_free(struct authclient *client);

/* The password is copied, and wiped as soon as the answer is there; `hash` is the account's, or
 * NULL when there is no such account: that takes the same time and is a mismatch, so that nobody
 * learns which accounts exist by the clock. A password over AUTH_PASSWORD_MAX bytes is a mismatch.
 * It is the caller's to bring passwords into NFC. */
void authclient_verify(struct authclient *client, struct slice password, const char *hash,
                       int64_t timeout_us, auth_fn fn, void *ctx);
/* A new hash for `password`, with a new salt; over AUTH_PASSWORD_MAX bytes: AUTH_ANSWER_FAILED. */
void authclient_hash(struct authclient *client, struct slice password, int64_t timeout_us,
                     auth_fn fn, void *ctx);
uint32_t authclient_outstanding(const struct authclient *client);

#endif
