/* metrics.h - counts and latencies of one worker in Prometheus text exposition. */
#ifndef DVC_HTTP_METRICS_H
#define DVC_HTTP_METRICS_H

#include "base/buf.h"

struct metrics;

/* `names` label the routes ("GET /api/v1/me"), process lifetime; index `count` is "unmatched". */
struct metrics *metrics_new(const char *const *names, size_t count);
struct metrics *metrics_free(struct metrics *metrics);
void metrics_request(struct metrics *metrics, size_t route, int status, int64_t us);
/* A number that others keep, read when asked: `kind` is "counter" or "gauge"; texts of process
 * lifetime. At most 64. */
void metrics_value(struct metrics *metrics, const char *name, const char *kind, const char *help,
                   int64_t (*read)(void *ctx), void *ctx);
void metrics_write(const struct metrics *metrics, struct buf *out);

#endif
