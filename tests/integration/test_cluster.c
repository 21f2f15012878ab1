/* The embedded cluster: made, killed, started again, never two, never reachable by others. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage.h"
#include "store/cluster.h"
#include "tap.h"

static char base[128]; /* ours alone, removed at the end */

static struct cluster_settings settings_of(const char *dir)
{
    struct cluster_settings settings = cluster_settings_default();

    settings.dir = dir;
    settings.sql_dir = tap_env("DVCD_TEST_SQL");
    return settings;
}

static bool bring_up(struct cluster *cluster)
{
    struct db_error error;
    pid_t pid;
    int rc = cluster_start(cluster, &pid);

    if (rc == 0)
        rc = cluster_wait_ready(cluster, 30 * US_PER_SECOND);
    if (rc == 0)
        rc = cluster_bootstrap(cluster, &error);
    if (rc != 0)
        printf("# %s: %s\n", cluster_error_name(rc), cluster_problem(cluster));
    return rc == 0;
}

static void check_setting(struct store_sync *sync, const char *name, const char *wanted)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    struct db_error error;
    char sql[64];

    snprintf(sql, sizeof(sql), "SHOW %s", name);
    CHECK_SAY(store_sync_script(sync, sql, &rows, &error) == 0 &&
                  slice_is(db_text_at(rows, 0, 0), wanted),
              "%s is %s", name, wanted);
}

static void test_settings(struct cluster *cluster)
{
    struct store_sync *sync;
    struct db_error error;
    struct stat st;

    tap_about("what an acknowledgement stands on, and who may come in");
    if (!CHECK(store_sync_open(cluster_conninfo(cluster, CLUSTER_APP), "it", 60 * US_PER_SECOND,
                               &sync, &error) == 0))
        return;
    check_setting(sync, "fsync", "on");
    check_setting(sync, "full_page_writes", "on");
    check_setting(sync, "synchronous_commit", "on");
    check_setting(sync, "data_checksums", "on");
    check_setting(sync, "listen_addresses", "");
    check_setting(sync, "is_superuser", "off");
    CHECK(stage_number(sync, "SELECT ('Đào' > 'dao' AND 'Ăn' < 'Ân' AND 'ung' < 'ưng')::int") == 1);
    CHECK(stat(cluster_socket_dir(cluster), &st) == 0 && (st.st_mode & 077) == 0);
    store_sync_close(sync);
}

static void test_only_one(struct cluster *cluster, const char *dir)
{
    int status;
    pid_t pid = fork();

    (void)cluster;
    tap_about("one supervisor per folder");
    if (pid == 0) {
        struct cluster_settings settings = settings_of(dir);
        struct cluster *second;

        _exit(cluster_prepare(&settings, &second) == CLUSTER_E_IN_USE ? 0 : 1);
    }
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A backend in the middle of a long statement outlives its killed postmaster for a while. */
static void test_killed(struct cluster *cluster)
{
    struct store_sync *busy;
    struct db_error error;
    int64_t before;
    pid_t pid = fork();

    tap_about("a killed postmaster");
    if (pid == 0) {
        if (store_sync_open(cluster_conninfo(cluster, CLUSTER_SUPERUSER), "busy",
                            60 * US_PER_SECOND, &busy, &error) == 0)
            (void)!store_sync_script(busy, "SELECT count(*) FROM generate_series(1, 2000000000)",
                                     NULL, &error);
        _exit(0);
    }
    usleep(300 * 1000);
    CHECK(kill(cluster_pid(cluster), SIGKILL) == 0);
    CHECK(waitpid(cluster_pid(cluster), NULL, 0) > 0);
    CHECK(cluster_poll_ready(cluster) == CLUSTER_E_DIED);
    before = mono_now().us;
    CHECK(bring_up(cluster));
    CHECK_SAY(mono_now().us - before < 60 * US_PER_SECOND, "up again in %lld ms",
              (long long)((mono_now().us - before) / 1000));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* The supervisor is killed: the database ends by itself, cleanly. */
static void test_orphaned(const char *dir)
{
    int pipes[2];
    pid_t postmaster = 0, pid;
    bool gone = false;

    tap_about("a killed supervisor takes the database with it");
    CHECK(pipe(pipes) == 0);
    pid = fork();
    if (pid == 0) {
        struct cluster_settings settings = settings_of(dir);
        struct cluster *cluster;

        if (cluster_prepare(&settings, &cluster) == 0 && bring_up(cluster))
            postmaster = cluster_pid(cluster);
        (void)!write(pipes[1], &postmaster, sizeof(postmaster));
        pause();
        _exit(0);
    }
    CHECK(read(pipes[0], &postmaster, sizeof(postmaster)) == sizeof(postmaster) && postmaster > 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    for (int i = 0; i < 600 && !gone; i++) {
        usleep(100 * 1000);
        gone = kill(postmaster, 0) != 0 && errno == ESRCH;
    }
    CHECK(gone);
}

static void test_long_path(void)
{
    struct cluster_settings settings;
    struct cluster *cluster;
    char path[400];

    tap_about("a path too long for a socket");
    snprintf(path, sizeof(path), "%s/%0100d", base, 7);
    settings = settings_of(path);
    CHECK(cluster_prepare(&settings, &cluster) == 0);
    CHECK(strlen(cluster_socket_dir(cluster)) + strlen("/.s.PGSQL.5432") <= 107);
    CHECK(bring_up(cluster));
    CHECK(cluster_stop(cluster, 10 * US_PER_SECOND) == 0);
    (void)rmdir(cluster_socket_dir(cluster));
    cluster_free(cluster);
}

static void test_unreachable(void)
{
    struct cluster_settings settings;
    struct cluster *cluster;
    char path[160];

    if (geteuid() != 0)
        return;
    tap_about("a folder that the database's user cannot enter");
    snprintf(path, sizeof(path), "%s/closed", base);
    CHECK(mkdir(path, 0700) == 0);
    snprintf(path, sizeof(path), "%s/closed/in", base);
    settings = settings_of(path);
    CHECK(cluster_prepare(&settings, &cluster) == CLUSTER_E_UNREACHABLE);
    CHECK(cluster_problem(cluster)[0] != '\0');
    cluster_free(cluster);
}

static void test_whole(const char *dir)
{
    struct cluster_settings settings = settings_of(dir);
    struct cluster *cluster;
    struct db_error error;
    int rc = cluster_prepare(&settings, &cluster);

    tap_about("made and started");
    if (!CHECK_SAY(rc == 0, "prepared: %s", cluster_problem(cluster)) || !CHECK(bring_up(cluster)))
        return;
    CHECK(cluster_bootstrap(cluster, &error) == 0); /* again: changes nothing */
    test_settings(cluster);
    test_only_one(cluster, dir);
    test_killed(cluster);
    CHECK(cluster_stop(cluster, 10 * US_PER_SECOND) == 0);
    cluster_free(cluster);
}

int main(void)
{
    char dir[160], clean[256];

    snprintf(base, sizeof(base), "%s/dvcd-it.XXXXXX",
             getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    if (mkdtemp(base) == NULL || chmod(base, 0755) != 0)
        return 99;
    snprintf(dir, sizeof(dir), "%s/data", base);
    test_whole(dir);
    test_orphaned(dir);
    test_unreachable();
    test_long_path();
    snprintf(clean, sizeof(clean), "rm -rf '%s'", base);
    CHECK(system(clean) == 0);
    return tap_end();
}
