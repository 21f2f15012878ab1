#include <stdlib.h>

#include "http/api.h"
#include "service/document.h"
#include "service/service.h"

/* Browsers send ASCII in headers only, so a Vietnamese name comes percent-encoded; what does not
 * decode is the name as it stands. */
static struct slice filename_of(struct request *req)
{
    struct slice typed = request_header(req, "X-Filename"), decoded;

    return head_decode(req->arena, typed, false, &decoded) == 0 ? decoded : typed;
}

void api_upload(struct request *req, void *app)
{
    struct api *api = app;

    document_upload(api->service, api_member(req), req->body, filename_of(req),
                    req->idempotency_key, api_answered, api_wait(req));
}

/* RFC 6266: an ASCII name for old clients, the real one in UTF-8. */
static const char *disposition(struct request *req, const char *filename)
{
    struct buf buf = BUF_INIT(2048);
    const char *text;

    buf_adds(&buf, "attachment");
    if (filename != NULL) {
        buf_adds(&buf, "; filename*=UTF-8''");
        for (const char *c = filename; *c != '\0'; c++) {
            bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                         (*c >= '0' && *c <= '9') || *c == '.' || *c == '-' || *c == '_';

            if (plain)
                buf_addc(&buf, *c);
            else
                buf_addf(&buf, "%%%02X", (unsigned char)*c);
        }
    }
    text = arena_str(req->arena, buf.ptr);
    buf_release(&buf);
    return text;
}

static void file_read(void *ctx, const struct file_answer *file, const struct answer *fault)
{
    struct request_ref *ref = ctx;
    struct request *req = request_get(*ref);

    free(ref);
    if (req == NULL)
        return;
    if (fault != NULL) {
        api_reply(req, fault);
        return;
    }
    reply_bytes(req, 200, file->type, disposition(req, file->filename), file->bytes);
}

void api_document(struct request *req, void *app)
{
    struct api *api = app;

    document_read(api->service, api_member(req), request_var(req, "code"), false,
                  request_var(req, "id"), file_read, api_wait(req));
}

void api_result(struct request *req, void *app)
{
    struct api *api = app;

    document_read(api->service, api_member(req), request_var(req, "code"), true,
                  request_var(req, "id"), file_read, api_wait(req));
}
