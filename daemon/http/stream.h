/* stream.h - server-sent events: GET /tasks/stream tells which queues changed, and nothing else of
 * them. A stream counts as a connection, not as a request in flight. */
#ifndef DVC_HTTP_STREAM_H
#define DVC_HTTP_STREAM_H

#include "base/check.h"

struct queuewatch;
struct request;
struct service;
struct streams;

/* `max` open at once in this worker, beyond it 503; rights are looked at again every `check_us`. */
struct streams *streams_new(struct service *service, size_t max, int64_t check_us);
struct streams *streams_free(struct streams *streams); /* after the server; takes NULL */
int64_t streams_open(void *streams);                   /* for the metrics */
/* The handler: `event: queue`, `data: {"queue": "<agency>/<role>", "version": n}` for each queue
 * that the caller may see (?role= and ?agency= pick some), at first and whenever it changed. */
void streams_serve(struct streams *streams, struct request *req);

#endif
