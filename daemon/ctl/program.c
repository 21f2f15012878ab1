#include "ctl/program.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "store/clusterproc.h"

#define WORDS_MAX 1500

static volatile sig_atomic_t stopped;

static void stop(int signo)
{
    stopped = signo;
}

void program_catch(void)
{
    struct sigaction action = {.sa_handler = stop};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

bool program_stopped(void)
{
    return stopped != 0;
}

void program_last_words(const char *log)
{
    FILE *file = fopen(log, "re");
    char text[WORDS_MAX + 1];
    size_t len;

    if (file == NULL)
        return;
    if (fseek(file, -(long)WORDS_MAX, SEEK_END) != 0)
        rewind(file);
    len = fread(text, 1, WORDS_MAX, file);
    text[len] = '\0';
    fclose(file);
    fputs(text, stderr);
}

int program_run(const struct cluster_place *place, const char *const argv[],
                void (*tick)(void *ctx), void *ctx)
{
    const struct timespec nap = {0, 100 * 1000 * 1000};
    const char *name = strrchr(argv[0], '/');
    bool told = false;
    siginfo_t info;
    pid_t pid;
    int r = cluster_spawn(place, argv, true, &pid);

    if (r != 0) {
        ctl_error("cannot start %s: %s", argv[0], strerror(-r));
        return CTL_FAILED;
    }
    for (;;) {
        info.si_pid = 0;
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0)
            break;
        if (stopped != 0 && !told) {
            told = true;
            (void)kill(pid, SIGINT);
        }
        if (tick != NULL && !told)
            tick(ctx);
        nanosleep(&nap, NULL);
    }
    r = cluster_reap(pid);
    if (stopped != 0) {
        ctl_error("stopped");
        return CTL_FAILED;
    }
    if (r == 0)
        return 0;
    program_last_words(place->log);
    ctl_error("%s failed (exit status %d)", name != NULL ? name + 1 : argv[0], r);
    return CTL_FAILED;
}
