#include "http/api.h"
#include "service/account.h"
#include "service/account_totp.h"
#include "service/delegation.h"

static struct service *service_of(void *app)
{
    return ((struct api *)app)->service;
}

void api_account_register(struct request *req, void *app)
{
    struct api *api = app;

    if (!throttle_take(api->sign_ins, req->client.ip, loop_mono(req->loop))) {
        reply_retry_after(req, 60);
        reply_problem(req, 429, "rate", "Quá nhiều lần từ một địa chỉ, hãy thử lại sau một phút.",
                      NULL, 0);
        return;
    }
    account_register(api->service, req->body, req->idempotency_key, api_answered, api_wait(req));
}

void api_password(struct request *req, void *app)
{
    account_password(service_of(app), api_member(req), req->body, api_answered, api_wait(req));
}

void api_contact(struct request *req, void *app)
{
    account_contact(service_of(app), api_member(req), req->body, api_answered, api_wait(req));
}

void api_totp_offer(struct request *req, void *app)
{
    account_totp_offer(service_of(app), api_member(req), req->idempotency_key, api_answered,
                       api_wait(req));
}

void api_totp_confirm(struct request *req, void *app)
{
    account_totp_confirm(service_of(app), api_member(req), req->body, api_answered, api_wait(req));
}

void api_totp_drop(struct request *req, void *app)
{
    account_totp_drop(service_of(app), api_member(req), req->body, api_answered, api_wait(req));
}

void api_delegations(struct request *req, void *app)
{
    struct page_ask page;

    if (api_page(req, &page))
        delegation_list(service_of(app), api_member(req), page, api_answered, api_wait(req));
}

void api_delegate(struct request *req, void *app)
{
    delegation_give(service_of(app), api_member(req), req->body, req->idempotency_key, api_answered,
                    api_wait(req));
}

void api_delegation_end(struct request *req, void *app)
{
    delegation_end(service_of(app), api_member(req), request_var(req, "id"), api_answered,
                   api_wait(req));
}
