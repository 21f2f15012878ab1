/* reload.h - what SIGHUP does: reads the configuration anew in the supervisor, slice by slice, and,
 * when nothing is wrong with it, publishes it and has it served. Else everything stays as it was.
 * What talks to the database is a child process: the supervisor never waits for it. */
#ifndef DVC_APP_RELOAD_H
#define DVC_APP_RELOAD_H

#include "app/startup.h"
#include "app/supervisor.h"
#include "base/wall.h"

struct generation_reader;

struct reload {
    const struct startup_options *options;
    struct startup *startup;  /* its generation is replaced */
    struct node_config *node; /* what workers are forked with */
    struct supervisor_settings *settings;
    /* while it is under way */
    struct generation_reader *reader;
    struct generation *generation; /* read, not served yet */
    bool sound;
    pid_t child;
    int answer_fd; /* the child's: struct reload_answer, then what the database has */
    mono_t began;
    int64_t longest_us; /* slice */
};

/* For struct supervised_reload; ctx is a struct reload. Every error is logged. */
void reload_begin(void *ctx);
enum reload_state reload_go_on(void *ctx, int *ret_faults);
void reload_cancel(void *ctx);
/* What the options and the configuration say together. */
enum log_level reload_log_level(const struct startup_options *options,
                                const struct settings *settings);
/* Pauses, drain and level: what a reload may change of them. */
void reload_supervisor(const struct startup_options *options, const struct settings *settings,
                       struct supervisor_settings *ret);

#endif
