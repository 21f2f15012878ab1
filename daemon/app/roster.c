#include "app/roster.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/birth.h"
#include "base/log.h"

/* Silence is counted in looks: while the whole machine stood still there were none. */
enum { LOOP_OF_CRASHES = 5, SILENT_LOOKS = 6 };

struct process {
    pid_t pid;      /* 0: not running */
    mono_t started; /* the last time */
    bool ready;
    unsigned silent; /* looks since it was heard */
    unsigned age;    /* the roster's when it was forked */
    unsigned pair;   /* which of its slot's pairs it has, 0 or 1 */
    bool told;       /* to make room for its successor */
    mono_t patience; /* then SIGKILL */
};

struct member {
    const struct worker_type *type;
    unsigned slot, starts;
    struct process now;
    struct process before; /* of a type that overlaps, being renewed: serves until `now` does */
    mono_t due;            /* `now` is to be started; INT64_MAX: not any more */
    unsigned crashes;      /* in a row */
    bool was_ready;
};

struct roster {
    const struct roster_settings *settings;
    struct member *members;
    size_t count;
    int ready[2]; /* pipe: read here, written by workers */
    struct authpairs pairs;
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

    for (size_t i = 0; result == 0 && i < roster->settings->type_count; i++) {
        const struct worker_type *type = &roster->settings->types[i];

        if (type->asks_auth)
            result = authpairs_open(&roster->pairs, type->count);
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
    authpairs_close(&roster->pairs);
    if (roster->ready[0] >= 0) {
        close(roster->ready[0]);
        close(roster->ready[1]);
    }
    free(roster->members);
    free(roster);
    return NULL;
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
    int64_t lived = now.us - member->now.started.us;

    if (lived >= roster->settings->healthy_us)
        member->crashes = 0;
    if (member->now.told || (planned && lived >= US_PER_SECOND)) {
        member->due = now;
        return;
    }
    member->crashes++;
    member->due.us = now.us + roster_pause(roster->settings, member->crashes);
}

static void start_member(struct roster *roster, struct member *member, mono_t now)
{
    struct birth birth = {.settings = roster->settings,
                          .type = member->type,
                          .slot = member->slot,
                          .pairs = &roster->pairs,
                          .hear_fd = roster->ready[0],
                          .tell_fd = roster->ready[1],
                          .supervisor = getpid()};
    pid_t pid;

    fflush(NULL);
    member->starts++;
    member->now =
        (struct process){.started = now,
                         .age = roster->age,
                         .pair = member->before.pid != 0 && member->before.pair == 0 ? 1 : 0};
    birth.starts = member->starts;
    birth.pair = member->now.pair;
    pid = fork();
    if (pid == 0)
        birth_become(&birth);
    if (pid < 0) {
        log_error("worker_fork", "worker=%s/%u detail=%s", member->type->name, member->slot,
                  strerror(errno));
        plan_restart(roster, member, false, now);
        return;
    }
    member->now.pid = pid;
    member->due.us = INT64_MAX;
    log_info("worker_started", "worker=%s/%u pid=%d starts=%u", member->type->name, member->slot,
             (int)pid, member->starts);
}

void roster_start(struct roster *roster, mono_t now)
{
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->members[i].now.pid == 0 && roster->members[i].due.us <= now.us)
            start_member(roster, &roster->members[i], now);
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

mono_t roster_next(const struct roster *roster)
{
    mono_t next = {roster->settings->silence_us > 0 ? roster->look.us : INT64_MAX};

    for (size_t i = 0; i < roster->count; i++) {
        const struct member *member = &roster->members[i];
        const struct process *now = &member->now, *before = &member->before;

        if (now->pid == 0)
            next.us = earlier(next.us, member->due.us);
        else if (now->told)
            next.us = earlier(next.us, now->patience.us);
        if (before->pid != 0 && before->told)
            next.us = earlier(next.us, before->patience.us);
        else if (before->pid != 0 && now->pid != 0 && !now->told)
            next.us = earlier(next.us, now->started.us + roster->settings->successor_us);
    }
    return next;
}

static void log_end(const struct member *member, int status, mono_t now)
{
    int64_t delay_ms = (member->due.us - now.us) / 1000;
    bool signalled = WIFSIGNALED(status);
    int code = signalled ? WTERMSIG(status) : WEXITSTATUS(status);

    if (member->due.us == INT64_MAX || member->now.told || (!signalled && code == 0))
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

/* No such child: nobody else reaps ours, but to wait for it for ever would be worse. */
static bool has_ended(const struct process *process, int *ret_status)
{
    pid_t ended = process->pid != 0 ? waitpid(process->pid, ret_status, WNOHANG) : 0;

    return ended > 0 || (ended < 0 && errno == ECHILD);
}

/* Its successor is there or about to be: nothing follows from its end. */
static void let_go(struct member *member, int status)
{
    bool signalled = WIFSIGNALED(status);
    bool planned = !signalled && WEXITSTATUS(status) == 0;

    if (planned)
        log_info("worker_ended", "worker=%s/%u exit=%d", member->type->name, member->slot,
                 WEXITSTATUS(status));
    else
        log_warn("worker_died", "worker=%s/%u %s=%d successor=yes", member->type->name,
                 member->slot, signalled ? "signal" : "exit",
                 signalled ? WTERMSIG(status) : WEXITSTATUS(status));
    member->before = (struct process){0};
}

void roster_reap(struct roster *roster, mono_t now, bool stopping)
{
    for (size_t i = 0; i < roster->count; i++) {
        struct member *member = &roster->members[i];
        int status = 0;

        if (has_ended(&member->before, &status))
            let_go(member, status);
        if (!has_ended(&member->now, &status))
            continue;
        member->now.pid = 0;
        member->now.ready = false;
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

static void heard(struct process *process)
{
    process->ready = true;
    process->silent = 0;
}

void roster_hear(struct roster *roster)
{
    pid_t pid;

    while (read(roster->ready[0], &pid, sizeof(pid)) == (ssize_t)sizeof(pid)) {
        for (size_t i = 0; i < roster->count; i++) {
            struct member *member = &roster->members[i];

            if (member->before.pid == pid)
                heard(&member->before);
            if (member->now.pid != pid)
                continue;
            heard(&member->now);
            member->was_ready = true;
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

static void end_silent(const struct roster *roster, const struct member *member,
                       struct process *process)
{
    if (process->pid == 0 || !member->type->beats || !process->ready || process->told ||
        ++process->silent <= SILENT_LOOKS)
        return;
    log_error("worker_hangs", "worker=%s/%u silence_s=%lld", member->type->name, member->slot,
              (long long)(roster->settings->silence_us / US_PER_SECOND));
    process->silent = 0;
    (void)kill(process->pid, SIGKILL);
}

void roster_end_silent(struct roster *roster, mono_t now)
{
    int64_t silence_us = roster->settings->silence_us;

    if (silence_us == 0 || now.us < roster->look.us)
        return;
    roster->look.us = now.us + silence_us / SILENT_LOOKS;
    roster_hear(roster);
    for (size_t i = 0; i < roster->count; i++) {
        end_silent(roster, &roster->members[i], &roster->members[i].now);
        end_silent(roster, &roster->members[i], &roster->members[i].before);
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

static void tell_to_end(struct process *process, int signo, mono_t now, int64_t patience_us)
{
    process->told = true;
    process->patience.us = now.us + patience_us;
    (void)kill(process->pid, signo);
}

static void lose_patience(const struct member *member, struct process *process, mono_t now)
{
    if (now.us < process->patience.us)
        return;
    log_warn("worker_too_slow", "worker=%s/%u", member->type->name, member->slot);
    process->patience.us = INT64_MAX;
    (void)kill(process->pid, SIGKILL);
}

/* Both are there. A successor that became old before it was ready makes room for another one; while
 * it dies again and again the one before it stays. */
static void hand_over(const struct roster *roster, struct member *member, mono_t now,
                      int64_t patience_us)
{
    struct process *next = &member->now, *before = &member->before;

    if (before->told)
        lose_patience(member, before, now);
    else if (next->pid != 0 && next->told)
        lose_patience(member, next, now);
    else if (next->pid != 0 && next->age != roster->age)
        tell_to_end(next, SIGTERM, now, patience_us);
    else if (next->ready)
        tell_to_end(before, WORKER_RELIEVED, now, patience_us);
    else if (next->pid != 0 && now.us >= next->started.us + roster->settings->successor_us)
        tell_to_end(before, SIGTERM, now, patience_us);
}

static void replace(struct member *member, mono_t now, int64_t patience_us)
{
    if (member->type->overlaps && member->now.ready) {
        member->before = member->now;
        member->now = (struct process){0};
        member->due = now;
    } else {
        tell_to_end(&member->now, SIGTERM, now, patience_us);
    }
}

bool roster_renewing(struct roster *roster, mono_t now, int64_t patience_us)
{
    struct member *next = NULL;

    for (size_t i = 0; i < roster->count; i++) {
        if (roster->members[i].before.pid != 0) {
            hand_over(roster, &roster->members[i], now, patience_us);
            return true;
        }
    }
    for (size_t i = 0; i < roster->count; i++) {
        struct member *member = &roster->members[i];
        bool old = member->now.pid != 0 && member->now.age != roster->age;

        if (old && member->now.told)
            lose_patience(member, &member->now, now);
        else if (old && next == NULL)
            next = member;
        if (member->now.told || (!old && !member->now.ready))
            return true; /* it ends, or its successor begins */
    }
    if (next == NULL)
        return false;
    replace(next, now, patience_us);
    return true;
}

void roster_tell(const struct roster *roster, int value)
{
    for (size_t i = 0; i < roster->count; i++) {
        const pid_t pids[] = {roster->members[i].now.pid, roster->members[i].before.pid};

        for (size_t j = 0; j < DVC_COUNT(pids); j++) {
            if (pids[j] != 0)
                (void)sigqueue(pids[j], SIGHUP, (union sigval){.sival_int = value});
        }
    }
}

void roster_signal(const struct roster *roster, enum roster_who who, int signo)
{
    for (size_t i = 0; i < roster->count; i++) {
        const struct member *member = &roster->members[i];

        if (!is_one_of(member, who))
            continue;
        if (member->now.pid != 0)
            (void)kill(member->now.pid, signo);
        if (member->before.pid != 0)
            (void)kill(member->before.pid, signo);
    }
}

size_t roster_alive(const struct roster *roster, enum roster_who who)
{
    size_t alive = 0;

    for (size_t i = 0; i < roster->count; i++) {
        const struct member *member = &roster->members[i];

        if (is_one_of(member, who))
            alive += (member->now.pid != 0) + (member->before.pid != 0);
    }
    return alive;
}
