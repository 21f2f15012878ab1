#include "http/api.h"
#include "service/account_admin.h"

static struct service *service_of(void *app)
{
    return ((struct api *)app)->service;
}

static struct account_filter filter_of(const struct request *req)
{
    return (struct account_filter){.q = request_param(req, "q"),
                                   .kind = request_param(req, "kind"),
                                   .agency = request_param(req, "agency"),
                                   .role = request_param(req, "role")};
}

static struct account_act act_of(const struct request *req)
{
    return (struct account_act){.who = api_member(req),
                                .username = request_var(req, "username"),
                                .body = req->body,
                                .key = req->idempotency_key};
}

void api_accounts(struct request *req, void *app)
{
    struct account_filter filter = filter_of(req);
    struct page_ask page;

    if (api_page(req, &page))
        account_list(service_of(app), api_member(req), &filter, page, api_answered, api_wait(req));
}

void api_colleagues(struct request *req, void *app)
{
    struct account_filter filter = filter_of(req);
    struct page_ask page;

    if (api_page(req, &page))
        account_colleagues(service_of(app), api_member(req), &filter, page, api_answered,
                           api_wait(req));
}

void api_account(struct request *req, void *app)
{
    account_view(service_of(app), api_member(req), request_var(req, "username"), api_answered,
                 api_wait(req));
}

void api_account_create(struct request *req, void *app)
{
    struct account_act act = act_of(req);

    account_create(service_of(app), &act, api_answered, api_wait(req));
}

void api_account_reset(struct request *req, void *app)
{
    struct account_act act = act_of(req);

    account_reset(service_of(app), &act, api_answered, api_wait(req));
}

void api_account_disable(struct request *req, void *app)
{
    struct account_act act = act_of(req);

    account_disable(service_of(app), &act, api_answered, api_wait(req));
}

void api_account_enable(struct request *req, void *app)
{
    struct account_act act = act_of(req);

    account_enable(service_of(app), &act, api_answered, api_wait(req));
}

void api_grant_give(struct request *req, void *app)
{
    struct account_act act = act_of(req);

    account_grant_give(service_of(app), &act, api_answered, api_wait(req));
}

void api_grant_end(struct request *req, void *app)
{
    struct account_act act = act_of(req);

    account_grant_end(service_of(app), &act, request_var(req, "id"), api_answered, api_wait(req));
}
