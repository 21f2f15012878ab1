/* http_server - the transport alone with a few routes, for http_transport.py. Prints its port. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"
#include "http/route.h"
#include "http/srv.h"
#include "http/srv_tls.h"

struct server {
    struct loop *loop;
    struct srv *srv;
    struct router *router;
    struct files *files;
    struct tls *tls;
    const char *redirect_to;
    struct http_limits limits;
    struct client_network trusted[8];
    size_t trusted_count, max_in_flight;
    int64_t drain_over_us;
    int64_t gone; /* requests that were no more when a handler looked them up again */
    char actor[16];
};

/* What a handler keeps across a wait. */
struct wait {
    struct server *server;
    struct request_ref ref;
    struct loop_timer *timer;
    void (*then)(struct wait *wait, struct request *req);
};

static void on_wait(void *ctx)
{
    struct wait *wait = ctx;
    struct request *req = request_get(wait->ref);

    loop_timer_free(wait->timer);
    if (req)
        wait->then(wait, req);
    else
        wait->server->gone++;
    free(wait);
}

static void wait_then(struct server *server, struct request *req, int64_t us,
                      void (*then)(struct wait *wait, struct request *req))
{
    struct wait *wait = dvc_calloc(1, sizeof(*wait));

    wait->server = server;
    wait->ref = request_ref(req);
    wait->then = then;
    wait->timer = loop_timer_new(server->loop, on_wait, wait);
    loop_timer_start(wait->timer, us);
}

static void handle_echo(struct request *req, void *app)
{
    struct buf body = BUF_INIT(4u << 20);
    struct jw jw = JW_INIT(&body);

    (void)app;
    jw_object(&jw);
    jw_kv_slice(&jw, "name", request_var(req, "name"));
    jw_kv_slice(&jw, "q", request_param(req, "q"));
    jw_kv_slice(&jw, "body", req->body);
    jw_kv_int(&jw, "length", (int64_t)req->body.len);
    jw_kv_slice(&jw, "key", req->idempotency_key);
    jw_kv_str(&jw, "client", req->client.text);
    jw_kv_bool(&jw, "loopback", req->client.loopback);
    jw_kv_bool(&jw, "secure", req->client.secure);
    jw_end_object(&jw);
    reply_json_buf(req, 200, &body);
}

static void handle_size(struct request *req, void *app)
{
    struct buf body = BUF_INIT(64u << 20);
    int64_t size;

    (void)app;
    if (request_param_int(req, "bytes", 0, 32 << 20, 0, &size) != 0) {
        reply_problem(req, 400, "bad_number", NULL, NULL, 0);
        return;
    }
    for (int64_t i = 0; i < size; i++)
        buf_addc(&body, 'x');
    reply_bytes(req, 200, "text/plain; charset=utf-8", NULL, buf_slice(&body));
    buf_release(&body);
}

static void after_slow(struct wait *wait, struct request *req)
{
    (void)wait;
    reply_json(req, 200, SLICE_LIT("{\"slow\":true}"));
}

static void handle_slow(struct request *req, void *app)
{
    int64_t ms;

    if (request_param_int(req, "ms", 0, 60000, 100, &ms) != 0)
        reply_problem(req, 400, "bad_number", NULL, NULL, 0);
    else
        wait_then(app, req, ms * 1000, after_slow);
}

/* Connected sockets of this process that would be delayed by Nagle, or pass into a child. */
static int64_t sockets_left_as_they_are(void)
{
    int64_t count = 0;

    for (int fd = 3; fd < 512; fd++) {
        struct sockaddr_storage peer;
        socklen_t peer_len = sizeof(peer), len = sizeof(int);
        int on = 0;

        if (getpeername(fd, (struct sockaddr *)(void *)&peer, &peer_len) < 0)
            continue;
        if (getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &len) < 0 || !on ||
            !(fcntl(fd, F_GETFD) & FD_CLOEXEC))
            count++;
    }
    return count;
}

static void handle_stats(struct request *req, void *app)
{
    const struct server *server = app;
    struct srv_stats stats = srv_stats(server->srv);
    struct buf body = BUF_INIT(4096);
    struct jw jw = JW_INIT(&body);

    jw_object(&jw);
    jw_kv_int(&jw, "connections", stats.connections);
    jw_kv_int(&jw, "requests", stats.requests);
    jw_kv_int(&jw, "body_bytes", stats.body_bytes);
    jw_kv_int(&jw, "refused", stats.refused);
    jw_kv_int(&jw, "timed_out", stats.timed_out);
    jw_kv_int(&jw, "gone", server->gone);
    jw_kv_int(&jw, "plain_sockets", sockets_left_as_they_are());
    jw_end_object(&jw);
    reply_json_buf(req, 200, &body);
}

static void handle_health(struct request *req, void *app)
{
    (void)app;
    reply_json(req, 200, SLICE_LIT("{\"status\":\"ok\"}"));
}

static void handle_me(struct request *req, void *app)
{
    (void)app;
    reply_header_str(req, "X-Actor", req->actor);
    reply_etag(req, SLICE_LIT("7"));
    reply_no_content(req);
}

static void after_lookup(struct wait *wait, struct request *req)
{
    static const struct problem_error errors[] = {
        {"/token", "unknown_token", "Mã phiên không đúng"}};

    if (slice_is(request_bearer(req), "good") || slice_is(request_cookie(req, "sid"), "good"))
        router_authenticated(req, wait->server->actor);
    else
        reply_problem(req, 401, NULL, "Phiên đăng nhập không có hoặc đã hết hạn.", errors, 1);
}

static void authenticate(struct request *req, void *app)
{
    wait_then(app, req, 1000, after_lookup);
}

static const struct route_param echo_params[] = {{"q", "string", "echoed"}, {0}};

static const struct route routes[] = {
    {METHOD_GET, "/api/v1/echo/{name}", WHO_ANYONE, 0, 0, 0, handle_echo, "echoes", echo_params},
    {METHOD_GET, "/api/v1/echo/fixed", WHO_ANYONE, 0, 0, 0, handle_health, "a literal", NULL},
    {METHOD_POST, "/api/v1/echo", WHO_ANYONE, 0, 64 << 10, 0, handle_echo, "echoes a body", NULL},
    {METHOD_PATCH, "/api/v1/echo", WHO_ANYONE, 0, 0, 0, handle_echo, "echoes a body", NULL},
    {METHOD_POST, "/api/v1/keyed", WHO_ANYONE, ROUTE_KEY, 0, 0, handle_echo, "needs a key", NULL},
    {METHOD_GET, "/api/v1/size", WHO_ANYONE, 0, 0, 0, handle_size, "many bytes", NULL},
    {METHOD_GET, "/api/v1/slow", WHO_ANYONE, 0, 0, 0, handle_slow, "waits", NULL},
    {METHOD_GET, "/api/v1/patient", WHO_ANYONE, 0, 0, 20 * US_PER_SECOND, handle_slow,
     "waits with a deadline of its own", NULL},
    {METHOD_GET, "/api/v1/me", WHO_ACCOUNT, 0, 0, 0, handle_me, "who", NULL},
    {METHOD_GET, "/stats", WHO_ANYONE, ROUTE_IMMEDIATE, 0, 0, handle_stats, "counts", NULL},
    {METHOD_GET, "/healthz", WHO_ANYONE, ROUTE_IMMEDIATE, 0, 0, handle_health, "alive", NULL},
    {METHOD_GET, "/metrics", WHO_METRICS, 0, 0, 0, router_handle_metrics, "metrics", NULL},
    {METHOD_GET, "/api/v1/openapi.json", WHO_ANYONE, 0, 0, 0, router_handle_openapi, "this", NULL},
};

struct setting {
    const char *name;
    size_t offset, size;
};

#define LIMIT(member)                                                                              \
    {                                                                                              \
#member, offsetof(struct server, limits.member), sizeof(((struct http_limits *)0)->member) \
    }
static const struct setting settings[] = {
    LIMIT(head),
    LIMIT(target),
    LIMIT(headers),
    LIMIT(body_bytes),
    LIMIT(connections),
    LIMIT(connections_of_ip),
    LIMIT(idle_us),
    LIMIT(head_us),
    LIMIT(body_us),
    LIMIT(request_us),
    LIMIT(write_us),
    LIMIT(linger_us),
    {"in_flight", offsetof(struct server, max_in_flight), sizeof(size_t)},
    {"drain_over_us", offsetof(struct server, drain_over_us), sizeof(int64_t)},
};

static void on_hangup(void *ctx)
{
    (void)tls_renew(((struct server *)ctx)->tls, NULL);
}

static int load_tls(struct server *server, const char *dir)
{
    char certificate[4096], key[4096];

    snprintf(certificate, sizeof(certificate), "%s/cert.pem", dir);
    snprintf(key, sizeof(key), "%s/key.pem", dir);
    return tls_new(certificate, key, &server->tls, NULL);
}

/* "name=number", or "trusted=networks", "files=folder", "tls=folder", "redirect=address". */
static int read_setting(struct server *server, struct slice text)
{
    ptrdiff_t equals = slice_find(text, '=', 0);
    struct slice name = slice_sub(text, 0, (size_t)equals);
    struct slice value = slice_sub(text, (size_t)equals + 1, text.len);
    int64_t number;

    if (slice_is(name, "trusted"))
        return client_networks_parse(value, server->trusted, DVC_COUNT(server->trusted),
                                     &server->trusted_count);
    if (slice_is(name, "files"))
        return files_load(value.ptr, &server->files, NULL);
    if (slice_is(name, "redirect")) {
        server->redirect_to = value.ptr;
        return 0;
    }
    if (slice_is(name, "tls")) /* a folder with both files */
        return load_tls(server, value.ptr);
    for (size_t i = 0; i < DVC_COUNT(settings); i++) {
        if (!slice_is(name, settings[i].name))
            continue;
        if (num_parse_i64(value, 0, INT32_MAX, &number) != 0)
            return -1;
        memcpy((char *)server + settings[i].offset, &number, settings[i].size); /* little end */
        return 0;
    }
    return -1;
}

static int listen_on_loopback(int *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)(void *)&address, sizeof(address)) < 0 ||
        listen(fd, 512) < 0 || getsockname(fd, (struct sockaddr *)(void *)&address, &len) < 0)
        return -1;
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static void on_drained(void *ctx)
{
    loop_stop(((struct server *)ctx)->loop);
}

static void on_term(void *ctx)
{
    struct server *server = ctx;

    srv_drain(server->srv, server->drain_over_us, on_drained, server);
}

static void on_hurry(void *ctx)
{
    struct server *server = ctx;

    srv_drain(server->srv, 0, on_drained, server);
}

int main(int argc, char **argv)
{
    struct server server = {.limits = http_limits_default(), .actor = "someone"};
    struct router_config router = {.routes = routes,
                                   .route_count = DVC_COUNT(routes),
                                   .app = &server,
                                   .authenticate = authenticate,
                                   .session_cookie = "sid",
                                   .metrics_token = "scrape-me"};
    struct srv_config config = {.on_request = router_dispatch,
                                .body_limit = router_body_limit,
                                .on_finished = router_finished};
    int fd, port = 0, result;

    for (int i = 1; i < argc; i++) {
        if (read_setting(&server, slice_str(argv[i])) != 0)
            return 2;
    }
    fd = listen_on_loopback(&port);
    if (fd < 0)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    server.loop = loop_new();
    router.files = server.files;
    router.redirect_to = server.redirect_to;
    router.hsts = "max-age=31536000";
    router.max_in_flight = server.max_in_flight;
    server.router = router_new(&router);
    config.ctx = server.router;
    config.limits = server.limits;
    config.trusted_proxies = server.trusted;
    config.trusted_proxy_count = server.trusted_count;
    config.tls = server.tls;
    server.srv = srv_new(server.loop, &config);
    if (!server.srv || srv_listen(server.srv, fd, server.tls != NULL) != 0)
        return 2;
    loop_signal(server.loop, SIGTERM, on_term, &server);
    loop_signal(server.loop, SIGUSR1, on_hurry, &server);
    if (server.tls)
        loop_signal(server.loop, SIGHUP, on_hangup, &server);
    printf("%d\n", port);
    fflush(stdout);
    result = loop_run(server.loop);
    srv_free(server.srv);
    router_free(server.router);
    files_free(server.files);
    tls_free(server.tls);
    loop_free(server.loop);
    return result < 0;
}
