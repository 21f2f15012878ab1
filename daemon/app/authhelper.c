#include "app/authhelper.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/memory.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/password.h"
#include "service/authproto.h"

enum {
    SECRET_SIZE = 16,
    MMAP_FROM = 1 << 20, /* bytes: what one hash takes is mapped, and unmapped when it is done */
    READ_AT_ONCE = 16,   /* requests of one pair before the next one's turn */
    RECENT = 64,         /* answered requests that are known again */
};

struct job {
    int fd;
    struct auth_request request;
};

struct helper {
    const struct authhelper_settings *settings;
    struct job *jobs; /* a ring of queue_max, in memory that is neither swapped nor dumped */
    size_t first, count;
    struct {
        uint64_t session, id;
    } recent[RECENT];
    size_t next_recent;
    char nobody[AUTH_HASH_SIZE]; /* the hash of accounts that do not exist */
    struct pollfd *polls;        /* the pairs, then signals */
    size_t pair_count;
    mono_t look_at; /* own memory, next */
    bool stopping;
};

struct authhelper_settings authhelper_settings_default(void)
{
    return (struct authhelper_settings){
        .queue_max = 32, .memory_kib = 19 * 1024, .passes = 2, .look_every_us = 10 * US_PER_SECOND};
}

int authhelper_pair(int *ret_gateway, int *ret_helper)
{
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0)
        return -errno;
    *ret_gateway = fds[0];
    *ret_helper = fds[1];
    return 0;
}

/* Passwords wait here: locked where the limits allow it, and left out of a core in any case. */
static struct job *jobs_new(size_t count)
{
    size_t size = count * sizeof(struct job);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return NULL;
    (void)mlock(memory, size);
    (void)madvise(memory, size, MADV_DONTDUMP);
    return memory;
}

static int make_hash(const struct authhelper_settings *settings, struct slice password,
                     char hash[AUTH_HASH_SIZE])
{
    struct password_cost cost = {settings->memory_kib, settings->passes};

    return password_hash(&cost, password, hash);
}

int authhelper_hash(const struct authhelper_settings *settings, struct slice password,
                    struct buf *out)
{
    char hash[AUTH_HASH_SIZE];

    if (make_hash(settings, password, hash) != 0)
        return -EINVAL;
    buf_adds(out, hash);
    return 0;
}

static enum auth_status verify(const struct helper *helper, const struct auth_request *request)
{
    bool exists = request->hash[0] != '\0';
    int result = password_verify(exists ? request->hash : helper->nobody,
                                 (struct slice){request->password, request->password_len});

    if (result == 0)
        return exists ? AUTH_OK : AUTH_MISMATCH;
    return result > 0 ? AUTH_MISMATCH : AUTH_FAILED;
}

/* A gateway that does not read its answers has given up waiting for them. */
static void answer(int fd, const struct auth_request *request, enum auth_status status,
                   const char *hash)
{
    struct auth_reply reply = {.version = AUTH_VERSION, .status = status};

    if (request != NULL) {
        reply.session = request->session;
        reply.id = request->id;
    }
    if (hash != NULL)
        memcpy(reply.hash, hash, strlen(hash) + 1);
    (void)send(fd, &reply, sizeof(reply), MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Whoever has the answer may count on the password being gone from here. */
static void work(const struct helper *helper, struct job *job)
{
    struct auth_request *request = &job->request;
    struct slice password = {request->password, request->password_len};
    char hash[AUTH_HASH_SIZE] = "";
    enum auth_status status;

    if (request->deadline_us <= mono_now().us)
        return;
    if (request->op == AUTH_VERIFY)
        status = verify(helper, request);
    else
        status = make_hash(helper->settings, password, hash) == 0 ? AUTH_OK : AUTH_FAILED;
    explicit_bzero(request->password, sizeof(request->password));
    answer(job->fd, request, status, status == AUTH_OK && hash[0] != '\0' ? hash : NULL);
}

static void work_first(struct helper *helper)
{
    struct job *job = &helper->jobs[helper->first];

    work(helper, job);
    helper->recent[helper->next_recent].session = job->request.session;
    helper->recent[helper->next_recent].id = job->request.id;
    helper->next_recent = (helper->next_recent + 1) % RECENT;
    explicit_bzero(job, sizeof(*job));
    helper->first = (helper->first + 1) % helper->settings->queue_max;
    helper->count--;
}

/* A gateway asks again what it had asked when it hears our AUTH_HELLO, though some of that may have
 * reached us: it is waiting here, or answered already. */
static bool known(const struct helper *helper, const struct auth_request *request)
{
    for (size_t i = 0; i < helper->count; i++) {
        const struct auth_request *other =
            &helper->jobs[(helper->first + i) % helper->settings->queue_max].request;

        if (other->session == request->session && other->id == request->id)
            return true;
    }
    for (size_t i = 0; i < RECENT; i++) {
        if (helper->recent[i].session == request->session && helper->recent[i].id == request->id)
            return true;
    }
    return false;
}

static bool request_ok(const struct auth_request *request, ssize_t len)
{
    return len == (ssize_t)sizeof(*request) && request->version == AUTH_VERSION &&
           request->id != 0 && (request->op == AUTH_VERIFY || request->op == AUTH_HASH) &&
           request->password_len <= AUTH_PASSWORD_MAX &&
           memchr(request->hash, '\0', sizeof(request->hash)) != NULL;
}

static void take(struct helper *helper, int fd, const struct auth_request *request)
{
    struct job *job;

    if (known(helper, request))
        return;
    if (helper->count == helper->settings->queue_max) {
        answer(fd, request, AUTH_BUSY, NULL);
        return;
    }
    job = &helper->jobs[(helper->first + helper->count++) % helper->settings->queue_max];
    job->fd = fd;
    job->request = *request;
}

static void read_pair(struct helper *helper, struct pollfd *poll)
{
    struct auth_request request;
    ssize_t len = 1;

    for (int i = 0; i < READ_AT_ONCE && len > 0; i++) {
        len = recv(poll->fd, &request, sizeof(request), MSG_DONTWAIT | MSG_TRUNC);
        if (request_ok(&request, len))
            take(helper, poll->fd, &request);
    }
    if (len == 0)
        poll->fd = -1; /* nobody holds the other end any more */
    explicit_bzero(&request, sizeof(request));
}

static void read_signal(struct helper *helper, int fd)
{
    struct signalfd_siginfo info;

    if (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        helper->stopping = true;
}

/* Milliseconds until it is time to look at the own memory; -1: never. */
static int look_ms(const struct helper *helper)
{
    int64_t us = helper->look_at.us - mono_now().us;

    if (helper->settings->memory_max_kib == 0)
        return -1;
    return us <= 0 ? 0 : (int)(us / 1000) + 1;
}

static void look_at_memory(struct helper *helper)
{
    if (look_ms(helper) != 0)
        return;
    helper->look_at.us = mono_now().us + helper->settings->look_every_us;
    if (memory_private_kib() > helper->settings->memory_max_kib)
        helper->stopping = true;
}

/* Hears what came while the last one was worked on; waits when there is nothing to work on. */
static int hear(struct helper *helper)
{
    bool idle = helper->count == 0 && !helper->stopping;
    int count = poll(helper->polls, helper->pair_count + 1, idle ? look_ms(helper) : 0);

    if (count < 0)
        return errno == EINTR ? 0 : -errno;
    if (helper->polls[helper->pair_count].revents != 0)
        read_signal(helper, helper->polls[helper->pair_count].fd);
    for (size_t i = 0; i < helper->pair_count; i++) {
        if (helper->polls[i].revents != 0)
            read_pair(helper, &helper->polls[i]);
    }
    look_at_memory(helper);
    return 0;
}

static int serve(struct helper *helper)
{
    int result = 0;

    for (size_t i = 0; i < helper->pair_count; i++)
        answer(helper->polls[i].fd, NULL, AUTH_HELLO, NULL);
    while (result == 0 && !(helper->stopping && helper->count == 0)) {
        result = hear(helper);
        if (helper->count > 0)
            work_first(helper);
    }
    return result;
}

static int watch_signals(void)
{
    sigset_t set;
    int fd;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -errno;
    fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int authhelper_run(const struct authhelper_settings *settings, const int *fds, size_t count,
                   void (*ready)(void *ctx), void *ctx)
{
    struct helper helper = {.settings = settings, .pair_count = count};
    uint8_t secret[SECRET_SIZE];
    int signals = watch_signals();
    int result = signals < 0 ? signals : 0;

    /* glibc would raise its threshold after the first hash and keep 19 MiB in the heap. */
    (void)mallopt(M_MMAP_THRESHOLD, MMAP_FROM);
    helper.look_at.us = mono_now().us + settings->look_every_us;
    helper.polls = dvc_calloc(count + 1, sizeof(*helper.polls));
    for (size_t i = 0; i < count; i++)
        helper.polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    helper.polls[count] = (struct pollfd){.fd = signals, .events = POLLIN};
    helper.jobs = jobs_new(settings->queue_max);
    if (helper.jobs == NULL && result == 0)
        result = -ENOMEM;
    random_bytes(secret, sizeof(secret));
    if (result == 0 && make_hash(settings, (struct slice){(const char *)secret, sizeof(secret)},
                                 helper.nobody) != 0)
        result = -EINVAL;
    if (result == 0 && ready != NULL)
        ready(ctx);
    if (result == 0)
        result = serve(&helper);
    if (helper.jobs != NULL)
        (void)munmap(helper.jobs, settings->queue_max * sizeof(struct job));
    if (signals >= 0)
        close(signals);
    free(helper.polls);
    return result;
}
