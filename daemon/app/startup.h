/* startup.h - all that must hold before the first worker is forked: configuration read and proved,
 * the database there and migrated, the configuration published. Blocks; progress goes to the log.
 */
#ifndef DVC_APP_STARTUP_H
#define DVC_APP_STARTUP_H

#include <sys/types.h>

#include "app/node.h"
#include "base/nodename.h"
#include "service/conflict.h"
#include "store/cluster.h"

struct startup_options {
    const char *config;        /* dvcd.yaml */
    const char *data;          /* overrides paths.data, or NULL */
    const char *demo_accounts; /* file of demonstration accounts, or NULL */
    const char *socket_dir;    /* dvcd database: see store/cluster.h; both or none */
    const char *client;
    bool verbose;              /* debug, whatever log.level says */
};

struct startup {
    struct generation *generation;
    struct published *published; /* what the database has, as last asked */
    int config_errors; /* of what was read last, also when it does not serve */
    struct statements *statements;
    struct cluster *cluster; /* NULL with an external database */
    const char *sql_dir;     /* of the settings, or found_sql */
    char *found_sql, *web_dir;
    char *conninfo, *owner_conninfo;
    char node[NODENAME_SIZE]; /* set by startup_lock */
    struct conflicts conflicts; /* of the last startup_publish */
    char older[128];    /* of the last startup_publish: what these files would have taken back, or "" */
    int lock; /* descriptor of <data>/dvcd.lock, -1: none */
};

enum { /* exit statuses */
       STARTUP_E_CONFIG = 100,
       STARTUP_E_DATABASE = 101,
       STARTUP_E_DEMO = 102,
       STARTUP_E_CONFLICT = 103, /* never an exit status: what was published before serves */
};

/* Reads the configuration and the SQL. 0 or an exit status; every error was printed. */
int startup_read(const struct startup_options *options, struct startup *ret) DVC_MUSTCHECK;
/* Starts the embedded cluster, if it is one, and waits for the database. */
int startup_database(struct startup *startup) DVC_MUSTCHECK;
/* Makes <data> and takes its dvcd.lock, by which dvcctl finds this process. 0, or an exit status
 * when another dvcd has it; a folder that cannot be written is only warned of. */
int startup_lock(struct startup *startup) DVC_MUSTCHECK;
int startup_migrate(struct startup *startup) DVC_MUSTCHECK;
/* Puts the generation into the database, and reads what is published there. Files with faults are
 * told of and publish nothing where something was published before, for that is the last good
 * generation, whole; a first start publishes what is sound. STARTUP_E_CONFLICT: a version of
 * something was published before with another content; nothing was changed, and it is one more
 * config_error. */
int startup_publish(struct startup *startup) DVC_MUSTCHECK;
/* The same for another generation, read after startup->generation, whose answer (published_add) is
 * for the caller to take; `arena` keeps it. */
int startup_publish_ask(struct startup *startup, const struct generation *generation,
                        struct arena *arena, struct slice *ret_answer) DVC_MUSTCHECK;
/* Accounts of the demonstration that are not there yet get one password, made now or read from
 * <data>/demo-password. */
int startup_demo(struct startup *startup, const char *accounts) DVC_MUSTCHECK;
/* Warns once when nobody can sign in as administrator: a new installation, or all were disabled. */
void startup_look_for_admin(const struct startup *startup);
void startup_release(struct startup *startup); /* does not stop the cluster */

#endif
