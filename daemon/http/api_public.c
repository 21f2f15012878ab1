#include "http/api.h"
#include "service/catalogue.h"
#include "service/flowview.h"
#include "service/lookup.h"
#include "service/service.h"

void api_procedures(struct request *req, void *app)
{
    struct api *api = app;
    struct procedure_filter filter = {.q = request_param(req, "q"),
                                      .field = request_param(req, "field"),
                                      .agency = request_param(req, "agency")};
    struct page_ask page;

    if (!api_page(req, &page))
        return;
    filter.limit = page.limit;
    filter.token = page.token;
    catalogue_procedures(api->service, &filter, api_answered, api_wait(req));
}

void api_fields(struct request *req, void *app)
{
    struct api *api = app;

    catalogue_fields(api->service, api_answered, api_wait(req));
}

void api_procedure(struct request *req, void *app)
{
    struct api *api = app;

    catalogue_procedure(api->service, request_var(req, "code"), api_answered, api_wait(req));
}

void api_procedure_workflow(struct request *req, void *app)
{
    struct api *api = app;

    flowview_procedure(api->service, request_var(req, "code"), request_param(req, "version"),
                       api_answered, api_wait(req));
}

void api_agencies(struct request *req, void *app)
{
    struct api *api = app;

    catalogue_agencies(api->service, api_answered, api_wait(req));
}

void api_lookup(struct request *req, void *app)
{
    struct api *api = app;

    if (!throttle_take(api->lookups, req->client.ip, loop_mono(req->loop))) {
        reply_retry_after(req, 60);
        reply_problem(req, 429, "rate", "Tra cứu quá nhiều lần, hãy thử lại sau một phút.", NULL,
                      0);
        return;
    }
    lookup(api->service, request_var(req, "code"), request_param(req, "pin"), api_answered,
           api_wait(req));
}

void api_health(struct request *req, void *app)
{
    (void)app;
    reply_json(req, 200, SLICE_LIT("{\"ok\":true}"));
}

void api_ready(struct request *req, void *app)
{
    struct api *api = app;
    struct buf why = BUF_INIT(64u << 10);
    bool ready = api->ready(api->ctx, &why);

    if (!ready)
        reply_retry_after(req, 2);
    reply_json_buf(req, ready ? 200 : 503, &why);
}
