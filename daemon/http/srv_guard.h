/* srv_guard.h - stands between a connection's socket and evhttp. evhttp 2.1.12 accepts two lengths,
 * `Host : a`, folded lines and bare LF, answers errors with HTML of its own that no hook replaces
 * (there is no errorcb before 2.2), and times activity, not requests. So the guard takes every byte
 * first, and evhttp gets a request only when it is whole and beyond doubt. A refused request is
 * replaced by a harmless one, whose callback answers with our problem: order on a pipelined
 * connection stays right. */
#ifndef DVC_HTTP_SRV_GUARD_H
#define DVC_HTTP_SRV_GUARD_H

#include "http/srv.h"

struct guard;
struct evbuffer;

struct guard_config {
    const struct http_limits *limits;
    int64_t (*body_limit)(enum http_method method, struct slice path, void *ctx);
    void *ctx;
    int64_t *body_bytes, *upload_bytes; /* of all guards together; see HTTP_LARGE_BODY */
};

enum guard_phase { GUARD_IDLE, GUARD_HEAD, GUARD_BODY, GUARD_REFUSED };

/* Watches `input` until freed; *config is borrowed. */
struct guard *guard_new(struct evbuffer *input, const struct guard_config *config,
                        void (*send_continue)(void *ctx), void *ctx);
struct guard *guard_free(struct guard *guard);
enum guard_phase guard_phase(const struct guard *guard);
/* Bytes of a large body that have come so far; 0 at any other time. */
size_t guard_received(const struct guard *guard);
/* Ends the connection's input with this refusal: all later bytes are swallowed. The first one wins.
 */
void guard_refuse(struct guard *guard, enum refuse_reason why);
/* evhttp hands over the next request: what the guard thinks of it. REFUSE_NONE: it is real. */
enum refuse_reason guard_next(struct guard *guard);
/* The limit that a refused request went beyond, in bytes; 0: it was no such limit. */
size_t guard_limit(const struct guard *guard);
/* Requests given to evhttp that guard_next() has not been asked about. */
size_t guard_waiting(const struct guard *guard);

#endif
