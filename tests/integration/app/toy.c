#include "toy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/authhelper.h"
#include "base/clock.h"
#include "service/authproto.h"

struct board *toy_board(void)
{
    static struct board *board;

    if (board == NULL) {
        board =
            mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (board == MAP_FAILED)
            abort();
    }
    return board;
}

static unsigned next_number(void)
{
    return __atomic_add_fetch(&toy_board()->sequence, 1, __ATOMIC_SEQ_CST);
}

static int watch(bool hangup)
{
    sigset_t set;
    int fd;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, WORKER_RELIEVED);
    if (hangup) {
        sigaddset(&set, SIGHUP);
        (void)signal(SIGHUP, SIG_DFL); /* ignored until asked for */
    }
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        abort();
    fd = signalfd(-1, &set, SFD_CLOEXEC);
    if (fd < 0)
        abort();
    return fd;
}

/* By what it does, not by its number, which may be that of something else here. */
static bool listens(int fd)
{
    int on = 0;
    socklen_t len = sizeof(on);

    return fd > 0 && getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) == 0 && on != 0;
}

static const char *open_sockets(char *out, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < TOY_SLOTS && i + 1 < size; i++)
        out[len++] = listens(toy_board()->listen_fds[i]) ? '1' : '0';
    out[len] = '\0';
    return out;
}

/* Asks for a hash as a gateway does, waiting for the answer to its own question. */
static const char *ask_helper(const struct worker_env *env)
{
    struct auth_request request = {.version = AUTH_VERSION,
                                   .op = AUTH_HASH,
                                   .session = (uint64_t)getpid(),
                                   .id = (uint64_t)mono_now().us,
                                   .deadline_us = mono_now().us + 5 * US_PER_SECOND,
                                   .password_len = 6,
                                   .password = "secret"};
    struct pollfd poller = {.fd = env->auth_fd, .events = POLLIN};
    struct auth_reply reply;

    if (send(env->auth_fd, &request, sizeof(request), 0) != (ssize_t)sizeof(request))
        return "not sent";
    while (poll(&poller, 1, 5000) == 1) {
        if (recv(env->auth_fd, &reply, sizeof(reply), 0) != (ssize_t)sizeof(reply))
            return "not received";
        if (reply.status == AUTH_OK && reply.id == request.id)
            return strncmp(reply.hash, "$argon2id$", 10) == 0 ? "hashed" : "no hash";
    }
    return "no answer";
}

static void reply_to(const struct worker_env *env, int client, const char *line)
{
    char answer[128];

    if (strcmp(line, "die\n") == 0)
        (void)kill(getpid(), SIGKILL);
    if (strcmp(line, "slow\n") == 0)
        usleep(500000);
    if (strcmp(line, "auth\n") == 0)
        snprintf(answer, sizeof(answer), "%s", ask_helper(env));
    else if (strcmp(line, "fds\n") == 0)
        (void)open_sockets(answer, sizeof(answer));
    else
        snprintf(answer, sizeof(answer), "%d", (int)getpid());
    (void)send(client, answer, strlen(answer), MSG_NOSIGNAL);
}

static void serve_one(const struct worker_env *env, int fd)
{
    int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    char line[32] = "";
    ssize_t len;

    if (client < 0)
        return;
    len = recv(client, line, sizeof(line) - 1, 0);
    if (len > 0)
        reply_to(env, client, line);
    close(client);
}

/* Waits for a signal and gives its number. */
static int hear(int signals)
{
    struct signalfd_siginfo info;

    if (read(signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
        return SIGTERM;
    if (info.ssi_signo == SIGHUP)
        toy_board()->hup_value = info.ssi_int;
    if (info.ssi_signo == SIGHUP)
        (void)__atomic_add_fetch(&toy_board()->hups, 1, __ATOMIC_SEQ_CST);
    if (info.ssi_signo == (unsigned)WORKER_RELIEVED)
        (void)__atomic_add_fetch(&toy_board()->relieved, 1, __ATOMIC_SEQ_CST);
    return (int)info.ssi_signo;
}

static bool told_to_end(int signals)
{
    return hear(signals) != SIGHUP;
}

static void count_in(struct board *board, const struct worker_env *env)
{
    board->gateway_ready_at = mono_now().us;
    if (__atomic_add_fetch(&board->serving[env->slot], 1, __ATOMIC_SEQ_CST) == 1 && env->starts > 1)
        (void)__atomic_sub_fetch(&board->away, 1, __ATOMIC_SEQ_CST);
}

static void count_out(struct board *board, const struct worker_env *env)
{
    if (__atomic_sub_fetch(&board->serving[env->slot], 1, __ATOMIC_SEQ_CST) == 0 &&
        __atomic_add_fetch(&board->away, 1, __ATOMIC_SEQ_CST) > board->most_away)
        board->most_away = board->away;
    board->gateway_ended = next_number();
}

/* False: this one ends at once. */
static bool begin(const struct worker_env *env, int signals)
{
    const struct toy_habits *habits = env->ctx;
    struct board *board = toy_board();

    board->gateway[env->slot] = getpid();
    board->gateway_starts[env->slot] = env->starts;
    board->started_before_opened += board->db_starts > 0 && board->db_opened == 0;
    if (env->starts > 1)
        usleep((useconds_t)habits->restart_after_us);
    if (env->slot == 0)
        usleep((useconds_t)habits->ready_after_us);
    while (env->starts > 1 && *(const volatile bool *)&board->hold)
        usleep(5000);
    while (env->starts == habits->hang && !told_to_end(signals))
        continue;
    return env->starts != habits->hang && env->starts != habits->crash;
}

/* Until it is told to end; who is relieved goes on for a while, as one does that has much to
 * finish. */
static int serve(const struct worker_env *env, struct pollfd polls[2])
{
    const struct toy_habits *habits = env->ctx;
    int64_t until = INT64_MAX;
    int signo = 0;

    while (signo != SIGTERM && mono_now().us < until) {
        int wait = habits->beat_ms > 0 ? habits->beat_ms : -1;
        int news = poll(polls, 2, until == INT64_MAX ? wait : 10);

        if (news < 0)
            return 1;
        if (news == 0)
            worker_ready(env);
        if (polls[1].revents != 0)
            serve_one(env, polls[1].fd);
        signo = polls[0].revents != 0 ? hear(polls[0].fd) : 0;
        if (signo == WORKER_RELIEVED)
            until = mono_now().us + habits->linger_us;
    }
    return 0;
}

int toy_gateway(const struct worker_env *env)
{
    struct pollfd polls[2] = {{.events = POLLIN}, {.events = POLLIN}};
    int result;

    polls[0].fd = watch(true);
    polls[1].fd = env->listen_count > 0 ? env->listen_fds[0] : -1;
    if (!begin(env, polls[0].fd))
        return 1;
    count_in(toy_board(), env);
    worker_ready(env);
    result = serve(env, polls);
    count_out(toy_board(), env);
    return result;
}

int toy_crasher(const struct worker_env *env)
{
    struct board *board = toy_board();

    if (board->crasher_starts < TOY_STARTS)
        board->crasher_at[board->crasher_starts] = mono_now().us;
    board->crasher_starts++;
    worker_ready(env);
    return 1;
}

int toy_keeper(const struct worker_env *env)
{
    struct board *board = toy_board();
    int signals = watch(false);

    board->keeper = getpid();
    board->keeper_starts = env->starts;
    worker_ready(env);
    while (!told_to_end(signals))
        continue;
    board->keeper_ended = next_number();
    return 0;
}

int toy_stubborn(const struct worker_env *env)
{
    (void)signal(SIGTERM, SIG_IGN);
    toy_board()->stubborn = getpid();
    worker_ready(env);
    for (;;)
        pause();
}

static void auth_ready(void *ctx)
{
    toy_board()->keeper = getpid();
    worker_ready(ctx);
}

int toy_auth(const struct worker_env *env)
{
    const struct authhelper_settings settings = authhelper_settings_default();
    struct worker_env copy = *env;

    return authhelper_run(&settings, env->helper_fds, env->helper_count, auth_ready, &copy);
}

static pid_t db_start(void *ctx)
{
    pid_t pid;

    (void)ctx;
    toy_board()->db_starts++;
    toy_board()->db_looks = 0;
    pid = fork();
    if (pid != 0) {
        toy_board()->db = pid;
        return pid;
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;)
        pause();
}

static int db_ready(void *ctx)
{
    const struct toy_db *db = ctx;

    return db->never || ++toy_board()->db_looks < 3 ? 1 : 0;
}

static int db_opened(void *ctx)
{
    const struct toy_db *db = ctx;

    toy_board()->db_opened = next_number();
    return db->refuses ? -1 : 0;
}

static void db_stop(void *ctx, int64_t timeout_us)
{
    (void)ctx;
    (void)timeout_us;
    (void)kill(toy_board()->db, SIGKILL);
    (void)waitpid(toy_board()->db, NULL, 0);
    toy_board()->db_stopped = next_number();
}

struct supervised_db toy_database(struct toy_db *db)
{
    return (struct supervised_db){db_start, db_ready, db_opened, db_stop, db};
}
