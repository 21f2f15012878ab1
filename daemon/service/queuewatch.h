/* queuewatch.h - which queues changed, for those who look at them. One per worker.
 *
 * While anybody watches, one statement a second reads a fingerprint of every watched queue (more
 * often just after a change, less often when it is dear); with nobody watching nothing is asked. So
 * a change is seen wherever and by whomever it was made, a killed worker loses no news, nobody
 * writes a row or sends a NOTIFY for it, and no queue's changes wait for another's. */
#ifndef DVC_SERVICE_QUEUEWATCH_H
#define DVC_SERVICE_QUEUEWATCH_H

#include "base/slice.h"

struct queuewatch;
struct queuewatcher;
struct service;

struct queuewatch *queuewatch_new(struct service *service);
struct queuewatch *queuewatch_free(struct queuewatch *watch); /* with no watcher left; takes NULL */

/* A queue's version, once when it is first known and then whenever it is another. The watcher may
 * be removed from inside. */
typedef void (*queuewatch_fn)(void *ctx, const char *agency, const char *role, int64_t version);

/* Watches nothing yet. */
struct queuewatcher *queuewatch_add(struct queuewatch *watch, queuewatch_fn fn, void *ctx);
/* Adds a queue; twice is as good as once. */
void queuewatch_follow(struct queuewatcher *watcher, struct slice agency, struct slice role);
struct queuewatcher *queuewatch_remove(struct queuewatcher *watcher); /* takes NULL */

#endif
