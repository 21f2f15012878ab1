#include "http/origin.h"

#include <string.h>
#include <strings.h>

static bool same_word(struct slice a, struct slice b)
{
    return a.len == b.len && a.len > 0 && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

/* Browsers leave the scheme's own port out of Origin; Host may have it. */
static struct slice without_port(struct slice host, const char *port)
{
    if (slice_ends(host, port))
        return slice_sub(host, 0, host.len - strlen(port));
    return host;
}

static bool is_host(struct slice origin, struct slice host)
{
    bool plain = slice_starts(origin, "http://");

    if (!plain && !slice_starts(origin, "https://"))
        return false; /* "null" too: a sandboxed page, a file */
    return same_word(slice_sub(origin, plain ? 7 : 8, origin.len),
                     without_port(host, plain ? ":80" : ":443"));
}

static bool is_url(struct slice origin, struct slice url)
{
    if (url.len > origin.len && url.ptr[origin.len] != '/')
        return false;
    return same_word(origin, slice_sub(url, 0, origin.len));
}

bool origin_is_foreign(const struct request *req, const char *public_url)
{
    struct slice site = request_header(req, "Sec-Fetch-Site");
    struct slice origin = request_header(req, "Origin");

    if (site.ptr != NULL)
        return !slice_is(site, "same-origin") && !slice_is(site, "none");
    if (origin.ptr == NULL || is_host(origin, request_header(req, "Host")))
        return false;
    return public_url == NULL || !is_url(origin, slice_str(public_url));
}
