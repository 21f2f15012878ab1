#include "base/num.h"
#include "http/api.h"
#include "service/handover.h"
#include "service/parcelnews.h"
#include "service/service.h"

static struct service *service_of(void *app)
{
    return ((struct api *)app)->service;
}

/* An id that is no number names nothing. */
static bool id_of(struct request *req, int64_t *ret)
{
    if (num_parse_i64(request_var(req, "id"), 1, INT64_MAX, ret) == 0)
        return true;
    reply_refusal(req, REFUSE_NOT_FOUND);
    return false;
}

void api_handover_make(struct request *req, void *app)
{
    handover_make(service_of(app), api_member(req), req->body, req->idempotency_key, api_answered,
                  api_wait(req));
}

void api_handovers(struct request *req, void *app)
{
    struct handover_filter filter = {.agency = request_param(req, "agency"),
                                     .office = request_param(req, "office"),
                                     .state = request_param(req, "state")};
    struct page_ask page;

    if (api_page(req, &page))
        handover_list(service_of(app), api_member(req), &filter, page, api_answered, api_wait(req));
}

void api_handover(struct request *req, void *app)
{
    int64_t id;

    if (id_of(req, &id))
        handover_view(service_of(app), api_member(req), id, api_answered, api_wait(req));
}

void api_handover_sign(struct request *req, void *app)
{
    int64_t id;

    if (id_of(req, &id))
        handover_sign(service_of(app), api_member(req), id, api_answered, api_wait(req));
}

void api_handover_cancel(struct request *req, void *app)
{
    int64_t id;

    if (id_of(req, &id))
        handover_cancel(service_of(app), api_member(req), id, api_answered, api_wait(req));
}

void api_parcel_event(struct request *req, void *app)
{
    parcelnews(service_of(app), api_member(req), request_var(req, "order"), req->body,
               req->idempotency_key, api_answered, api_wait(req));
}
