/* reply.h - the ways to answer. Each call ends the request: afterwards `req` is gone for the
 * caller. A second reply to one request is DVC_REQUIRE (a handler's fault, not an outsider's).
 * Every reply carries X-Request-Id, X-Content-Type-Options: nosniff, Referrer-Policy and a Content-
 * Security-Policy; all but files carry Cache-Control: no-store unless the handler set its own. */
#ifndef DVC_HTTP_REPLY_H
#define DVC_HTTP_REPLY_H

#include "base/jw.h"
#include "http/request.h"

/* One field's fault: RFC 6901 pointer into the body ("/applicant/id_number"), or "?limit" for a
 * query parameter, or "" for the whole; stable snake_case code; Vietnamese message. */
struct problem_error {
    const char *pointer;
    const char *code;
    const char *message;
};

/* Adds a header to the coming reply; the same name again replaces it. Values that hold control
 * characters are dropped whole (they can only come from an outsider's text). */
void reply_header(struct request *req, const char *name, struct slice value);
void reply_header_str(struct request *req, const char *name, const char *value);
void reply_etag(struct request *req, struct slice opaque); /* without quotes: they are added */
void reply_location(struct request *req, struct slice path);
void reply_retry_after(struct request *req, int64_t seconds);
void reply_close(struct request *req); /* Connection: close */

/* application/json; charset=utf-8. `body` is copied. */
void reply_json(struct request *req, int status, struct slice body);
void reply_no_content(struct request *req); /* 204 */
/* `code` NULL: the table's code for this status; `detail` NULL: none. errors may be NULL. The
 * instance is never told, and nothing of the input is echoed unless the caller puts it in. */
void reply_problem(struct request *req, int status, const char *code, const char *detail,
                   const struct problem_error *errors, size_t count);
void reply_refusal(struct request *req, enum refuse_reason why); /* the transport's own problems */
/* Any type; `disposition` NULL or a whole Content-Disposition value. `body` is copied. */
void reply_bytes(struct request *req, int status, const char *type, const char *disposition,
                 struct slice body);
/* The body comes from `source`, piece by piece, as fast as the client takes it; `length` -1: it
 * ends with reply_pipe_end or with the connection. Asked by HEAD, only `gone` is called. */
void reply_stream(struct request *req, int status, const char *type, const char *disposition,
                  int64_t length, const struct reply_source *source);
void reply_pipe_write(struct reply_pipe *pipe, struct slice bytes); /* copied */
void reply_pipe_end(struct reply_pipe *pipe);   /* it is complete; by itself once `length` is sent */
void reply_pipe_break(struct reply_pipe *pipe); /* no more can come: the client sees it cut short */
void reply_not_modified(struct request *req, struct slice etag); /* 304 */

/* `{"items": [...], "next": token or null}` and the like are built with these: a buf in the
 * request's limits, and the reply from it. */
#define REPLY_MAX (32u << 20)
void reply_json_buf(struct request *req, int status, struct buf *body); /* releases the buf */

#endif
