#include "store/clusterproc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"

#define PIDS_MAX 512

/* Runs between fork and exec: plain system calls only. */
static void become(const struct cluster_place *place, int log, bool keep, pid_t parent)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    sigset_t none;

    sigemptyset(&none);
    if (null < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
        _exit(126);
    /* The daemon's sockets are close-on-exec already; this is for what a library forgot. */
    (void)syscall(SYS_close_range, 3u, ~0u, 0u);
    if (setsid() < 0) /* Ctrl-C at the terminal is for the supervisor: it ends us in its order */
        _exit(126);
    if (place->switches &&
        (setgroups(0, NULL) != 0 || setgid(place->gid) != 0 || setuid(place->uid) != 0))
        _exit(126);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(126);
    /* After the change of user, which clears it; and the parent may have died before it was set. */
    if (keep && (prctl(PR_SET_PDEATHSIG, SIGINT) != 0 || getppid() != parent))
        _exit(126);
    if (chdir("/") != 0)
        _exit(126);
    (void)umask(0077);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    for (int signo = 1; signo < NSIG; signo++)
        (void)signal(signo, SIG_DFL);
}

int cluster_spawn(const struct cluster_place *place, const char *const argv[], bool keep,
                  pid_t *ret_pid)
{
    static const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC",
                                              NULL};
    pid_t parent = getpid(), pid;
    int log = open(place->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);

    if (log < 0)
        return -errno;
    pid = fork();
    if (pid == 0) {
        become(place, log, keep, parent);
        execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
        _exit(127);
    }
    close(log);
    if (pid < 0)
        return -errno;
    *ret_pid = pid;
    return 0;
}

int cluster_reap(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 256;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256;
}

static bool link_is(const char *pid, const char *name, const char *wanted)
{
    char path[64], target[PATH_MAX];
    ssize_t len;

    snprintf(path, sizeof(path), "/proc/%.20s/%s", pid, name);
    len = readlink(path, target, sizeof(target) - 1);
    if (len < 0)
        return false;
    target[len] = '\0';
    return strcmp(target, wanted) == 0;
}

/* A server process has the data folder as its working directory and postgres as its program. */
static size_t find_orphans(const struct cluster_place *place, pid_t *pids)
{
    char program[PATH_MAX], real[PATH_MAX];
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    size_t count = 0;

    if (proc == NULL)
        return 0;
    snprintf(program, sizeof(program), "%s/postgres", place->bin);
    if (realpath(program, real) == NULL)
        snprintf(real, sizeof(real), "%s", program);
    while (count < PIDS_MAX && (entry = readdir(proc)) != NULL) {
        int64_t pid;

        if (num_parse_i64(slice_str(entry->d_name), 2, INT32_MAX, &pid) != 0)
            continue;
        if (link_is(entry->d_name, "cwd", place->data) && link_is(entry->d_name, "exe", real))
            pids[count++] = (pid_t)pid;
    }
    closedir(proc);
    return count;
}

/* Only called under the folder's lock: no living supervisor owns what is found. A postmaster among
 * them takes SIGINT as fast shutdown; a backend would only cancel its statement, so it gets the
 * harder signals in turn. SIGKILL harms nothing then: the next start recovers from the log. */
int cluster_end_orphans(const struct cluster_place *place, int64_t timeout_us)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGQUIT, SIGKILL};
    const struct timespec nap = {0, 20 * 1000 * 1000};
    int64_t start = mono_now().us;
    size_t sent = 0;
    pid_t pids[PIDS_MAX];
    size_t count;

    while ((count = find_orphans(place, pids)) > 0) {
        int64_t elapsed = mono_now().us - start;

        if (elapsed > timeout_us)
            return -ETIMEDOUT;
        if (sent < DVC_COUNT(signals) &&
            elapsed >= (int64_t)sent * timeout_us / (int64_t)(DVC_COUNT(signals) + 1)) {
            for (size_t i = 0; i < count; i++)
                (void)kill(pids[i], signals[sent]);
            sent++;
        }
        nanosleep(&nap, NULL);
    }
    return 0;
}
