#include "http/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"

#define PARAMS_MAX 64
#define SEGMENTS_MAX 32

struct request_ref request_ref(const struct request *req)
{
    return (struct request_ref){.live = req->live, .id = req->id};
}

struct request *request_get(struct request_ref ref)
{
    return idmap_get(ref.live, ref.id);
}

static size_t count_parts(struct slice text, char sep)
{
    size_t n = 1;

    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == sep;
    return n;
}

static bool has_pair(const struct request_pair *pairs, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_eq(pairs[i].name, name))
            return true;
    }
    return false;
}

static enum refuse_reason read_query(struct request *req)
{
    struct slice rest = req->query, part;
    size_t max = count_parts(req->query, '&');

    if (req->query.len == 0)
        return REFUSE_NONE;
    if (max > PARAMS_MAX)
        return REFUSE_QUERY;
    req->params = ARENA_ARRAY(req->arena, struct request_pair, max);
    while (slice_next(&rest, '&', &part)) {
        struct request_pair pair = {.value = SLICE_LIT("")};
        ptrdiff_t equals = slice_find(part, '=', 0);
        struct slice name = equals < 0 ? part : slice_sub(part, 0, (size_t)equals);

        if (part.len == 0)
            continue;
        if (head_decode(req->arena, name, true, &pair.name) < 0)
            return REFUSE_QUERY;
        if (equals >= 0 && head_decode(req->arena, slice_sub(part, (size_t)equals + 1, part.len),
                                       true, &pair.value) < 0)
            return REFUSE_QUERY;
        if (has_pair(req->params, req->param_count, pair.name))
            return REFUSE_QUERY;
        req->params[req->param_count++] = pair;
    }
    return REFUSE_NONE;
}

static enum refuse_reason read_segments(struct request *req)
{
    struct slice rest = slice_sub(req->path, 1, req->path.len), part;
    size_t max = count_parts(rest, '/');

    if (slice_is(req->path, "*"))
        return REFUSE_NONE;
    if (!head_path_ok(req->path) || max > SEGMENTS_MAX)
        return REFUSE_TARGET;
    req->segments = ARENA_ARRAY(req->arena, struct slice, max);
    while (slice_next(&rest, '/', &part)) {
        if (head_decode(req->arena, part, false, &req->segments[req->segment_count]) < 0)
            return REFUSE_TARGET;
        req->segment_count++;
    }
    return REFUSE_NONE;
}

enum refuse_reason request_read_target(struct request *req, struct slice target)
{
    ptrdiff_t mark = slice_find(target, '?', 0);
    enum refuse_reason why;

    req->target = target;
    req->path = mark < 0 ? target : slice_sub(target, 0, (size_t)mark);
    req->query = mark < 0 ? SLICE_NULL : slice_sub(target, (size_t)mark + 1, target.len);
    req->segment_count = req->param_count = 0;
    why = read_segments(req);
    return why == REFUSE_NONE ? read_query(req) : why;
}

struct slice request_header(const struct request *req, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < req->header_count; i++) {
        const struct request_pair *header = &req->headers[i];

        if (header->name.len == len && strncasecmp(header->name.ptr, name, len) == 0)
            return header->value;
    }
    return SLICE_NULL;
}

static struct slice find_pair(const struct request_pair *pairs, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(pairs[i].name, name))
            return pairs[i].value;
    }
    return SLICE_NULL;
}

struct slice request_param(const struct request *req, const char *name)
{
    return find_pair(req->params, req->param_count, name);
}

struct slice request_var(const struct request *req, const char *name)
{
    return find_pair(req->vars, req->var_count, name);
}

/* HTTP/1.1 clients send one Cookie header; a second one is read too, so that a cookie smuggled in
 * twice is seen as given twice. */
struct slice request_cookie(const struct request *req, const char *name)
{
    struct slice found = SLICE_NULL;

    for (size_t i = 0; i < req->header_count; i++) {
        struct slice rest = req->headers[i].value, part;

        if (req->headers[i].name.len != 6 || strncasecmp(req->headers[i].name.ptr, "cookie", 6))
            continue;
        while (slice_next(&rest, ';', &part)) {
            ptrdiff_t equals;

            part = slice_trim(part);
            equals = slice_find(part, '=', 0);
            if (equals < 0 || !slice_is(slice_sub(part, 0, (size_t)equals), name))
                continue;
            if (found.ptr)
                return SLICE_NULL;
            found = slice_sub(part, (size_t)equals + 1, part.len);
        }
    }
    return found;
}

struct slice request_bearer(const struct request *req)
{
    struct slice value = request_header(req, "authorization");

    if (value.len < 8 || strncasecmp(value.ptr, "bearer ", 7) != 0)
        return SLICE_NULL;
    value = slice_trim(slice_sub(value, 7, value.len));
    return value.len > 0 ? value : SLICE_NULL;
}

bool request_etag_matches(const struct request *req, struct slice etag)
{
    struct slice rest = request_header(req, "if-none-match"), part;

    while (slice_next(&rest, ',', &part)) {
        part = slice_trim(part);
        /* If-None-Match compares weakly: a cache may have put W/ before a strong tag. */
        if (slice_starts(part, "W/"))
            part = slice_sub(part, 2, part.len);
        if (slice_is(part, "*") || slice_eq(part, etag))
            return true;
    }
    return false;
}

int request_param_int(const struct request *req, const char *name, int64_t min, int64_t max,
                      int64_t otherwise, int64_t *ret)
{
    struct slice text = request_param(req, name);

    if (!text.ptr) {
        *ret = otherwise;
        return 0;
    }
    return num_parse_i64(text, min, max, ret);
}

static void free_copy(struct request_body *body)
{
    free(body);
}

struct request_body *request_take_body(struct request *req)
{
    struct request_body *body;
    char *copy;

    if (req->take_body != NULL)
        return req->take_body(req);
    body = dvc_malloc(sizeof(*body) + req->body.len);
    copy = (char *)(body + 1);
    if (req->body.len > 0)
        memcpy(copy, req->body.ptr, req->body.len);
    *body = (struct request_body){.bytes = {copy, req->body.len}, .free = free_copy};
    return body;
}

struct request_body *request_body_free(struct request_body *body)
{
    if (body != NULL)
        body->free(body);
    return NULL;
}

void request_extend(struct request *req, int64_t us)
{
    req->deadline.us = loop_mono(req->loop).us + us;
}
