#include "http/srv.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>

#include "base/list.h"
#include "http/linger.h"
#include "http/reply.h"
#include "http/srv_guard.h"

#define SWEEP_US (US_PER_SECOND / 4)
#define LISTENERS_MAX 16
#define BUCKETS 1024u
#define OVER_LIMIT 64             /* connections above the limit that still get an answer */
#define PIPELINE_MAX (64u << 10)  /* bytes of whole requests that wait behind one in work */
#define SLOWEST_READER (16 << 10) /* bytes a second below which a reply's reader is given up */
#define STATUS_GONE 499           /* for metrics and log: the client left before its reply */

enum conn_phase { CONN_READING, CONN_HANDLING, CONN_WRITING };

/* One connection. evhttp owns the socket and the bufferevent, and tells of their end by on_close.
 */
struct conn {
    struct list link;   /* srv->conns */
    struct list bucket; /* srv->buckets[], once the peer is known */
    struct srv *srv;
    struct bufferevent *bev;
    struct evhttp_connection *evcon; /* NULL until adopted */
    struct guard *guard;
    int fd;
    struct client_address peer;
    struct request *req; /* from the whole request until its reply is on the wire */
    struct evhttp_request *evreq;
    enum conn_phase phase;
    uint64_t served; /* requests so far, refused ones too */
    /* What the sweep saw last, and since when: another request or phase starts the time anew. */
    uint64_t seen_served;
    int seen_state;
    mono_t since;
};

struct srv {
    struct loop *loop;
    struct srv_config config;
    struct guard_config guard;
    struct evhttp *http;
    struct evhttp_bound_socket *listeners[LISTENERS_MAX];
    size_t listener_count;
    bool accept_paused; /* out of descriptors: the sweep tries again */
    struct list conns, fresh;
    struct list buckets[BUCKETS];
    struct conn **by_fd;
    size_t by_fd_cap;
    struct idmap *live;
    struct lingers *lingers;
    struct loop_timer *sweep, *drained;
    bool sweeping, draining, adopting;
    void (*on_drained)(void *ctx);
    void *drain_ctx;
    struct srv_stats stats;
};

struct http_limits http_limits_default(void)
{
    return (struct http_limits){
        .head = 16 << 10,
        .target = 4 << 10,
        .headers = 100,
        .body_bytes = 64 << 20,
        .connections = 4096,
        .connections_of_ip = 512,
        .idle_us = 60 * US_PER_SECOND,
        .head_us = 10 * US_PER_SECOND,
        .body_us = 60 * US_PER_SECOND,
        .request_us = 15 * US_PER_SECOND,
        .write_us = 30 * US_PER_SECOND,
        .linger_us = 2 * US_PER_SECOND,
    };
}

#define TAKE_DEFAULT(member)                                                                       \
    do {                                                                                           \
        if (limits->member == 0)                                                                   \
            limits->member = otherwise.member;                                                     \
    } while (0)

static void complete_limits(struct http_limits *limits)
{
    struct http_limits otherwise = http_limits_default();

    TAKE_DEFAULT(head);
    TAKE_DEFAULT(target);
    TAKE_DEFAULT(headers);
    TAKE_DEFAULT(body_bytes);
    TAKE_DEFAULT(connections);
    TAKE_DEFAULT(connections_of_ip);
    TAKE_DEFAULT(idle_us);
    TAKE_DEFAULT(head_us);
    TAKE_DEFAULT(body_us);
    TAKE_DEFAULT(request_us);
    TAKE_DEFAULT(write_us);
    TAKE_DEFAULT(linger_us);
}

static void start_sweep(struct srv *srv)
{
    if (!srv->sweeping)
        loop_timer_start(srv->sweep, SWEEP_US);
    srv->sweeping = true;
}

/* Ends a connection from our side: evhttp sees the end of stream and lets go of it. */
static void hang_up(struct conn *conn)
{
    shutdown(conn->fd, SHUT_RDWR);
}

static void check_drained(struct srv *srv)
{
    if (srv->draining && list_empty(&srv->conns) && list_empty(&srv->fresh))
        loop_timer_start(srv->drained, 0);
}

/* ---- connections ---- */

static void adopt_fresh(void *ctx);

static void on_100_continue(void *ctx)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct conn *conn = ctx;

    /* Past the bufferevent, whose write callback belongs to evhttp's replies; its output is empty
     * while no request is in work. Under TLS the client goes on by itself after a second. */
    if (!conn->req && conn->evcon && !conn->srv->config.new_bev)
        (void)!send(conn->fd, text, sizeof(text) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static struct bufferevent *on_new_connection(struct event_base *base, void *ctx)
{
    struct srv *srv = ctx;
    struct conn *conn;
    struct bufferevent *bev;

    /* Without BEV_OPT_CLOSE_ON_FREE evhttp closes the socket itself, whatever references live on.
     */
    bev = srv->config.new_bev ? srv->config.new_bev(base, srv->config.bev_ctx)
                              : bufferevent_socket_new(base, -1, 0);
    if (!bev)
        return NULL;
    conn = dvc_calloc(1, sizeof(*conn));
    conn->srv = srv;
    conn->bev = bev;
    conn->fd = -1;
    conn->since = loop_mono(srv->loop);
    conn->guard = guard_new(bufferevent_get_input(bev), &srv->guard, on_100_continue, conn);
    list_init(&conn->bucket);
    list_push_back(&srv->fresh, &conn->link);
    bufferevent_incref(bev);
    /* At this turn's end: before its first byte can be read. */
    if (!srv->adopting)
        loop_defer(srv->loop, adopt_fresh, srv);
    srv->adopting = true;
    return bev;
}

static void free_conn(struct conn *conn)
{
    struct srv *srv = conn->srv;

    if (conn->fd >= 0)
        srv->by_fd[conn->fd] = NULL;
    guard_free(conn->guard);
    list_remove(&conn->bucket);
    list_remove(&conn->link);
    free(conn);
}

static void end_request(struct conn *conn)
{
    struct request *req = conn->req;

    if (!req)
        return;
    idmap_remove(conn->srv->live, req->id);
    conn->srv->stats.body_bytes -= (int64_t)req->body.len;
    conn->srv->stats.requests--;
    conn->req = NULL;
    conn->evreq = NULL;
    conn->phase = CONN_READING;
    arena_free(req->arena);
}

static void on_close(struct evhttp_connection *evcon, void *ctx)
{
    struct conn *conn = ctx;
    struct srv *srv = conn->srv;
    struct evhttp_request *detached = NULL;
    int copy;

    (void)evcon;
    if (conn->phase == CONN_HANDLING) {
        if (!evhttp_request_get_connection(conn->evreq))
            detached = conn->evreq; /* evhttp has let go of it and leaves it to us */
        conn->req->send = NULL;
        if (srv->config.on_finished)
            srv->config.on_finished(conn->req, STATUS_GONE, mono_now().us - conn->req->started.us,
                                    srv->config.ctx);
    }
    end_request(conn);
    if (detached)
        evhttp_request_free(detached);
    if (guard_phase(conn->guard) == GUARD_REFUSED) {
        copy = fcntl(conn->fd, F_DUPFD_CLOEXEC, 0);
        if (copy >= 0)
            lingers_add(srv->lingers, copy, srv->config.limits.linger_us);
    }
    free_conn(conn);
    srv->stats.connections--;
    check_drained(srv);
}

static struct list *bucket_of(struct srv *srv, const uint8_t ip[16])
{
    uint32_t hash = 2166136261u;

    for (int i = 0; i < 16; i++)
        hash = (hash ^ ip[i]) * 16777619u;
    return &srv->buckets[hash % BUCKETS];
}

static uint32_t connections_of(struct srv *srv, const struct conn *conn)
{
    struct list *bucket = bucket_of(srv, conn->peer.ip);
    uint32_t count = 0;

    for (struct list *at = bucket->next; at != bucket; at = at->next) {
        const struct conn *other = LIST_ENTRY(at, struct conn, bucket);

        count += memcmp(other->peer.ip, conn->peer.ip, sizeof(conn->peer.ip)) == 0;
    }
    return count;
}

static void read_peer(int fd, struct client_address *ret)
{
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof(peer);
    char text[CLIENT_TEXT_SIZE] = "0.0.0.0";
    const struct sockaddr_in *four = (const void *)&peer;
    const struct sockaddr_in6 *six = (const void *)&peer;

    if (getpeername(fd, (struct sockaddr *)(void *)&peer, &len) == 0) {
        if (peer.ss_family == AF_INET)
            evutil_inet_ntop(AF_INET, &four->sin_addr, text, sizeof(text));
        else if (peer.ss_family == AF_INET6)
            evutil_inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof(text));
    }
    if (client_parse(slice_str(text), ret) < 0)
        *ret = (struct client_address){0};
}

/* Makes evhttp look at the input now. Only after guard_refuse() with no request in work: evhttp
 * ends the process when its read callback runs while a handler has a request. */
static void refuse_now(struct conn *conn, enum refusal why)
{
    guard_refuse(conn->guard, why);
    bufferevent_trigger(conn->bev, EV_READ, BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

static void enter_fd(struct srv *srv, struct conn *conn)
{
    size_t cap = srv->by_fd_cap ? srv->by_fd_cap : 64;

    while (cap <= (size_t)conn->fd)
        cap *= 2;
    if (cap > srv->by_fd_cap) {
        srv->by_fd = dvc_realloc(srv->by_fd, cap * sizeof(*srv->by_fd));
        memset(srv->by_fd + srv->by_fd_cap, 0, (cap - srv->by_fd_cap) * sizeof(*srv->by_fd));
        srv->by_fd_cap = cap;
    }
    srv->by_fd[conn->fd] = conn;
}

static void check_limits(struct srv *srv, struct conn *conn)
{
    const struct http_limits *limits = &srv->config.limits;
    bool trusted =
        client_in(conn->peer.ip, srv->config.trusted_proxies, srv->config.trusted_proxy_count);

    if (srv->stats.connections > (int64_t)limits->connections + OVER_LIMIT)
        hang_up(conn);
    else if (srv->stats.connections > (int64_t)limits->connections)
        refuse_now(conn, REFUSE_CONNECTIONS);
    else if (!trusted && connections_of(srv, conn) > limits->connections_of_ip)
        refuse_now(conn, REFUSE_CONNECTIONS_OF_IP);
    else if (srv->draining)
        refuse_now(conn, REFUSE_DRAINING);
}

/* The bufferevent callback of a new connection runs before evhttp has its own object for it; a
 * moment later that object stands behind the bufferevent's callbacks. */
static void adopt_conn(struct srv *srv, struct conn *conn)
{
    void *evcon = NULL;

    bufferevent_getcb(conn->bev, NULL, NULL, NULL, &evcon);
    list_remove(&conn->link);
    if (!evcon) {
        struct bufferevent *bev = conn->bev;

        free_conn(conn);
        bufferevent_decref(bev);
        check_drained(srv);
        return;
    }
    conn->evcon = evcon;
    conn->fd = bufferevent_getfd(conn->bev);
    evhttp_connection_set_closecb(conn->evcon, on_close, conn);
    bufferevent_setwatermark(conn->bev, EV_READ, 0, PIPELINE_MAX);
    bufferevent_decref(conn->bev);
    read_peer(conn->fd, &conn->peer);
    enter_fd(srv, conn);
    list_push_back(&srv->conns, &conn->link);
    list_push_back(bucket_of(srv, conn->peer.ip), &conn->bucket);
    srv->stats.accepted++;
    srv->stats.connections++;
    check_limits(srv, conn);
    start_sweep(srv);
}

static void adopt_fresh(void *ctx)
{
    struct srv *srv = ctx;

    srv->adopting = false;
    while (!list_empty(&srv->fresh))
        adopt_conn(srv, LIST_ENTRY(srv->fresh.next, struct conn, link));
}

/* ---- requests ---- */

static void on_sent(struct evhttp_request *evreq, void *ctx)
{
    (void)evreq;
    end_request(ctx);
}

static void send_reply(struct request *req, struct reply *reply)
{
    struct conn *conn = req->transport;
    struct srv *srv = conn->srv;
    struct evkeyvalq *out = evhttp_request_get_output_headers(conn->evreq);

    idmap_remove(srv->live, req->id);
    conn->phase = CONN_WRITING;
    for (size_t i = 0; i < reply->header_count; i++)
        evhttp_add_header(out, arena_slice_str(req->arena, reply->headers[i].name),
                          arena_slice_str(req->arena, reply->headers[i].value));
    if (reply->close || srv->draining)
        evhttp_add_header(out, "Connection", "close");
    if (req->head)
        evhttp_add_header(out, "Content-Length", arena_printf(req->arena, "%zu", reply->body.len));
    else if (reply->body.len > 0)
        evbuffer_add(evhttp_request_get_output_buffer(conn->evreq), reply->body.ptr,
                     reply->body.len);
    if (srv->config.on_finished)
        srv->config.on_finished(req, reply->status, mono_now().us - req->started.us,
                                srv->config.ctx);
    evhttp_send_reply(conn->evreq, reply->status, NULL, NULL);
}

static void read_headers(struct request *req, struct evhttp_request *evreq)
{
    const struct evkeyvalq *in = evhttp_request_get_input_headers(evreq);
    const struct evkeyval *header;
    size_t count = 0;

    for (header = in->tqh_first; header; header = header->next.tqe_next)
        count++;
    req->headers = ARENA_ARRAY(req->arena, struct request_pair, count);
    for (header = in->tqh_first; header; header = header->next.tqe_next)
        req->headers[req->header_count++] =
            (struct request_pair){slice_str(header->key), slice_str(header->value)};
}

/* All X-Forwarded-For lines as one list: a proxy may add its entry as a line of its own. */
static struct slice forwarded_for(const struct request *req)
{
    struct slice all = SLICE_NULL;

    for (size_t i = 0; i < req->header_count; i++) {
        const struct request_pair *header = &req->headers[i];

        if (header->name.len != 15 ||
            evutil_ascii_strncasecmp(header->name.ptr, "x-forwarded-for", 15) != 0)
            continue;
        if (all.ptr)
            all = slice_str(arena_printf(req->arena, "%.*s,%.*s", (int)all.len, all.ptr,
                                         (int)header->value.len, header->value.ptr));
        else
            all = header->value;
    }
    return all;
}

static struct client_address resolve_client(struct srv *srv, const struct conn *conn,
                                            const struct request *req)
{
    bool other = request_header(req, "forwarded").ptr || request_header(req, "via").ptr ||
                 request_header(req, "x-real-ip").ptr ||
                 request_header(req, "x-forwarded-host").ptr;

    return client_resolve(&conn->peer, forwarded_for(req), request_header(req, "x-forwarded-proto"),
                          other, srv->config.trusted_proxies, srv->config.trusted_proxy_count);
}

static enum http_method method_of(const struct evhttp_request *evreq)
{
    enum evhttp_cmd_type type = evhttp_request_get_command(evreq);

    /* The guard lets no others through. */
    if (type == EVHTTP_REQ_POST)
        return METHOD_POST;
    if (type == EVHTTP_REQ_PUT)
        return METHOD_PUT;
    if (type == EVHTTP_REQ_PATCH)
        return METHOD_PATCH;
    if (type == EVHTTP_REQ_DELETE)
        return METHOD_DELETE;
    if (type == EVHTTP_REQ_OPTIONS)
        return METHOD_OPTIONS;
    return METHOD_GET;
}

static struct request *new_request(struct srv *srv, struct conn *conn, struct evhttp_request *evreq)
{
    struct arena *arena = arena_new();
    struct request *req = ARENA_NEW(arena, struct request);
    struct evbuffer *body = evhttp_request_get_input_buffer(evreq);
    size_t body_len = evbuffer_get_length(body);

    req->arena = arena;
    req->method = method_of(evreq);
    req->head = evhttp_request_get_command(evreq) == EVHTTP_REQ_HEAD;
    if (body_len > 0)
        req->body = (struct slice){(const char *)evbuffer_pullup(body, -1), body_len};
    read_headers(req, evreq);
    req->client = resolve_client(srv, conn, req);
    req->received_at = loop_now(srv->loop);
    req->started = mono_now();
    req->deadline.us = req->started.us + srv->config.limits.request_us;
    req->loop = srv->loop;
    req->live = srv->live;
    req->send = send_reply;
    req->transport = conn;
    req->id = idmap_add(srv->live, req);
    uuid7_text(req->received_at.us / 1000, req->request_id);
    return req;
}

static void on_evhttp_request(struct evhttp_request *evreq, void *ctx)
{
    struct srv *srv = ctx;
    struct conn *conn;
    struct request *req;
    enum refusal why;
    int fd;

    fd = bufferevent_getfd(evhttp_connection_get_bufferevent(evhttp_request_get_connection(evreq)));
    conn = srv->by_fd[fd];
    DVC_REQUIRE(conn && !conn->req);
    conn->served++;
    why = guard_next(conn->guard);
    /* evhttp thinks a host it has no entry for is someone else's and itself a proxy. */
    evreq->flags &= ~EVHTTP_PROXY_REQUEST;
    evhttp_request_set_on_complete_cb(evreq, on_sent, conn);
    req = new_request(srv, conn, evreq);
    conn->req = req;
    conn->evreq = evreq;
    conn->phase = CONN_HANDLING;
    srv->stats.requests++;
    srv->stats.body_bytes += (int64_t)req->body.len;
    if (why != REFUSE_NONE)
        reply_close(req);
    else
        why = request_read_target(req, head_origin(slice_str(evhttp_request_get_uri(evreq))));
    if (why == REFUSE_NONE) {
        srv->config.on_request(req, srv->config.ctx);
    } else {
        srv->stats.refused++;
        reply_refusal(req, why);
    }
}

/* ---- time ---- */

static void sweep_reading(struct srv *srv, struct conn *conn, int64_t spent)
{
    const struct http_limits *limits = &srv->config.limits;
    int64_t allowed = 0;

    if (guard_waiting(conn->guard) > 0)
        return; /* evhttp gets to it in this turn or the next */
    switch (guard_phase(conn->guard)) {
    case GUARD_IDLE:
        allowed = conn->served == 0 ? limits->head_us : limits->idle_us;
        break;
    case GUARD_HEAD:
        allowed = limits->head_us;
        break;
    case GUARD_BODY:
        allowed = limits->body_us;
        break;
    case GUARD_REFUSED:
        allowed = limits->write_us;
        break;
    }
    if (spent < allowed)
        return;
    srv->stats.timed_out++;
    if (guard_phase(conn->guard) == GUARD_HEAD || guard_phase(conn->guard) == GUARD_BODY)
        refuse_now(conn, REFUSE_READ_DEADLINE);
    else
        hang_up(conn);
}

static void sweep_conn(struct srv *srv, struct conn *conn, mono_t now)
{
    int state = conn->phase == CONN_READING ? 8 + (int)guard_phase(conn->guard) : (int)conn->phase;
    int64_t spent, allowed;

    if (state != conn->seen_state || conn->served != conn->seen_served) {
        conn->seen_state = state;
        conn->seen_served = conn->served;
        conn->since = now;
        return;
    }
    spent = now.us - conn->since.us;
    switch (conn->phase) {
    case CONN_READING:
        sweep_reading(srv, conn, spent);
        break;
    case CONN_HANDLING:
        if (now.us >= conn->req->deadline.us) {
            srv->stats.timed_out++;
            reply_refusal(conn->req, REFUSE_DEADLINE);
        }
        break;
    case CONN_WRITING:
        allowed = srv->config.limits.write_us +
                  (int64_t)(conn->req->reply.body.len / SLOWEST_READER) * US_PER_SECOND;
        if (spent >= allowed) {
            srv->stats.timed_out++;
            hang_up(conn);
        }
        break;
    }
}

static void on_sweep(void *ctx)
{
    struct srv *srv = ctx;
    mono_t now = loop_mono(srv->loop);
    struct list *next;

    srv->sweeping = false;
    if (srv->accept_paused) {
        srv->accept_paused = false;
        for (size_t i = 0; i < srv->listener_count; i++)
            evconnlistener_enable(evhttp_bound_socket_get_listener(srv->listeners[i]));
    }
    /* Nothing below frees a connection: replies and hang-ups take effect in a later turn. */
    for (struct list *at = srv->conns.next; at != &srv->conns; at = next) {
        next = at->next;
        sweep_conn(srv, LIST_ENTRY(at, struct conn, link), now);
    }
    if (!list_empty(&srv->conns) || srv->accept_paused)
        start_sweep(srv);
}

/* ---- the server ---- */

static void on_drained(void *ctx)
{
    struct srv *srv = ctx;

    if (srv->on_drained)
        srv->on_drained(srv->drain_ctx);
}

struct srv *srv_new(struct loop *loop, const struct srv_config *config)
{
    struct srv *srv = dvc_calloc(1, sizeof(*srv));

    srv->loop = loop;
    srv->config = *config;
    complete_limits(&srv->config.limits);
    srv->guard = (struct guard_config){.limits = &srv->config.limits,
                                       .body_limit = config->body_limit,
                                       .ctx = config->ctx,
                                       .body_bytes = &srv->stats.body_bytes};
    list_init(&srv->conns);
    list_init(&srv->fresh);
    for (size_t i = 0; i < BUCKETS; i++)
        list_init(&srv->buckets[i]);
    srv->live = idmap_new(srv->config.limits.connections + 2 * OVER_LIMIT);
    srv->lingers = lingers_new(loop, OVER_LIMIT);
    srv->sweep = loop_timer_new(loop, on_sweep, srv);
    srv->drained = loop_timer_new(loop, on_drained, srv);
    srv->http = evhttp_new(loop_base(loop));
    if (!srv->http)
        return srv_free(srv);
    /* The guard is the narrower one everywhere: these are only never to be met. */
    evhttp_set_max_headers_size(srv->http, (ssize_t)(2 * srv->config.limits.head));
    evhttp_set_allowed_methods(srv->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
                                              EVHTTP_REQ_PUT | EVHTTP_REQ_PATCH |
                                              EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS);
    evhttp_set_default_content_type(srv->http, NULL);
    evhttp_set_bevcb(srv->http, on_new_connection, srv);
    evhttp_set_gencb(srv->http, on_evhttp_request, srv);
    return srv;
}

/* Out of descriptors or memory: without a pause the listening socket stays readable and the loop
 * spins. */
static void on_accept_error(struct evconnlistener *listener, void *ctx)
{
    struct srv *srv = ctx;

    evconnlistener_disable(listener);
    srv->accept_paused = true;
    start_sweep(srv);
}

int srv_listen(struct srv *srv, int fd)
{
    struct evconnlistener *listener;
    int on = 1;

    if (srv->listener_count == LISTENERS_MAX)
        return -ENOSPC;
    /* On the listening socket, for accepted ones inherit it: evhttp writes head and body apart, and
     * Nagle's algorithm with delayed acknowledgements would hold the second piece for 40 ms. */
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
        return -errno;
    if (evutil_make_socket_nonblocking(fd) < 0 || evutil_make_socket_closeonexec(fd) < 0)
        return -EBADF;
    listener = evconnlistener_new(loop_base(srv->loop), NULL, NULL,
                                  LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
    if (!listener)
        return -ENOMEM;
    evconnlistener_set_error_cb(listener, on_accept_error);
    srv->listeners[srv->listener_count] = evhttp_bind_listener(srv->http, listener);
    DVC_REQUIRE(srv->listeners[srv->listener_count]);
    srv->listener_count++;
    return 0;
}

void srv_drain(struct srv *srv, void (*drained)(void *ctx), void *ctx)
{
    srv->draining = true;
    srv->on_drained = drained;
    srv->drain_ctx = ctx;
    while (srv->listener_count > 0)
        evhttp_del_accept_socket(srv->http, srv->listeners[--srv->listener_count]);
    for (struct list *at = srv->conns.next; at != &srv->conns; at = at->next) {
        struct conn *conn = LIST_ENTRY(at, struct conn, link);

        if (!conn->req && guard_waiting(conn->guard) == 0 && guard_phase(conn->guard) == GUARD_IDLE)
            hang_up(conn);
    }
    check_drained(srv);
}

struct srv *srv_free(struct srv *srv)
{
    if (!srv)
        return NULL;
    DVC_REQUIRE(list_empty(&srv->fresh));
    srv->draining = false;
    if (srv->http)
        evhttp_free(srv->http);
    loop_timer_free(srv->sweep);
    loop_timer_free(srv->drained);
    lingers_free(srv->lingers);
    idmap_free(srv->live);
    free(srv->by_fd);
    free(srv);
    return NULL;
}

struct srv_stats srv_stats(const struct srv *srv)
{
    return srv->stats;
}
