/* srv.h - the HTTP server of one worker: evhttp behind a guard that lets only whole, unambiguous
 * requests through. The only header of http that app needs besides route.h. */
#ifndef DVC_HTTP_SRV_H
#define DVC_HTTP_SRV_H

#include "http/request.h"

struct srv;
struct tls;

/* Every limit of a gateway worker; all are per worker. What happens when one is reached stands in
 * the third column; 0 takes the default. Times are kept with a grain of a quarter second. */
struct http_limits {
    size_t head;                /* 16 KiB  431; request line and headers together */
    size_t target;              /* 4 KiB   414 */
    size_t headers;             /* 100     431; header lines */
    size_t body_bytes;          /* 64 MiB  503; bytes of bodies being received or handled, but for */
    size_t upload_bytes;        /* 64 MiB  503; those of bodies above HTTP_LARGE_BODY */
    uint32_t connections;       /* 4096    503; and closed unanswered above 64 more */
    uint32_t connections_of_ip; /* 512    429; trusted proxies are not counted */
    int64_t idle_us;            /* 60 s    closed silently between requests */
    int64_t head_us;    /* 10 s    408; from a head's first byte (or the accept) to its end */
    int64_t body_us;    /* 60 s    408; from the head's end to the body's */
    int64_t request_us; /* 15 s    503; from the whole request to its reply */
    int64_t write_us;   /* 30 s    closed; from the reply to its last byte taken, and a
                                  second more for each 16 KiB */
    int64_t linger_us;  /* 2 s     how long a refused client's rest is still swallowed */
};
struct http_limits http_limits_default(void);

/* A body above this is counted apart, by what of it is here: large files never keep a small request
 * out. Its client must send as much again in each http_limits.body_us. */
#define HTTP_LARGE_BODY (1u << 20)

struct srv_config {
    struct http_limits limits;
    const struct client_network *trusted_proxies;
    size_t trusted_proxy_count;
    void *ctx; /* for the hooks below */
    void (*on_request)(struct request *req, void *ctx);
    int64_t (*body_limit)(enum http_method method, struct slice path, void *ctx); /* bytes */
    void (*on_finished)(const struct request *req, int status, int64_t us, void *ctx);
    struct tls *tls; /* borrowed; of the sockets that are to speak it. NULL: none does */
};

/* *config is copied, what it points at is borrowed. NULL when memory or libevent fails. */
struct srv *srv_new(struct loop *loop, const struct srv_config *config);
/* Takes over a bound, listening TCP descriptor (from the supervisor or systemd): sets TCP_NODELAY,
 * which accepted sockets inherit, non-blocking and close-on-exec. `secure`: it speaks TLS by
 * config.tls. 0 or -errno (then it stays the caller's). */
int srv_listen(struct srv *srv, int fd, bool secure) DVC_MUSTCHECK;
/* Stops accepting at once, lets go of connections, evenly over `over_us` (0: all at once), and
 * calls on_drained once when none is left (at once, from the loop, when nothing is open). One that
 * is let go has its next reply with Connection: close, or ends when it was idle for a quarter
 * second and the drain is as old: what a client sent when it could not know is still answered.
 * Again with 0: the rest at once. */
void srv_drain(struct srv *srv, int64_t over_us, void (*on_drained)(void *ctx), void *ctx);
/* Closes everything; live request ids must not be asked about any more. Not from inside a callback
 * of the loop: stop the loop first. */
struct srv *srv_free(struct srv *srv);

struct srv_stats {
    int64_t accepted;    /* connections, ever */
    int64_t refused;     /* requests the guard refused, ever */
    int64_t timed_out;   /* connections closed or refused for a deadline, ever */
    int64_t connections; /* open now */
    int64_t requests;    /* with a handler or being sent, now */
    int64_t body_bytes;  /* of bodies in memory, now, but for large ones: */
    int64_t upload_bytes;
};
struct srv_stats srv_stats(const struct srv *srv);

#endif
