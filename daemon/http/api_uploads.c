#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http/api.h"
#include "http/tus.h"
#include "service/resume.h"
#include "service/service.h"
#include "service/upload.h"

#define UPLOADS "/api/v1/uploads"

/* Browsers send ASCII in headers only, so a Vietnamese name comes percent-encoded; what does not
 * decode is the name as it stands. */
static struct slice filename_of(struct request *req)
{
    struct slice typed = request_header(req, "X-Filename"), decoded;

    return head_decode(req->arena, typed, false, &decoded) == 0 ? decoded : typed;
}

static void release_body(void *hold)
{
    request_body_free(hold);
}

static void upload_here(struct request *req, struct api *api)
{
    struct upload_bytes file = {.bytes = req->body, .release = release_body};

    if (req->idempotency_key.len == 0) {
        reply_refusal(req, REFUSE_KEY);
        return;
    }
    file.hold = request_take_body(req);
    file.bytes = ((const struct request_body *)file.hold)->bytes;
    upload_whole(api->service, api_member(req), file, filename_of(req), req->idempotency_key,
                 api_answered, api_wait(req));
}

/* ---- tus ---- */

static void tus_headers(struct request *req)
{
    reply_header_str(req, "Tus-Resumable", TUS_VERSION);
}

static void bad_header(struct request *req, const char *name, const char *detail)
{
    struct problem_error error = {name, "header", detail};

    reply_problem(req, 400, "bad_header", detail, &error, 1);
}

/* `required`: the method is part of the protocol only. False: replied. */
static bool version_ok(struct request *req, bool required)
{
    struct slice version = request_header(req, "Tus-Resumable");

    tus_headers(req);
    if (slice_is(version, TUS_VERSION) || (version.ptr == NULL && !required))
        return true;
    reply_header_str(req, "Tus-Version", TUS_VERSION);
    reply_problem(req, 412, "tus_version", "Chỉ hỗ trợ Tus-Resumable: " TUS_VERSION ".", NULL, 0);
    return false;
}

/* What came and what a handler waits for. */
struct waiting {
    struct request_ref ref;
    bool part;
};

static struct waiting *wait_for(struct request *req)
{
    struct waiting *waiting = dvc_calloc(1, sizeof(*waiting));

    waiting->ref = request_ref(req);
    return waiting;
}

static void state_headers(struct request *req, const struct resume_state *state)
{
    reply_header_str(req, "Upload-Offset",
                     arena_printf(req->arena, "%lld", (long long)state->received));
    reply_header_str(req, "Upload-Length",
                     arena_printf(req->arena, "%lld", (long long)state->size));
    if (!wall_is_none(state->expires_at))
        reply_header_str(req, "Upload-Expires", tus_date(req->arena, state->expires_at));
}

static void reply_state(struct request *req, int status, const struct resume_state *state)
{
    struct buf body = BUF_INIT(1024);

    upload_json(&body, state->id, state->sha256, state->size, state->type);
    reply_json_buf(req, status, &body);
}

/* Ends the waiting. The request that is to be told of the upload, with its head written; NULL when
 * it is gone or was told of the fault. */
static struct request *waited_for(struct waiting *waiting, const struct resume_state *state,
                                  const struct answer *fault)
{
    struct request *req = request_get(waiting->ref);

    free(waiting);
    if (req == NULL)
        return NULL;
    if (fault != NULL) {
        api_reply(req, fault);
        return NULL;
    }
    state_headers(req, state);
    return req;
}

static void settled(void *ctx, const struct resume_state *state, const struct answer *fault)
{
    struct waiting *waiting = ctx;
    bool part = waiting->part;
    struct request *req = waited_for(waiting, state, fault);

    if (req == NULL)
        return;
    if (state->done || !part)
        reply_state(req, 200, state);
    else
        reply_no_content(req);
}

static void created(void *ctx, const struct resume_state *state, const struct answer *fault)
{
    struct request *req = waited_for(ctx, state, fault);

    if (req == NULL)
        return;
    reply_location(req, slice_str(arena_printf(req->arena, UPLOADS "/%s", state->id)));
    reply_state(req, 201, state);
}

static void upload_create(struct request *req, struct api *api)
{
    struct slice length = request_header(req, "Upload-Length"), filename;
    int64_t size = 0;
    int rc;

    if (!version_ok(req, true))
        return;
    if (req->body.len > 0) {
        bad_header(req, "Content-Length", "Yêu cầu tạo tệp gửi theo phần không có nội dung.");
        return;
    }
    rc = tus_number(length, UPLOAD_MAX, &size);
    if (rc == -ERANGE) {
        reply_problem(req, 413, "body_too_large", "Tệp lớn nhất 20 MiB.", NULL, 0);
        return;
    }
    if (rc != 0 || size == 0) {
        bad_header(req, "Upload-Length", "Cần Upload-Length là số byte của tệp, từ 1.");
        return;
    }
    if (tus_filename(req->arena, request_header(req, "Upload-Metadata"), &filename) != 0) {
        bad_header(req, "Upload-Metadata", "Upload-Metadata không đúng cú pháp.");
        return;
    }
    if (filename.len == 0 && request_header(req, "X-Filename").ptr != NULL)
        filename = filename_of(req);
    resume_begin(api->service, api_member(req), size, filename, req->idempotency_key, created,
                 wait_for(req));
}

void api_upload(struct request *req, void *app)
{
    if (request_header(req, "Tus-Resumable").ptr != NULL)
        upload_create(req, app);
    else
        upload_here(req, app);
}

void api_upload_options(struct request *req, void *app)
{
    (void)app;
    tus_headers(req);
    reply_header_str(req, "Tus-Version", TUS_VERSION);
    reply_header_str(req, "Tus-Extension", TUS_EXTENSIONS);
    reply_header_str(req, "Tus-Max-Size", arena_printf(req->arena, "%lld", (long long)UPLOAD_MAX));
    reply_header_str(req, "Allow", "POST, OPTIONS");
    reply_no_content(req);
}

void api_upload_look(struct request *req, void *app)
{
    struct api *api = app;

    if (version_ok(req, false))
        resume_look(api->service, api_member(req), request_var(req, "id"), settled, wait_for(req));
}

void api_upload_part(struct request *req, void *app)
{
    struct api *api = app;
    struct waiting *waiting;
    int64_t offset;

    if (!version_ok(req, true))
        return;
    if (!tus_is_part(request_header(req, "Content-Type"))) {
        reply_problem(req, 415, NULL, "Cần Content-Type: " TUS_PART_TYPE ".", NULL, 0);
        return;
    }
    if (tus_number(request_header(req, "Upload-Offset"), UPLOAD_MAX, &offset) != 0) {
        bad_header(req, "Upload-Offset", "Cần Upload-Offset là số byte đã gửi.");
        return;
    }
    waiting = wait_for(req);
    waiting->part = true;
    resume_append(api->service, api_member(req), request_var(req, "id"), offset, req->body, settled,
                  waiting);
}

void api_upload_drop(struct request *req, void *app)
{
    struct api *api = app;

    if (version_ok(req, false))
        resume_drop(api->service, api_member(req), request_var(req, "id"), api_answered,
                    api_wait(req));
}
