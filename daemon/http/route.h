/* route.h - the one table of routes and what follows from it: dispatch, 404 and 405, body limits,
 * the authenticate hook, idempotency keys, metrics by route, openapi.json. */
#ifndef DVC_HTTP_ROUTE_H
#define DVC_HTTP_ROUTE_H

#include "http/files.h"
#include "http/metrics.h"
#include "http/reply.h"
#include "http/request.h"

/* Who may call at all; which dossiers and actions, core/access and the SQL of each read decide. The
 * router only hands it to the authenticate hook and to openapi.json. */
enum route_who {
    WHO_ANYONE,  /* a token is read when given */
    WHO_ACCOUNT, /* anyone logged in */
    WHO_STAFF,   /* an account with a role at an agency */
    WHO_FILER,   /* citizen, portal, receiver */
    WHO_POSTAL,  /* post office account, or staff */
    WHO_CARRIER, /* signed by the carrier: the handler checks */
    WHO_AUDITOR, /* auditor, staff */
    WHO_ADMIN,   /* an account that is administrator somewhere */
    WHO_METRICS, /* token of its own or configured addresses: router_handle_metrics checks */
};

enum route_flag {
    ROUTE_KEY = 1,       /* Idempotency-Key is required */
    ROUTE_IMMEDIATE = 2, /* answers at once, also when requests in flight are used up */
    ROUTE_RAW = 4,       /* body of any type: for openapi.json */
    ROUTE_KEY_MAYBE = 8, /* Idempotency-Key is read when given; the handler says when it must be */
    ROUTE_LARGE = 16,    /* body_limit also above router_config.max_body */
    ROUTE_UNSETTLED = 256, /* also for an account that must change its password first */
    ROUTE_ENROL = 512,     /* also for staff who must turn on one-time codes first */
    ROUTE_ANEW = 1024, /* tells who is calling: read anew, for he may look at what he just changed */
};

struct route_param {
    const char *name;        /* NULL ends the list */
    const char *type;        /* JSON Schema type; path variables without an entry are strings */
    const char *description; /* English, short */
};

struct route {
    enum http_method method; /* METHOD_GET serves HEAD too */
    const char *pattern; /* "/api/v1/dossiers/{code}/actions"; a variable is one whole segment */
    enum route_who who;
    unsigned flags;      /* of enum route_flag */
    size_t body_limit;   /* bytes; 0: router_config.max_body */
    int64_t deadline_us; /* 0: the limits' default */
    void (*handle)(struct request *req, void *app);
    const char *summary;
    const struct route_param *params; /* of the query; NULL: none */
};

struct router_config {
    const struct route *routes; /* process lifetime */
    size_t route_count;
    void *app; /* given to every handler and hook */
    /* Called for every route that is not ROUTE_IMMEDIATE, WHO_CARRIER or WHO_METRICS, and for
     * WHO_ANYONE only when a bearer token or the cookie `session_cookie` is present. It checks
     * req->route->who and, with the cookie, X-CSRF-Token on unsafe methods; now or later it calls
     * router_authenticated() or a reply. NULL: every such route answers 401. */
    void (*authenticate)(struct request *req, void *app);
    const char *session_cookie;
    /* Called for a request of a WHO_ANYONE route that brings no credentials, before its handler;
     * false: it has replied. NULL: all may. */
    bool (*admit)(struct request *req, void *app);
    const struct files *files; /* borrowed; NULL: no static files */
    const char *public_url;    /* how browsers see us behind a proxy; NULL: by the host asked for */
    const char *redirect_to;   /* "https://host": where plain requests are sent, those of
                                * ROUTE_IMMEDIATE excepted; NULL: they are served */
    const char *hsts;          /* Strict-Transport-Security of what goes by HTTPS; NULL: none */
    const char *metrics_token; /* NULL: none */
    const struct client_network *metrics_from;
    size_t metrics_from_count; /* loopback always, unless forwarding headers are present */
    size_t max_in_flight;      /* requests in handlers; 0: 1024 */
    size_t max_body; /* above every route's own limit, and for routes without; 0: 1 MiB */
    /* After each reply, for the access log; may be NULL. */
    void (*on_finished)(const struct request *req, int status, int64_t us, void *app);
};

struct router;

struct router *router_new(const struct router_config *config); /* bad patterns are DVC_REQUIRE */
struct router *router_free(struct router *router);
/* The transport's hooks: plug them into struct srv_config with the router as ctx. */
void router_dispatch(struct request *req, void *router);
int64_t router_body_limit(enum http_method method, struct slice path, void *router);
void router_finished(const struct request *req, int status, int64_t us, void *router);

/* Ends the authenticate hook: dispatch goes on with this actor (NULL: anonymous). */
void router_authenticated(struct request *req, void *actor);

struct metrics *router_metrics(struct router *router);
void router_handle_metrics(struct request *req, void *app); /* GET /metrics */
void router_handle_openapi(struct request *req, void *app); /* GET /api/v1/openapi.json */

#endif
