#include "http/reply.h"

#include <string.h>
#include <strings.h>

#include "http/text_vi.h"

static const char api_policy[] = "default-src 'none'; base-uri 'none'; form-action 'none'; "
                                 "frame-ancestors 'none'";

static struct request_pair *find_header(struct reply *reply, struct slice name)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        struct slice have = reply->headers[i].name;

        if (have.len == name.len && strncasecmp(have.ptr, name.ptr, name.len) == 0)
            return &reply->headers[i];
    }
    return NULL;
}

static bool has_control(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];

        if (c < ' ' || c == 0x7f)
            return true;
    }
    return false;
}

/* `value` outlives the request. */
static void put_header(struct request *req, const char *name, struct slice value)
{
    struct reply *reply = &req->reply;
    struct request_pair *pair = find_header(reply, slice_str(name));

    if (!pair) {
        DVC_REQUIRE(reply->header_count < REQUEST_HEADERS_MAX);
        pair = &reply->headers[reply->header_count++];
        pair->name = slice_str(name);
    }
    pair->value = value;
}

static void put_default(struct request *req, const char *name, const char *value)
{
    if (!find_header(&req->reply, slice_str(name)))
        put_header(req, name, slice_str(value));
}

void reply_header(struct request *req, const char *name, struct slice value)
{
    if (!has_control(value))
        put_header(req, name, arena_slice(req->arena, value));
}

void reply_header_str(struct request *req, const char *name, const char *value)
{
    reply_header(req, name, slice_str(value));
}

void reply_etag(struct request *req, struct slice opaque)
{
    struct buf quoted = BUF_INIT(256);

    buf_addc(&quoted, '"');
    buf_add_slice(&quoted, opaque);
    buf_addc(&quoted, '"');
    if (!quoted.overflow)
        reply_header(req, "ETag", buf_slice(&quoted));
    buf_release(&quoted);
}

void reply_location(struct request *req, struct slice path)
{
    reply_header(req, "Location", path);
}

void reply_retry_after(struct request *req, int64_t seconds)
{
    reply_header_str(req, "Retry-After", arena_printf(req->arena, "%lld", (long long)seconds));
}

void reply_close(struct request *req)
{
    req->reply.close = true;
}

static void finish(struct request *req, int status, const char *type, struct slice body)
{
    void (*send)(struct request *, struct reply *) = req->send;

    DVC_REQUIRE(send);
    req->send = NULL;
    req->reply.status = status;
    req->reply.body = body;
    if (type)
        put_header(req, "Content-Type", slice_str(type));
    put_header(req, "X-Request-Id", slice_str(req->request_id));
    put_default(req, "X-Content-Type-Options", "nosniff");
    put_default(req, "Cache-Control", "no-store");
    put_default(req, "Content-Security-Policy", api_policy);
    put_default(req, "Referrer-Policy", "no-referrer");
    put_default(req, "Cross-Origin-Resource-Policy", "same-origin");
    put_default(req, "X-Frame-Options", "DENY"); /* for browsers that do not know frame-ancestors */
    send(req, &req->reply);
}

void reply_json(struct request *req, int status, struct slice body)
{
    finish(req, status, "application/json; charset=utf-8", body);
}

void reply_json_buf(struct request *req, int status, struct buf *body)
{
    if (body->overflow)
        reply_refusal(req, REFUSE_INTERNAL);
    else
        reply_json(req, status, buf_slice(body));
    buf_release(body);
}

void reply_no_content(struct request *req)
{
    finish(req, 204, NULL, SLICE_NULL);
}

void reply_not_modified(struct request *req, struct slice etag)
{
    reply_header(req, "ETag", etag);
    finish(req, 304, NULL, SLICE_NULL);
}

void reply_bytes(struct request *req, int status, const char *type, const char *disposition,
                 struct slice body)
{
    if (disposition)
        reply_header_str(req, "Content-Disposition", disposition);
    finish(req, status, type, body);
}

void reply_stream(struct request *req, int status, const char *type, const char *disposition,
                  int64_t length, const struct reply_source *source)
{
    if (disposition)
        reply_header_str(req, "Content-Disposition", disposition);
    req->reply.source = *source;
    req->reply.length = length;
    finish(req, status, type, SLICE_NULL);
}

static void write_errors(struct jw *jw, const struct problem_error *errors, size_t count)
{
    jw_key(jw, "errors");
    jw_array(jw);
    for (size_t i = 0; i < count; i++) {
        jw_object(jw);
        jw_kv_str(jw, "pointer", errors[i].pointer);
        jw_kv_str(jw, "code", errors[i].code);
        jw_kv_str(jw, "message", errors[i].message);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

void reply_problem(struct request *req, int status, const char *code, const char *detail,
                   const struct problem_error *errors, size_t count)
{
    struct buf body = BUF_INIT(1u << 20);
    struct jw jw = JW_INIT(&body);

    jw_object(&jw);
    jw_kv_str(&jw, "type", "about:blank");
    jw_kv_str(&jw, "title", text_vi_title(status));
    jw_kv_int(&jw, "status", status);
    jw_kv_str(&jw, "code", code ? code : text_vi_code(status));
    jw_kv_str(&jw, "detail", detail);
    write_errors(&jw, errors, count);
    jw_end_object(&jw);
    if (body.overflow)
        finish(req, 500, "application/problem+json; charset=utf-8", SLICE_LIT("{\"status\":500}"));
    else
        finish(req, status, "application/problem+json; charset=utf-8", buf_slice(&body));
    buf_release(&body);
}

/* "20 MiB", "512 KiB", "1000 byte" */
static const char *size_text(struct arena *arena, size_t bytes)
{
    if (bytes >= 1u << 20 && bytes % (1u << 20) == 0)
        return arena_printf(arena, "%zu MiB", bytes >> 20);
    if (bytes >= 1u << 10 && bytes % (1u << 10) == 0)
        return arena_printf(arena, "%zu KiB", bytes >> 10);
    return arena_printf(arena, "%zu byte", bytes);
}

void reply_refusal(struct request *req, enum refuse_reason why)
{
    const struct refusal_text *text = text_vi_refusal(why);
    const char *detail = text->detail;

    if (text->retry_after > 0)
        reply_retry_after(req, text->retry_after);
    if (req->limit > 0 && text->limit != NULL)
        detail = arena_printf(req->arena, "%s %s.", text->limit, size_text(req->arena, req->limit));
    reply_problem(req, text->status, text->code, detail, NULL, 0);
}
