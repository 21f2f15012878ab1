/* request.h - one HTTP request as handlers see it: checked, decoded, with an arena of its own. It
 * knows nothing of evhttp. It lives until its reply is on the wire; across any wait a handler keeps
 * a request_ref, never the pointer. */
#ifndef DVC_HTTP_REQUEST_H
#define DVC_HTTP_REQUEST_H

#include "base/hash.h"
#include "base/idmap.h"
#include "base/loop.h"
#include "http/client.h"
#include "http/head.h"

struct route;
struct router;

#define REQUEST_VARS_MAX 8
#define REQUEST_HEADERS_MAX 24 /* of one reply */

struct request_pair {
    struct slice name, value;
};

/* Where a body that comes piece by piece comes from. */
struct reply_pipe;
struct reply_source {
    /* All that was written is on the wire: write more to the pipe, now or later. */
    void (*next)(void *ctx, struct reply_pipe *pipe);
    /* Exactly once, whatever happened: the pipe is gone. The last call. */
    void (*gone)(void *ctx);
    void *ctx;
};

/* A body on its own: counts in the transport's limits until it is freed. */
struct request_body {
    struct slice bytes;
    void (*free)(struct request_body *body);
};

/* What a reply consists of until the transport takes it. */
struct reply {
    int status;
    size_t header_count;
    struct request_pair headers[REQUEST_HEADERS_MAX]; /* texts in the arena or static */
    struct slice body;
    struct reply_source source; /* next NULL: `body` is all */
    int64_t length;             /* of what the source gives; -1: nobody knows */
    bool close;                 /* ends the connection after this reply */
};

struct request {
    uint64_t id;                     /* in the transport's idmap */
    char request_id[UUID_TEXT_SIZE]; /* X-Request-Id of the reply, and in every log line */
    struct arena *arena;
    enum http_method method;      /* METHOD_GET also for HEAD: see `head` */
    size_t limit;                 /* of a refusal: how many bytes there may be; 0: not known */
    bool head;                    /* asked by HEAD: the transport leaves the body out */
    struct slice target;          /* as it came, not decoded */
    struct slice path;            /* not decoded, without the query */
    struct slice query;           /* not decoded, without '?' */
    struct slice body;            /* whole; empty when there was none */
    struct request_pair *headers; /* in order of arrival */
    size_t header_count;
    struct request_pair *params; /* query parameters, decoded, each name once */
    size_t param_count;
    struct slice *segments; /* of the path, decoded, without the leading '/' */
    size_t segment_count;
    const struct route *route; /* set by the router, with the pattern's variables in order */
    struct request_pair vars[REQUEST_VARS_MAX];
    size_t var_count;
    struct client_address client; /* behind trusted proxies: the first address they vouch for */
    struct slice idempotency_key; /* checked; empty where the route does not require it */
    wall_t received_at;           /* when its last byte was here */
    mono_t started, deadline;     /* deadline passed: the transport answers 503, the id is gone */
    void *actor;                  /* from the authenticate hook; NULL: nobody logged in */
    void *user;                   /* the resource side's own, arena memory as a rule */
    struct loop *loop;
    struct router *router;
    struct reply reply;
    /* the transport's side */
    struct idmap *live;
    void (*send)(struct request *req, struct reply *reply); /* NULL once a reply was given */
    struct request_body *(*take_body)(struct request *req);
    void *transport;
};

/* What a handler keeps across a wait. NULL from request_get is normal: the deadline passed, the
 * client's connection died, or a reply was given already. */
struct request_ref {
    struct idmap *live;
    uint64_t id;
};
struct request_ref request_ref(const struct request *req);
struct request *request_get(struct request_ref ref);

/* Fills path, query, segments and params from `target` and `arena`. REFUSE_NONE, REFUSE_TARGET or
 * REFUSE_QUERY. */
enum refuse_reason request_read_target(struct request *req, struct slice target) DVC_MUSTCHECK;

struct slice request_header(const struct request *req,
                            const char *name); /* any case; absent: ptr NULL */
struct slice request_param(const struct request *req, const char *name); /* absent: ptr NULL */
struct slice request_var(const struct request *req, const char *name); /* path variable, decoded */
/* One cookie's value, not decoded; ptr NULL when absent or given twice. */
struct slice request_cookie(const struct request *req, const char *name);
/* The token of `Authorization: Bearer <token>`; ptr NULL when absent or of another scheme. */
struct slice request_bearer(const struct request *req);
/* True when If-None-Match names this strong ETag (with its quotes) or is "*". */
bool request_etag_matches(const struct request *req, struct slice etag);
/* `?name=` as an integer within [min, max]; absent gives `otherwise`. 0, -EINVAL or -ERANGE. */
int request_param_int(const struct request *req, const char *name, int64_t min, int64_t max,
                      int64_t otherwise, int64_t *ret) DVC_MUSTCHECK;
/* The body for work that may outlive the request: req->body stays readable as long as either lives.
 * To be asked once. */
struct request_body *request_take_body(struct request *req);
struct request_body *request_body_free(struct request_body *body); /* takes NULL, returns NULL */
/* Moves the deadline to `us` from now, for a route known to be slow. */
void request_extend(struct request *req, int64_t us);

#endif
