#include "app/startup.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/pidlock.h"
#include "conf/datadir.h"
#include "service/publish.h"
#include "service/published.h"
#include "store/migrate.h"

#define READY_TIMEOUT_US (60 * US_PER_SECOND)

static void print_report(struct generation *generation)
{
    struct buf text = BUF_INIT(1u << 20);

    if (!generation_report(generation, &text))
        fputs(text.ptr, stderr);
    buf_release(&text);
}

int startup_read(const struct startup_options *options, struct startup *ret)
{
    char error[256] = "";
    char *sql = NULL;
    int r;

    *ret =
        (struct startup){.generation = generation_load(options->config, options->data), .lock = -1};
    print_report(ret->generation);
    ret->config_errors = (int)conf_errors_total(&ret->generation->errors);
    if (!ret->generation->settings_ok || ret->generation->agencies == NULL ||
        ret->generation->calendars == NULL || ret->generation->communes == NULL) {
        log_error("config_unusable", "file=%s errors=%zu", options->config,
                  conf_errors_total(&ret->generation->errors));
        return STARTUP_E_CONFIG;
    }
    ret->sql_dir = ret->generation->settings.paths.sql;
    if (ret->sql_dir == NULL)
        ret->sql_dir = ret->found_sql = datadir_find("sql");
    ret->web_dir = datadir_find("web");
    if (ret->sql_dir == NULL || asprintf(&sql, "%s/queries", ret->sql_dir) < 0) {
        log_error("sql_missing", "key=paths.sql");
        return STARTUP_E_CONFIG;
    }
    r = statements_load(sql, &ret->statements, error, sizeof(error));
    if (r != 0)
        log_error("sql_unreadable", "code=%d detail=%s", r, error);
    free(sql);
    return r != 0 ? STARTUP_E_CONFIG : 0;
}

static int cluster_up(struct startup *startup)
{
    const struct settings *settings = &startup->generation->settings;
    struct cluster_settings cluster = cluster_settings_default();
    struct db_error error = {0};
    pid_t pid;
    int r;

    cluster.dir = settings->database.dir;
    cluster.bin_dir = settings->database.bin_dir;
    cluster.sql_dir = startup->sql_dir;
    cluster.max_connections = (uint32_t)settings->database.max_connections;
    cluster.shared_buffers_mb = (uint32_t)settings->database.shared_buffers_mb;
    cluster.wal_dir = settings->backup.wal_dir;
    cluster.wal_seconds = (uint32_t)settings->backup.wal_seconds;
    log_info("database_starting", "dir=%s", cluster.dir);
    r = cluster_prepare(&cluster, &startup->cluster);
    if (r == 0)
        r = cluster_start(startup->cluster, &pid);
    if (r == 0)
        r = cluster_wait_ready(startup->cluster, READY_TIMEOUT_US);
    if (r == 0)
        r = cluster_bootstrap(startup->cluster, &error);
    if (r != 0) {
        log_error("database_failed", "reason=%s detail=%s %s", cluster_error_name(r),
                  cluster_problem(startup->cluster), error.message);
        return STARTUP_E_DATABASE;
    }
    startup->conninfo = dvc_strdup(cluster_conninfo(startup->cluster, CLUSTER_APP));
    startup->owner_conninfo = dvc_strdup(cluster_conninfo(startup->cluster, CLUSTER_OWNER));
    return 0;
}

int startup_database(struct startup *startup)
{
    const struct settings *settings = &startup->generation->settings;

    if (settings->database.mode == DATABASE_EMBEDDED)
        return cluster_up(startup);
    if (settings->database.url == NULL) {
        log_error("database_url_missing", "key=database.url");
        return STARTUP_E_CONFIG;
    }
    startup->conninfo = dvc_strdup(settings->database.url);
    if (settings->database.owner_url != NULL)
        startup->owner_conninfo = dvc_strdup(settings->database.owner_url);
    return 0;
}

int startup_lock(struct startup *startup)
{
    const char *data = startup->generation->settings.paths.data;
    char *path = NULL;
    int r;

    (void)mkdir(data, 0755); /* what is wrong with it shows when the file is opened */
    r = asprintf(&path, "%s/dvcd.lock", data) < 0 ? -ENOMEM : pidlock_take(path, &startup->lock);
    free(path);
    if (r == -EBUSY) {
        log_error("data_in_use", "dir=%s", data);
        return STARTUP_E_CONFIG;
    }
    if (r != 0)
        log_warn("data_not_locked", "dir=%s detail=%s", data, strerror(-r));
    r = nodename_make(data, startup->node);
    if (r != 0)
        log_warn("node_not_named", "dir=%s detail=%s", data, strerror(-r));
    return 0;
}

static void migrating(void *ctx, const char *file, int index, int count)
{
    (void)ctx;
    log_info("migrating", "file=%s step=%d of=%d", file, index + 1, count);
}

int startup_migrate(struct startup *startup)
{
    struct migrate_options options = {
        .sql_dir = startup->sql_dir,
        .lock_timeout_us = startup->generation->settings.database.lock_timeout_ms * 1000,
        .progress = migrating};
    struct migrate_report report = {0};
    int r;

    if (startup->owner_conninfo == NULL) {
        log_info("migration_skipped", "reason=no_owner_login");
        return 0;
    }
    r = store_migrate(startup->owner_conninfo, &options, &report);
    if (r != 0) {
        log_error("migration_failed", "reason=%s file=%s detail=%s", migrate_error_name(r),
                  report.file, report.error.message);
        return STARTUP_E_DATABASE;
    }
    log_info("migrated", "from=%d to=%d applied=%d", report.from, report.to, report.applied);
    return 0;
}

static int publish_and_ask(struct startup *startup, const struct generation *generation,
                           struct store_sync *sync, struct arena *arena, struct slice *ret_answer,
                           struct db_error *ret_error)
{
    struct publish_report report = {0};
    char host[64] = "node";
    struct publish_offer offer = {.generation = generation,
                                  .before = generation != startup->generation ? startup->generation
                                                                              : NULL,
                                  .publisher = host};
    int r;

    (void)gethostname(host, sizeof(host) - 1);
    startup->conflicts.count = startup->conflicts.total = 0;
    startup->older[0] = '\0';
    r = publish(sync, startup->statements, &offer, &report, ret_error);
    if (r == PUBLISH_E_CONFLICT) {
        /* What the database has goes on being served; the changed file wants a version of its own.
         */
        char brief[256];

        conflicts_brief(&report.conflicts, brief, sizeof(brief));
        log_error("publish_conflict", "detail=%s", brief);
        startup->conflicts = report.conflicts;
        startup->config_errors++;
        return r;
    }
    if (r == 0 && report.older[0] != '\0') {
        log_warn("publish_older", "kept=%s advice=dvcctl doctor", report.older);
        memcpy(startup->older, report.older, sizeof(startup->older));
    }
    if (r == 0)
        r = published_ask(startup->published, sync, startup->statements, arena, ret_answer,
                          ret_error);
    if (r == 0)
        log_info("published", "generation=%lld procedures=%lld calendars=%lld agencies=%lld",
                 (long long)report.generation, (long long)report.procedures,
                 (long long)report.calendars, (long long)report.agencies);
    return r;
}

static int publish_status(int r, const struct db_error *error)
{
    if (r == 0)
        return 0;
    if (r == PUBLISH_E_CONFLICT)
        return STARTUP_E_CONFLICT;
    log_error("publish_failed", "reason=%s sqlstate=%s detail=%s", store_error_name(r),
              error->sqlstate, error->message);
    return STARTUP_E_DATABASE;
}

int startup_publish_ask(struct startup *startup, const struct generation *generation,
                        struct arena *arena, struct slice *ret_answer)
{
    int64_t connect_us = generation->settings.database.connect_timeout_ms * 1000;
    struct store_sync *sync = NULL;
    struct db_error error = {0};
    int r = store_sync_open(startup->conninfo, "dvcd publish", connect_us, &sync, &error);

    if (r == 0)
        r = publish_and_ask(startup, generation, sync, arena, ret_answer, &error);
    store_sync_close(sync);
    return publish_status(r, &error);
}

int startup_publish(struct startup *startup)
{
    const struct generation *generation = startup->generation;
    int64_t connect_us = generation->settings.database.connect_timeout_ms * 1000;
    struct arena *arena = arena_new();
    struct store_sync *sync = NULL;
    struct db_error error = {0};
    struct slice answer;
    int r;

    startup->published = published_new();
    r = store_sync_open(startup->conninfo, "dvcd publish", connect_us, &sync, &error);
    /* First what is there already: only what is new has to be sent. */
    if (r == 0)
        r = published_ask(startup->published, sync, startup->statements, arena, &answer, &error);
    if (r == 0 && published_add(startup->published, generation, answer) != 0)
        r = STORE_E_DATA;
    if (r == 0 && startup->config_errors > 0 && startup->published->count > 0) {
        log_error("publish_skipped", "errors=%d serving=last_good", startup->config_errors);
    } else if (r == 0) {
        r = publish_and_ask(startup, generation, sync, arena, &answer, &error);
        if (r == 0 && published_add(startup->published, generation, answer) != 0)
            r = STORE_E_DATA;
    }
    store_sync_close(sync);
    arena_free(arena);
    /* The trees and texts that are done with lie between what stays. */
    malloc_trim(0);
    return publish_status(r, &error);
}

void startup_look_for_admin(const struct startup *startup)
{
    const struct statement *statement = statements_find(startup->statements, "admins_count");
    int64_t connect_us = startup->generation->settings.database.connect_timeout_ms * 1000;
    struct store_sync *sync = NULL;
    struct db_rows *rows = NULL;
    struct db_error error = {0};
    int r = store_sync_open(startup->conninfo, "dvcd start", connect_us, &sync, &error);

    DVC_REQUIRE(statement != NULL);
    if (r == 0)
        r = store_sync_query(sync, statement, NULL, 0, &rows, &error);
    if (r != 0)
        log_warn("administrators_uncounted", "reason=%s", store_error_name(r));
    else if (db_int_at(rows, 0, 0, 0) == 0)
        log_warn("no_administrator", "advice=dvcctl account add --admin NAME");
    db_rows_free(rows);
    store_sync_close(sync);
}

void startup_release(struct startup *startup)
{
    statements_free(startup->statements);
    cluster_free(startup->cluster);
    generation_free(startup->generation);
    published_free(startup->published);
    free(startup->found_sql);
    free(startup->web_dir);
    free(startup->conninfo);
    free(startup->owner_conninfo);
    if (startup->lock >= 0)
        close(startup->lock);
}
