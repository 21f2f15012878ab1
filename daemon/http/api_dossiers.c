#include "base/num.h"
#include "http/api.h"
#include "service/act.h"
#include "service/clockview.h"
#include "service/dossierlist.h"
#include "service/eventlist.h"
#include "service/flowview.h"
#include "service/intake.h"
#include "service/service.h"

static struct service *service_of(void *app)
{
    return ((struct api *)app)->service;
}

void api_dossier_create(struct request *req, void *app)
{
    intake_submit(service_of(app), api_member(req), req->body, req->idempotency_key, api_answered,
                  api_wait(req));
}

void api_dossier_list(struct request *req, void *app)
{
    struct member *who = api_member(req);
    struct dossier_filter filter = {.q = request_param(req, "q"),
                                    .state = request_param(req, "state"),
                                    .agency = request_param(req, "agency"),
                                    .procedure = request_param(req, "procedure")};
    struct page_ask page;

    if (!api_page(req, &page))
        return;
    if (slice_is(request_param(req, "mine"), "1") || who->actor.kind != ACCOUNT_STAFF)
        dossierlist_mine(service_of(app), who, page, api_answered, api_wait(req));
    else
        dossierlist_staff(service_of(app), who, &filter, page, api_answered, api_wait(req));
}

void api_dossier_view(struct request *req, void *app)
{
    act_view(service_of(app), api_member(req), request_var(req, "code"), api_answered,
             api_wait(req));
}

void api_dossier_events(struct request *req, void *app)
{
    struct page_ask page;

    if (api_page(req, &page))
        eventlist(service_of(app), api_member(req), request_var(req, "code"), page, api_answered,
                  api_wait(req));
}

void api_dossier_deadline(struct request *req, void *app)
{
    clockview(service_of(app), api_member(req), request_var(req, "code"), api_answered,
              api_wait(req));
}

void api_dossier_workflow(struct request *req, void *app)
{
    flowview_dossier(service_of(app), api_member(req), request_var(req, "code"), api_answered,
                     api_wait(req));
}

/* If-Match: "12", as the ETag was given; -1 when absent. */
static bool if_match(struct request *req, int64_t *ret)
{
    const struct problem_error fault = {"If-Match", "if_match",
                                        "If-Match phải là một ETag đã nhận."};
    struct slice header = request_header(req, "If-Match");

    *ret = -1;
    if (header.ptr == NULL || slice_is(header, "*"))
        return true;
    if (header.len > 2 && header.ptr[0] == '"' && header.ptr[header.len - 1] == '"' &&
        num_parse_i64(slice_sub(header, 1, header.len - 2), 0, INT64_MAX, ret) == 0)
        return true;
    reply_problem(req, 400, "if_match", fault.message, &fault, 1);
    return false;
}

void api_dossier_act(struct request *req, void *app)
{
    int64_t if_decision;

    if (if_match(req, &if_decision))
        act_one(service_of(app), api_member(req), request_var(req, "code"), req->body,
                req->idempotency_key, if_decision, api_answered, api_wait(req));
}

void api_act_many(struct request *req, void *app)
{
    act_many(service_of(app), api_member(req), req->body, req->idempotency_key, api_answered,
             api_wait(req));
}
