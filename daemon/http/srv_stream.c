#include "http/srv_stream.h"

#include <stdlib.h>

#include <event2/buffer.h>
#include <event2/http.h>

#include "http/reply.h"

struct reply_pipe {
    struct conn *conn;
    struct reply_source source;
    struct loop_timer *ask;
    int64_t left; /* bytes to come; -1: nobody knows */
    bool busy;    /* something written is not on the wire yet */
    bool ended;
    uint64_t taken; /* pieces */
};

static void on_ask(void *ctx)
{
    struct reply_pipe *pipe = ctx;

    if (!pipe->ended)
        pipe->source.next(pipe->source.ctx, pipe);
}

void stream_start(struct conn *conn, const struct reply *reply)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(conn->evreq);
    struct reply_pipe *pipe = dvc_calloc(1, sizeof(*pipe));

    pipe->conn = conn;
    pipe->source = reply->source;
    pipe->left = reply->length;
    pipe->ask = loop_timer_new(conn->srv->loop, on_ask, pipe);
    conn->pipe = pipe;
    if (reply->length >= 0)
        evhttp_add_header(out, "Content-Length",
                          arena_printf(conn->req->arena, "%lld", (long long)reply->length));
    else
        evhttp_add_header(out, "Connection", "close");
    if (conn->req->head || reply->length == 0) {
        pipe->ended = true;
        evhttp_send_reply(conn->evreq, reply->status, NULL, NULL);
        return;
    }
    evhttp_send_reply_start(conn->evreq, reply->status, NULL);
    loop_timer_start(pipe->ask, 0);
}

void stream_end(struct conn *conn)
{
    struct reply_pipe *pipe = conn->pipe;

    if (pipe == NULL)
        return;
    conn->pipe = NULL;
    loop_timer_free(pipe->ask);
    pipe->source.gone(pipe->source.ctx);
    free(pipe);
}

bool stream_busy(const struct reply_pipe *pipe)
{
    return pipe->busy || pipe->ended;
}

uint64_t stream_taken(const struct reply_pipe *pipe)
{
    return pipe->taken;
}

bool stream_endless(const struct reply_pipe *pipe)
{
    return pipe->left < 0;
}

static void on_taken(struct evhttp_connection *evcon, void *ctx)
{
    struct reply_pipe *pipe = ctx;

    (void)evcon;
    pipe->busy = false;
    pipe->taken++;
    if (pipe->left == 0)
        reply_pipe_end(pipe);
    else
        loop_timer_start(pipe->ask, 0);
}

void reply_pipe_write(struct reply_pipe *pipe, struct slice bytes)
{
    struct evbuffer *data;

    if (pipe->ended || bytes.len == 0)
        return;
    if (pipe->left >= 0 && bytes.len > (size_t)pipe->left) {
        reply_pipe_break(pipe); /* more than the head promised */
        return;
    }
    data = evbuffer_new();
    DVC_REQUIRE(data && evbuffer_add(data, bytes.ptr, bytes.len) == 0);
    pipe->left -= pipe->left >= 0 ? (int64_t)bytes.len : 0;
    pipe->busy = true;
    evhttp_send_reply_chunk_with_cb(pipe->conn->evreq, data, on_taken, pipe);
    evbuffer_free(data);
}

void reply_pipe_end(struct reply_pipe *pipe)
{
    if (pipe->ended)
        return;
    if (pipe->left > 0) {
        reply_pipe_break(pipe); /* less than the head promised */
        return;
    }
    pipe->ended = true;
    evhttp_send_reply_end(pipe->conn->evreq); /* the pipe may be gone now */
}

void reply_pipe_break(struct reply_pipe *pipe)
{
    pipe->ended = true;
    conn_hang_up(pipe->conn);
}

/* ---- bodies ---- */

struct taken_body {
    struct request_body body;
    struct evbuffer *buffer;
    int64_t *counter;
};

static void free_taken(struct request_body *body)
{
    struct taken_body *taken = (struct taken_body *)body;

    *taken->counter -= (int64_t)taken->body.bytes.len;
    evbuffer_free(taken->buffer);
    free(taken);
}

struct request_body *stream_take_body(struct request *req)
{
    struct conn *conn = req->transport;
    struct taken_body *taken = dvc_calloc(1, sizeof(*taken));

    taken->body = (struct request_body){.bytes = req->body, .free = free_taken};
    taken->counter = body_counter(conn->srv, req->body.len);
    taken->buffer = evbuffer_new();
    DVC_REQUIRE(taken->buffer);
    /* Whole chains change hands: the bytes stay where they are. */
    evbuffer_add_buffer(taken->buffer, evhttp_request_get_input_buffer(conn->evreq));
    conn->body_taken = true;
    return &taken->body;
}

int64_t *body_counter(struct srv *srv, size_t len)
{
    return len > HTTP_LARGE_BODY ? &srv->stats.upload_bytes : &srv->stats.body_bytes;
}
