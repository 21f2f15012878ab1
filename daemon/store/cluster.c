#include "store/cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/slice.h"
#include "store/clusterproc.h"
#include "store/sqlfile.h"
#include "store/sync.h"

#define ORPHANS_TIMEOUT_US (10 * US_PER_SECOND)
#define POLL_TIMEOUT_US (2 * US_PER_SECOND)

struct cluster {
    struct cluster_place place;
    struct cluster_settings settings;
    char sql_dir[PATH_MAX];
    char conninfo[4][CLUSTER_CONNINFO_SIZE];
    char problem[512];
    int lock; /* descriptor of the locked file, -1 none */
    pid_t pid;
};

static const struct {
    int code;
    const char *name, *text;
} faults[] = {
    {CLUSTER_E_PROGRAM, "postgresql_missing", "PostgreSQL 15 (initdb, postgres) was not found"},
    {CLUSTER_E_USER, "postgres_user_missing",
     "PostgreSQL never runs as root, and there is no user \"postgres\" to run it"},
    {CLUSTER_E_UNREACHABLE, "data_unreachable", "the database's user cannot reach the folder"},
    {CLUSTER_E_IN_USE, "data_in_use", "another dvcd runs on this folder"},
    {CLUSTER_E_INITDB, "initdb_failed", "initdb failed"},
    {CLUSTER_E_SOCKET, "socket_folder", "no folder for the database's socket could be made"},
    {CLUSTER_E_DIED, "database_died", "the database server ended; its log says why"},
    {CLUSTER_E_SLOW, "database_slow", "the database server is not ready yet"},
    {CLUSTER_E_VERSION, "data_version", "the folder holds data of another major version"},
    {CLUSTER_E_WAL_DIR, "wal_unreachable",
     "the database's user cannot write the folder of archived WAL, or its name holds a quote, a "
     "backslash or a percent sign"},
};

struct cluster_settings cluster_settings_default(void)
{
    return (struct cluster_settings){.max_connections = 64, .shared_buffers_mb = 64};
}

const char *cluster_error_name(int code)
{
    for (size_t i = 0; i < DVC_COUNT(faults); i++)
        if (faults[i].code == code)
            return faults[i].name;
    return store_error_name(code);
}

/* Keeps the sentence for cluster_problem and passes the code on. */
static int fail(struct cluster *cluster, int code, const char *about)
{
    const char *text = code < 0 ? strerror(-code) : cluster_error_name(code);

    for (size_t i = 0; i < DVC_COUNT(faults); i++)
        if (faults[i].code == code)
            text = faults[i].text;
    snprintf(cluster->problem, sizeof(cluster->problem), "%s%s%.300s", text,
             about != NULL && about[0] != '\0' ? ": " : "", about != NULL ? about : "");
    return code;
}

/* fcntl's lock belongs to this process: workers forked from it do not inherit it, so it ends with
 * the supervisor even when a worker outlives it. */
static int take_lock(struct cluster *cluster)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/pg.lock", cluster->place.base);
    cluster->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (cluster->lock < 0)
        return -errno;
    if (fcntl(cluster->lock, F_SETLK, &whole) == 0)
        return 0;
    return errno == EAGAIN || errno == EACCES ? CLUSTER_E_IN_USE : -errno;
}

static int check_version(const struct cluster *cluster, bool *ret_exists)
{
    char path[PATH_MAX + 16], *text;
    int rc;

    snprintf(path, sizeof(path), "%s/PG_VERSION", cluster->place.data);
    rc = sql_file_read(NULL, path, &text);
    *ret_exists = rc != -ENOENT;
    if (rc == -ENOENT)
        return 0;
    if (rc != 0)
        return rc;
    rc = slice_is(slice_trim(slice_str(text)), "15") ? 0 : CLUSTER_E_VERSION;
    free(text);
    return rc;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

/* initdb works in pg.init, which becomes pg when it is whole: a killed initdb leaves no half. */
static int run_initdb(struct cluster *cluster, const char *fresh)
{
    const struct cluster_place *place = &cluster->place;
    char program[PATH_MAX];
    const char *argv[] = {program,
                          "-D",
                          fresh,
                          "-U",
                          "dvcd",
                          "-A",
                          "peer",
                          "--auth-host=reject",
                          "-E",
                          "UTF8",
                          "--locale-provider=icu",
                          "--icu-locale=vi",
                          "--locale=C.UTF-8",
                          "--data-checksums",
                          NULL};
    pid_t pid;
    int rc;

    snprintf(program, sizeof(program), "%s/initdb", place->bin);
    rc = cluster_spawn(place, argv, true, &pid);
    if (rc != 0)
        return rc;
    return cluster_reap(pid) == 0 ? 0 : CLUSTER_E_INITDB;
}

/* A line at the end of initdb's own settings file: what the administrator changes with ALTER SYSTEM
 * comes after it and wins. */
static int include_conf(const char *fresh)
{
    static const char line[] = "\ninclude_if_exists = 'dvcd.conf'\n";
    char path[PATH_MAX + 32];
    int fd, rc = 0;

    snprintf(path, sizeof(path), "%s/postgresql.conf", fresh);
    fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return -errno;
    if (write(fd, line, sizeof(line) - 1) != (ssize_t)sizeof(line) - 1 || fsync(fd) != 0)
        rc = -EIO;
    close(fd);
    return rc;
}

static int make_data(struct cluster *cluster)
{
    const struct cluster_place *place = &cluster->place;
    char fresh[PATH_MAX + 8];
    int rc;

    snprintf(fresh, sizeof(fresh), "%s.init", place->data);
    if (nftw(fresh, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return -errno;
    rc = cluster_place_own_dir(place, fresh);
    if (rc == 0 && !cluster_place_reaches(place, fresh))
        rc = CLUSTER_E_UNREACHABLE;
    if (rc == 0)
        rc = run_initdb(cluster, fresh);
    if (rc == 0)
        rc = include_conf(fresh);
    if (rc == 0 && rename(fresh, place->data) != 0)
        rc = -errno;
    return rc;
}

/* The server's last line, which names the cause of most failures. */
static int fail_logged(struct cluster *cluster, int code)
{
    char tail[512] = "";
    int fd = open(cluster->place.log, O_RDONLY | O_CLOEXEC);
    ssize_t len = 0;
    char *line;

    if (fd >= 0) {
        off_t size = lseek(fd, 0, SEEK_END);

        len = pread(fd, tail, sizeof(tail) - 1, size > 511 ? size - 511 : 0);
        close(fd);
    }
    tail[len > 0 ? len : 0] = '\0';
    while (len > 0 && tail[len - 1] == '\n')
        tail[--len] = '\0';
    line = strrchr(tail, '\n');
    return fail(cluster, code, line != NULL ? line + 1 : tail);
}

static void write_conninfo(struct cluster *cluster)
{
    for (size_t i = 0; i < DVC_COUNT(cluster->conninfo); i++)
        cluster_place_conninfo(&cluster->place, (enum cluster_role)i, cluster->conninfo[i]);
}

static int prepare(struct cluster *cluster)
{
    const struct cluster_place *place = &cluster->place;
    bool exists = false;
    int rc = cluster_place_find(&cluster->settings, &cluster->place);

    if (rc != 0)
        return fail(cluster, rc, cluster->settings.dir);
    if (!cluster_place_reaches(place, place->base))
        return fail(cluster, CLUSTER_E_UNREACHABLE, place->base);
    rc = take_lock(cluster);
    if (rc != 0)
        return fail(cluster, rc, place->base);
    rc = check_version(cluster, &exists);
    if (rc != 0)
        return fail(cluster, rc, place->data);
    if (!exists)
        rc = make_data(cluster);
    if (rc == CLUSTER_E_INITDB)
        return fail_logged(cluster, rc);
    if (rc == 0)
        rc = cluster_place_own_dir(place, place->data);
    if (rc != 0)
        return fail(cluster, rc, place->data);
    rc = cluster_place_socket(&cluster->place);
    if (rc != 0)
        return fail(cluster, rc, NULL);
    write_conninfo(cluster);
    return 0;
}

int cluster_prepare(const struct cluster_settings *settings, struct cluster **ret)
{
    struct cluster *cluster = dvc_calloc(1, sizeof(*cluster));

    cluster->settings = *settings;
    cluster->lock = -1;
    snprintf(cluster->sql_dir, sizeof(cluster->sql_dir), "%s", settings->sql_dir);
    *ret = cluster;
    return prepare(cluster);
}

int cluster_start(struct cluster *cluster, pid_t *ret_pid)
{
    const struct cluster_place *place = &cluster->place;
    char program[PATH_MAX];
    const char *argv[] = {program, "-D", place->data, NULL};
    int rc = cluster_end_orphans(place, ORPHANS_TIMEOUT_US);

    if (rc == 0)
        rc = cluster_place_configure(place, &cluster->settings);
    snprintf(program, sizeof(program), "%s/postgres", place->bin);
    if (rc == 0)
        rc = cluster_spawn(place, argv, true, &cluster->pid);
    if (rc != 0)
        return fail(cluster, rc, place->data);
    *ret_pid = cluster->pid;
    return 0;
}

static bool is_alive(const struct cluster *cluster)
{
    siginfo_t info = {0};

    if (cluster->pid <= 0)
        return false;
    return waitid(P_PID, (id_t)cluster->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

int cluster_poll_ready(struct cluster *cluster)
{
    char conninfo[256];
    struct store_sync *sync;
    struct db_error error;

    if (!is_alive(cluster))
        return fail_logged(cluster, CLUSTER_E_DIED);
    snprintf(conninfo, sizeof(conninfo), "host='%s' dbname=postgres user=dvcd",
             cluster->place.socket);
    if (store_sync_open(conninfo, "dvcd start", POLL_TIMEOUT_US, &sync, &error) != 0)
        return fail(cluster, CLUSTER_E_SLOW, error.message);
    store_sync_close(sync);
    return 0;
}

int cluster_wait_ready(struct cluster *cluster, int64_t timeout_us)
{
    const struct timespec nap = {0, 20 * 1000 * 1000};
    int64_t end = mono_now().us + timeout_us;
    int rc;

    while ((rc = cluster_poll_ready(cluster)) == CLUSTER_E_SLOW && mono_now().us < end)
        nanosleep(&nap, NULL);
    return rc;
}

static int run_script(struct cluster *cluster, const char *database, const char *file,
                      struct db_rows **ret_rows, struct db_error *ret_error)
{
    struct store_sync *sync DVC_CLEANUP(store_sync_closep) = NULL;
    char conninfo[256], *text;
    int rc = sql_file_read(cluster->sql_dir, file, &text);

    if (rc != 0) {
        db_error_set(ret_error, STORE_E_STATEMENT, file);
        return fail(cluster, rc, file);
    }
    snprintf(conninfo, sizeof(conninfo), "host='%s' dbname=%s user=dvcd", cluster->place.socket,
             database);
    rc = store_sync_open(conninfo, "dvcd start", POLL_TIMEOUT_US, &sync, ret_error);
    if (rc == 0)
        rc = store_sync_script(sync, text, ret_rows, ret_error);
    free(text);
    return rc != 0 ? fail(cluster, rc, ret_error->message) : 0;
}

int cluster_bootstrap(struct cluster *cluster, struct db_error *ret_error)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    int rc = run_script(cluster, "postgres", "roles.sql", NULL, ret_error);

    if (rc == 0)
        rc = run_script(cluster, "postgres", "setup/database_exists.sql", &rows, ret_error);
    if (rc == 0 && !db_bool_at(rows, 0, 0))
        rc = run_script(cluster, "postgres", "setup/database_create.sql", NULL, ret_error);
    if (rc == 0)
        rc = run_script(cluster, CLUSTER_DATABASE, "database.sql", NULL, ret_error);
    return rc;
}

int cluster_stop(struct cluster *cluster, int64_t timeout_us)
{
    const struct timespec nap = {0, 20 * 1000 * 1000};
    int64_t end = mono_now().us + timeout_us;
    int rc = 0;

    if (cluster->pid <= 0)
        return 0;
    (void)kill(cluster->pid, SIGINT);
    while (is_alive(cluster) && mono_now().us < end)
        nanosleep(&nap, NULL);
    if (is_alive(cluster)) {
        rc = -ETIMEDOUT;
        (void)kill(cluster->pid, SIGQUIT);
    }
    (void)cluster_reap(cluster->pid);
    cluster->pid = 0;
    return rc;
}

struct cluster *cluster_free(struct cluster *cluster)
{
    if (cluster == NULL)
        return NULL;
    if (cluster->lock >= 0)
        close(cluster->lock);
    free(cluster);
    return NULL;
}

const char *cluster_conninfo(const struct cluster *cluster, enum cluster_role role)
{
    return cluster->conninfo[role];
}

const char *cluster_socket_dir(const struct cluster *cluster)
{
    return cluster->place.socket;
}

pid_t cluster_pid(const struct cluster *cluster)
{
    return cluster->pid;
}

const char *cluster_problem(const struct cluster *cluster)
{
    return cluster->problem;
}
