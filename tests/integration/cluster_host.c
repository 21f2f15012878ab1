/* Starts a private cluster in a folder, migrates it, runs a program with the connections in its
 * environment, and stops the cluster again. The program's exit code is ours. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/num.h"
#include "base/wall.h"
#include "store/cluster.h"
#include "store/migrate.h"

static int run(struct cluster *cluster, const char *dir, const char *sql_dir, char **argv)
{
    static const char *const names[] = {"DVCD_TEST_SUPERUSER", "DVCD_TEST_OWNER", "DVCD_TEST_APP",
                                        "DVCD_TEST_AUDIT"};
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        char number[24];

        for (int i = 0; i < 4; i++)
            setenv(names[i], cluster_conninfo(cluster, (enum cluster_role)i), 1);
        snprintf(number, sizeof(number), "%d", (int)cluster_pid(cluster));
        setenv("DVCD_TEST_POSTMASTER", number, 1);
        setenv("DVCD_TEST_SQL", sql_dir, 1);
        setenv("DVCD_TEST_DIR", dir, 1);
        execvp(argv[0], argv);
        perror(argv[0]);
        _exit(127);
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int start(struct cluster *cluster, const char *sql_dir)
{
    struct migrate_options options = {.sql_dir = sql_dir, .lock_timeout_us = 5 * US_PER_SECOND};
    struct migrate_report report = {0};
    struct db_error error;
    pid_t pid;
    int rc = cluster_start(cluster, &pid);

    if (rc == 0)
        rc = cluster_wait_ready(cluster, 30 * US_PER_SECOND);
    if (rc == 0)
        rc = cluster_bootstrap(cluster, &error);
    if (rc != 0) {
        printf("# %s: %s\n", cluster_error_name(rc), cluster_problem(cluster));
        return rc;
    }
    if (getenv("DVCD_TEST_UNMIGRATED") != NULL)
        return 0;
    rc = store_migrate(cluster_conninfo(cluster, CLUSTER_OWNER), &options, &report);
    if (rc != 0)
        printf("# %s: %s: %s\n", migrate_error_name(rc), report.file, report.error.message);
    return rc;
}

int main(int argc, char **argv)
{
    struct cluster_settings settings = cluster_settings_default();
    struct cluster *cluster;
    int64_t connections;
    int rc;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc < 4) {
        fprintf(stderr, "usage: cluster_host DIR SQL_DIR PROGRAM [ARGUMENT...]\n");
        return 100;
    }
    settings.dir = argv[1];
    settings.sql_dir = argv[2];
    if (num_parse_i64(slice_str(getenv("DVCD_TEST_CONNECTIONS")), 10, 1000, &connections) == 0)
        settings.max_connections = (uint32_t)connections;
    rc = cluster_prepare(&settings, &cluster);
    if (rc != 0)
        printf("# %s: %s\n", cluster_error_name(rc), cluster_problem(cluster));
    else
        rc = start(cluster, argv[2]);
    if (rc == 0)
        rc = run(cluster, argv[1], argv[2], argv + 3);
    cluster_stop(cluster, 10 * US_PER_SECOND);
    cluster_free(cluster);
    return rc == 0 ? 0 : 1;
}
