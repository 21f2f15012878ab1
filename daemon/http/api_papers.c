#include <stdlib.h>

#include "http/api.h"
#include "service/paperorder.h"
#include "service/paperread.h"
#include "service/service.h"

/* A form shown in its place runs nothing, and only our own pages may hold it. */
static const char shown_policy[] = "default-src 'none'; style-src 'unsafe-inline'; object-src "
                                   "'self'; frame-ancestors 'self'; sandbox";

static void read_done(void *ctx, const struct paper_file *file, const struct answer *answer)
{
    struct request_ref *ref = ctx;
    struct request *req = request_get(*ref);

    free(ref);
    if (req == NULL)
        return;
    if (file == NULL) {
        if (answer->kind == ANSWER_OK)
            reply_json(req, 202, answer->json);
        else
            api_reply(req, answer);
        return;
    }
    reply_header_str(req, "Content-Security-Policy", shown_policy);
    reply_header_str(req, "X-Frame-Options", "SAMEORIGIN");
    reply_header_str(req, "Cross-Origin-Resource-Policy", "same-origin");
    reply_bytes(req, 200, "application/pdf",
                arena_printf(req->arena, "inline; filename=\"%s\"", file->filename), file->bytes);
}

void api_form(struct request *req, void *app)
{
    struct api *api = app;

    paperread_form(api->service, api_member(req), request_var(req, "code"),
                   request_var(req, "form"), request_param(req, "number"), read_done,
                   api_wait(req));
}

static void ordered(void *ctx, const struct answer *answer)
{
    read_done(ctx, NULL, answer);
}

void api_register_order(struct request *req, void *app)
{
    struct api *api = app;

    paperorder_register(api->service, api_member(req), req->body, req->idempotency_key, ordered,
                        api_wait(req));
}

void api_register_read(struct request *req, void *app)
{
    struct api *api = app;

    paperread_register(api->service, api_member(req), request_var(req, "id"), read_done,
                       api_wait(req));
}

void api_handover_paper(struct request *req, void *app)
{
    struct api *api = app;

    paperread_handover(api->service, api_member(req), request_var(req, "id"), read_done,
                       api_wait(req));
}
