/* srv_conn.h - the connections of a server: from evhttp's bufferevent callback to the last byte of
 * the last reply. Private to srv.c and srv_conn.c. */
#ifndef DVC_HTTP_SRV_CONN_H
#define DVC_HTTP_SRV_CONN_H

#include "base/list.h"
#include "http/linger.h"
#include "http/srv_guard.h"

struct evhttp;
struct evhttp_bound_socket;
struct evhttp_connection;
struct evhttp_request;

#define SWEEP_US (US_PER_SECOND / 4)
#define LISTENERS_MAX 16
#define BUCKETS 1024u
#define OVER_LIMIT 64 /* connections above the limit that still get an answer */

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
    bool secure; /* speaks TLS */
    bool early;  /* a request of its came before it was adopted */
    struct client_address peer;
    struct request *req; /* from the whole request until its reply is on the wire */
    struct evhttp_request *evreq;
    enum conn_phase phase;
    struct reply_pipe *pipe; /* its reply comes piece by piece */
    bool let_go;             /* while its server drains: it ends with the next reply */
    bool body_taken;         /* request_take_body was asked: its bytes are counted elsewhere */
    uint64_t served; /* requests so far, refused ones too */
    /* What the sweep saw last, and since when: another request or phase starts the time anew. */
    uint64_t seen_served;
    int64_t seen_state;
    mono_t since;
};

struct srv {
    struct loop *loop;
    struct srv_config config;
    struct guard_config guard;
    struct evhttp *http, *https; /* evhttp knows of a new connection only which one it belongs to */
    struct listener {
        struct evhttp *http;
        struct evhttp_bound_socket *socket;
    } listeners[LISTENERS_MAX];
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
    struct {
        mono_t from;       /* idle connections are closed from idle_until on */
        mono_t idle_until;
        int64_t over_us;   /* 0: all at once */
        int64_t many, let_go;
    } drain;
    void (*on_drained)(void *ctx);
    void *drain_ctx;
    struct srv_stats stats;
};

/* evhttp's callbacks; ctx is the server. */
struct bufferevent *conn_on_new(struct event_base *base, void *ctx);
struct bufferevent *conn_on_new_secure(struct event_base *base, void *ctx);
void conn_on_request(struct evhttp_request *evreq, void *ctx);

/* Ends a connection from our side: evhttp sees the end of stream and lets go of it. */
void conn_hang_up(struct conn *conn);
/* Refuses and makes evhttp look at its input. Only with no request in work: evhttp ends the process
 * when its read callback runs while a handler has a request. */
void conn_refuse(struct conn *conn, enum refuse_reason why);

void srv_start_sweep(struct srv *srv); /* the timer that sees to deadlines, unless it runs */
void srv_check_drained(struct srv *srv);
bool conn_let_go(struct conn *conn); /* whether its server drains and this one's turn has come */

#endif
