/* cluster.h - the private PostgreSQL 15 of the quick start: made, started and watched by us, on a
 * Unix socket only, never run as root. Everything here blocks: for the supervisor and dvcctl. */
#ifndef DVC_STORE_CLUSTER_H
#define DVC_STORE_CLUSTER_H

#include <sys/types.h>

#include "store/fault.h"

struct cluster;

enum cluster_error {
    CLUSTER_E_PROGRAM = 200, /* initdb or postgres 15 is not installed where we look */
    CLUSTER_E_USER,          /* started as root and there is no user "postgres" */
    CLUSTER_E_UNREACHABLE,   /* the database's user cannot enter or write the folder */
    CLUSTER_E_IN_USE,        /* another dvcd runs on this folder */
    CLUSTER_E_INITDB,        /* initdb failed; its last words are in cluster_problem */
    CLUSTER_E_SOCKET,        /* no socket folder with a short enough path could be made */
    CLUSTER_E_DIED,          /* the server ended before it was ready; see its log */
    CLUSTER_E_SLOW,          /* not ready within the timeout */
    CLUSTER_E_VERSION,       /* the folder holds another major version's data */
    CLUSTER_E_WAL_DIR,       /* the database's user cannot write the folder of archived WAL */
};

struct cluster_settings {
    const char *dir;     /* data go to dir/pg, the server's log to dir/pg.log */
    const char *bin_dir; /* NULL: the usual places of PostgreSQL 15 */
    const char *sql_dir; /* holds roles.sql */
    uint32_t max_connections;
    uint32_t shared_buffers_mb;
    /* Continuous archiving: every segment of WAL is copied there, compressed, whole or not at all;
     * made if missing. NULL, the default: none. */
    const char *wal_dir;
    uint32_t wal_seconds; /* the longest that what was written waits for it */
    /* Recovery of a restored copy (dvcctl restore): `wal_from` is such a folder; "" or a moment in
     * RFC 3339 until which to go. The server takes connections only when it has come to the end. */
    bool recover;
    const char *wal_from, *until;
    /* A cluster that others use: the folder of its socket (there already, db_user's own), and the
     * user of this machine who may come in as dvcd_app and dvcd_audit, and only so. NULL, the
     * default: the socket's folder is chosen, and only the user who starts it comes in. */
    const char *socket_dir;
    const char *client;
    const char *user; /* as root: who runs the server; NULL, the default: postgres */
};
struct cluster_settings
cluster_settings_default(void); /* 64 connections, 64 MB; set dir, sql_dir */

enum cluster_role { CLUSTER_SUPERUSER, CLUSTER_OWNER, CLUSTER_APP, CLUSTER_AUDIT };

/* Makes the cluster where there is none, checks that the database's user reaches it, writes its
 * settings, and takes the folder's lock, which lasts until cluster_free. 0, -errno or CLUSTER_E_*;
 * *ret is given in every case, so that cluster_problem can be asked; cluster_free frees it. */
int cluster_prepare(const struct cluster_settings *settings, struct cluster **ret) DVC_MUSTCHECK;
/* Ends what a killed postmaster left behind, then starts the server as a child in the foreground.
 * It gets SIGINT (clean fast shutdown) when the calling process dies. The caller reaps the pid and
 * may call this again after it ended. */
int cluster_start(struct cluster *cluster, pid_t *ret_pid) DVC_MUSTCHECK;
/* Waits until the server takes connections; looks whether the pid lives, without reaping it. */
int cluster_wait_ready(struct cluster *cluster, int64_t timeout_us) DVC_MUSTCHECK;
/* One look: 0 ready, CLUSTER_E_SLOW not yet, CLUSTER_E_DIED. For a supervisor with a loop. */
int cluster_poll_ready(struct cluster *cluster) DVC_MUSTCHECK;
/* Roles and the database, by sql/roles.sql; idempotent. To be called once ready, before migrating.
 */
int cluster_bootstrap(struct cluster *cluster, struct db_error *ret_error) DVC_MUSTCHECK;
/* Fast shutdown (SIGINT), then SIGQUIT at the timeout; reaps the pid. 0 or -ETIMEDOUT. */
int cluster_stop(struct cluster *cluster, int64_t timeout_us);
struct cluster *cluster_free(struct cluster *cluster); /* does not stop the server */

/* libpq's text for a role, valid until cluster_free. */
const char *cluster_conninfo(const struct cluster *cluster, enum cluster_role role);
const char *cluster_socket_dir(const struct cluster *cluster);
pid_t cluster_pid(const struct cluster *cluster); /* 0 when not running */
/* A sentence on the last failure, English, "" when none. */
const char *cluster_problem(const struct cluster *cluster);
const char *cluster_error_name(int code);

#endif
