/* supervisor - the supervisor in a process of its own with toy workers; this program is the client,
 * systemd, and whoever sends signals. */
#include "app/supervisor.h"

#include <arpa/inet.h>
#include <errno.h>
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
#include "tap.h"
#include "toy.h"

enum { PATIENCE_MS = 60000 };

/* One supervisor and what it was given. */
struct stage {
    struct supervisor_settings settings;
    struct toy_habits habits;
    struct toy_db toy_db;
    struct supervised_db db;
    struct worker_type types[4];
    int fds[TOY_SLOTS];
    int port;
    pid_t pid;
    char notify_name[40];
    int notify; /* plays systemd */
};

static void stage_set(struct stage *stage)
{
    memset(toy_board(), 0, sizeof(struct board));
    *stage = (struct stage){.settings = supervisor_settings_default()};
    stage->settings.roster.log_level = LOG_LEVEL_ERROR;
    stage->settings.roster.types = stage->types;
    stage->settings.roster.listen_fds = stage->fds;
}

static void add_type(struct stage *stage, struct worker_type type)
{
    type.ctx = &stage->habits;
    stage->types[stage->settings.roster.type_count++] = type;
}

static void add_gateways(struct stage *stage, unsigned count)
{
    struct listen_address address;

    if (listen_parse(SLICE_LIT("127.0.0.1:0"), &address) != 0 ||
        listen_open(&address, count, stage->fds) != 0)
        abort();
    stage->port = listen_port(stage->fds[0]);
    stage->settings.roster.listen_count = 1;
    stage->settings.roster.listen_slots = count;
    memcpy(toy_board()->listen_fds, stage->fds, sizeof(stage->fds));
    add_type(stage, (struct worker_type){.name = "gateway",
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

static void open_notify(struct stage *stage)
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

static void stage_start(struct stage *stage)
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

static void stage_clear(struct stage *stage)
{
    for (unsigned i = 0; i < stage->settings.roster.listen_slots; i++)
        close(stage->fds[i]);
    close(stage->notify);
}

static void nap(void)
{
    usleep(5000);
}

/* Waits for `value` to become at least `least`. */
static bool wait_for(const volatile unsigned *value, unsigned least)
{
    for (int64_t until = mono_now().us + PATIENCE_MS * 1000; mono_now().us < until; nap()) {
        if (*value >= least)
            return true;
    }
    return false;
}

/* Exit code of the supervisor, or -1 when it does not end in time. */
static int await_end(struct stage *stage)
{
    int status;

    for (int64_t until = mono_now().us + PATIENCE_MS * 1000; mono_now().us < until; nap()) {
        if (waitpid(stage->pid, &status, WNOHANG) == stage->pid)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    (void)kill(stage->pid, SIGKILL);
    (void)waitpid(stage->pid, &status, 0);
    return -1;
}

static int stop(struct stage *stage)
{
    (void)kill(stage->pid, SIGTERM);
    return await_end(stage);
}

static int client_open(const struct stage *stage, const char *line)
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
static const char *client_read(int fd, char out[128])
{
    ssize_t len = fd >= 0 ? recv(fd, out, 127, 0) : -1;

    if (fd >= 0)
        close(fd);
    if (len < 0)
        return "reset";
    out[len] = '\0';
    return out;
}

static const char *client_ask(const struct stage *stage, const char *line, char out[128])
{
    return client_read(client_open(stage, line), out);
}

/* What systemd heard, all of it. */
static bool notified(const struct stage *stage, const char *what)
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

static void test_ready(void)
{
    struct stage stage;
    char out[128];

    tap_about("readiness, reload, end");
    stage_set(&stage);
    stage.habits.ready_after_us = 200000;
    add_gateways(&stage, 2);
    add_type(&stage, (struct worker_type){
                         .name = "keeper", .count = 1, .ends_last = true, .run = toy_keeper});
    stage_start(&stage);
    CHECK(wait_for(&toy_board()->ready, 1));
    CHECK(toy_board()->told_ready_at >= toy_board()->gateway_ready_at);
    CHECK(notified(&stage, "READY=1"));
    CHECK(client_ask(&stage, "pid\n", out)[0] != '\0');
    for (int i = 0; i < 8; i++) {
        const char *open = client_ask(&stage, "fds\n", out);

        CHECK_SAY(strcmp(open, "1000") == 0 || strcmp(open, "0100") == 0,
                  "a worker has its own socket only: %s", open);
    }
    (void)kill(stage.pid, SIGHUP);
    CHECK(wait_for(&toy_board()->hups, 2));
    CHECK(toy_board()->reloads == 1 && toy_board()->keeper_starts == 1);
    CHECK_SAY(toy_board()->hup_value == 42, "workers hear how much was wrong");
    CHECK(stop(&stage) == 0);
    CHECK(notified(&stage, "STOPPING=1"));
    CHECK_SAY(toy_board()->gateway_ended != 0 &&
                  toy_board()->gateway_ended < toy_board()->keeper_ended,
              "who ends last ends last");
    CHECK(toy_board()->ready == 1);
    stage_clear(&stage);
}

static void test_restart(void)
{
    struct stage stage;
    char first[128], second[128];

    tap_about("a killed worker is started again, and nobody's connection is reset");
    stage_set(&stage);
    stage.habits.restart_after_us = 300000;
    add_gateways(&stage, 1);
    stage_start(&stage);
    CHECK(wait_for(&toy_board()->ready, 1));
    CHECK(client_ask(&stage, "pid\n", first)[0] != '\0');
    (void)kill(toy_board()->gateway[0], SIGKILL);
    /* Now there is nobody to accept it. */
    CHECK_SAY(strcmp(client_ask(&stage, "pid\n", second), "reset") != 0 && second[0] != '\0',
              "a client that came meanwhile is answered: %s", second);
    CHECK(strcmp(first, second) != 0);
    CHECK(toy_board()->gateway_starts[0] == 2);
    (void)client_ask(&stage, "die\n", first);
    CHECK(strcmp(client_ask(&stage, "pid\n", first), "reset") != 0 && strcmp(first, second) != 0);
    CHECK(toy_board()->ready == 1);
    CHECK(stop(&stage) == 0);
    stage_clear(&stage);
}

/* Asks without a pause until `starts` says that the slot was started again; how many failed. */
static int ask_until(const struct stage *stage, const volatile unsigned *starts, unsigned least,
                     int *ret_asked)
{
    int64_t until = mono_now().us + PATIENCE_MS * 1000;
    char out[128];
    int failed = 0;

    *ret_asked = 0;
    while (*starts < least && mono_now().us < until) {
        const char *answer = client_ask(stage, "pid\n", out);

        failed += strcmp(answer, "reset") == 0 || answer[0] == '\0';
        ++*ret_asked;
    }
    return failed;
}

static void test_renew(void)
{
    struct stage stage;
    struct board *board = toy_board();
    pid_t first[2];
    int asked, failed;

    tap_about("a good reload replaces the workers one after another");
    stage_set(&stage);
    stage.habits.restart_after_us = 100000;
    board->renews = true;
    add_gateways(&stage, 2);
    add_type(&stage, (struct worker_type){
                         .name = "keeper", .count = 1, .ends_last = true, .run = toy_keeper});
    stage_start(&stage);
    CHECK(wait_for(&board->ready, 1));
    first[0] = board->gateway[0];
    first[1] = board->gateway[1];
    (void)kill(stage.pid, SIGHUP);
    failed = ask_until(&stage, &board->keeper_starts, 2, &asked);
    CHECK_SAY(failed == 0 && asked > 0, "%d of %d clients failed meanwhile", failed, asked);
    CHECK(board->gateway[0] != first[0] && board->gateway[1] != first[1]);
    CHECK(board->gateway_starts[0] == 2 && board->gateway_starts[1] == 2);
    CHECK_SAY(board->most_away == 1, "never two away at once: %u", board->most_away);
    CHECK_SAY(board->hups == 0 && board->ready == 1, "without a hangup, and ready only once");
    board->renews = false;
    (void)kill(stage.pid, SIGHUP);
    CHECK_SAY(wait_for(&board->hups, 2) && board->gateway_starts[0] == 2, "a bad one does not");
    CHECK(stop(&stage) == 0);
    stage_clear(&stage);
}

static void test_renew_stubborn(void)
{
    struct stage stage;
    struct board *board = toy_board();

    tap_about("a worker that does not end");
    stage_set(&stage);
    stage.settings.drain_us = 100000;
    board->renews = true;
    add_type(&stage, (struct worker_type){.name = "stubborn", .count = 1, .run = toy_stubborn});
    add_type(&stage, (struct worker_type){.name = "keeper", .count = 1, .run = toy_keeper});
    stage_start(&stage);
    CHECK(wait_for(&board->ready, 1));
    (void)kill(stage.pid, SIGHUP);
    CHECK_SAY(wait_for(&board->keeper_starts, 2), "is ended, and the next one has its turn");
    CHECK(stop(&stage) == 0);
    stage_clear(&stage);
}

/* systemd hears of the supervisor so often only while its loop goes round. */
static void test_silence(void)
{
    struct stage stage;
    const struct board *board = toy_board();
    char out[128];

    tap_about("who hangs is ended, and a supervisor that hangs is silent");
    stage_set(&stage);
    stage.settings.roster.silence_us = 3 * US_PER_SECOND;
    stage.habits.beat_ms = 20;
    add_gateways(&stage, 1);
    stage.types[0].beats = true;
    add_type(&stage, (struct worker_type){.name = "keeper", .count = 1, .run = toy_keeper});
    (void)setenv("WATCHDOG_USEC", "3000000", 1);
    stage_start(&stage);
    (void)unsetenv("WATCHDOG_USEC");
    CHECK(wait_for(&board->ready, 1));
    usleep(4000000);
    CHECK_SAY(board->gateway_starts[0] == 1 && board->keeper_starts == 1,
              "one that beats lives on, and so does one of which no beat is wanted");
    CHECK(notified(&stage, "WATCHDOG=1"));
    (void)kill(board->gateway[0], SIGSTOP);
    CHECK_SAY(wait_for(&board->gateway_starts[0], 2), "one that hangs is started again");
    CHECK(client_ask(&stage, "pid\n", out)[0] != '\0');
    (void)kill(stage.pid, SIGSTOP);
    usleep(200000);
    (void)notified(&stage, "");
    usleep(4000000);
    CHECK(!notified(&stage, "WATCHDOG=1"));
    (void)kill(stage.pid, SIGCONT);
    usleep(300000);
    CHECK(notified(&stage, "WATCHDOG=1"));
    CHECK_SAY(board->gateway_starts[0] == 2, "and ends nobody for its own silence");
    CHECK(stop(&stage) == 0);
    stage_clear(&stage);
}

static void test_drain(void)
{
    struct stage stage;
    char out[128];
    int client;
    int64_t before;

    tap_about("drain");
    stage_set(&stage);
    add_gateways(&stage, 1);
    stage_start(&stage);
    CHECK(wait_for(&toy_board()->ready, 1));
    client = client_open(&stage, "slow\n");
    usleep(100000);
    (void)kill(stage.pid, SIGTERM);
    CHECK_SAY(strcmp(client_read(client, out), "reset") != 0 && out[0] != '\0',
              "what is in flight is answered");
    CHECK(await_end(&stage) == 0);
    stage_clear(&stage);

    stage_set(&stage);
    stage.settings.drain_us = 300000;
    add_type(&stage, (struct worker_type){.name = "stubborn", .count = 1, .run = toy_stubborn});
    stage_start(&stage);
    CHECK(wait_for(&toy_board()->ready, 1));
    before = mono_now().us;
    CHECK(stop(&stage) == 0);
    CHECK_SAY(mono_now().us - before >= 300000 && mono_now().us - before < 30000000,
              "who does not end is ended");
    stage_clear(&stage);

    stage_set(&stage);
    stage.settings.drain_us = 60 * US_PER_SECOND;
    add_type(&stage, (struct worker_type){.name = "stubborn", .count = 1, .run = toy_stubborn});
    stage_start(&stage);
    CHECK(wait_for(&toy_board()->ready, 1));
    (void)kill(stage.pid, SIGINT);
    usleep(100000);
    (void)kill(stage.pid, SIGINT);
    CHECK_SAY(await_end(&stage) == 0, "a second Ctrl-C does not wait");
    stage_clear(&stage);
}

/* Reaps orphans, which come to this program. */
static bool dies(pid_t pid)
{
    int status;

    for (int64_t until = mono_now().us + PATIENCE_MS * 1000; mono_now().us < until; nap()) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    }
    return false;
}

static void test_killed_supervisor(void)
{
    struct stage stage;
    const struct board *board = toy_board();

    tap_about("a killed supervisor takes its workers along");
    stage_set(&stage);
    add_gateways(&stage, 2);
    add_type(&stage, (struct worker_type){.name = "stubborn", .count = 1, .run = toy_stubborn});
    stage_start(&stage);
    CHECK(wait_for(&toy_board()->ready, 1));
    (void)kill(stage.pid, SIGKILL);
    (void)waitpid(stage.pid, NULL, 0);
    CHECK(dies(board->gateway[0]));
    CHECK(dies(board->gateway[1]));
    CHECK(dies(board->stubborn));
    stage_clear(&stage);
}

static void test_crash_loop(void)
{
    struct stage stage;
    const int64_t *at = toy_board()->crasher_at;
    char out[128];

    tap_about("a worker that cannot live");
    stage_set(&stage);
    stage.settings.roster.restart_min_us = 200000;
    stage.settings.roster.restart_max_us = 800000;
    add_gateways(&stage, 1);
    add_type(&stage, (struct worker_type){.name = "crasher", .count = 1, .run = toy_crasher});
    stage_start(&stage);
    CHECK(wait_for(&toy_board()->crasher_starts, 7));
    CHECK_SAY(at[1] - at[0] < 200000, "is started at once (%lld us)", (long long)(at[1] - at[0]));
    CHECK_SAY(at[2] - at[1] >= 200000 && at[3] - at[2] >= 400000, "then after 200 and 400 ms");
    CHECK_SAY(at[5] - at[4] >= 800000 && at[6] - at[5] >= 800000 && at[6] - at[5] < 8000000,
              "and then as slowly as it gets");
    CHECK_SAY(client_ask(&stage, "pid\n", out)[0] != '\0', "the others go on");
    CHECK(toy_board()->gateway_starts[0] == 1);
    CHECK(stop(&stage) == 0);
    stage_clear(&stage);
}

static void test_database(void)
{
    struct stage stage;
    struct board *board = toy_board();
    pid_t first;
    char out[128];

    tap_about("the embedded database");
    stage_set(&stage);
    stage.db = toy_database(&stage.toy_db);
    stage.settings.db = &stage.db;
    add_gateways(&stage, 1);
    stage_start(&stage);
    CHECK(wait_for(&board->ready, 1));
    CHECK(board->db_opened == 1 && board->db_starts == 1 && board->started_before_opened == 0);
    first = board->db;
    (void)kill(first, SIGKILL);
    CHECK(wait_for(&board->db_starts, 2));
    CHECK_SAY(client_ask(&stage, "pid\n", out)[0] != '\0' && board->gateway_starts[0] == 1,
              "workers outlive it");
    CHECK(board->db != first && board->db_opened == 1);
    CHECK(stop(&stage) == 0);
    CHECK_SAY(board->db_stopped > board->gateway_ended && board->gateway_ended > 0,
              "it is stopped when the workers are gone");
    stage_clear(&stage);

    stage_set(&stage);
    stage.toy_db.never = true;
    stage.db = toy_database(&stage.toy_db);
    stage.settings.db = &stage.db;
    stage.settings.db_ready_us = 300000;
    stage_start(&stage);
    CHECK_SAY(await_end(&stage) == SUPERVISOR_E_DATABASE && board->db_stopped > 0,
              "one that never gets ready");
    stage_clear(&stage);

    stage_set(&stage);
    stage.toy_db.refuses = true;
    stage.db = toy_database(&stage.toy_db);
    stage.settings.db = &stage.db;
    add_gateways(&stage, 1);
    stage_start(&stage);
    CHECK_SAY(await_end(&stage) == SUPERVISOR_E_DATABASE && board->gateway_starts[0] == 0,
              "one that cannot be opened");
    stage_clear(&stage);
}

static void test_auth(void)
{
    struct stage stage;
    char out[128];

    tap_about("gateways and the auth helper");
    stage_set(&stage);
    add_gateways(&stage, 2);
    add_type(
        &stage,
        (struct worker_type){
            .name = "auth", .count = 1, .serves_auth = true, .ends_last = true, .run = toy_auth});
    stage_start(&stage);
    CHECK(wait_for(&toy_board()->ready, 1));
    for (int i = 0; i < 4; i++)
        CHECK_SAY(strcmp(client_ask(&stage, "auth\n", out), "hashed") == 0, "a hash: %s", out);
    (void)kill(toy_board()->keeper, SIGKILL);
    CHECK_SAY(strcmp(client_ask(&stage, "auth\n", out), "hashed") == 0,
              "and from the next helper on the same pair: %s", out);
    (void)client_ask(&stage, "die\n", out);
    for (int i = 0; i < 4; i++)
        CHECK_SAY(strcmp(client_ask(&stage, "auth\n", out), "hashed") == 0,
                  "and for the next gateway: %s", out);
    CHECK(stop(&stage) == 0);
    stage_clear(&stage);
}

int main(void)
{
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    (void)toy_board();
    log_setup("test", LOG_LEVEL_ERROR);
    test_ready();
    test_restart();
    test_renew();
    test_renew_stubborn();
    test_silence();
    test_drain();
    test_killed_supervisor();
    test_crash_loop();
    test_database();
    test_auth();
    return tap_end();
}
