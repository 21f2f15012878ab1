#include "app/birth.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"

static const int *sockets_of(const struct birth *birth)
{
    const struct roster_settings *settings = birth->settings;

    if (!birth->type->listens || birth->slot >= settings->listen_slots)
        return NULL;
    return settings->listen_fds + birth->slot * settings->listen_count;
}

static bool has_socket(const struct birth *birth, int fd)
{
    const int *own = sockets_of(birth);

    for (size_t i = 0; own != NULL && i < birth->settings->listen_count; i++) {
        if (own[i] == fd)
            return true;
    }
    return false;
}

static size_t pair_of(const struct birth *birth)
{
    return birth->type->asks_auth ? AUTHPAIRS_PER_SLOT * birth->slot + birth->pair : SIZE_MAX;
}

/* What belongs to others is closed: a worker that keeps another's connection socket
 * would keep it alive past the supervisor. */
static void close_others(const struct birth *birth)
{
    const struct roster_settings *settings = birth->settings;

    close(birth->hear_fd);
    if (settings->private_fd >= 0)
        close(settings->private_fd);
    for (size_t i = 0; i < settings->listen_count * settings->listen_slots; i++) {
        if (!has_socket(birth, settings->listen_fds[i]))
            (void)close(settings->listen_fds[i]);
    }
    authpairs_close_others(birth->pairs, pair_of(birth), birth->type->serves_auth);
}

/* Ctrl-C at a terminal reaches the whole group; the supervisor turns it into a drain. */
static void settle_signals(pid_t supervisor)
{
    static const int defaults[] = {SIGTERM, SIGCHLD, SIGUSR1, SIGUSR2, SIGALRM};
    static const int ignored[] = {SIGHUP, SIGINT, SIGPIPE};
    sigset_t none;

    for (size_t i = 0; i < DVC_COUNT(defaults); i++)
        (void)signal(defaults[i], SIG_DFL);
    for (size_t i = 0; i < DVC_COUNT(ignored); i++)
        (void)signal(ignored[i], SIG_IGN);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != supervisor)
        _exit(1); /* the supervisor died before it could take us along */
}

void birth_become(const struct birth *birth)
{
    const struct worker_type *type = birth->type;
    const struct authpairs *pairs = birth->pairs;
    const int *sockets = sockets_of(birth);
    struct worker_env env = {.slot = birth->slot,
                             .starts = birth->starts,
                             .listen_fds = sockets,
                             .listen_count = sockets != NULL ? birth->settings->listen_count : 0,
                             .listen_plain = birth->settings->listen_plain,
                             .auth_fd = type->asks_auth ? pairs->gateway[pair_of(birth)] : -1,
                             .helper_fds = pairs->helper,
                             .helper_count = type->serves_auth ? pairs->count : 0,
                             .ready_fd = birth->tell_fd,
                             .ctx = type->ctx};

    settle_signals(birth->supervisor);
    close_others(birth);
    snprintf(env.name, sizeof(env.name), "%s/%u", type->name, birth->slot);
    (void)prctl(PR_SET_NAME, env.name);
    log_setup(env.name, birth->settings->log_level);
    exit(type->run(&env) == 0 ? 0 : 1);
}
