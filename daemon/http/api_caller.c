/* Who calls: its token, what it must do first, and whether the route is for it at all. */
#include "http/api.h"

#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "service/service.h"

struct member *api_member(const struct request *req)
{
    return req->actor;
}

void api_finished(const struct request *req, int status, int64_t us, void *app)
{
    (void)status;
    (void)us;
    (void)app;
    member_unref(req->actor);
}

static bool may_call(const struct member *member, enum route_who who)
{
    switch (who) {
    case WHO_ANYONE:
    case WHO_ACCOUNT:
        return true;
    case WHO_STAFF:
    case WHO_POSTAL:
    case WHO_AUDITOR:
        return member->actor.grant_count + member->actor.delegation_count > 0;
    case WHO_FILER:
        return member->actor.kind == ACCOUNT_CITIZEN || member->actor.kind == ACCOUNT_PORTAL ||
               access_desk(&member->actor, ROLE_RECEIVER) != NULL;
    case WHO_ADMIN:
        return access_is_admin(&member->actor);
    case WHO_CARRIER:
    case WHO_METRICS:
        break;
    }
    return false;
}

/* What an account must do before anything else; NULL: nothing. The route's flags let it do that. */
static const char *unsettled(const struct member *member, const struct route *route,
                             const struct settings *settings, const char **ret_detail)
{
    if (member->must_change && (route->flags & ROUTE_UNSETTLED) == 0) {
        *ret_detail = "Cần đổi mật khẩu trước.";
        return "must_change_password";
    }
    if (!member->totp && member->actor.kind == ACCOUNT_STAFF &&
        settings->accounts.staff_totp == STAFF_TOTP_REQUIRED &&
        (route->flags & (ROUTE_UNSETTLED | ROUTE_ENROL)) == 0) {
        *ret_detail = "Cần bật mã xác thực trên điện thoại trước.";
        return "totp_required";
    }
    return NULL;
}

bool api_admit(struct request *req, void *app)
{
    struct api *api = app;

    if (throttle_take(api->anonymous, req->client.ip, loop_mono(req->loop)))
        return true;
    reply_retry_after(req, 60);
    reply_problem(req, 429, "rate", "Quá nhiều yêu cầu từ một địa chỉ, hãy thử lại sau một phút.",
                  NULL, 0);
    return false;
}

/* A request whose token is being looked at. */
struct caller {
    struct request_ref ref;
    struct api *api;
    bool anew; /* past what this worker keeps of him */
};

static void authenticated(void *ctx, int code, struct member *member);

static struct slice token_of(const struct request *req)
{
    struct slice token = request_bearer(req);

    return token.ptr != NULL ? token : request_cookie(req, API_COOKIE);
}

static void find(struct request *req, struct api *api, bool anew)
{
    struct caller *caller = dvc_malloc(sizeof(*caller));

    *caller = (struct caller){.ref = request_ref(req), .api = api, .anew = anew};
    if (anew)
        members_find_anew(api->service->members, token_of(req), authenticated, caller);
    else
        members_find(api->service->members, token_of(req), authenticated, caller);
}

/* Its token is nobody's: as good as none, and counted like that, for looking at it cost something.
 */
static void nobody(struct request *req, struct api *api)
{
    if (!api_admit(req, api))
        return;
    if (req->route->who == WHO_ANYONE) {
        router_authenticated(req, NULL);
        return;
    }
    reply_header_str(req, "WWW-Authenticate", "Bearer");
    reply_problem(req, 401, "unauthenticated", "Phiên làm việc không còn hiệu lực.", NULL, 0);
}

/* What keeps this account from the route, as a problem's code; NULL: nothing. */
static const char *hindrance(const struct member *member, const struct request *req,
                             const struct api *api, const char **ret_detail)
{
    const char *code;

    if (request_bearer(req).ptr == NULL && req->method != METHOD_GET &&
        !slice_is(request_header(req, "X-CSRF-Token"), member->csrf)) {
        *ret_detail = "Thiếu hoặc sai X-CSRF-Token.";
        return "csrf";
    }
    code = unsettled(member, req->route, &api->service->generation->settings, ret_detail);
    if (code == NULL && !may_call(member, req->route->who)) {
        *ret_detail = "Tài khoản không có vai trò cần thiết.";
        return "forbidden";
    }
    return code;
}

static void authenticated(void *ctx, int code, struct member *member)
{
    struct caller *caller = ctx;
    struct request *req = request_get(caller->ref);
    struct api *api = caller->api;
    bool anew = caller->anew;
    const char *hindered, *detail;

    free(caller);
    if (req == NULL)
        return;
    if (code != 0) {
        reply_retry_after(req, 2);
        reply_problem(req, 503, "unavailable", "Hệ thống đang bận, vui lòng thử lại sau ít phút.",
                      NULL, 0);
        return;
    }
    if (member == NULL) {
        nobody(req, api);
        return;
    }
    hindered = hindrance(member, req, api, &detail);
    if (hindered == NULL)
        router_authenticated(req, member_ref(member));
    else if (!anew)
        find(req, api, true);
    else if (req->route->who == WHO_ANYONE && strcmp(hindered, "csrf") != 0)
        router_authenticated(req, NULL); /* what is public needs no account */
    else
        reply_problem(req, 403, hindered, detail, NULL, 0);
}

void api_authenticate(struct request *req, void *app)
{
    if (token_of(req).ptr == NULL) {
        reply_header_str(req, "WWW-Authenticate", "Bearer");
        reply_problem(req, 401, "unauthenticated", "Cần đăng nhập.", NULL, 0);
        return;
    }
    find(req, app, (req->route->flags & ROUTE_ANEW) != 0);
}
