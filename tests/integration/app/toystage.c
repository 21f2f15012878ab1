#include "toystage.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/listen.h"
#include "base/clock.h"

enum { PATIENCE_MS = 60000 };

void toystage_set(struct toystage *stage)
{
    memset(toy_board(), 0, sizeof(struct board));
    *stage = (struct toystage){.settings = supervisor_settings_default()};
    stage->settings.roster.log_level = LOG_LEVEL_ERROR;
    stage->settings.roster.types = stage->types;
    stage->settings.roster.listen_fds = stage->fds;
}

void toystage_add(struct toystage *stage, struct worker_type type)
{
    type.ctx = &stage->habits;
    stage->types[stage->settings.roster.type_count++] = type;
}

void toystage_gateways(struct toystage *stage, unsigned count)
{
    struct listen_address address;

    if (listen_parse(SLICE_LIT("127.0.0.1:0"), &address) != 0 ||
        listen_open(&address, count, stage->fds) != 0)
        abort();
    stage->port = listen_port(stage->fds[0]);
    stage->settings.roster.listen_count = 1;
    stage->settings.roster.listen_slots = count;
    memcpy(toy_board()->listen_fds, stage->fds, sizeof(stage->fds));
    toystage_add(stage, (struct worker_type){.name = "gateway",
                                             .count = count,
                                             .listens = true,
                                             .asks_auth = true,
                                             .run = toy_gateway});
}

static void on_ready(void *ctx)
{
    (void)ctx;
    toy_board()->ready++;
    toy_board()->told_ready_at = mono_now().us;
}

static void on_reload(void *ctx)
{
    (void)ctx;
    toy_board()->reloads++;
}

static enum reload_state on_reload_more(void *ctx, int *ret_faults)
{
    (void)ctx;
    *ret_faults = 42;
    if (++toy_board()->slices % 3 != 0)
        return RELOAD_BUSY;
    return toy_board()->renews ? RELOAD_SERVES : RELOAD_REFUSED;
}

static void on_cancel(void *ctx)
{
    (void)ctx;
}

static const struct supervised_reload toy_reload = {
    .begin = on_reload, .go_on = on_reload_more, .cancel = on_cancel};

static void open_notify(struct toystage *stage)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};

    snprintf(stage->notify_name, sizeof(stage->notify_name), "@dvcd-test-%d-%lld", (int)getpid(),
             (long long)mono_now().us);
    memcpy(addr.sun_path, stage->notify_name, strlen(stage->notify_name));
    addr.sun_path[0] = '\0';
    stage->notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(stage->notify, (struct sockaddr *)&addr,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(stage->notify_name))) != 0)
        abort();
}

void toystage_start(struct toystage *stage)
{
    pid_t parent = getpid();

    open_notify(stage);
    stage->settings.ready = on_ready;
    stage->settings.reload = &toy_reload;
    fflush(NULL);
    stage->pid = fork();
    if (stage->pid != 0)
        return;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(9);
    (void)setenv("NOTIFY_SOCKET", stage->notify_name, 1);
    _exit(supervisor_run(&stage->settings));
}

void toystage_clear(struct toystage *stage)
{
    for (unsigned i = 0; i < stage->settings.roster.listen_slots; i++)
        close(stage->fds[i]);
    close(stage->notify);
}

void toy_nap(void)
{
    usleep(5000);
}

/* Waits for `value` to become at least `least`. */
bool toy_wait_for(const volatile unsigned *value, unsigned least)
{
    for (int64_t until = mono_now().us + PATIENCE_MS * 1000; mono_now().us < until; toy_nap()) {
        if (*value >= least)
            return true;
    }
    return false;
}

/* Exit code of the supervisor, or -1 when it does not end in time. */
int toystage_await_end(struct toystage *stage)
{
    int status;

    for (int64_t until = mono_now().us + PATIENCE_MS * 1000; mono_now().us < until; toy_nap()) {
        if (waitpid(stage->pid, &status, WNOHANG) == stage->pid)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    (void)kill(stage->pid, SIGKILL);
    (void)waitpid(stage->pid, &status, 0);
    return -1;
}

int toystage_stop(struct toystage *stage)
{
    (void)kill(stage->pid, SIGTERM);
    return toystage_await_end(stage);
}

int toystage_open(const struct toystage *stage, const char *line)
{
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)stage->port),
                               .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval patience = {PATIENCE_MS / 1000, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0 ||
        send(fd, line, strlen(line), MSG_NOSIGNAL) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The answer, "" when the connection ended without one, "reset" when it was. */
const char *toy_read(int fd, char out[128])
{
    ssize_t len = fd >= 0 ? recv(fd, out, 127, 0) : -1;

    if (fd >= 0)
        close(fd);
    if (len < 0)
        return "reset";
    out[len] = '\0';
    return out;
}

const char *toystage_ask(const struct toystage *stage, const char *line, char out[128])
{
    return toy_read(toystage_open(stage, line), out);
}

/* What systemd heard, all of it. */
bool toystage_notified(const struct toystage *stage, const char *what)
{
    char text[512];
    bool found = false;
    ssize_t len;

    while ((len = recv(stage->notify, text, sizeof(text) - 1, 0)) > 0) {
        text[len] = '\0';
        found = found || strstr(text, what) != NULL;
    }
    return found;
}
