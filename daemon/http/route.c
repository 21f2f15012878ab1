#include "http/route.h"

#include <stdlib.h>
#include <string.h>

#include "http/openapi.h"
#include "http/origin.h"

/* A pattern taken apart: literals match whole segments, variables any one segment. */
struct matcher {
    const struct route *route;
    size_t segment_count;
    struct slice segments[16]; /* of the pattern; "{name}" is a variable */
    char *name;                /* "POST /api/v1/dossiers", the label of the metrics */
};

struct router {
    struct router_config config;
    struct matcher *matchers;
    const char **names;
    struct metrics *metrics;
    struct buf openapi;
    char openapi_etag[SHA256_HEX_SIZE + 2];
    int64_t in_flight;
};

static bool is_variable(struct slice segment)
{
    return segment.len > 2 && segment.ptr[0] == '{' && segment.ptr[segment.len - 1] == '}';
}

static void add_matcher(struct matcher *matcher, const struct route *route)
{
    struct slice rest, part;
    size_t vars = 0, name_len;

    DVC_REQUIRE(route->pattern[0] == '/' && route->handle);
    matcher->route = route;
    rest = slice_str(route->pattern + 1);
    while (slice_next(&rest, '/', &part)) {
        DVC_REQUIRE(matcher->segment_count < DVC_COUNT(matcher->segments));
        matcher->segments[matcher->segment_count++] = part;
        vars += is_variable(part);
    }
    DVC_REQUIRE(vars <= REQUEST_VARS_MAX);
    name_len = strlen(method_name(route->method)) + 1 + strlen(route->pattern) + 1;
    matcher->name = dvc_malloc(name_len);
    memcpy(matcher->name, method_name(route->method), strlen(method_name(route->method)) + 1);
    matcher->name[strlen(matcher->name) + 1] = '\0';
    matcher->name[strlen(matcher->name)] = ' ';
    memcpy(matcher->name + strlen(matcher->name), route->pattern, strlen(route->pattern) + 1);
}

static int64_t read_in_flight(void *ctx)
{
    return ((struct router *)ctx)->in_flight;
}

static void make_openapi(struct router *router)
{
    struct sha256 digest;

    router->openapi = BUF_INIT(4u << 20);
    openapi_write(router->config.routes, router->config.route_count, &router->openapi);
    DVC_REQUIRE(!router->openapi.overflow);
    digest = sha256_of(buf_slice(&router->openapi));
    router->openapi_etag[0] = '"';
    sha256_hex(digest, router->openapi_etag + 1);
    router->openapi_etag[SHA256_HEX_SIZE] = '"';
    router->openapi_etag[SHA256_HEX_SIZE + 1] = '\0';
}

struct router *router_new(const struct router_config *config)
{
    struct router *router = dvc_calloc(1, sizeof(*router));
    size_t count = config->route_count;

    router->config = *config;
    if (router->config.max_in_flight == 0)
        router->config.max_in_flight = 1024;
    if (router->config.max_body == 0)
        router->config.max_body = 1u << 20;
    router->matchers = dvc_calloc(count + 1, sizeof(*router->matchers));
    router->names = dvc_calloc(count + 1, sizeof(*router->names));
    for (size_t i = 0; i < count; i++) {
        add_matcher(&router->matchers[i], &config->routes[i]);
        router->names[i] = router->matchers[i].name;
    }
    router->metrics = metrics_new(router->names, count);
    metrics_value(router->metrics, "dvc_http_requests_in_flight", "gauge",
                  "Requests that a handler has and has not answered.", read_in_flight, router);
    make_openapi(router);
    return router;
}

struct router *router_free(struct router *router)
{
    if (!router)
        return NULL;
    for (size_t i = 0; i < router->config.route_count; i++)
        free(router->matchers[i].name);
    free(router->matchers);
    free(router->names);
    metrics_free(router->metrics);
    buf_release(&router->openapi);
    free(router);
    return NULL;
}

struct metrics *router_metrics(struct router *router)
{
    return router->metrics;
}

static bool path_matches(const struct matcher *matcher, const struct slice *segments, size_t count)
{
    if (count != matcher->segment_count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (is_variable(matcher->segments[i])) {
            if (segments[i].len == 0)
                return false;
        } else if (!slice_eq(matcher->segments[i], segments[i])) {
            return false;
        }
    }
    return true;
}

static size_t literals(const struct matcher *matcher)
{
    size_t count = 0;

    for (size_t i = 0; i < matcher->segment_count; i++)
        count += !is_variable(matcher->segments[i]);
    return count;
}

/* The route for a path and method, the one with more literal segments before one with fewer:
 * "/dossiers/mine" is not the dossier "mine". *ret_allowed: bits of the methods the path knows. */
static const struct matcher *find_route(const struct router *router, const struct slice *segments,
                                        size_t count, enum http_method method,
                                        unsigned *ret_allowed)
{
    const struct matcher *best = NULL;
    unsigned allowed = 0;

    for (size_t i = 0; i < router->config.route_count; i++) {
        const struct matcher *at = &router->matchers[i];

        if (!path_matches(at, segments, count))
            continue;
        allowed |= 1u << at->route->method;
        if (at->route->method == method && (!best || literals(at) > literals(best)))
            best = at;
    }
    *ret_allowed = allowed;
    return best;
}

static void bind_route(struct request *req, const struct matcher *matcher)
{
    req->route = matcher->route;
    for (size_t i = 0; i < matcher->segment_count; i++) {
        struct slice segment = matcher->segments[i];

        if (is_variable(segment))
            req->vars[req->var_count++] =
                (struct request_pair){slice_sub(segment, 1, segment.len - 2), req->segments[i]};
    }
}

static struct slice allow_header(struct request *req, unsigned allowed)
{
    struct buf text = BUF_INIT(128);
    struct slice copy;

    if (allowed & (1u << METHOD_GET))
        allowed |= 1u << METHOD_HEAD;
    allowed |= 1u << METHOD_OPTIONS;
    for (int i = 0; i < METHOD_COUNT; i++) {
        if (!(allowed & (1u << i)))
            continue;
        if (text.len > 0)
            buf_adds(&text, ", ");
        buf_adds(&text, method_name((enum http_method)i));
    }
    copy = arena_slice(req->arena, buf_slice(&text));
    buf_release(&text);
    return copy;
}

static void reply_unmatched(struct router *router, struct request *req, unsigned allowed)
{
    bool is_file = router->config.files && files_has(router->config.files, req->path);

    if (is_file && req->method == METHOD_GET) {
        files_reply(router->config.files, req);
        return;
    }
    if (is_file)
        allowed |= 1u << METHOD_GET;
    if (slice_is(req->path, "*"))
        allowed = (1u << METHOD_COUNT) - 1;
    if (allowed == 0) {
        reply_refusal(req, REFUSE_NOT_FOUND);
        return;
    }
    reply_header(req, "Allow", allow_header(req, allowed));
    if (req->method == METHOD_OPTIONS)
        reply_no_content(req);
    else
        reply_refusal(req, REFUSE_NOT_ALLOWED);
}

static bool key_ok(struct slice key)
{
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] <= ' ' || key.ptr[i] > '~')
            return false;
    }
    return key.len >= 1 && key.len <= 64;
}

/* Given twice, it is as good as missing: which one counts would be a guess. */
static struct slice read_key(const struct request *req)
{
    static const char name[] = "idempotency-key";
    struct slice found = SLICE_NULL;
    size_t count = 0;

    for (size_t i = 0; i < req->header_count; i++) {
        struct request one = {.headers = &req->headers[i], .header_count = 1};
        struct slice value = request_header(&one, name);

        if (value.ptr) {
            found = value;
            count++;
        }
    }
    return count == 1 ? found : SLICE_NULL;
}

void router_authenticated(struct request *req, void *actor)
{
    const struct route *route = req->route;

    req->actor = actor;
    if (route->flags & ROUTE_KEY) {
        req->idempotency_key = read_key(req);
        if (!key_ok(req->idempotency_key)) {
            reply_refusal(req, REFUSE_KEY);
            return;
        }
    } else if ((route->flags & ROUTE_KEY_MAYBE) && request_header(req, "idempotency-key").ptr) {
        req->idempotency_key = read_key(req);
        if (!key_ok(req->idempotency_key)) {
            reply_refusal(req, REFUSE_KEY);
            return;
        }
    }
    route->handle(req, req->router->config.app);
}

static bool has_credentials(const struct router *router, const struct request *req)
{
    const char *cookie = router->config.session_cookie;

    return request_header(req, "authorization").ptr || (cookie && request_cookie(req, cookie).ptr);
}

/* A page of another site may make a browser send a form here, and SameSite does not keep it from
 * signing its visitor in as somebody else. Who brings a bearer token is no such page: it would need
 * our leave (CORS), which nobody gets. */
static bool sent_by_another_site(const struct router *router, const struct request *req)
{
    if (req->method == METHOD_GET || req->method == METHOD_OPTIONS)
        return false;
    return request_bearer(req).ptr == NULL && origin_is_foreign(req, router->config.public_url);
}

static void start_route(struct router *router, struct request *req)
{
    const struct route *route = req->route;
    bool open =
        (route->flags & ROUTE_IMMEDIATE) || route->who == WHO_CARRIER || route->who == WHO_METRICS;
    bool anonymous = !open && route->who == WHO_ANYONE && !has_credentials(router, req);

    if (!open && sent_by_another_site(router, req)) {
        reply_problem(req, 403, "cross_site",
                      "Yêu cầu đến từ trang web khác (Origin) nên không được nhận.", NULL, 0);
        return;
    }
    if (anonymous && router->config.admit != NULL && !router->config.admit(req, router->config.app))
        return;
    if (open || anonymous)
        router_authenticated(req, NULL);
    else if (router->config.authenticate)
        router->config.authenticate(req, router->config.app);
    else
        reply_problem(req, 401, NULL, NULL, NULL, 0);
}

/* The host is the configured one: that of the request is whatever the client wrote. */
static void redirect(const struct router *router, struct request *req)
{
    struct slice where = SLICE_LIT("/");

    if (slice_starts(req->target, "/"))
        where = req->target;
    reply_location(req, slice_str(arena_printf(req->arena, "%s%.*s", router->config.redirect_to,
                                               (int)where.len, where.ptr)));
    reply_bytes(req, 308, "text/plain; charset=utf-8", NULL, SLICE_LIT("HTTPS\n"));
}

void router_dispatch(struct request *req, void *ctx)
{
    struct router *router = ctx;
    const struct matcher *found;
    unsigned allowed;

    req->router = router;
    if (router->config.hsts && req->client.secure)
        reply_header_str(req, "Strict-Transport-Security", router->config.hsts);
    found = find_route(router, req->segments, req->segment_count, req->method, &allowed);
    if (router->config.redirect_to && !req->client.secure &&
        !(found && (found->route->flags & ROUTE_IMMEDIATE))) {
        redirect(router, req);
        return;
    }
    if (!found) {
        reply_unmatched(router, req, allowed);
        return;
    }
    bind_route(req, found);
    router->in_flight++;
    if (req->route->deadline_us > 0)
        request_extend(req, req->route->deadline_us);
    if (req->route->flags & ROUTE_IMMEDIATE) {
        start_route(router, req);
    } else if (router->in_flight > (int64_t)router->config.max_in_flight) {
        reply_refusal(req, REFUSE_IN_FLIGHT);
    } else {
        start_route(router, req);
    }
}

void router_finished(const struct request *req, int status, int64_t us, void *ctx)
{
    struct router *router = ctx;
    size_t index = router->config.route_count;

    if (req->route) {
        index = (size_t)(req->route - router->config.routes);
        router->in_flight--;
    }
    metrics_request(router->metrics, index, status, us);
    if (router->config.on_finished)
        router->config.on_finished(req, status, us, router->config.app);
}

/* Asked with a raw path, before the request is whole. Segments are compared as they came: a path
 * that needs an escape to match a literal gets the default limit. */
int64_t router_body_limit(enum http_method method, struct slice path, void *ctx)
{
    const struct router *router = ctx;
    struct slice segments[16], rest = slice_sub(path, 1, path.len), part;
    const struct matcher *found;
    unsigned allowed;
    size_t count = 0;

    while (count < DVC_COUNT(segments) && slice_next(&rest, '/', &part))
        segments[count++] = part;
    found = find_route(router, segments, count, method, &allowed);
    if (found && found->route->body_limit > 0 &&
        (found->route->body_limit < router->config.max_body || (found->route->flags & ROUTE_LARGE)))
        return (int64_t)found->route->body_limit;
    return (int64_t)router->config.max_body;
}

static bool may_read_metrics(const struct router *router, const struct request *req)
{
    const struct router_config *config = &router->config;
    struct slice token = request_bearer(req);
    struct slice want = slice_str(config->metrics_token);

    if (req->client.loopback)
        return true;
    if (client_in(req->client.ip, config->metrics_from, config->metrics_from_count))
        return true;
    return want.len > 0 && token.len == want.len && hash_equal(token.ptr, want.ptr, want.len);
}

void router_handle_metrics(struct request *req, void *app)
{
    struct buf text = BUF_INIT(4u << 20);

    (void)app;
    if (!may_read_metrics(req->router, req)) {
        reply_problem(req, 403, NULL, "Số đo chỉ dành cho địa chỉ hoặc mã truy cập đã cấu hình.",
                      NULL, 0);
        return;
    }
    metrics_write(req->router->metrics, &text);
    if (text.overflow)
        reply_refusal(req, REFUSE_INTERNAL);
    else
        reply_bytes(req, 200, "text/plain; version=0.0.4; charset=utf-8", NULL, buf_slice(&text));
    buf_release(&text);
}

void router_handle_openapi(struct request *req, void *app)
{
    const struct router *router = req->router;
    struct slice etag = slice_str(router->openapi_etag);

    (void)app;
    reply_header_str(req, "Cache-Control", "no-cache");
    if (request_etag_matches(req, etag)) {
        reply_not_modified(req, etag);
        return;
    }
    reply_header(req, "ETag", etag);
    reply_json(req, 200, buf_slice(&router->openapi));
}
