/* web.h - the HTTP edge of the simulator: parameters in, answers out, and the ways an answer can go
 * wrong on the wire. */
#ifndef POSTSIM_WEB_H
#define POSTSIM_WEB_H

#include "base/buf.h"
#include "base/list.h"
#include "base/loop.h"

struct evhttp_request;
struct evkeyvalq;

/* An answer as it will go out; the body is borrowed until web_send returns. */
struct web_answer {
    int status;
    const char *type;  /* Content-Type, NULL: none is sent */
    int retry_after_s; /* 0: no such header */
    struct slice body;
};

#define WEB_JSON "application/json; charset=utf-8"

/* The answers that are still to come. */
struct web {
    struct loop *loop;
    struct list waiting;
};

void web_init(struct web *web, struct loop *loop);
/* Ends every wait with 503, while the connections and the loop still stand. */
void web_end(struct web *web);

void web_send(struct evhttp_request *req, const struct web_answer *answer);
/* The same after a delay. The client may be gone by then: that is no error. */
void web_send_later(struct web *web, struct evhttp_request *req, const struct web_answer *answer,
                    int64_t us);
/* Resets the connection (RST, not an orderly end) at the end of this turn, without an answer. */
void web_reset(struct web *web, struct evhttp_request *req);

struct slice web_body(struct evhttp_request *req);
const char *web_header(struct evhttp_request *req, const char *name); /* NULL when absent */
/* Path without the query, as sent. */
const char *web_path(struct evhttp_request *req);
/* The query's parameters; release with web_query_release. */
void web_query(struct evhttp_request *req, struct evkeyvalq *ret_query);
void web_query_release(struct evkeyvalq *query);
const char *web_param(struct evkeyvalq *query, const char *name); /* NULL when absent */
/* A whole number from the query: 0, also when absent (then *ret is `otherwise`), or -EINVAL. */
int web_param_int(struct evkeyvalq *query, const char *name, int64_t otherwise, int64_t min,
                  int64_t max, int64_t *ret) DVC_MUSTCHECK;

#endif
