#include "service/authclient.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/hash.h"
#include "base/idmap.h"
#include "base/list.h"
#include "service/authproto.h"

struct authclient {
    struct loop *loop;
    int fd;
    struct loop_fd *watch;
    struct idmap *ids;
    struct list pending; /* struct ask, oldest first: sent and not answered */
    uint32_t max;
    uint64_t session; /* random: answers to a gateway that had this pair before are not ours */
    bool broken;      /* the pair is gone: no helper can come back on it */
    bool closed;
};

/* One question. In `pending` and `ids` until it is settled; then it belongs to nobody but the call
 * of its function. */
struct ask {
    struct list link;
    struct authclient *client;
    struct loop *loop;
    struct loop_timer *timer;
    auth_fn fn;
    void *ctx;
    enum auth_answer answer;
    struct auth_request request;
};

/* Out of the books, password wiped. */
static void settle(struct ask *ask)
{
    explicit_bzero(ask->request.password, sizeof(ask->request.password));
    ask->timer = loop_timer_free(ask->timer);
    if (ask->request.id != 0)
        idmap_remove(ask->client->ids, ask->request.id);
    list_remove(&ask->link);
}

static void finish(struct ask *ask, enum auth_answer answer, struct slice hash)
{
    settle(ask);
    ask->fn(ask->ctx, answer, hash);
    free(ask);
}

static void deliver(void *ctx)
{
    struct ask *ask = ctx;

    ask->fn(ask->ctx, ask->answer, SLICE_NULL);
    free(ask);
}

/* For what is known before the asking call has returned. */
static void finish_later(struct ask *ask, enum auth_answer answer)
{
    settle(ask);
    ask->answer = answer;
    loop_defer(ask->loop, deliver, ask);
}

static void fail_all(struct authclient *client)
{
    while (!list_empty(&client->pending))
        finish(LIST_ENTRY(client->pending.next, struct ask, link), AUTH_ANSWER_FAILED, SLICE_NULL);
}

static int send_ask(struct ask *ask)
{
    ssize_t sent;

    do {
        sent =
            send(ask->client->fd, &ask->request, sizeof(ask->request), MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

/* A new helper knows nothing of what the old one had taken. What the kernel still holds for it may
 * come twice; it drops those. One that does not fit waits for its deadline. */
static void ask_again(struct authclient *client)
{
    for (struct list *at = client->pending.next; at != &client->pending; at = at->next) {
        if (send_ask(LIST_ENTRY(at, struct ask, link)) != 0)
            return;
    }
}

static enum auth_answer answer_of(const struct auth_reply *reply)
{
    switch ((enum auth_status)reply->status) {
    case AUTH_OK:
        return AUTH_ANSWER_OK;
    case AUTH_MISMATCH:
        return AUTH_ANSWER_MISMATCH;
    case AUTH_BUSY:
        return AUTH_ANSWER_BUSY;
    case AUTH_FAILED:
    case AUTH_HELLO:
        break;
    }
    return AUTH_ANSWER_FAILED;
}

static void on_reply(struct authclient *client, struct auth_reply *reply)
{
    struct ask *ask;
    struct slice hash = SLICE_NULL;

    if (reply->version != AUTH_VERSION)
        return;
    if (reply->status == AUTH_HELLO) {
        ask_again(client);
        return;
    }
    ask = reply->session == client->session ? idmap_get(client->ids, reply->id) : NULL;
    if (ask == NULL)
        return; /* too late, or for the gateway before us */
    reply->hash[sizeof(reply->hash) - 1] = '\0';
    if (ask->request.op == AUTH_HASH)
        hash = slice_str(reply->hash);
    finish(ask, answer_of(reply), hash);
}

static void on_fd(void *ctx, int what)
{
    struct authclient *client = ctx;
    struct auth_reply reply;
    ssize_t len;

    (void)what;
    while (!client->closed) {
        len = recv(client->fd, &reply, sizeof(reply), MSG_DONTWAIT);
        if (len == (ssize_t)sizeof(reply)) {
            on_reply(client, &reply);
        } else if (len == 0 || (len < 0 && errno != EINTR && errno != EAGAIN)) {
            client->broken = true;
            loop_fd_want(client->watch, 0);
            fail_all(client);
            return;
        } else if (len < 0 && errno == EAGAIN) {
            return;
        }
    }
}

struct authclient *authclient_new(struct loop *loop, int fd, uint32_t max)
{
    struct authclient *client = dvc_calloc(1, sizeof(*client));

    client->loop = loop;
    client->fd = fd;
    client->max = max;
    client->ids = idmap_new(max);
    list_init(&client->pending);
    random_bytes(&client->session, sizeof(client->session));
    client->watch = loop_fd_new(loop, fd, on_fd, client);
    loop_fd_want(client->watch, LOOP_READ);
    return client;
}

static void release(void *ctx)
{
    struct authclient *client = ctx;

    idmap_free(client->ids);
    free(client);
}

/* The memory stays to the end of the turn: on_fd may be on the stack above us. */
struct authclient *authclient_free(struct authclient *client)
{
    if (client == NULL)
        return NULL;
    client->closed = true;
    client->watch = loop_fd_free(client->watch);
    fail_all(client);
    loop_defer(client->loop, release, client);
    return NULL;
}

static void on_deadline(void *ctx)
{
    finish(ctx, AUTH_ANSWER_TIMEOUT, SLICE_NULL);
}

static struct ask *ask_new(struct authclient *client, enum auth_op op, auth_fn fn, void *ctx)
{
    struct ask *ask = dvc_calloc(1, sizeof(*ask));

    list_init(&ask->link);
    ask->client = client;
    ask->loop = client->loop;
    ask->fn = fn;
    ask->ctx = ctx;
    ask->request.version = AUTH_VERSION;
    ask->request.op = op;
    ask->request.session = client->session;
    return ask;
}

static void start(struct ask *ask, struct slice password, int64_t timeout_us)
{
    struct authclient *client = ask->client;
    int result;

    if (client->broken || client->closed) {
        finish_later(ask, AUTH_ANSWER_FAILED);
        return;
    }
    ask->request.id = idmap_add(client->ids, ask);
    if (ask->request.id == 0) {
        finish_later(ask, AUTH_ANSWER_BUSY);
        return;
    }
    ask->request.deadline_us = loop_mono(client->loop).us + timeout_us;
    ask->request.password_len = (uint32_t)password.len;
    if (password.len > 0)
        memcpy(ask->request.password, password.ptr, password.len);
    result = send_ask(ask);
    if (result != 0) {
        bool full = result == -EAGAIN || result == -ENOBUFS;

        finish_later(ask, full ? AUTH_ANSWER_BUSY : AUTH_ANSWER_FAILED);
        return;
    }
    list_push_back(&client->pending, &ask->link);
    ask->timer = loop_timer_new(client->loop, on_deadline, ask);
    loop_timer_start(ask->timer, timeout_us);
}

void authclient_verify(struct authclient *client, struct slice password, const char *hash,
                       int64_t timeout_us, auth_fn fn, void *ctx)
{
    struct ask *ask = ask_new(client, AUTH_VERIFY, fn, ctx);
    struct slice text = slice_str(hash);

    if (password.len > AUTH_PASSWORD_MAX) {
        finish_later(ask, AUTH_ANSWER_MISMATCH);
        return;
    }
    if (text.len >= sizeof(ask->request.hash)) {
        finish_later(ask, AUTH_ANSWER_FAILED);
        return;
    }
    if (text.len > 0)
        memcpy(ask->request.hash, text.ptr, text.len);
    start(ask, password, timeout_us);
}

void authclient_hash(struct authclient *client, struct slice password, int64_t timeout_us,
                     auth_fn fn, void *ctx)
{
    struct ask *ask = ask_new(client, AUTH_HASH, fn, ctx);

    if (password.len > AUTH_PASSWORD_MAX)
        finish_later(ask, AUTH_ANSWER_FAILED);
    else
        start(ask, password, timeout_us);
}

uint32_t authclient_outstanding(const struct authclient *client)
{
    return idmap_count(client->ids);
}
