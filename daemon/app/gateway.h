/* gateway.h - the worker that speaks HTTP. */
#ifndef DVC_APP_GATEWAY_H
#define DVC_APP_GATEWAY_H

#include "app/worker.h"

int gateway_run(const struct worker_env *env);

#endif
