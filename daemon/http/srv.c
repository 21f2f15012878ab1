#include "http/srv.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "http/reply.h"
#include "http/srv_stream.h"

#define IDLE_ON_DRAIN_US (US_PER_SECOND / 4)
#define SLOWEST_READER (16 << 10) /* bytes a second below which a reply's reader is given up */

struct http_limits http_limits_default(void)
{
    return (struct http_limits){
        .head = 16 << 10,
        .target = 4 << 10,
        .headers = 100,
        .body_bytes = 64 << 20,
        .upload_bytes = 64 << 20,
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
    TAKE_DEFAULT(upload_bytes);
    TAKE_DEFAULT(connections);
    TAKE_DEFAULT(connections_of_ip);
    TAKE_DEFAULT(idle_us);
    TAKE_DEFAULT(head_us);
    TAKE_DEFAULT(body_us);
    TAKE_DEFAULT(request_us);
    TAKE_DEFAULT(write_us);
    TAKE_DEFAULT(linger_us);
}

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
        conn_refuse(conn, REFUSE_READ_DEADLINE);
    else
        conn_hang_up(conn);
}

static bool is_idle(const struct conn *conn)
{
    return !conn->req && guard_waiting(conn->guard) == 0 && guard_phase(conn->guard) == GUARD_IDLE;
}

/* Whatever the sweep should see as progress is part of it. */
static int64_t state_of(const struct conn *conn)
{
    if (conn->phase == CONN_READING)
        return 8 + (int64_t)guard_phase(conn->guard) +
               (int64_t)(guard_received(conn->guard) / HTTP_LARGE_BODY) * 16;
    return (int64_t)conn->phase + (conn->pipe ? (int64_t)stream_taken(conn->pipe) * 16 : 0);
}

/* While a reply is on its way nobody reads, and an endless one with nothing to tell would not
 * notice that its client has gone. */
static bool has_left(const struct conn *conn)
{
    char byte;

    return recv(conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void sweep_conn(struct srv *srv, struct conn *conn, mono_t now)
{
    int64_t state = state_of(conn), spent, allowed;

    if (conn->pipe && stream_endless(conn->pipe) && has_left(conn)) {
        conn_hang_up(conn);
        return;
    }
    if (conn->pipe && stream_endless(conn->pipe) && conn_let_go(conn)) {
        reply_pipe_end(conn->pipe);
        return;
    }
    if ((conn->pipe && !stream_busy(conn->pipe)) || state != conn->seen_state || conn->served != conn->seen_served) {
        conn->seen_state = state;
        conn->seen_served = conn->served;
        conn->since = now;
        return;
    }
    spent = now.us - conn->since.us;
    /* Whoever has just been served may be sending the next request: it is let go with the reply. */
    if (srv->draining && is_idle(conn) && spent >= IDLE_ON_DRAIN_US &&
        now.us >= srv->drain.idle_until.us && conn_let_go(conn)) {
        conn_hang_up(conn);
        return;
    }
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
            conn_hang_up(conn);
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
            evconnlistener_enable(evhttp_bound_socket_get_listener(srv->listeners[i].socket));
    }
    /* Nothing below frees a connection: replies and hang-ups take effect in a later turn. */
    for (struct list *at = srv->conns.next; at != &srv->conns; at = next) {
        next = at->next;
        sweep_conn(srv, LIST_ENTRY(at, struct conn, link), now);
    }
    if (!list_empty(&srv->conns) || srv->accept_paused)
        srv_start_sweep(srv);
}

static void on_drained(void *ctx)
{
    struct srv *srv = ctx;

    if (srv->on_drained)
        srv->on_drained(srv->drain_ctx);
}

static struct evhttp *new_evhttp(struct srv *srv,
                                 struct bufferevent *(*on_new)(struct event_base *base, void *ctx))
{
    struct evhttp *http = evhttp_new(loop_base(srv->loop));

    if (!http)
        return NULL;
    /* The guard is the narrower one everywhere: these are only never to be met. */
    evhttp_set_max_headers_size(http, (ssize_t)(2 * srv->config.limits.head));
    evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
                                         EVHTTP_REQ_PUT | EVHTTP_REQ_PATCH | EVHTTP_REQ_DELETE |
                                         EVHTTP_REQ_OPTIONS);
    evhttp_set_default_content_type(http, NULL);
    evhttp_set_bevcb(http, on_new, srv);
    evhttp_set_gencb(http, conn_on_request, srv);
    return http;
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
                                       .body_bytes = &srv->stats.body_bytes,
                                       .upload_bytes = &srv->stats.upload_bytes};
    list_init(&srv->conns);
    list_init(&srv->fresh);
    for (size_t i = 0; i < BUCKETS; i++)
        list_init(&srv->buckets[i]);
    srv->live = idmap_new(srv->config.limits.connections + 2 * OVER_LIMIT);
    srv->lingers = lingers_new(loop, OVER_LIMIT);
    srv->sweep = loop_timer_new(loop, on_sweep, srv);
    srv->drained = loop_timer_new(loop, on_drained, srv);
    srv->http = new_evhttp(srv, conn_on_new);
    if (config->tls)
        srv->https = new_evhttp(srv, conn_on_new_secure);
    return srv->http && (srv->https || !config->tls) ? srv : srv_free(srv);
}

/* Out of descriptors or memory: without a pause the listening socket stays readable and the loop
 * spins. */
static void on_accept_error(struct evconnlistener *listener, void *ctx)
{
    struct srv *srv = ctx;

    evconnlistener_disable(listener);
    srv->accept_paused = true;
    srv_start_sweep(srv);
}

int srv_listen(struct srv *srv, int fd, bool secure)
{
    struct evhttp *http = secure ? srv->https : srv->http;
    struct evconnlistener *listener;
    int on = 1;

    if (srv->listener_count == LISTENERS_MAX)
        return -ENOSPC;
    if (!http)
        return -EPROTONOSUPPORT;
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
    srv->listeners[srv->listener_count] =
        (struct listener){http, evhttp_bind_listener(http, listener)};
    DVC_REQUIRE(srv->listeners[srv->listener_count].socket);
    srv->listener_count++;
    return 0;
}

void srv_drain(struct srv *srv, int64_t over_us, void (*drained)(void *ctx), void *ctx)
{
    mono_t now = loop_mono(srv->loop);

    srv->draining = true;
    srv->drain.from = now;
    srv->drain.idle_until.us = now.us + IDLE_ON_DRAIN_US;
    srv->drain.over_us = over_us;
    srv->drain.many = srv->stats.connections;
    srv->drain.let_go = 0;
    srv->on_drained = drained;
    srv->drain_ctx = ctx;
    while (srv->listener_count > 0) {
        const struct listener *listener = &srv->listeners[--srv->listener_count];

        evhttp_del_accept_socket(listener->http, listener->socket);
    }
    srv_start_sweep(srv);
    srv_check_drained(srv);
}

struct srv *srv_free(struct srv *srv)
{
    if (!srv)
        return NULL;
    DVC_REQUIRE(list_empty(&srv->fresh));
    srv->draining = false;
    if (srv->http)
        evhttp_free(srv->http);
    if (srv->https)
        evhttp_free(srv->https);
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
