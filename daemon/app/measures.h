/* measures.h - what a gateway tells at /metrics besides its requests: its store, its connections,
 * its configuration, and how far the cluster is behind. */
#ifndef DVC_APP_MEASURES_H
#define DVC_APP_MEASURES_H

#include "app/node.h"
#include "http/metrics.h"
#include "http/srv.h"
#include "service/lags.h"

/* Borrowed as long as the metrics are asked. */
struct measures {
    const struct node *node;
    const struct srv *srv;
    struct lags *lags;
};

void measures_register(struct metrics *metrics, struct measures *measures);

#endif
