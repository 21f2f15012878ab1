#include "app/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    DB_LOOK_US = 50000,                 /* between two looks at a database that starts */
    DRAIN_MARGIN_US = 2 * US_PER_SECOND /* a worker ends its drain by itself at drain_us */
};

enum phase {
    PHASE_DATABASE, /* waits for the database; no worker yet */
    PHASE_RUN,
    PHASE_DRAIN,      /* all but those that end last were told to end */
    PHASE_DRAIN_LAST, /* those, too */
    PHASE_DONE
};

struct supervisor {
    struct supervisor_settings *settings;
    struct roster *roster;
    enum phase phase;
    int signals; /* signalfd */
    bool told_ready, renewing;
    int64_t watched_us; /* systemd wants to hear of us so often; 0: it does not */
    mono_t beat;        /* the next time */
    bool reloading, reload_again;
    enum reload_state reload;
    int result;
    mono_t drain_until; /* then SIGKILL; INT64_MAX once that was sent */
    struct {
        pid_t pid; /* 0: not running */
        mono_t started, due, ready_until;
        unsigned deaths; /* in a row */
    } db;
};

struct supervisor_settings supervisor_settings_default(void)
{
    return (struct supervisor_settings){
        .roster = {.restart_min_us = US_PER_SECOND / 10,
                   .restart_max_us = 5 * US_PER_SECOND,
                   .healthy_us = 30 * US_PER_SECOND,
                   .silence_us = 60 * US_PER_SECOND,
                   .successor_us = 10 * US_PER_SECOND,
                   .log_level = LOG_LEVEL_INFO,
                   .private_fd = -1},
        .drain_us = 15 * US_PER_SECOND,
        .db_ready_us = 60 * US_PER_SECOND,
        .db_stop_us = 20 * US_PER_SECOND,
    };
}

static void set_phase(struct supervisor *supervisor, enum phase phase)
{
    static const char *const names[] = {
        [PHASE_DATABASE] = "database", [PHASE_RUN] = "run",   [PHASE_DRAIN] = "drain",
        [PHASE_DRAIN_LAST] = "drain",  [PHASE_DONE] = "done",
    };

    if (phase == PHASE_DONE || names[phase] != names[supervisor->phase])
        log_info("supervisor_phase", "from=%s to=%s", names[supervisor->phase], names[phase]);
    supervisor->phase = phase;
}

static void db_plan(struct supervisor *supervisor, mono_t now)
{
    const struct roster_settings *pauses = &supervisor->settings->roster;

    if (now.us - supervisor->db.started.us >= pauses->healthy_us)
        supervisor->db.deaths = 0;
    supervisor->db.deaths++;
    supervisor->db.due.us = now.us + roster_pause(pauses, supervisor->db.deaths);
}

static void db_start(struct supervisor *supervisor, mono_t now)
{
    const struct supervised_db *db = supervisor->settings->db;
    pid_t pid;

    if (db == NULL || supervisor->db.pid != 0 || supervisor->db.due.us > now.us)
        return;
    supervisor->db.started = now;
    pid = db->start(db->ctx);
    if (pid > 0) {
        supervisor->db.pid = pid;
        supervisor->db.due.us = INT64_MAX;
        log_info("database_started", "pid=%d", (int)pid);
    } else {
        db_plan(supervisor, mono_now());
    }
}

static void db_reap(struct supervisor *supervisor, mono_t now)
{
    int status;

    if (supervisor->db.pid == 0 ||
        waitpid(supervisor->db.pid, &status, WNOHANG) != supervisor->db.pid)
        return;
    supervisor->db.pid = 0;
    db_plan(supervisor, now);
    log_warn("database_died", "%s=%d deaths=%u restart_ms=%lld",
             WIFSIGNALED(status) ? "signal" : "exit",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), supervisor->db.deaths,
             (long long)(supervisor->db.due.us - now.us) / 1000);
}

static void give_up(struct supervisor *supervisor, const char *reason)
{
    log_error("supervisor_gave_up", "reason=%s", reason);
    supervisor->result = SUPERVISOR_E_DATABASE;
    set_phase(supervisor, PHASE_DONE);
}

/* Workers are started only on a database that they can use. */
static void db_await(struct supervisor *supervisor, mono_t now)
{
    const struct supervised_db *db = supervisor->settings->db;

    if (db == NULL) {
        set_phase(supervisor, PHASE_RUN);
    } else if (supervisor->db.pid != 0 && db->ready(db->ctx) == 0) {
        if (db->opened != NULL && db->opened(db->ctx) < 0)
            give_up(supervisor, "database_not_opened");
        else
            set_phase(supervisor, PHASE_RUN);
    } else if (now.us >= supervisor->db.ready_until.us) {
        give_up(supervisor, "database_not_ready");
    }
}

static void tell_ready(struct supervisor *supervisor)
{
    const struct supervisor_settings *settings = supervisor->settings;

    if (supervisor->told_ready || !roster_all_ready(supervisor->roster))
        return;
    supervisor->told_ready = true;
    log_info("ready", "workers=%zu", roster_alive(supervisor->roster, ROSTER_ALL));
    (void)sd_notify(0, "READY=1\nSTATUS=Serving");
    if (settings->ready != NULL)
        settings->ready(settings->ctx);
}

static void renew(struct supervisor *supervisor)
{
    if (!supervisor->renewing || roster_renewing(supervisor->roster, mono_now(),
                                                 supervisor->settings->drain_us + DRAIN_MARGIN_US))
        return;
    supervisor->renewing = false;
    log_info("workers_renewed", "workers=%zu", roster_alive(supervisor->roster, ROSTER_ALL));
}

static void kill_late(struct supervisor *supervisor, mono_t now)
{
    if (now.us < supervisor->drain_until.us)
        return;
    log_warn("drain_expired", "workers=%zu", roster_alive(supervisor->roster, ROSTER_ALL));
    roster_signal(supervisor->roster, ROSTER_ALL, SIGKILL);
    supervisor->drain_until.us = INT64_MAX;
}

static void reload_more(struct supervisor *supervisor)
{
    const struct supervised_reload *reload = supervisor->settings->reload;
    int faults = 0;

    supervisor->reload = reload->go_on(reload->ctx, &faults);
    switch (supervisor->reload) {
    case RELOAD_BUSY:
    case RELOAD_WAITS:
        return;
    case RELOAD_SERVES:
        roster_renew(supervisor->roster);
        supervisor->renewing = true;
        break;
    case RELOAD_REFUSED:
        roster_tell(supervisor->roster, faults);
        break;
    }
    supervisor->reloading = supervisor->reload_again;
    supervisor->reload_again = false;
    if (supervisor->reloading) {
        supervisor->reload = RELOAD_BUSY;
        reload->begin(reload->ctx);
    }
}

/* Not by a timer of its own: only a loop that goes round says that it does. */
static void beat(struct supervisor *supervisor, mono_t now)
{
    if (supervisor->watched_us == 0 || now.us < supervisor->beat.us)
        return;
    supervisor->beat.us = now.us + supervisor->watched_us / 3;
    (void)sd_notify(0, "WATCHDOG=1");
}

/* Moves on as far as it can without waiting. */
static void step(struct supervisor *supervisor)
{
    mono_t now = mono_now();
    bool up = supervisor->phase == PHASE_DATABASE || supervisor->phase == PHASE_RUN;

    if (up)
        db_start(supervisor, now);
    if (supervisor->phase == PHASE_DATABASE)
        db_await(supervisor, now);
    beat(supervisor, now);
    if (supervisor->phase == PHASE_RUN) {
        roster_end_silent(supervisor->roster, now);
        roster_start(supervisor->roster, mono_now());
        if (supervisor->reloading)
            reload_more(supervisor);
        renew(supervisor);
        tell_ready(supervisor);
    }
    if (supervisor->phase == PHASE_DRAIN && roster_alive(supervisor->roster, ROSTER_FIRST) == 0) {
        roster_signal(supervisor->roster, ROSTER_LAST, SIGTERM);
        set_phase(supervisor, PHASE_DRAIN_LAST);
    }
    if (supervisor->phase == PHASE_DRAIN_LAST && roster_alive(supervisor->roster, ROSTER_ALL) == 0)
        set_phase(supervisor, PHASE_DONE);
    if (supervisor->phase == PHASE_DRAIN || supervisor->phase == PHASE_DRAIN_LAST)
        kill_late(supervisor, now);
}

static void drain(struct supervisor *supervisor, mono_t now)
{
    switch (supervisor->phase) {
    case PHASE_DATABASE:
    case PHASE_RUN:
        (void)sd_notify(0, "STOPPING=1");
        roster_signal(supervisor->roster, ROSTER_FIRST, SIGTERM);
        supervisor->drain_until.us = now.us + supervisor->settings->drain_us;
        set_phase(supervisor, PHASE_DRAIN);
        break;
    case PHASE_DRAIN:
    case PHASE_DRAIN_LAST:
        if (supervisor->drain_until.us != INT64_MAX)
            supervisor->drain_until = now;
        break;
    case PHASE_DONE:
        break;
    }
}

static void reload(struct supervisor *supervisor)
{
    const struct supervised_reload *reload = supervisor->settings->reload;

    log_info("reload", "workers=%zu", roster_alive(supervisor->roster, ROSTER_ALL));
    if (reload == NULL) {
        roster_tell(supervisor->roster, 0);
    } else if (supervisor->reloading) {
        supervisor->reload_again = true;
    } else {
        supervisor->reloading = true;
        supervisor->reload = RELOAD_BUSY;
        reload->begin(reload->ctx);
    }
}

static void read_signals(struct supervisor *supervisor)
{
    struct signalfd_siginfo info;
    mono_t now = mono_now();

    while (read(supervisor->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
            drain(supervisor, now);
        else if (info.ssi_signo == SIGHUP && supervisor->phase == PHASE_RUN)
            reload(supervisor);
    }
    /* Several deaths may share one SIGCHLD. */
    roster_reap(supervisor->roster, now,
                supervisor->phase != PHASE_RUN && supervisor->phase != PHASE_DATABASE);
    db_reap(supervisor, now);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Milliseconds until something is due, rounded up; -1: nothing is. */
static int wait_ms(const struct supervisor *supervisor)
{
    int64_t now = mono_now().us, due = INT64_MAX;

    if (supervisor->phase == PHASE_DATABASE)
        due = now + DB_LOOK_US;
    if (supervisor->phase == PHASE_RUN && supervisor->reloading &&
        supervisor->reload == RELOAD_BUSY)
        due = now;
    if (supervisor->phase == PHASE_RUN)
        due = earlier(due, roster_next(supervisor->roster).us);
    if (supervisor->phase == PHASE_RUN || supervisor->phase == PHASE_DATABASE)
        due = earlier(due, supervisor->settings->db != NULL ? supervisor->db.due.us : INT64_MAX);
    if (supervisor->phase == PHASE_DRAIN || supervisor->phase == PHASE_DRAIN_LAST)
        due = earlier(due, supervisor->drain_until.us);
    if (supervisor->watched_us > 0)
        due = earlier(due, supervisor->beat.us);
    if (due == INT64_MAX)
        return -1;
    return due <= now ? 0 : (int)earlier((due - now + 999) / 1000, 60000);
}

static int wait_for_news(struct supervisor *supervisor)
{
    struct pollfd polls[] = {{.fd = supervisor->signals, .events = POLLIN},
                             {.fd = roster_ready_fd(supervisor->roster), .events = POLLIN}};

    if (poll(polls, DVC_COUNT(polls), wait_ms(supervisor)) < 0)
        return errno == EINTR ? 0 : -errno;
    if (polls[1].revents != 0)
        roster_hear(supervisor->roster);
    if (polls[0].revents != 0)
        read_signals(supervisor);
    return 0;
}

/* Takes SIGCHLD, SIGTERM, SIGINT and SIGHUP; `ret_old` is the mask to go back to. */
static int take_signals(sigset_t *ret_old)
{
    static const int taken[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
    sigset_t set;
    int fd;

    sigemptyset(&set);
    for (size_t i = 0; i < DVC_COUNT(taken); i++) {
        (void)signal(taken[i], SIG_DFL); /* an ignored one would never be told */
        sigaddset(&set, taken[i]);
    }
    (void)signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, ret_old) != 0)
        return -errno;
    fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

static void run(struct supervisor *supervisor)
{
    uint64_t watched_us = 0;
    int result = 0;

    if (sd_watchdog_enabled(0, &watched_us) > 0)
        supervisor->watched_us = (int64_t)watched_us;
    supervisor->db.ready_until.us = mono_now().us + supervisor->settings->db_ready_us;
    step(supervisor);
    while (result == 0 && supervisor->phase != PHASE_DONE) {
        result = wait_for_news(supervisor);
        if (result == 0)
            step(supervisor);
    }
    if (result != 0)
        supervisor->result = result;
}

/* After run: whatever went wrong, nobody is left behind. */
static void end_all(struct supervisor *supervisor)
{
    const struct supervised_db *db = supervisor->settings->db;

    if (supervisor->reloading)
        supervisor->settings->reload->cancel(supervisor->settings->reload->ctx);
    roster_signal(supervisor->roster, ROSTER_ALL, SIGKILL);
    while (roster_alive(supervisor->roster, ROSTER_ALL) > 0) {
        siginfo_t info;

        (void)waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
        roster_reap(supervisor->roster, mono_now(), true);
        db_reap(supervisor, mono_now());
    }
    if (db != NULL && supervisor->db.pid != 0)
        db->stop(db->ctx, supervisor->settings->db_stop_us);
}

int supervisor_run(struct supervisor_settings *settings)
{
    struct supervisor supervisor = {.settings = settings, .phase = PHASE_DATABASE};
    sigset_t old;
    int result;

    supervisor.signals = take_signals(&old);
    if (supervisor.signals < 0)
        return supervisor.signals;
    settings->roster.private_fd = supervisor.signals;
    result = roster_new(&settings->roster, &supervisor.roster);
    if (result == 0) {
        run(&supervisor);
        end_all(&supervisor);
        roster_free(supervisor.roster);
        result = supervisor.result;
    }
    close(supervisor.signals);
    (void)sigprocmask(SIG_SETMASK, &old, NULL);
    return result;
}
