/* serve.h - `dvcd run`: brings everything up and supervises it. */
#ifndef DVC_APP_SERVE_H
#define DVC_APP_SERVE_H

#include "app/startup.h"

/* Returns the exit status of the process. */
int serve(const struct startup_options *options);

#endif
