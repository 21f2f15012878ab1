#include "http/srv_conn.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>

#include "http/reply.h"
#include "http/srv_stream.h"
#include "http/srv_tls.h"

#define PIPELINE_MAX (64u << 10) /* bytes of whole requests that wait behind one in work */
#define STATUS_GONE 499          /* for metrics and log: the client left before its reply */

void srv_start_sweep(struct srv *srv)
{
    if (!srv->sweeping)
        loop_timer_start(srv->sweep, SWEEP_US);
    srv->sweeping = true;
}

void conn_hang_up(struct conn *conn)
{
    shutdown(conn->fd, SHUT_RDWR);
}

void srv_check_drained(struct srv *srv)
{
    if (srv->draining && list_empty(&srv->conns) && list_empty(&srv->fresh))
        loop_timer_start(srv->drained, 0);
}

/* Turns come evenly over the time of the drain, whoever asks first. */
bool conn_let_go(struct conn *conn)
{
    struct srv *srv = conn->srv;
    int64_t spent = loop_mono(srv->loop).us - srv->drain.from.us;

    if (!srv->draining || conn->let_go)
        return srv->draining;
    conn->let_go = spent >= srv->drain.over_us ||
                   srv->drain.let_go <= srv->drain.many * spent / srv->drain.over_us;
    srv->drain.let_go += conn->let_go;
    return conn->let_go;
}

static void adopt_fresh(void *ctx);

static void on_100_continue(void *ctx)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct conn *conn = ctx;

    /* Past the bufferevent, whose write callback belongs to evhttp's replies; its output is empty
     * while no request is in work. */
    if (conn->req || !conn->evcon)
        return;
    if (conn->secure)
        tls_write_now(conn->bev, text, sizeof(text) - 1);
    else
        (void)!send(conn->fd, text, sizeof(text) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static struct bufferevent *new_conn(struct srv *srv, struct bufferevent *bev, bool secure)
{
    struct conn *conn;

    if (!bev)
        return NULL;
    conn = dvc_calloc(1, sizeof(*conn));
    conn->srv = srv;
    conn->bev = bev;
    conn->secure = secure;
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

struct bufferevent *conn_on_new(struct event_base *base, void *ctx)
{
    /* Without BEV_OPT_CLOSE_ON_FREE evhttp closes the socket itself, whatever references live on.
     */
    return new_conn(ctx, bufferevent_socket_new(base, -1, 0), false);
}

struct bufferevent *conn_on_new_secure(struct event_base *base, void *ctx)
{
    struct srv *srv = ctx;

    return new_conn(srv, tls_accept(srv->config.tls, base), true);
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
    if (!conn->body_taken)
        *body_counter(conn->srv, req->body.len) -= (int64_t)req->body.len;
    conn->body_taken = false;
    conn->srv->stats.requests--;
    stream_end(conn);
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
    /* A request that has no whole reply yet: evhttp lets go of it and leaves it to us. */
    if ((conn->phase == CONN_HANDLING || conn->pipe) && !evhttp_request_get_connection(conn->evreq))
        detached = conn->evreq;
    if (conn->phase == CONN_HANDLING) {
        conn->req->send = NULL;
        if (srv->config.on_finished)
            srv->config.on_finished(conn->req, STATUS_GONE, mono_now().us - conn->req->started.us,
                                    srv->config.ctx);
    }
    end_request(conn);
    if (detached)
        evhttp_request_free(detached);
    if (conn->secure)
        tls_goodbye(conn->bev);
    if (guard_phase(conn->guard) == GUARD_REFUSED) {
        copy = fcntl(conn->fd, F_DUPFD_CLOEXEC, 0);
        if (copy >= 0)
            lingers_add(srv->lingers, copy, srv->config.limits.linger_us);
    }
    free_conn(conn);
    srv->stats.connections--;
    srv_check_drained(srv);
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
            inet_ntop(AF_INET, &four->sin_addr, text, sizeof(text));
        else if (peer.ss_family == AF_INET6)
            inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof(text));
    }
    if (client_parse(slice_str(text), ret) < 0)
        *ret = (struct client_address){0};
}

void conn_refuse(struct conn *conn, enum refuse_reason why)
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

/* To one whose first request is with evhttp already no refusal can be said: it would take the turn
 * of that request. */
static void turn_away(struct conn *conn, enum refuse_reason why)
{
    if (conn->early)
        conn_hang_up(conn);
    else
        conn_refuse(conn, why);
}

static void check_limits(struct srv *srv, struct conn *conn)
{
    const struct http_limits *limits = &srv->config.limits;
    bool trusted =
        client_in(conn->peer.ip, srv->config.trusted_proxies, srv->config.trusted_proxy_count);

    if (srv->stats.connections > (int64_t)limits->connections + OVER_LIMIT)
        conn_hang_up(conn);
    else if (srv->stats.connections > (int64_t)limits->connections)
        turn_away(conn, REFUSE_CONNECTIONS);
    else if (!trusted && connections_of(srv, conn) > limits->connections_of_ip)
        turn_away(conn, REFUSE_CONNECTIONS_OF_IP);
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
        srv_check_drained(srv);
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
    srv_start_sweep(srv);
}

static void adopt_fresh(void *ctx)
{
    struct srv *srv = ctx;

    srv->adopting = false;
    while (!list_empty(&srv->fresh))
        adopt_conn(srv, LIST_ENTRY(srv->fresh.next, struct conn, link));
}

/* Whose socket it is. When much is put off within a turn, libevent goes round once more before it
 * lets us run: then a request may come on a connection that was not adopted yet. */
static struct conn *conn_of(struct srv *srv, int fd)
{
    if (fd >= 0 && (size_t)fd < srv->by_fd_cap && srv->by_fd[fd] != NULL)
        return srv->by_fd[fd];
    for (struct list *at = srv->fresh.next; at != &srv->fresh; at = at->next) {
        struct conn *conn = LIST_ENTRY(at, struct conn, link);

        if (bufferevent_getfd(conn->bev) != fd)
            continue;
        conn->early = true;
        adopt_conn(srv, conn);
        return srv->by_fd[fd];
    }
    return NULL;
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
    if (reply->close || conn_let_go(conn))
        evhttp_add_header(out, "Connection", "close");
    if (srv->config.on_finished)
        srv->config.on_finished(req, reply->status, mono_now().us - req->started.us,
                                srv->config.ctx);
    if (reply->source.next) {
        stream_start(conn, reply);
        return;
    }
    if (req->head)
        evhttp_add_header(out, "Content-Length", arena_printf(req->arena, "%zu", reply->body.len));
    else if (reply->body.len > 0)
        evbuffer_add(evhttp_request_get_output_buffer(conn->evreq), reply->body.ptr,
                     reply->body.len);
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

        if (header->name.len != 15 || strncasecmp(header->name.ptr, "x-forwarded-for", 15) != 0)
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

    struct client_address client =
        client_resolve(&conn->peer, forwarded_for(req), request_header(req, "x-forwarded-proto"),
                       other, srv->config.trusted_proxies, srv->config.trusted_proxy_count);

    client.secure |= conn->secure;
    return client;
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
    req->take_body = stream_take_body;
    req->transport = conn;
    req->id = idmap_add(srv->live, req);
    uuid7_text(req->received_at.us / 1000, req->request_id);
    return req;
}

void conn_on_request(struct evhttp_request *evreq, void *ctx)
{
    struct srv *srv = ctx;
    struct conn *conn;
    struct request *req;
    enum refuse_reason why;
    int fd;

    fd = bufferevent_getfd(evhttp_connection_get_bufferevent(evhttp_request_get_connection(evreq)));
    conn = conn_of(srv, fd);
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
    *body_counter(srv, req->body.len) += (int64_t)req->body.len;
    req->limit = guard_limit(conn->guard);
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
