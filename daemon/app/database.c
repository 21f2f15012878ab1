#include "app/database.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "conf/datadir.h"
#include "store/migrate.h"

#define READY_TIMEOUT_US (60 * US_PER_SECOND)
#define STOP_TIMEOUT_US (90 * US_PER_SECOND)

static void migrating(void *ctx, const char *file, int index, int count)
{
    (void)ctx;
    log_info("migrating", "file=%s step=%d of=%d", file, index + 1, count);
}

static int migrate(struct cluster *cluster, const char *sql_dir, int64_t lock_timeout_ms)
{
    struct migrate_options options = {
        .sql_dir = sql_dir, .lock_timeout_us = lock_timeout_ms * 1000, .progress = migrating};
    struct migrate_report report = {0};
    int r = store_migrate(cluster_conninfo(cluster, CLUSTER_OWNER), &options, &report);

    if (r != 0)
        log_error("migration_failed", "reason=%s file=%s detail=%s", migrate_error_name(r),
                  report.file, report.error.message);
    else
        log_info("migrated", "from=%d to=%d applied=%d", report.from, report.to, report.applied);
    return r;
}

static int bring_up(const struct cluster_settings *settings, int64_t lock_timeout_ms,
                    struct cluster **ret)
{
    struct db_error error = {0};
    pid_t pid;
    int r;

    log_info("database_starting", "dir=%s", settings->dir);
    r = cluster_prepare(settings, ret);
    if (r == 0)
        r = cluster_start(*ret, &pid);
    if (r == 0)
        r = cluster_wait_ready(*ret, READY_TIMEOUT_US);
    if (r == 0)
        r = cluster_bootstrap(*ret, &error);
    if (r != 0)
        log_error("database_failed", "reason=%s detail=%s %s", cluster_error_name(r),
                  cluster_problem(*ret), error.message);
    return r != 0 ? r : migrate(*ret, settings->sql_dir, lock_timeout_ms);
}

/* Until we are told to end or the server ends by itself. The signals are blocked and waited for:
 * there is nothing else to do here, so no handler is needed. */
static int watch(struct cluster *cluster, const sigset_t *signals)
{
    for (;;) {
        int got = sigwaitinfo(signals, NULL);

        if (got < 0 && errno == EINTR)
            continue;
        if (got == SIGTERM || got == SIGINT) {
            (void)sd_notify(0, "STOPPING=1");
            log_info("database_stopping", "signal=%d", got);
            return cluster_stop(cluster, STOP_TIMEOUT_US) == 0 ? 0 : STARTUP_E_DATABASE;
        }
        if (got == SIGCHLD && cluster_poll_ready(cluster) == CLUSTER_E_DIED) {
            log_error("database_ended", "detail=%s", cluster_problem(cluster));
            return STARTUP_E_DATABASE;
        }
    }
}

static int read_settings(const struct startup_options *options, struct arena *arena,
                         struct settings *ret)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct buf text = BUF_INIT(1u << 20);
    int r = settings_load(arena, options->config, options->config, NULL, &errors, ret);

    if (r != 0) {
        conf_errors_write(&text, &errors);
        fprintf(stderr, "%.*s", (int)text.len, text.ptr);
    }
    buf_release(&text);
    return r;
}

static int run(const struct startup_options *options, const struct settings *settings,
               const char *sql_dir, const sigset_t *signals)
{
    struct cluster_settings place = cluster_settings_default();
    struct cluster *cluster = NULL;
    int r = STARTUP_E_DATABASE;

    place.dir = options->data;
    place.bin_dir = settings->database.bin_dir;
    place.sql_dir = sql_dir;
    place.max_connections = (uint32_t)settings->database.max_connections;
    place.shared_buffers_mb = (uint32_t)settings->database.shared_buffers_mb;
    place.wal_dir = settings->backup.wal_dir;
    place.wal_seconds = (uint32_t)settings->backup.wal_seconds;
    place.socket_dir = options->socket_dir;
    place.client = options->client;
    if (bring_up(&place, settings->database.lock_timeout_ms, &cluster) == 0) {
        (void)sd_notify(0, "READY=1");
        log_info("database_ready", "socket=%s", cluster_socket_dir(cluster));
        r = watch(cluster, signals);
    } else if (cluster != NULL && cluster_pid(cluster) > 0) {
        (void)cluster_stop(cluster, STOP_TIMEOUT_US);
    }
    cluster_free(cluster);
    return r;
}

static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, signals, NULL);
}

int database_serve(const struct startup_options *options)
{
    struct arena *arena = arena_new();
    struct settings settings;
    char *sql_dir = NULL;
    sigset_t signals;
    int r = STARTUP_E_CONFIG;

    block_signals(&signals);
    log_setup("database", options->verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
    if (options->data == NULL || (options->socket_dir == NULL) != (options->client == NULL)) {
        log_error("usage", "detail=database needs --data, and --socket and --client together");
    } else if (read_settings(options, arena, &settings) == 0) {
        sql_dir = settings.paths.sql != NULL ? dvc_strdup(settings.paths.sql) : datadir_find("sql");
        if (sql_dir == NULL)
            log_error("sql_missing", "key=paths.sql");
        else
            r = run(options, &settings, sql_dir, &signals);
    }
    free(sql_dir);
    arena_free(arena);
    return r;
}
