#include "http/api.h"
#include "service/deadletter.h"
#include "service/notice.h"

void api_notices(struct request *req, void *app)
{
    struct api *api = app;
    struct page_ask page;

    if (api_page(req, &page))
        notice_list(api->service, api_member(req), page, api_answered, api_wait(req));
}

void api_notices_read(struct request *req, void *app)
{
    struct api *api = app;

    notice_read(api->service, api_member(req), req->body, req->idempotency_key, api_answered,
                api_wait(req));
}

void api_outbox(struct request *req, void *app)
{
    struct api *api = app;
    const struct problem_error fault = {"?state", "option", "state phải là dead hoặc waiting."};
    struct slice state = request_param(req, "state");
    struct page_ask page;

    if (!api_page(req, &page))
        return;
    if (state.ptr != NULL && !slice_is(state, "dead") && !slice_is(state, "waiting")) {
        reply_problem(req, 400, "filter", fault.message, &fault, 1);
        return;
    }
    deadletter_list(api->service, api_member(req), slice_is(state, "waiting"), page, api_answered,
                    api_wait(req));
}

static void decide(struct request *req, struct api *api, bool skip)
{
    deadletter_decide(api->service, api_member(req), request_var(req, "id"), skip, req->body,
                      req->idempotency_key, api_answered, api_wait(req));
}

void api_outbox_retry(struct request *req, void *app)
{
    decide(req, app, false);
}

void api_outbox_skip(struct request *req, void *app)
{
    decide(req, app, true);
}

void api_carrier_news(struct request *req, void *app)
{
    struct api *api = app;
    struct page_ask page;

    if (api_page(req, &page))
        deadletter_news(api->service, api_member(req), page, api_answered, api_wait(req));
}
