/* courierworker.h - the worker that delivers the outbox and follows the tracking feeds. */
#ifndef DVC_APP_COURIERWORKER_H
#define DVC_APP_COURIERWORKER_H

#include "app/worker.h"

int courier_run(const struct worker_env *env);

#endif
