#include "web.h"

#include "base/num.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <sys/socket.h>

struct later {
    struct list link; /* in web.waiting until it is answered */
    struct loop *loop;
    struct loop_timer *timer;
    struct evhttp_request *req;
    struct web_answer answer;
    struct buf body;
};

void web_send(struct evhttp_request *req, const struct web_answer *answer)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
    struct evbuffer *out = evhttp_request_get_output_buffer(req);

    if (answer->type != NULL)
        evhttp_add_header(headers, "Content-Type", answer->type);
    if (answer->retry_after_s > 0) {
        struct buf text = BUF_INIT(16);

        buf_add_i64(&text, answer->retry_after_s);
        evhttp_add_header(headers, "Retry-After", text.ptr);
        buf_release(&text);
    }
    evbuffer_add(out, answer->body.ptr, answer->body.len);
    /* Frees the request by itself when the connection has gone meanwhile. */
    evhttp_send_reply(req, answer->status, NULL, NULL);
}

static void later_free(void *ctx)
{
    struct later *later = ctx;

    loop_timer_free(later->timer);
    buf_release(&later->body);
    free(later);
}

static void later_due(void *ctx)
{
    struct later *later = ctx;

    list_remove(&later->link);
    later->answer.body = buf_slice(&later->body);
    web_send(later->req, &later->answer);
    loop_defer(later->loop, later_free, later);
}

static void later_reset(void *ctx)
{
    struct later *later = ctx;
    struct evhttp_connection *con = evhttp_request_get_connection(later->req);
    struct sockaddr none = {.sa_family = AF_UNSPEC};

    list_remove(&later->link);
    if (con == NULL) {
        web_send(later->req, &(struct web_answer){.status = 500});
    } else {
        /* Dissolving the association makes the kernel send RST at once; closing would send FIN. */
        (void)connect(bufferevent_getfd(evhttp_connection_get_bufferevent(con)), &none,
                      sizeof(none));
        evhttp_connection_free(con);
    }
    loop_defer(later->loop, later_free, later);
}

static struct later *later_new(struct web *web, struct evhttp_request *req, void (*fn)(void *ctx))
{
    struct later *later = dvc_calloc(1, sizeof(*later));

    later->loop = web->loop;
    later->req = req;
    later->timer = loop_timer_new(web->loop, fn, later);
    later->body = BUF_INIT((size_t)64 << 20);
    list_push_back(&web->waiting, &later->link);
    return later;
}

void web_init(struct web *web, struct loop *loop)
{
    web->loop = loop;
    list_init(&web->waiting);
}

void web_end(struct web *web)
{
    struct list *link;

    while ((link = list_pop_front(&web->waiting)) != NULL) {
        struct later *later = LIST_ENTRY(link, struct later, link);

        /* Also where the client has gone: the request is then nobody's but ours. */
        web_send(later->req, &(struct web_answer){.status = 503});
        later_free(later);
    }
}

void web_send_later(struct web *web, struct evhttp_request *req, const struct web_answer *answer,
                    int64_t us)
{
    struct later *later = later_new(web, req, later_due);

    later->answer = *answer;
    buf_add_slice(&later->body, answer->body);
    loop_timer_start(later->timer, us);
}

void web_reset(struct web *web, struct evhttp_request *req)
{
    /* Not here: the connection's own callback is still running. */
    loop_timer_start(later_new(web, req, later_reset)->timer, 0);
}

struct slice web_body(struct evhttp_request *req)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(req);
    size_t len = evbuffer_get_length(in);

    return (struct slice){(const char *)evbuffer_pullup(in, -1), len};
}

const char *web_header(struct evhttp_request *req, const char *name)
{
    return evhttp_find_header(evhttp_request_get_input_headers(req), name);
}

const char *web_path(struct evhttp_request *req)
{
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(req));

    return path == NULL ? "" : path;
}

void web_query(struct evhttp_request *req, struct evkeyvalq *ret_query)
{
    const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(req));

    if (query == NULL || evhttp_parse_query_str(query, ret_query) < 0)
        evhttp_parse_query_str("", ret_query);
}

void web_query_release(struct evkeyvalq *query)
{
    evhttp_clear_headers(query);
}

const char *web_param(struct evkeyvalq *query, const char *name)
{
    return evhttp_find_header(query, name);
}

int web_param_int(struct evkeyvalq *query, const char *name, int64_t otherwise, int64_t min,
                  int64_t max, int64_t *ret)
{
    const char *text = web_param(query, name);

    if (text == NULL) {
        *ret = otherwise;
        return 0;
    }
    return num_parse_i64(slice_str(text), min, max, ret);
}
