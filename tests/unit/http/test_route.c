#include "http/route.h"

#include "dvc_test.h"

/* The router and the replies without a socket: `sent` is what would have gone out. */
static struct {
    int status;
    char allow[64], body[1024], handler[16];
} sent;

static void send_reply(struct request *req, struct reply *reply)
{
    sent.status = reply->status;
    memcpy(sent.body, reply->body.ptr ? reply->body.ptr : "", reply->body.len);
    sent.body[reply->body.len] = '\0';
    for (size_t i = 0; i < reply->header_count; i++) {
        if (slice_is(reply->headers[i].name, "Allow")) {
            memcpy(sent.allow, reply->headers[i].value.ptr, reply->headers[i].value.len);
            sent.allow[reply->headers[i].value.len] = '\0';
        }
    }
    router_finished(req, reply->status, 7000, req->router);
}

static void handle(struct request *req, void *app)
{
    (void)app;
    reply_json(req, 200, request_var(req, "code"));
}

static const struct route routes[] = {
    {METHOD_GET, "/d/{code}", WHO_ANYONE, 0, 0, 0, handle, "one", NULL},
    {METHOD_POST, "/d/{code}/actions", WHO_ACCOUNT, 0, 5, 0, handle, "act", NULL},
    {METHOD_GET, "/h", WHO_ANYONE, ROUTE_IMMEDIATE, 0, 0, handle, "alive", NULL},
};

static void ask(struct router *router, enum http_method method, const char *target)
{
    struct arena *arena = arena_new();
    struct request *req = ARENA_NEW(arena, struct request);

    memset(&sent, 0, sizeof(sent));
    req->arena = arena;
    req->method = method;
    req->send = send_reply;
    DVC_EQ_INT(request_read_target(req, slice_str(target)), REFUSE_NONE);
    router_dispatch(req, router);
    arena_free(arena);
}

static struct router *make(size_t max_in_flight)
{
    struct router_config config = {
        .routes = routes, .route_count = DVC_COUNT(routes), .max_in_flight = max_in_flight};

    return router_new(&config);
}

DVC_TEST(route, variables_are_decoded_segments)
{
    struct router *router = make(0);

    ask(router, METHOD_GET, "/d/H24.15-%C4%90?x=1");
    DVC_EQ_INT(sent.status, 200);
    DVC_EQ_STR(sent.body, "H24.15-Đ");
    ask(router, METHOD_GET, "/d/");
    DVC_EQ_INT(sent.status, 404);
    ask(router, METHOD_PUT, "/d/x");
    DVC_EQ_INT(sent.status, 405);
    DVC_EQ_STR(sent.allow, "GET, HEAD, OPTIONS");
    router_free(router);
}

DVC_TEST(route, without_a_hook_nobody_is_logged_in)
{
    struct router *router = make(0);

    ask(router, METHOD_POST, "/d/x/actions");
    DVC_EQ_INT(sent.status, 401);
    cr_assert(strstr(sent.body, "\"code\":\"unauthenticated\""));
    router_free(router);
}

DVC_TEST(route, body_limits_are_per_route)
{
    struct router *router = make(0);

    DVC_EQ_INT(router_body_limit(METHOD_POST, SLICE_LIT("/d/x/actions"), router), 5);
    DVC_EQ_INT(router_body_limit(METHOD_POST, SLICE_LIT("/elsewhere"), router), 1 << 20);
    router_free(router);
}

DVC_TEST(route, the_configured_body_limit_is_above_all_routes)
{
    struct router_config config = {
        .routes = routes, .route_count = DVC_COUNT(routes), .max_body = 4};
    struct router *router = router_new(&config);

    DVC_EQ_INT(router_body_limit(METHOD_POST, SLICE_LIT("/d/x/actions"), router), 4);
    DVC_EQ_INT(router_body_limit(METHOD_POST, SLICE_LIT("/elsewhere"), router), 4);
    router_free(router);
}

static bool admit_no_more(struct request *req, void *app)
{
    if ((*(int *)app)-- > 0)
        return true;
    reply_problem(req, 429, "rate", NULL, NULL, 0);
    return false;
}

DVC_TEST(route, who_brings_no_credentials_is_counted)
{
    int left = 1;
    struct router_config config = {.routes = routes,
                                   .route_count = DVC_COUNT(routes),
                                   .admit = admit_no_more,
                                   .app = &left};
    struct router *router = router_new(&config);

    ask(router, METHOD_GET, "/d/x");
    DVC_EQ_INT(sent.status, 200);
    ask(router, METHOD_GET, "/d/x");
    DVC_EQ_INT(sent.status, 429);
    ask(router, METHOD_GET, "/h");
    DVC_EQ_INT(sent.status, 200);
    DVC_EQ_INT(left, -1);
    router_free(router);
}

DVC_TEST(route, metrics_are_cumulative_by_route_and_class)
{
    struct router *router = make(0);
    struct buf text = BUF_INIT(1 << 20);

    ask(router, METHOD_GET, "/d/x");
    ask(router, METHOD_GET, "/d/y");
    metrics_write(router_metrics(router), &text);
    cr_assert(strstr(text.ptr, "{route=\"GET /d/{code}\",status=\"2xx\",le=\"0.005\"} 0\n"));
    cr_assert(strstr(text.ptr, "{route=\"GET /d/{code}\",status=\"2xx\",le=\"0.01\"} 2\n"));
    cr_assert(strstr(text.ptr, "{route=\"GET /d/{code}\",status=\"2xx\"} 0.014000\n"));
    cr_assert(strstr(text.ptr, "dvc_http_requests_in_flight 0\n"));
    buf_release(&text);
    router_free(router);
}
