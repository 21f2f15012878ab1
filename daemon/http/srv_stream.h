/* srv_stream.h - replies whose body comes piece by piece, and bodies that outlive their request.
 * Private to srv*.c. */
#ifndef DVC_HTTP_SRV_STREAM_H
#define DVC_HTTP_SRV_STREAM_H

#include "http/srv_conn.h"

/* Sends the head of reply->source's reply and asks for its first piece in a later turn. */
void stream_start(struct conn *conn, const struct reply *reply);
/* The request is over, sent or not: tells the source. Nothing without a stream. */
void stream_end(struct conn *conn);
/* Deadlines: whether the client owes something, and a number that grows with what it took. */
bool stream_busy(const struct reply_pipe *pipe);
uint64_t stream_taken(const struct reply_pipe *pipe);
/* Of no known length: it would never end by itself. */
bool stream_endless(const struct reply_pipe *pipe);

/* For request.take_body. */
struct request_body *stream_take_body(struct request *req);
/* Counter of the server's that a body of this length belongs to. */
int64_t *body_counter(struct srv *srv, size_t len);

#endif
