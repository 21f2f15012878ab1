/* head.h - the strict reader of a request's head (RFC 9112). It runs before evhttp sees a byte:
 * what two parsers could read in two ways is refused, so that no proxy in front and no parser
 * behind can disagree with us about where a request ends or whom it is for. Pure: text in, verdict
 * out. */
#ifndef DVC_HTTP_HEAD_H
#define DVC_HTTP_HEAD_H

#include "base/arena.h"

enum http_method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
};
#define METHOD_COUNT 7

const char *method_name(enum http_method method);

/* Why the transport itself refuses a request; status, code and Vietnamese text: text_vi.h. */
enum refuse_reason {
    REFUSE_NONE,
    REFUSE_REQUEST_LINE,  /* 400, not METHOD SP TARGET SP HTTP/1.x */
    REFUSE_HEADER,        /* 400, name with blanks, folded line, control character, bare LF */
    REFUSE_HOST,          /* 400, missing (HTTP/1.1), twice, malformed, or not the target's */
    REFUSE_LENGTH,        /* 400, Content-Length twice, no number, or beside Transfer-Encoding */
    REFUSE_CODING,        /* 501, a transfer coding other than chunked */
    REFUSE_CHUNK,         /* 400, malformed chunk, or trailers */
    REFUSE_TARGET,        /* 400, %00, %2f, backslash, dot segment, control, invalid UTF-8 */
    REFUSE_QUERY,         /* 400, malformed escape, or a parameter twice */
    REFUSE_EXPECT,        /* 417, anything but 100-continue */
    REFUSE_VERSION,       /* 505 */
    REFUSE_METHOD,        /* 501, unknown to this server on every path */
    REFUSE_TARGET_LONG,   /* 414 */
    REFUSE_HEAD_LARGE,    /* 431 */
    REFUSE_BODY_LARGE,    /* 413 */
    REFUSE_READ_DEADLINE, /* 408, the request did not arrive in time */
    REFUSE_CONNECTIONS,   /* 503, the worker's connections are used up */
    REFUSE_CONNECTIONS_OF_IP, /* 429, one address's connections are used up */
    REFUSE_BODY_BYTES,        /* 503, bytes of bodies in flight are used up */
    REFUSE_IN_FLIGHT,         /* 503, requests in flight are used up */
    REFUSE_DEADLINE,          /* 503, no outcome by the request's deadline */
    REFUSE_NOT_FOUND,         /* 404 */
    REFUSE_NOT_ALLOWED,       /* 405 with Allow */
    REFUSE_KEY,               /* 400, Idempotency-Key missing or not 1..64 visible ASCII */
    REFUSE_INTERNAL,          /* 500, a handler's answer could not be written */
};
#define REFUSAL_COUNT 27

struct http_head {
    enum http_method method;
    struct slice target;    /* origin form or "*"; an absolute form without its scheme and host */
    int minor;              /* HTTP/1.<minor>, 0 or 1 */
    int64_t content_length; /* -1: none given */
    bool chunked, expect_continue;
    size_t header_count;
};

struct head_limits {
    size_t target; /* bytes of the request target */
    size_t count;  /* header lines */
};

/* Length of the head in `text`, its empty line included; 0 while that has not come; -1 when a line
 * ends in LF without CR or holds a NUL, which no later byte can mend. `from` says how much an
 * earlier call has seen already. */
ptrdiff_t head_length(struct slice text, size_t from);
/* `text` is one whole head as head_length() measured it. Slices of *ret point into it. */
enum refuse_reason head_parse(struct slice text, const struct head_limits *limits, struct http_head *ret);
/* The origin form inside an absolute form; anything else comes back as it is. */
struct slice head_origin(struct slice target);
/* The path of an origin form ("/a/b%20c"): escapes well formed, no NUL, slash, backslash or control
 * character behind an escape, no "." or ".." segment, valid UTF-8 once decoded. */
bool head_path_ok(struct slice path);
/* Decodes %XX, and '+' as a blank when `plus`. 0, or -EINVAL for a malformed escape, invalid UTF-8
 * or a NUL. */
int head_decode(struct arena *arena, struct slice text, bool plus, struct slice *ret) DVC_MUSTCHECK;

#endif
