#include "http/api.h"
#include "service/figures.h"
#include "service/service.h"

static struct figures_ask read_ask(struct request *req)
{
    return (struct figures_ask){.from = request_param(req, "from"),
                                .to = request_param(req, "to"),
                                .agency = request_param(req, "agency"),
                                .procedure = request_param(req, "procedure"),
                                .field = request_param(req, "field"),
                                .channel = request_param(req, "channel"),
                                .group_by = request_param(req, "group_by"),
                                .verdict = request_param(req, "verdict"),
                                .figure = request_param(req, "class")};
}

void api_on_time(struct request *req, void *app)
{
    struct api *api = app;
    struct figures_ask ask = read_ask(req);

    figures_on_time(api->service, api_member(req), &ask, api_answered, api_wait(req));
}

void api_on_time_dossiers(struct request *req, void *app)
{
    struct api *api = app;
    struct figures_ask ask = read_ask(req);

    if (api_page(req, &ask.page))
        figures_dossiers(api->service, api_member(req), &ask, api_answered, api_wait(req));
}
