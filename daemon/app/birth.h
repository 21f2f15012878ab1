/* birth.h - from the fork to a worker's first line: what it keeps of the supervisor's, and what
 * not. */
#ifndef DVC_APP_BIRTH_H
#define DVC_APP_BIRTH_H

#include "app/authpairs.h"
#include "app/roster.h"

struct birth {
    const struct roster_settings *settings;
    const struct worker_type *type;
    unsigned slot, starts;
    const struct authpairs *pairs;
    unsigned pair;        /* which of its slot's, 0 or 1 */
    int hear_fd, tell_fd; /* of the pipe on which workers tell that they are ready */
    pid_t supervisor;
};

/* In the child: settles signals, closes what belongs to others, runs the worker and exits. */
__attribute__((noreturn)) void birth_become(const struct birth *birth);

#endif
