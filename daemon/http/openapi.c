#include "http/openapi.h"

#include <string.h>

#include "base/jw.h"

static const char *const who_names[] = {
    [WHO_ANYONE] = "anyone",
    [WHO_ACCOUNT] = "account",
    [WHO_STAFF] = "staff",
    [WHO_FILER] = "citizen, portal or receiver",
    [WHO_POSTAL] = "postal or staff",
    [WHO_CARRIER] = "carrier, signed",
    [WHO_AUDITOR] = "auditor or staff",
    [WHO_ADMIN] = "admin",
    [WHO_METRICS] = "metrics token or configured address",
};

/* The key of a method in a path item; HEAD comes with GET and is not listed. */
static const char *const verbs[METHOD_COUNT] = {
    [METHOD_GET] = "get",         [METHOD_HEAD] = "head",   [METHOD_POST] = "post",
    [METHOD_PUT] = "put",         [METHOD_PATCH] = "patch", [METHOD_DELETE] = "delete",
    [METHOD_OPTIONS] = "options",
};

static void write_param(struct jw *jw, struct slice name, const char *in, bool required,
                        const char *type, const char *description)
{
    jw_object(jw);
    jw_kv_slice(jw, "name", name);
    jw_kv_str(jw, "in", in);
    jw_kv_bool(jw, "required", required);
    if (description)
        jw_kv_str(jw, "description", description);
    jw_key(jw, "schema");
    jw_object(jw);
    jw_kv_str(jw, "type", type ? type : "string");
    jw_end_object(jw);
    jw_end_object(jw);
}

static void write_params(struct jw *jw, const struct route *route)
{
    struct slice rest = slice_str(route->pattern + 1), part;

    jw_key(jw, "parameters");
    jw_array(jw);
    while (slice_next(&rest, '/', &part)) {
        if (part.len > 2 && part.ptr[0] == '{')
            write_param(jw, slice_sub(part, 1, part.len - 2), "path", true, NULL, NULL);
    }
    for (const struct route_param *at = route->params; at && at->name; at++)
        write_param(jw, slice_str(at->name), "query", false, at->type, at->description);
    if (route->flags & ROUTE_KEY)
        write_param(jw, SLICE_LIT("Idempotency-Key"), "header", true, NULL,
                    "1 to 64 visible ASCII characters");
    jw_end_array(jw);
}

static void write_body(struct jw *jw, const struct route *route)
{
    const char *type = route->flags & ROUTE_RAW ? "*/*" : "application/json";

    if (route->method != METHOD_POST && route->method != METHOD_PUT &&
        route->method != METHOD_PATCH)
        return;
    jw_key(jw, "requestBody");
    jw_object(jw);
    jw_key(jw, "content");
    jw_object(jw);
    jw_key(jw, type);
    jw_object(jw);
    jw_end_object(jw);
    jw_end_object(jw);
    jw_end_object(jw);
}

static void write_responses(struct jw *jw)
{
    jw_key(jw, "responses");
    jw_object(jw);
    jw_key(jw, "2XX");
    jw_object(jw);
    jw_kv_str(jw, "description", "done");
    jw_end_object(jw);
    jw_key(jw, "default");
    jw_object(jw);
    jw_kv_str(jw, "$ref", "#/components/responses/Problem");
    jw_end_object(jw);
    jw_end_object(jw);
}

static void write_security(struct jw *jw, const struct route *route)
{
    jw_key(jw, "security");
    jw_array(jw);
    if (route->who == WHO_ANYONE || route->who == WHO_CARRIER) {
        jw_object(jw);
        jw_end_object(jw);
    }
    if (route->who != WHO_CARRIER && !(route->flags & ROUTE_IMMEDIATE)) {
        jw_object(jw);
        jw_key(jw, "bearer");
        jw_array(jw);
        jw_end_array(jw);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}

static void write_operation(struct jw *jw, const struct route *route)
{
    jw_key(jw, verbs[route->method]);
    jw_object(jw);
    jw_kv_str(jw, "summary", route->summary ? route->summary : "");
    jw_kv_str(jw, "x-who", who_names[route->who]);
    write_params(jw, route);
    write_body(jw, route);
    write_responses(jw);
    write_security(jw, route);
    jw_end_object(jw);
}

static bool seen_before(const struct route *routes, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(routes[i].pattern, routes[index].pattern) == 0)
            return true;
    }
    return false;
}

static void write_components(struct jw *jw)
{
    /* Fixed text: the one shape all errors share, and the one scheme. */
    static const char text[] =
        "{\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"
        "\"responses\":{\"Problem\":{\"description\":\"RFC 9457 problem\",\"content\":"
        "{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}},"
        "\"schemas\":{\"Problem\":{\"type\":\"object\","
        "\"required\":[\"type\",\"title\",\"status\",\"code\",\"detail\",\"errors\"],"
        "\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
        "\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
        "\"detail\":{\"type\":[\"string\",\"null\"]},"
        "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":"
        "{\"pointer\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
        "\"message\":{\"type\":\"string\"}}}}}}}}";

    jw_key(jw, "components");
    jw_raw(jw, (struct slice){text, sizeof(text) - 1});
}

void openapi_write(const struct route *routes, size_t count, struct buf *out)
{
    struct jw jw = JW_INIT(out);

    jw_object(&jw);
    jw_kv_str(&jw, "openapi", "3.1.0");
    jw_key(&jw, "info");
    jw_object(&jw);
    jw_kv_str(&jw, "title", "dvcd");
    jw_kv_str(&jw, "version", "1");
    jw_end_object(&jw);
    jw_key(&jw, "paths");
    jw_object(&jw);
    for (size_t i = 0; i < count; i++) {
        if (seen_before(routes, i))
            continue;
        jw_key(&jw, routes[i].pattern);
        jw_object(&jw);
        for (size_t j = i; j < count; j++) {
            if (strcmp(routes[j].pattern, routes[i].pattern) == 0)
                write_operation(&jw, &routes[j]);
        }
        jw_end_object(&jw);
    }
    jw_end_object(&jw);
    write_components(&jw);
    jw_end_object(&jw);
}
