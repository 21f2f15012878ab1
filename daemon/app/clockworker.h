/* clockworker.h - the worker that keeps the legal clock. */
#ifndef DVC_APP_CLOCKWORKER_H
#define DVC_APP_CLOCKWORKER_H

#include "app/worker.h"

int clock_run(const struct worker_env *env);

#endif
