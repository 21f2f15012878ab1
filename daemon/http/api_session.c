#include <stdlib.h>

#include "http/api.h"
#include "service/service.h"
#include "service/session.h"

struct signing_in {
    struct request_ref ref;
    bool secure;
};

static void signed_in(void *ctx, const struct session_answer *session, const struct answer *answer)
{
    struct signing_in *signing = ctx;
    struct request *req = request_get(signing->ref);

    if (req != NULL && session != NULL)
        reply_header_str(req, "Set-Cookie",
                         arena_printf(req->arena,
                                      API_COOKIE
                                      "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
                                      session->token, (long long)session->seconds,
                                      signing->secure ? "; Secure" : ""));
    if (req != NULL)
        api_reply(req, answer);
    free(signing);
}

void api_sign_in(struct request *req, void *app)
{
    struct api *api = app;
    struct signing_in *signing;

    if (!throttle_take(api->sign_ins, req->client.ip, loop_mono(req->loop))) {
        reply_retry_after(req, 60);
        reply_problem(req, 429, "rate", "Đăng nhập quá nhiều lần, hãy thử lại sau một phút.", NULL,
                      0);
        return;
    }
    signing = dvc_malloc(sizeof(*signing));
    *signing = (struct signing_in){.ref = request_ref(req),
                                   .secure = api->secure_cookies || req->client.secure};
    session_sign_in(api->service, req->body, signed_in, signing);
}

void api_sign_out(struct request *req, void *app)
{
    struct api *api = app;
    struct slice token = request_bearer(req);

    if (token.ptr == NULL)
        token = request_cookie(req, API_COOKIE);
    reply_header_str(req, "Set-Cookie",
                     API_COOKIE "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    session_sign_out(api->service, token, api_answered, api_wait(req));
}

void api_me(struct request *req, void *app)
{
    (void)app;
    session_me(api_member(req), api_answered, api_wait(req));
}
