#include "http/api.h"
#include "service/places.h"
#include "service/service.h"

void api_provinces(struct request *req, void *app)
{
    struct api *api = app;

    places_provinces(api->service, api_answered, api_wait(req));
}

void api_communes(struct request *req, void *app)
{
    struct api *api = app;

    places_communes(api->service, request_var(req, "code"), api_answered, api_wait(req));
}
