/* reload.h - what SIGHUP does: reads the configuration anew in the supervisor and, when nothing is
 * wrong with it, publishes it and has it served. Else everything stays as it was. */
#ifndef DVC_APP_RELOAD_H
#define DVC_APP_RELOAD_H

#include "app/startup.h"
#include "app/supervisor.h"

struct reload {
    const struct startup_options *options;
    struct startup *startup;  /* its generation is replaced */
    struct node_config *node; /* what workers are forked with */
    struct supervisor_settings *settings;
};

/* For supervisor_settings.reload; ctx is a struct reload. Every error was logged. */
bool reload_configuration(void *ctx, int *ret_faults);
/* What the options and the configuration say together. */
enum log_level reload_log_level(const struct startup_options *options,
                                const struct settings *settings);
/* Pauses, drain and level: what a reload may change of them. */
void reload_supervisor(const struct startup_options *options, const struct settings *settings,
                       struct supervisor_settings *ret);

#endif
