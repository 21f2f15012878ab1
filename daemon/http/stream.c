#include "http/stream.h"

#include <stdlib.h>

#include "base/jw.h"
#include "http/api.h"
#include "service/queuewatch.h"
#include "service/service.h"

#define COMMENT_US (15 * US_PER_SECOND)
#define UNSENT_MAX (64u << 10)
#define QUEUES_MAX 256 /* of one stream: a person follows desks, not a city */
#define FILTER_MAX 64

struct streams {
    struct service *service;
    struct queuewatch *watch;
    size_t max, open;
    int64_t check_us;
};

struct stream {
    struct streams *owner;
    struct request_ref ref; /* until the reply began */
    struct sha256 token;
    int64_t account;
    char role[FILTER_MAX], agency[FILTER_MAX];
    struct queuewatcher *watcher;
    struct slice *queues; /* pairs of agency and role, in `arena` */
    size_t queue_count;
    struct arena *arena;
    struct reply_pipe *pipe; /* once the head is on its way */
    struct buf early;        /* what was to be told before that */
    size_t unsent;
    struct loop_timer *comment, *check;
    bool asking, gone;
};

struct streams *streams_new(struct service *service, size_t max, int64_t check_us)
{
    struct streams *streams = dvc_calloc(1, sizeof(*streams));

    *streams = (struct streams){
        .service = service, .watch = queuewatch_new(service), .max = max, .check_us = check_us};
    return streams;
}

struct streams *streams_free(struct streams *streams)
{
    if (streams != NULL)
        queuewatch_free(streams->watch);
    free(streams);
    return NULL;
}

int64_t streams_open(void *streams)
{
    return (int64_t)((struct streams *)streams)->open;
}

static void end(struct stream *stream)
{
    stream->owner->open--;
    queuewatch_remove(stream->watcher);
    loop_timer_free(stream->comment);
    loop_timer_free(stream->check);
    buf_release(&stream->early);
    arena_free(stream->arena);
    free(stream);
}

/* The reply's last call. What is still being asked ends it when the answer comes. */
static void on_gone(void *ctx)
{
    struct stream *stream = ctx;

    stream->gone = true;
    stream->pipe = NULL;
    stream->watcher = queuewatch_remove(stream->watcher);
    loop_timer_stop(stream->comment);
    loop_timer_stop(stream->check);
    if (!stream->asking)
        end(stream);
}

/* The stream may be gone afterwards. */
static void send(struct stream *stream, struct slice text)
{
    if (stream->pipe == NULL) {
        buf_add_slice(&stream->early, text);
        return;
    }
    stream->unsent += text.len;
    if (stream->unsent > UNSENT_MAX)
        reply_pipe_break(stream->pipe);
    else
        reply_pipe_write(stream->pipe, text);
}

static void on_next(void *ctx, struct reply_pipe *pipe)
{
    struct stream *stream = ctx;

    stream->unsent = 0;
    if (stream->pipe != NULL)
        return;
    stream->pipe = pipe;
    loop_timer_start(stream->comment, COMMENT_US);
    loop_timer_start(stream->check, stream->owner->check_us);
    send(stream, buf_slice(&stream->early));
}

static void on_comment(void *ctx)
{
    struct stream *stream = ctx;

    loop_timer_start(stream->comment, COMMENT_US);
    send(stream, SLICE_LIT(":\n\n"));
}

static void on_version(void *ctx, const char *agency, const char *role, int64_t version)
{
    struct stream *stream = ctx;
    struct buf text = BUF_INIT(1024), name = BUF_INIT(512);
    struct jw jw = JW_INIT(&text);

    buf_addf(&name, "%s/%s", agency, role);
    buf_adds(&text, "event: queue\ndata: ");
    jw_object(&jw);
    jw_kv_slice(&jw, "queue", buf_slice(&name));
    jw_kv_int(&jw, "version", version);
    jw_end_object(&jw);
    buf_adds(&text, "\n\n");
    send(stream, buf_slice(&text));
    buf_release(&text);
    buf_release(&name);
}

static void ask(struct stream *stream, db_done_fn done)
{
    struct service *service = stream->owner->service;

    stream->asking = true;
    store_query(service->store, service_statement(service, "desk_queues"),
                (struct db_param[]){db_int(stream->account),
                                    stream->role[0] != '\0' ? db_str(stream->role) : db_null(),
                                    stream->agency[0] != '\0' ? db_str(stream->agency) : db_null(),
                                    db_int(QUEUES_MAX + 1)},
                4, service_timeout(service), done, stream);
}

/* ---- rights, again and again ---- */

static bool may_still(const struct db_rows *rows, struct slice agency, struct slice role)
{
    for (size_t i = 0; i < db_rows_count(rows); i++)
        if (slice_eq(db_text_at(rows, i, 0), agency) && slice_eq(db_text_at(rows, i, 1), role))
            return true;
    return false;
}

/* A queue that was taken away ends the stream: the client comes again and gets what is left. */
static void checked(void *ctx, const struct db_result *result)
{
    struct stream *stream = ctx;

    stream->asking = false;
    if (stream->gone) {
        end(stream);
        return;
    }
    for (size_t i = 0; result->code == 0 && i < stream->queue_count; i++) {
        if (!may_still(result->rows, stream->queues[2 * i], stream->queues[2 * i + 1])) {
            reply_pipe_end(stream->pipe);
            return;
        }
    }
    loop_timer_start(stream->check, stream->owner->check_us);
}

static void recognised(void *ctx, int code, struct member *member)
{
    struct stream *stream = ctx;

    stream->asking = false;
    if (stream->gone)
        end(stream);
    else if (code != 0) /* the database is away: nothing can be told either */
        loop_timer_start(stream->check, stream->owner->check_us);
    else if (member == NULL || member->actor.account != stream->account)
        reply_pipe_end(stream->pipe);
    else
        ask(stream, checked);
}

static void on_check(void *ctx)
{
    struct stream *stream = ctx;

    stream->asking = true;
    members_find_hash(stream->owner->service->members, stream->token, recognised, stream);
}

/* ---- the beginning ---- */

static void refuse(struct request *req, const struct db_result *result)
{
    if (result->code != 0) {
        reply_retry_after(req, 2);
        reply_problem(req, 503, "unavailable", "Hệ thống đang bận, vui lòng thử lại sau ít phút.",
                      NULL, 0);
    } else if (db_rows_count(result->rows) == 0) {
        reply_problem(req, 403, "forbidden", "Tài khoản không có hàng đợi nào để theo dõi.", NULL,
                      0);
    } else {
        reply_problem(req, 422, "too_many_queues",
                      "Quá 256 hàng đợi, hãy chọn bằng ?agency= hoặc ?role=.", NULL, 0);
    }
}

static void follow(struct stream *stream, const struct db_rows *rows)
{
    stream->queue_count = db_rows_count(rows);
    stream->arena = arena_new();
    stream->queues = ARENA_ARRAY(stream->arena, struct slice, 2 * stream->queue_count);
    stream->watcher = queuewatch_add(stream->owner->watch, on_version, stream);
    for (size_t i = 0; i < stream->queue_count; i++) {
        struct slice *pair = &stream->queues[2 * i];

        pair[0] = arena_slice(stream->arena, db_text_at(rows, i, 0));
        pair[1] = arena_slice(stream->arena, db_text_at(rows, i, 1));
        queuewatch_follow(stream->watcher, pair[0], pair[1]);
    }
}

static void found(void *ctx, const struct db_result *result)
{
    struct stream *stream = ctx;
    struct request *req = request_get(stream->ref);
    const struct reply_source source = {on_next, on_gone, stream};

    stream->asking = false;
    if (req == NULL) {
        end(stream);
        return;
    }
    if (result->code != 0)
        service_log_failure("desk_queues", result);
    if (result->code != 0 || db_rows_count(result->rows) == 0 ||
        db_rows_count(result->rows) > QUEUES_MAX) {
        refuse(req, result);
        end(stream);
        return;
    }
    follow(stream, result->rows);
    buf_adds(&stream->early, "retry: 2000\n\n");
    reply_header_str(req, "X-Accel-Buffering", "no");
    reply_stream(req, 200, "text/event-stream; charset=utf-8", NULL, -1, &source);
}

static bool filter(struct request *req, const char *name, char out[FILTER_MAX])
{
    struct slice text = request_param(req, name);

    if (text.len >= FILTER_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.ptr[i];
    return true;
}

void streams_serve(struct streams *streams, struct request *req)
{
    struct loop *loop = streams->service->loop;
    struct stream *stream;

    if (streams->open >= streams->max) {
        reply_retry_after(req, 10);
        reply_problem(req, 503, "streams", "Quá nhiều màn hình đang theo dõi, hãy hỏi lại sau.",
                      NULL, 0);
        return;
    }
    stream = dvc_calloc(1, sizeof(*stream));
    stream->owner = streams;
    streams->open++;
    stream->ref = request_ref(req);
    stream->token = api_member(req)->token_hash;
    stream->account = api_member(req)->actor.account;
    stream->early = BUF_INIT(UNSENT_MAX);
    stream->comment = loop_timer_new(loop, on_comment, stream);
    stream->check = loop_timer_new(loop, on_check, stream);
    if (!filter(req, "role", stream->role) || !filter(req, "agency", stream->agency)) {
        reply_problem(req, 400, "filter", "role và agency dài nhất 63 ký tự.", NULL, 0);
        end(stream);
        return;
    }
    ask(stream, found);
}
