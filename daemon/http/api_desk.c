#include "http/api.h"
#include "http/stream.h"
#include "service/desk.h"
#include "service/parcellist.h"
#include "service/postal.h"
#include "service/service.h"

void api_tasks(struct request *req, void *app)
{
    struct api *api = app;
    struct task_filter filter = {.role = request_param(req, "role"),
                                 .agency = request_param(req, "agency"),
                                 .assignee = request_param(req, "assignee"),
                                 .q = request_param(req, "q"),
                                 .step = request_param(req, "step")};
    struct problem_error fault = {NULL, "option", "Chỉ có state=open và sort=due."};
    struct slice state = request_param(req, "state"), sort = request_param(req, "sort");
    struct page_ask page;

    if (!api_page(req, &page))
        return;
    if (state.ptr != NULL && !slice_is(state, "open"))
        fault.pointer = "?state";
    else if (sort.ptr != NULL && !slice_is(sort, "due"))
        fault.pointer = "?sort";
    if (fault.pointer != NULL) {
        reply_problem(req, 400, "filter", fault.message, &fault, 1);
        return;
    }
    desk_tasks(api->service, api_member(req), &filter, page, api_answered, api_wait(req));
}

void api_tasks_summary(struct request *req, void *app)
{
    struct api *api = app;

    desk_summary(api->service, api_member(req), api_answered, api_wait(req));
}

void api_tasks_stream(struct request *req, void *app)
{
    struct api *api = app;

    streams_serve(api->streams, req);
}

void api_parcels(struct request *req, void *app)
{
    struct api *api = app;
    struct parcel_filter filter = {.direction = request_param(req, "direction"),
                                   .state = request_param(req, "state"),
                                   .agency = request_param(req, "agency"),
                                   .office = request_param(req, "office"),
                                   .q = slice_trim(request_param(req, "q"))};
    struct page_ask page;

    if (api_page(req, &page))
        parcellist(api->service, api_member(req), &filter, page, api_answered, api_wait(req));
}

void api_postal_events(struct request *req, void *app)
{
    struct api *api = app;

    postal_webhook(api->service, request_header(req, "X-Customer-Code"),
                   request_header(req, "X-Signature"), req->body, api_answered, api_wait(req));
}
