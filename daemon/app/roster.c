#include "app/roster.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/authhelper.h"
#include "base/log.h"

/* Silence is counted in looks: while the whole machine stood still there were none. */
enum { LOOP_OF_CRASHES = 5, SILENT_LOOKS = 6 };

struct member {
    const struct worker_type *type;
    unsigned slot, starts;
    pid_t pid;        /* 0: not running */
    mono_t started;   /* the last time */
    mono_t due;       /* to be started; INT64_MAX: not any more */
    unsigned crashes; /* in a row */
    bool ready, was_ready;
    unsigned silent; /* looks since it was heard */
    unsigned age;    /* the roster's when it was forked */
    bool told;       /* to make room for its successor */
    mono_t patience; /* then SIGKILL */
};

struct roster {
    const struct roster_settings *settings;
    struct member *members;
    size_t count;
    int ready[2];     /* pipe: read here, written by workers */
    int *gateway_fds; /* of the pairs, by slot */
    int *helper_fds;
    size_t pair_count;
    unsigned age; /* workers of a lower one are to be replaced */
    mono_t look;  /* for silence, the next time */
};

static void add_members(struct roster *roster, const struct worker_type *type)
{
    for (unsigned slot = 0; slot < type->count; slot++)
        roster->members[roster->count++] = (struct member){.type = type, .slot = slot};
}

static int make_pairs(struct roster *roster)
{
    int result = 0;

    for (size_t i = 0; i < roster->settings->type_count; i++) {
        const struct worker_type *type = &roster->settings->types[i];

        while (type->asks_auth && result == 0 && roster->pair_count < type->count) {
            result = authhelper_pair(&roster->gateway_fds[roster->pair_count],
                                     &roster->helper_fds[roster->pair_count]);
            roster->pair_count += result == 0;
        }
    }
    return result;
}

int roster_new(const struct roster_settings *settings, struct roster **ret)
{
    struct roster *roster = dvc_calloc(1, sizeof(*roster));
    size_t count = 0;
    int result;

    roster->settings = settings;
    roster->ready[0] = roster->ready[1] = -1;
    for (size_t i = 0; i < settings->type_count; i++)
        count += settings->types[i].count;
    roster->members = dvc_calloc(count + 1, sizeof(*roster->members));
    roster->gateway_fds = dvc_calloc(WORKER_SLOTS_MAX, sizeof(int));
    roster->helper_fds = dvc_calloc(WORKER_SLOTS_MAX, sizeof(int));
    for (size_t i = 0; i < settings->type_count; i++) {
        DVC_REQUIRE(settings->types[i].count <= WORKER_SLOTS_MAX);
        add_members(roster, &settings->types[i]);
    }
    result = pipe2(roster->ready, O_CLOEXEC | O_NONBLOCK) == 0 ? 0 : -errno;
    if (result == 0)
        result = make_pairs(roster);
    if (result == 0)
        *ret = roster;
    else
        roster_free(roster);
    return result;
}

struct roster *roster_free(struct roster *roster)
{
    if (roster == NULL)
        return NULL;
    for (size_t i = 0; i < roster->pair_count; i++) {
        close(roster->gateway_fds[i]);
        close(roster->helper_fds[i]);
    }
    if (roster->ready[0] >= 0) {
        close(roster->ready[0]);
        close(roster->ready[1]);
    }
    free(roster->gateway_fds);
    free(roster->helper_fds);
    free(roster->members);
    free(roster);
    return NULL;
}

static const int *sockets_of(const struct roster *roster, const struct member *member)
{
    const struct roster_settings *settings = roster->settings;

    if (!member->type->listens || member->slot >= settings->listen_slots)
        return NULL;
    return settings->listen_fds + member->slot * settings->listen_count;
}

static bool has_socket(const struct roster *roster, const struct member *member, int fd)
{
    const int *own = sockets_of(roster, member);

    for (size_t i = 0; own != NULL && i < roster->settings->listen_count; i++) {
        if (own[i] == fd)
            return true;
    }
    return false;
}

/* In the child. What belongs to others is closed: a worker that keeps another's connection socket
 * would keep it alive past the supervisor. */
static void close_others(const struct roster *roster, const struct member *member)
{
    const struct roster_settings *settings = roster->settings;

    close(roster->ready[0]);
    if (settings->private_fd >= 0)
        close(settings->private_fd);
    for (size_t i = 0; i < settings->listen_count * settings->listen_slots; i++) {
        if (!has_socket(roster, member, settings->listen_fds[i]))
            (void)close(settings->listen_fds[i]);
    }
    for (size_t i = 0; i < roster->pair_count; i++) {
        if (!member->type->asks_auth || i != member->slot)
            (void)close(roster->gateway_fds[i]);
        if (!member->type->serves_auth)
            (void)close(roster->helper_fds[i]);
    }
}

/* In the child. Ctrl-C at a terminal reaches the whole group; the supervisor turns it into a drain.
 */
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

__attribute__((noreturn)) static void become(const struct roster *roster,
                                             const struct member *member, pid_t supervisor)
{
    const struct worker_type *type = member->type;
    const int *sockets = sockets_of(roster, member);
    struct worker_env env = {.slot = member->slot,
                             .starts = member->starts,
                             .listen_fds = sockets,
                             .listen_count = sockets != NULL ? roster->settings->listen_count : 0,
                             .listen_plain = roster->settings->listen_plain,
                             .auth_fd = type->asks_auth ? roster->gateway_fds[member->slot] : -1,
                             .helper_fds = roster->helper_fds,
                             .helper_count = type->serves_auth ? roster->pair_count : 0,
                             .ready_fd = roster->ready[1],
                             .ctx = type->ctx};

    settle_signals(supervisor);
    close_others(roster, member);
    snprintf(env.name, sizeof(env.name), "%s/%u", type->name, member->slot);
    (void)prctl(PR_SET_NAME, env.name);
    log_setup(env.name, roster->settings->log_level);
    exit(type->run(&env) == 0 ? 0 : 1);
}

int64_t roster_pause(const struct roster_settings *settings, unsigned crashes)
{
    int64_t delay = settings->restart_min_us;

    if (crashes <= 1)
        return 0;
    for (unsigned i = 2; i < crashes && delay < settings->restart_max_us; i++)
        delay *= 2;
    return delay < settings->restart_max_us ? delay : settings->restart_max_us;
}

/* One that lived long enough has a clean record again. A worker that ended by itself (it had grown
 * too large) is no crash, unless it does so as soon as it is started. */
static void plan_restart(const struct roster *roster, struct member *member, bool planned,
                         mono_t now)
{
    int64_t lived = now.us - member->started.us;

    if (lived >= roster->settings->healthy_us)
        member->crashes = 0;
    if (member->told || (planned && lived >= US_PER_SECOND)) {
        member->due = now;
        return;
    }
    member->crashes++;
    member->due.us = now.us + roster_pause(roster->settings, member->crashes);
}

static void start_member(struct roster *roster, struct member *member, mono_t now)
{
    pid_t supervisor = getpid();
    pid_t pid;

    fflush(NULL);
    member->starts++;
    member->started = now;
    member->ready = false;
    member->silent = 0;
    member->age = roster->age;
    member->told = false;
    pid = fork();
    if (pid == 0)
        become(roster, member, supervisor);
    if (pid < 0) {
        log_error("worker_fork", "worker=%s/%u detail=%s", member->type->name, member->slot,
                  strerror(errno));
        plan_restart(roster, member, false, now);
        return;
    }
    member->pid = pid;
    member->due.us = INT64_MAX;
    log_info("worker_started", "worker=%s/%u pid=%d starts=%u", member->type->name, member->slot,
             (int)pid, member->starts);
}

void roster_start(struct roster *roster, mono_t now)
{
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->members[i].pid == 0 && roster->members[i].due.us <= now.us)
            start_member(roster, &roster->members[i], now);
    }
}

mono_t roster_next(const struct roster *roster)
{
    mono_t next = {roster->settings->silence_us > 0 ? roster->look.us : INT64_MAX};

    for (size_t i = 0; i < roster->count; i++) {
        if (roster->members[i].pid == 0 && roster->members[i].due.us < next.us)
            next = roster->members[i].due;
        if (roster->members[i].pid != 0 && roster->members[i].told &&
            roster->members[i].patience.us < next.us)
            next = roster->members[i].patience;
    }
    return next;
}

static void log_end(const struct member *member, int status, mono_t now)
{
    int64_t delay_ms = (member->due.us - now.us) / 1000;
    bool signalled = WIFSIGNALED(status);
    int code = signalled ? WTERMSIG(status) : WEXITSTATUS(status);

    if (member->due.us == INT64_MAX || member->told || (!signalled && code == 0))
        log_info("worker_ended", "worker=%s/%u %s=%d", member->type->name, member->slot,
                 signalled ? "signal" : "exit", code);
    else if (member->crashes >= LOOP_OF_CRASHES)
        log_error("worker_crash_loop", "worker=%s/%u %s=%d crashes=%u restart_ms=%lld",
                  member->type->name, member->slot, signalled ? "signal" : "exit", code,
                  member->crashes, (long long)delay_ms);
    else
        log_warn("worker_died", "worker=%s/%u %s=%d crashes=%u restart_ms=%lld", member->type->name,
                 member->slot, signalled ? "signal" : "exit", code, member->crashes,
                 (long long)delay_ms);
}

void roster_reap(struct roster *roster, mono_t now, bool stopping)
{
    for (size_t i = 0; i < roster->count; i++) {
        struct member *member = &roster->members[i];
        int status = 0;
        pid_t ended = member->pid != 0 ? waitpid(member->pid, &status, WNOHANG) : 0;

        /* No such child: nobody else reaps ours, but to wait for it for ever would be worse. */
        if (ended == 0 || (ended < 0 && errno != ECHILD))
            continue;
        member->pid = 0;
        member->ready = false;
        if (stopping)
            member->due.us = INT64_MAX;
        else
            plan_restart(roster, member, WIFEXITED(status) && WEXITSTATUS(status) == 0, now);
        log_end(member, status, now);
    }
}

int roster_ready_fd(const struct roster *roster)
{
    return roster->ready[0];
}

void roster_hear(struct roster *roster)
{
    pid_t pid;

    while (read(roster->ready[0], &pid, sizeof(pid)) == (ssize_t)sizeof(pid)) {
        for (size_t i = 0; i < roster->count; i++) {
            if (roster->members[i].pid != pid)
                continue;
            roster->members[i].ready = true;
            roster->members[i].was_ready = true;
            roster->members[i].silent = 0;
        }
    }
}

bool roster_all_ready(const struct roster *roster)
{
    for (size_t i = 0; i < roster->count; i++) {
        if (!roster->members[i].was_ready)
            return false;
    }
    return true;
}

void roster_end_silent(struct roster *roster, mono_t now)
{
    int64_t silence_us = roster->settings->silence_us;

    if (silence_us == 0 || now.us < roster->look.us)
        return;
    roster->look.us = now.us + silence_us / SILENT_LOOKS;
    roster_hear(roster);
    for (size_t i = 0; i < roster->count; i++) {
        struct member *member = &roster->members[i];

        if (member->pid == 0 || !member->type->beats || !member->ready || member->told ||
            ++member->silent <= SILENT_LOOKS)
            continue;
        log_error("worker_hangs", "worker=%s/%u silence_s=%lld", member->type->name, member->slot,
                  (long long)(silence_us / US_PER_SECOND));
        member->silent = 0;
        (void)kill(member->pid, SIGKILL);
    }
}

static bool is_one_of(const struct member *member, enum roster_who who)
{
    switch (who) {
    case ROSTER_FIRST:
        return !member->type->ends_last;
    case ROSTER_LAST:
        return member->type->ends_last;
    case ROSTER_ALL:
        break;
    }
    return true;
}

void roster_renew(struct roster *roster)
{
    roster->age++;
}

static void tell_to_end(struct member *member, mono_t now, int64_t patience_us)
{
    member->told = true;
    member->patience.us = now.us + patience_us;
    (void)kill(member->pid, SIGTERM);
}

static void lose_patience(struct member *member, mono_t now)
{
    if (now.us < member->patience.us)
        return;
    log_warn("worker_too_slow", "worker=%s/%u", member->type->name, member->slot);
    member->patience.us = INT64_MAX;
    (void)kill(member->pid, SIGKILL);
}

bool roster_renewing(struct roster *roster, mono_t now, int64_t patience_us)
{
    struct member *next = NULL;

    for (size_t i = 0; i < roster->count; i++) {
        struct member *member = &roster->members[i];
        bool old = member->pid != 0 && member->age != roster->age;

        if (old && member->told)
            lose_patience(member, now);
        else if (old && next == NULL)
            next = member;
        if (member->told || (!old && !member->ready))
            return true; /* it ends, or its successor begins */
    }
    if (next == NULL)
        return false;
    tell_to_end(next, now, patience_us);
    return true;
}

void roster_tell(const struct roster *roster, int value)
{
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->members[i].pid != 0)
            (void)sigqueue(roster->members[i].pid, SIGHUP, (union sigval){.sival_int = value});
    }
}

void roster_signal(const struct roster *roster, enum roster_who who, int signo)
{
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->members[i].pid != 0 && is_one_of(&roster->members[i], who))
            (void)kill(roster->members[i].pid, signo);
    }
}

size_t roster_alive(const struct roster *roster, enum roster_who who)
{
    size_t alive = 0;

    for (size_t i = 0; i < roster->count; i++)
        alive += roster->members[i].pid != 0 && is_one_of(&roster->members[i], who);
    return alive;
}
