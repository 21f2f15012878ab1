#include "http/head.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/num.h"
#include "base/utf8.h"

static const char *const names[METHOD_COUNT] = {
    [METHOD_GET] = "GET",         [METHOD_HEAD] = "HEAD",   [METHOD_POST] = "POST",
    [METHOD_PUT] = "PUT",         [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
    [METHOD_OPTIONS] = "OPTIONS",
};

const char *method_name(enum http_method method)
{
    return names[method];
}

ptrdiff_t head_length(struct slice text, size_t from)
{
    /* A line's start may lie in what was seen before: step back over CR LF CR. */
    size_t at = from > 3 ? from - 3 : 0;

    while (at < text.len) {
        const char *lf = memchr(text.ptr + at, '\n', text.len - at);
        size_t end = lf ? (size_t)(lf - text.ptr) : text.len;

        if (memchr(text.ptr + at, '\0', end - at))
            return -1;
        if (!lf)
            return 0;
        if (end == 0 || text.ptr[end - 1] != '\r')
            return -1;
        if (end >= 3 && text.ptr[end - 2] == '\n')
            return (ptrdiff_t)end + 1;
        at = end + 1;
    }
    return 0;
}

static bool is_token(struct slice text)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

        if (!alnum && (c == '\0' || !strchr(marks, c)))
            return false;
    }
    return text.len > 0;
}

static bool same_word(struct slice a, const char *word)
{
    return a.len == strlen(word) && strncasecmp(a.ptr, word, a.len) == 0;
}

/* The byte behind text[at] == '%', or -1. */
static int escape_at(struct slice text, size_t at)
{
    int high, low;

    if (text.len - at < 3)
        return -1;
    high = hex_digit(text.ptr[at + 1]);
    low = hex_digit(text.ptr[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* One segment's decoded dots: "%2e%2E" is ".." to whoever decodes before walking the path. */
static bool is_dots(struct slice segment)
{
    size_t dots = 0;

    for (size_t i = 0; i < segment.len; i++) {
        if (segment.ptr[i] == '%' && escape_at(segment, i) == '.')
            i += 2;
        else if (segment.ptr[i] != '.')
            return false;
        dots++;
    }
    return dots == 1 || dots == 2;
}

bool head_path_ok(struct slice path)
{
    struct slice rest = path, segment;
    char decoded[8192];
    size_t n = 0;

    if (path.len == 0 || path.ptr[0] != '/' || path.len > sizeof(decoded))
        return false;
    if (path.len > 1 && path.ptr[1] == '/')
        return false; /* "//host/..." is a network path to URI parsers, evhttp's among them */
    while (slice_next(&rest, '/', &segment)) {
        if (is_dots(segment))
            return false;
    }
    for (size_t i = 0; i < path.len; i++) {
        int c = (unsigned char)path.ptr[i];

        if (c <= ' ' || c >= 0x7f || strchr("\\#<>\"", c))
            return false;
        if (c == '%') {
            c = escape_at(path, i);
            if (c < ' ' || c == 0x7f || c == '/' || c == '\\')
                return false;
            i += 2;
        }
        decoded[n++] = (char)c;
    }
    return utf8_valid((struct slice){decoded, n});
}

int head_decode(struct arena *arena, struct slice text, bool plus, struct slice *ret)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        int c = (unsigned char)text.ptr[i];

        if (c == '%') {
            c = escape_at(text, i);
            if (c <= 0)
                return -EINVAL;
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[n++] = (char)c;
    }
    if (!utf8_valid((struct slice){out, n}))
        return -EINVAL;
    *ret = (struct slice){out, n};
    return 0;
}

static size_t scheme_length(struct slice target)
{
    if (target.len > 7 && strncasecmp(target.ptr, "http://", 7) == 0)
        return 7;
    if (target.len > 8 && strncasecmp(target.ptr, "https://", 8) == 0)
        return 8;
    return 0;
}

struct slice head_origin(struct slice target)
{
    size_t scheme = scheme_length(target);
    ptrdiff_t slash;

    if (scheme == 0)
        return target;
    slash = slice_find(target, '/', scheme);
    if (slash < 0)
        return SLICE_LIT("/");
    return slice_sub(target, (size_t)slash, target.len);
}

/* The authority of an absolute form; ptr NULL for other forms. */
static struct slice target_authority(struct slice target)
{
    size_t scheme = scheme_length(target);
    struct slice rest;
    size_t n;

    if (scheme == 0)
        return SLICE_NULL;
    rest = slice_sub(target, scheme, target.len);
    for (n = 0; n < rest.len && rest.ptr[n] != '/' && rest.ptr[n] != '?'; n++)
        ;
    return slice_sub(rest, 0, n);
}

static enum refuse_reason check_query(struct slice query)
{
    for (size_t i = 0; i < query.len; i++) {
        unsigned char c = (unsigned char)query.ptr[i];

        if (c <= ' ' || c >= 0x7f || strchr("\\#<>\"", c))
            return REFUSE_QUERY;
        if (c == '%') {
            if (escape_at(query, i) <= 0)
                return REFUSE_QUERY;
            i += 2;
        }
    }
    return REFUSE_NONE;
}

static enum refuse_reason check_target(struct slice target, enum http_method method)
{
    ptrdiff_t mark = slice_find(target, '?', 0);
    struct slice path = mark < 0 ? target : slice_sub(target, 0, (size_t)mark);

    if (slice_is(target, "*"))
        return method == METHOD_OPTIONS ? REFUSE_NONE : REFUSE_TARGET;
    if (!head_path_ok(path))
        return REFUSE_TARGET;
    return mark < 0 ? REFUSE_NONE : check_query(slice_sub(target, (size_t)mark + 1, target.len));
}

static enum refuse_reason parse_version(struct slice version, int *ret_minor)
{
    if (version.len != 8 || !slice_starts(version, "HTTP/") || version.ptr[6] != '.' ||
        version.ptr[5] < '0' || version.ptr[5] > '9' || version.ptr[7] < '0' ||
        version.ptr[7] > '9')
        return REFUSE_REQUEST_LINE;
    if (version.ptr[5] != '1' || version.ptr[7] > '1')
        return REFUSE_VERSION;
    *ret_minor = version.ptr[7] - '0';
    return REFUSE_NONE;
}

static enum refuse_reason parse_method(struct slice word, enum http_method *ret)
{
    if (!is_token(word))
        return REFUSE_REQUEST_LINE;
    for (int i = 0; i < METHOD_COUNT; i++) {
        if (slice_is(word, names[i])) {
            *ret = (enum http_method)i;
            return REFUSE_NONE;
        }
    }
    return REFUSE_METHOD;
}

static enum refuse_reason parse_request_line(struct slice line, const struct head_limits *limits,
                                             struct http_head *head, struct slice *ret_authority)
{
    struct slice rest = line, method, target, version;
    enum refuse_reason method_why, why;

    if (!slice_next(&rest, ' ', &method) || !slice_next(&rest, ' ', &target) ||
        !slice_next(&rest, ' ', &version) || rest.ptr)
        return REFUSE_REQUEST_LINE;
    method_why = parse_method(method, &head->method);
    if (method_why == REFUSE_REQUEST_LINE)
        return method_why;
    why = parse_version(version, &head->minor);
    if (why != REFUSE_NONE)
        return why;
    if (target.len > limits->target)
        return REFUSE_TARGET_LONG;
    if (method_why != REFUSE_NONE)
        return method_why;
    *ret_authority = target_authority(target);
    head->target = head_origin(target);
    return check_target(head->target, head->method);
}

static bool host_ok(struct slice host)
{
    static const char marks[] = "-._~:[]";

    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

        if (!alnum && (c == '\0' || !strchr(marks, c)))
            return false;
    }
    return host.len > 0 && host.len <= 255;
}

struct header_scan {
    struct slice host;
    bool has_host, has_length, has_coding;
};

static enum refuse_reason parse_length(struct slice value, struct header_scan *scan,
                                       struct http_head *head)
{
    if (scan->has_length)
        return REFUSE_LENGTH;
    scan->has_length = true;
    /* num_parse takes a '-', so the digits are looked at first; 18 of them fit int64. */
    if (value.len == 0 || value.len > 18)
        return REFUSE_LENGTH;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9')
            return REFUSE_LENGTH;
    }
    return num_parse_i64(value, 0, INT64_MAX, &head->content_length) ? REFUSE_LENGTH : REFUSE_NONE;
}

static enum refuse_reason parse_header(struct slice name, struct slice value,
                                       struct header_scan *scan, struct http_head *head)
{
    if (same_word(name, "host")) {
        if (scan->has_host || !host_ok(value))
            return REFUSE_HOST;
        scan->has_host = true;
        scan->host = value;
    } else if (same_word(name, "content-length")) {
        return parse_length(value, scan, head);
    } else if (same_word(name, "transfer-encoding")) {
        if (scan->has_coding)
            return REFUSE_LENGTH;
        scan->has_coding = true;
        if (!same_word(value, "chunked"))
            return REFUSE_CODING;
        head->chunked = true;
    } else if (same_word(name, "expect")) {
        if (!same_word(value, "100-continue"))
            return REFUSE_EXPECT;
        head->expect_continue = true;
    }
    return REFUSE_NONE;
}

static enum refuse_reason parse_header_line(struct slice line, struct header_scan *scan,
                                            struct http_head *head)
{
    ptrdiff_t colon = slice_find(line, ':', 0);
    struct slice name, value;

    /* evhttp strips blanks but no tab before a value: "\tchunked" would be chunked to us only. */
    if (slice_find(line, '\t', 0) == colon + 1)
        return REFUSE_HEADER;
    /* A line that starts with a blank is a folded one: is_token() refuses it with the rest. */
    if (colon <= 0)
        return REFUSE_HEADER;
    name = slice_sub(line, 0, (size_t)colon);
    value = slice_sub(line, (size_t)colon + 1, line.len);
    if (!is_token(name))
        return REFUSE_HEADER;
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];

        if ((c < ' ' && c != '\t') || c == 0x7f)
            return REFUSE_HEADER;
    }
    return parse_header(name, slice_trim(value), scan, head);
}

static enum refuse_reason check_framing(const struct header_scan *scan, struct slice authority,
                                        struct http_head *head)
{
    bool body = head->chunked || head->content_length > 0;

    if (!scan->has_host && head->minor >= 1)
        return REFUSE_HOST;
    if (authority.ptr && (!scan->has_host || authority.len != scan->host.len ||
                          strncasecmp(authority.ptr, scan->host.ptr, authority.len) != 0))
        return REFUSE_HOST;
    if (scan->has_coding && (scan->has_length || head->minor == 0))
        return REFUSE_LENGTH;
    /* evhttp takes no body with these methods and would read it as the next request. */
    if (body && head->method != METHOD_POST && head->method != METHOD_PUT &&
        head->method != METHOD_PATCH)
        return REFUSE_LENGTH;
    return REFUSE_NONE;
}

enum refuse_reason head_parse(struct slice text, const struct head_limits *limits,
                              struct http_head *ret)
{
    struct http_head head = {.content_length = -1};
    struct header_scan scan = {0};
    struct slice authority = SLICE_NULL, rest = text, line;
    enum refuse_reason why;
    bool first = true;

    while (slice_next(&rest, '\n', &line)) {
        /* head_length() saw to it that each line ends in CR LF; a CR elsewhere is refused below. */
        if (line.len == 0)
            return REFUSE_HEADER;
        line.len--;
        if (memchr(line.ptr, '\r', line.len))
            return first ? REFUSE_REQUEST_LINE : REFUSE_HEADER;
        if (line.len == 0)
            break;
        if (first) {
            why = parse_request_line(line, limits, &head, &authority);
        } else if (++head.header_count > limits->count) {
            why = REFUSE_HEAD_LARGE;
        } else {
            why = parse_header_line(line, &scan, &head);
        }
        if (why != REFUSE_NONE)
            return why;
        first = false;
    }
    if (first)
        return REFUSE_REQUEST_LINE;
    why = check_framing(&scan, authority, &head);
    if (why == REFUSE_NONE)
        *ret = head;
    return why;
}
