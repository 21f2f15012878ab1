#include <stdlib.h>

#include "http/api.h"
#include "service/document.h"
#include "service/service.h"

/* What is shown in its place is somebody else's content: it may run nothing, load nothing and be
 * framed by our pages only. */
static const char shown_policy[] =
    "sandbox; default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/* RFC 6266: the real name in UTF-8. */
static const char *disposition(struct request *req, const char *how, const char *filename)
{
    struct buf buf = BUF_INIT(2048);
    const char *text;

    buf_adds(&buf, how);
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

/* ---- from the database to the wire, a part at a time ---- */

struct sending {
    struct file_reader *reader; /* NULL: only the head was asked for */
    struct reply_pipe *pipe;
};

static void part_read(void *ctx, int code, struct slice bytes)
{
    struct sending *sending = ctx;

    if (code != 0)
        reply_pipe_break(sending->pipe); /* its head has gone out: all that can be done */
    else if (bytes.len == 0)
        reply_pipe_end(sending->pipe);
    else
        reply_pipe_write(sending->pipe, bytes);
}

static void next_part(void *ctx, struct reply_pipe *pipe)
{
    struct sending *sending = ctx;

    sending->pipe = pipe;
    file_reader_next(sending->reader, part_read, sending);
}

static void sent(void *ctx)
{
    struct sending *sending = ctx;

    file_reader_free(sending->reader);
    free(sending);
}

struct asked {
    struct request_ref ref;
    bool in_place;
};

static void file_found(void *ctx, const struct file_answer *file, const struct answer *fault)
{
    struct asked *asked = ctx;
    struct request *req = request_get(asked->ref);
    bool in_place = asked->in_place && file != NULL && file->shown;
    struct reply_source source = {next_part, sent, NULL};
    struct sending *sending;

    free(asked);
    if (req == NULL) {
        if (file != NULL)
            file_reader_free(file->reader);
        return;
    }
    if (fault != NULL) {
        api_reply(req, fault);
        return;
    }
    sending = dvc_calloc(1, sizeof(*sending));
    sending->reader = file->reader;
    source.ctx = sending;
    if (in_place) {
        reply_header_str(req, "Content-Security-Policy", shown_policy);
        reply_header_str(req, "X-Frame-Options", "SAMEORIGIN");
    }
    reply_header_str(req, "Cross-Origin-Resource-Policy", "same-origin");
    reply_stream(req, 200, file->type,
                 disposition(req, in_place ? "inline" : "attachment", file->filename), file->size,
                 &source);
}

static void read_file(struct request *req, struct api *api, bool result)
{
    struct asked *asked = dvc_malloc(sizeof(*asked));

    asked->ref = request_ref(req);
    asked->in_place = slice_is(request_param(req, "inline"), "1");
    document_read(api->service, api_member(req), request_var(req, "code"), result,
                  request_var(req, "id"), req->head, file_found, asked);
}

void api_document(struct request *req, void *app)
{
    read_file(req, app, false);
}

void api_result(struct request *req, void *app)
{
    read_file(req, app, true);
}
