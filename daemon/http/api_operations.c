/* What an administrator sees of the service, and the calendars, which anyone may read. */
#include "base/num.h"
#include "http/api.h"
#include "service/health.h"
#include "service/service.h"

void api_admin_health(struct request *req, void *app)
{
    struct api *api = app;

    health_answer(api->service, api_answered, api_wait(req));
}

void api_admin_plugins(struct request *req, void *app)
{
    struct api *api = app;

    service_read(api->service, "plugins_list", NULL, 0, api_answered, api_wait(req));
}

void api_calendars(struct request *req, void *app)
{
    struct api *api = app;

    service_read(api->service, "calendars_list", NULL, 0, api_answered, api_wait(req));
}

void api_calendar(struct request *req, void *app)
{
    struct api *api = app;
    struct slice asked = request_param(req, "year");
    struct db_param params[] = {db_text(request_var(req, "name")), db_null()};
    const struct problem_error fault = {"/year", "range", "Năm phải là số từ 1900 đến 2999."};
    int64_t year;

    if (asked.len > 0) {
        if (num_parse_i64(asked, 1900, 2999, &year) != 0) {
            reply_problem(req, 422, "invalid", "Dữ liệu gửi lên chưa đúng quy định.", &fault, 1);
            return;
        }
        params[1] = db_int(year);
    }
    service_read(api->service, "calendar_view", params, DVC_COUNT(params), api_answered,
                 api_wait(req));
}
