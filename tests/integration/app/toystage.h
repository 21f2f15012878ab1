/* toystage.h - a supervisor in a process of its own with toy workers; the test is its client,
 * systemd, and whoever sends signals. */
#ifndef DVC_TOYSTAGE_H
#define DVC_TOYSTAGE_H

#include "toy.h"

/* One supervisor and what it was given; `settings` and `habits` may be changed until it starts. */
struct toystage {
    struct supervisor_settings settings;
    struct toy_habits habits;
    struct toy_db toy_db;
    struct supervised_db db;
    struct worker_type types[4];
    int fds[TOY_SLOTS];
    int port;
    pid_t pid;
    char notify_name[40];
    int notify; /* plays systemd */
};

void toystage_set(struct toystage *stage); /* and clears the board */
void toystage_add(struct toystage *stage, struct worker_type type);
void toystage_gateways(struct toystage *stage, unsigned count); /* with a socket each */
void toystage_start(struct toystage *stage);
int toystage_stop(struct toystage *stage); /* SIGTERM, then as toystage_await_end */
/* Exit code of the supervisor, or -1 when it does not end in time. */
int toystage_await_end(struct toystage *stage);
void toystage_clear(struct toystage *stage); /* after its end */

void toy_nap(void);
/* Waits for `value` to become at least `least`; false after a minute. */
bool toy_wait_for(const volatile unsigned *value, unsigned least);

int toystage_open(const struct toystage *stage, const char *line); /* sends it; -1: no connection */
/* Closes; the answer, "" when the connection ended without one, "reset" when it was. */
const char *toy_read(int fd, char out[128]);
const char *toystage_ask(const struct toystage *stage, const char *line, char out[128]);
/* Whether systemd heard it in what it was told since the last look. */
bool toystage_notified(const struct toystage *stage, const char *what);

#endif
