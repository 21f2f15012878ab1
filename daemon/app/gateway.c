#include "app/gateway.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/measures.h"
#include "app/node.h"
#include "base/jw.h"
#include "base/log.h"
#include "http/api.h"
#include "http/srv.h"
#include "http/srv_tls.h"
#include "http/stream.h"
#include "service/inspect.h"
#include "service/registry.h"

#define NETWORKS_MAX 64
#define WRITERS 2
#define RENEW_US (60 * US_PER_SECOND)
/* Whoever moves on to the successor finds it cold, and perhaps has TLS to agree on: not all at
 * once. */
#define RELIEVED_OVER_US US_PER_SECOND
#define SIGN_INS_PER_MINUTE 60 /* of one address: a desk of clerks behind one router */

struct gateway {
    struct node node;
    struct api api;
    struct router *router;
    struct srv *srv;
    struct tls *tls; /* NULL: none */
    struct loop_timer *renew;
    char hsts[48];
    struct measures measures;
    struct client_network trusted[NETWORKS_MAX], metrics[NETWORKS_MAX];
    size_t trusted_count, metrics_count;
};

static bool ready(void *ctx, struct buf *why)
{
    struct gateway *g = ctx;
    bool up = store_up(g->node.store), draining = g->node.draining && !g->node.relieved;
    bool is_ready = g->node.ready && up && !draining;
    struct jw jw = JW_INIT(why);

    jw_object(&jw);
    jw_kv_bool(&jw, "ready", is_ready);
    jw_kv_bool(&jw, "database", up);
    jw_kv_bool(&jw, "published", registry_ready(g->node.service->registry));
    jw_kv_bool(&jw, "draining", draining);
    jw_kv_int(&jw, "generation", registry_generation(g->node.service->registry));
    jw_kv_int(&jw, "clock_skew_ms", store_skew_us(g->node.store) / 1000);
    jw_kv_bool(&jw, "clock_skewed", up && node_skewed(&g->node));
    jw_kv_int(&jw, "config_errors", g->node.config_errors);
    jw_end_object(&jw);
    return is_ready;
}

static int read_networks(const struct schema_texts *texts, struct client_network *out,
                         size_t *ret_count)
{
    *ret_count = 0;
    for (size_t i = 0; i < texts->count; i++) {
        size_t got = 0;

        if (client_networks_parse(slice_str(texts->items[i]), out + *ret_count,
                                  NETWORKS_MAX - *ret_count, &got) != 0)
            return 1;
        *ret_count += got;
    }
    return 0;
}

static void drained(void *ctx)
{
    struct gateway *g = ctx;

    node_drained(&g->node);
}

static void drain(struct node *node)
{
    struct gateway *g = node->ctx;

    srv_drain(g->srv, node->relieved ? RELIEVED_OVER_US : 0, drained, g);
}

static struct http_limits limits_of(const struct settings *settings)
{
    struct http_limits limits = http_limits_default();

    limits.connections = (uint32_t)settings->http.max_connections;
    limits.head = (size_t)settings->http.max_header_bytes;
    limits.upload_bytes = (size_t)settings->http.upload_bytes;
    limits.head_us = limits.body_us = settings->http.read_timeout_ms * 1000;
    limits.request_us = settings->http.request_timeout_ms * 1000;
    return limits;
}

static void make_router(struct gateway *g)
{
    const struct settings *settings = &g->node.config->generation->settings;
    struct router_config router = {
        .app = &g->api,
        .authenticate = api_authenticate,
        .admit = api_admit,
        .session_cookie = API_COOKIE,
        .files = g->node.config->files,
        .public_url = settings->http.public_url,
        .redirect_to = settings->http.redirect_to_https ? settings->http.public_url : NULL,
        .metrics_from = g->metrics,
        .metrics_from_count = g->metrics_count,
        .max_in_flight = (size_t)settings->http.max_requests,
        .max_body = (size_t)settings->http.max_body_bytes,
        .on_finished = api_finished};

    g->api =
        (struct api){.service = g->node.service,
                     .anonymous = throttle_new(settings->http.requests_per_minute),
                     .lookups = throttle_new(settings->http.lookups_per_minute),
                     .sign_ins = throttle_new(SIGN_INS_PER_MINUTE),
                     .streams = streams_new(g->node.service, (size_t)settings->http.streams_max,
                                            settings->http.stream_check_ms * 1000),
                     .secure_cookies = settings->http.secure_cookies,
                     .ready = ready,
                     .ctx = g};
    if (settings->http.hsts_days > 0) {
        snprintf(g->hsts, sizeof(g->hsts), "max-age=%lld",
                 (long long)settings->http.hsts_days * 24 * 3600);
        router.hsts = g->hsts;
    }
    router.routes = api_routes(&router.route_count);
    g->router = router_new(&router);
}

/* Certificates are renewed by others, every few weeks: nobody has to tell us. */
static void renew_certificate(void *ctx)
{
    struct gateway *g = ctx;
    struct buf why = BUF_INIT(1024);

    switch (tls_renew(g->tls, &why)) {
    case TLS_SAME:
        break;
    case TLS_RENEWED:
        log_info("certificate_renewed", "worker=%s", g->node.env->name);
        break;
    case TLS_REFUSED:
        log_error("certificate_refused", "worker=%s detail=%.*s", g->node.env->name, (int)why.len,
                  why.ptr);
        break;
    }
    buf_release(&why);
    loop_timer_start(g->renew, RENEW_US);
}

static int start_tls(struct gateway *g)
{
    const struct settings *settings = &g->node.config->generation->settings;
    struct buf why = BUF_INIT(1024);
    int r;

    if (g->node.env->listen_plain == g->node.env->listen_count)
        return 0;
    r = tls_new(settings->http.tls_certificate, settings->http.tls_key, &g->tls, &why);
    if (r != 0) {
        log_error("certificate_refused", "worker=%s detail=%.*s", g->node.env->name, (int)why.len,
                  why.ptr);
    } else {
        g->renew = loop_timer_new(g->node.loop, renew_certificate, g);
        loop_timer_start(g->renew, RENEW_US);
    }
    buf_release(&why);
    return r;
}

static int start_http(struct gateway *g)
{
    const struct settings *settings = &g->node.config->generation->settings;
    struct srv_config srv = {.limits = limits_of(settings)};

    if (read_networks(&settings->http.trusted_proxies, g->trusted, &g->trusted_count) != 0 ||
        read_networks(&settings->http.metrics_from, g->metrics, &g->metrics_count) != 0) {
        log_error("bad_network", "key=http.trusted_proxies_or_metrics_from");
        return 1;
    }
    make_router(g);
    srv.trusted_proxies = g->trusted;
    srv.trusted_proxy_count = g->trusted_count;
    srv.ctx = g->router;
    srv.on_request = router_dispatch;
    srv.body_limit = router_body_limit;
    srv.on_finished = router_finished;
    if (start_tls(g) != 0)
        return 1;
    srv.tls = g->tls;
    g->srv = srv_new(g->node.loop, &srv);
    if (g->srv == NULL)
        return 1;
    g->measures =
        (struct measures){.node = &g->node, .srv = g->srv, .lags = lags_new(g->node.service)};
    metrics_value(router_metrics(g->router), "dvc_http_streams", "gauge",
                  "Streams of server-sent events that are open.", streams_open, g->api.streams);
    measures_register(router_metrics(g->router), &g->measures);
    return 0;
}

/* Only a gateway that can serve takes connections: until then they wait in the listening queue that
 * the supervisor holds. */
static void listen_all(struct node *node)
{
    struct gateway *g = node->ctx;

    for (size_t i = 0; i < node->env->listen_count; i++) {
        int fd = node->env->listen_fds[i];
        int r = fd < 0 ? 0 : srv_listen(g->srv, fd, i >= node->env->listen_plain);

        if (r != 0)
            log_error("listen_failed", "worker=%s code=%d", node->env->name, r);
    }
}

int gateway_run(const struct worker_env *env)
{
    struct gateway *g = dvc_calloc(1, sizeof(*g));
    const struct node_config *config = env->ctx;
    uint32_t readers = (uint32_t)config->generation->settings.database.connections;
    int status = node_init(&g->node, env, readers, WRITERS);

    g->node.ctx = g;
    g->node.on_ready = listen_all;
    g->node.on_drain = drain;
    if (status == 0)
        status = start_http(g);
    if (status == 0)
        status = node_run(&g->node);
    if (g->node.service != NULL)
        inspector_close(g->node.service->inspector);
    node_close_store(&g->node);
    lags_free(g->measures.lags);
    srv_free(g->srv);
    streams_free(g->api.streams);
    loop_timer_free(g->renew);
    tls_free(g->tls);
    router_free(g->router);
    throttle_free(g->api.anonymous);
    throttle_free(g->api.lookups);
    throttle_free(g->api.sign_ins);
    node_release(&g->node);
    free(g);
    return status;
}
