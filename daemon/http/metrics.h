/* metrics.h - counts and latencies of one worker in Prometheus text exposition. */
#ifndef DVC_HTTP_METRICS_H
#define DVC_HTTP_METRICS_H

#include "base/buf.h"

struct metrics;

/* `names` label the routes ("GET /api/v1/me"), process lifetime; index `count` is "unmatched". */
struct metrics *metrics_new(const char *const *names, size_t count);
struct metrics *metrics_free(struct metrics *metrics);
void metrics_request(struct metrics *metrics, size_t route, int status, int64_t us);
/* Stands on every line, so that a scraper which meets one worker of many knows which; `worker` is
 * copied: "gateway/0". */
void metrics_set_worker(struct metrics *metrics, const char *worker);
/* A number that others keep, read when asked: `kind` is "counter" or "gauge"; texts of process
 * lifetime. At most 64. */
void metrics_value(struct metrics *metrics, const char *name, const char *kind, const char *help,
                   int64_t (*read)(void *ctx), void *ctx);
/* As metrics_value for several at once: `write` calls metrics_line, or does not while it knows
 * nothing. At most 8. */
void metrics_lines(struct metrics *metrics, void (*write)(void *ctx, struct buf *out), void *ctx);
/* HELP, TYPE and one line without labels: for numbers that are the cluster's, not this worker's. */
void metrics_line(struct buf *out, const char *name, const char *kind, const char *help,
                  double value);
void metrics_write(const struct metrics *metrics, struct buf *out);

#endif
