#include "courier/printer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "papers/job.h"

#define JOB_MAX (64u << 20)
#define PDF_MAX (32u << 20)
#define CHILD_FD 3
#define NICENESS 10 /* people who wait for an answer come first */

/* Before each job and each answer. */
struct head {
    int32_t result;
    uint32_t length;
};

struct printer {
    struct loop *loop;
    struct printer_options options;
    pid_t pid; /* 0: there is none */
    int fd;
    int printed;
    struct loop_fd *watch;
    struct loop_timer *timer;
    struct buf out; /* what is still to be written, from `sent` on */
    size_t sent;
    struct buf in;
    printer_fn fn; /* NULL: not busy */
    void *ctx;
    int result; /* of one that ended before it began */
};

/* ---- the process that prints ---- */

static bool read_all(int fd, void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = read(fd, (char *)data + done, size - done);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static bool write_all(int fd, const void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t put = write(fd, (const char *)data + done, size - done);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

static bool serve_one(int fd)
{
    struct buf pdf = BUF_INIT(PDF_MAX);
    struct head head;
    char *job;
    bool served;

    if (!read_all(fd, &head, sizeof(head)) || head.length > JOB_MAX)
        return false;
    job = dvc_malloc(head.length + 1u);
    served = read_all(fd, job, head.length);
    if (served) {
        head.result = job_print((struct slice){job, head.length}, &pdf);
        head.length = head.result == 0 ? (uint32_t)pdf.len : 0;
        served = write_all(fd, &head, sizeof(head)) && write_all(fd, pdf.ptr, head.length);
    }
    free(job);
    buf_release(&pdf);
    return served;
}

/* Has nothing of the courier's but its memory: no link to the database, no socket, no handler. */
static _Noreturn void child(int fd, const char *name, pid_t courier)
{
    static const int defaults[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD, SIGPIPE};
    sigset_t none;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != courier)
        _exit(0);
    for (size_t i = 0; i < DVC_COUNT(defaults); i++)
        (void)signal(defaults[i], SIG_DFL);
    /* What a terminal sends to all of them: the courier drains, and may need us for that. */
    (void)signal(SIGINT, SIG_IGN);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)prctl(PR_SET_NAME, name);
    (void)setpriority(PRIO_PROCESS, 0, NICENESS);
    if (dup2(fd, CHILD_FD) < 0 || close_range(CHILD_FD + 1, ~0U, 0) != 0)
        _exit(1);
    while (serve_one(CHILD_FD))
        continue;
    _exit(0);
}

static int begin_child(struct printer *printer)
{
    pid_t self = getpid();
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return -errno;
    printer->pid = fork();
    if (printer->pid == 0)
        child(pair[1], printer->options.name, self);
    close(pair[1]);
    if (printer->pid < 0 || fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0) {
        int error = -errno;

        close(pair[0]);
        printer->pid = 0;
        return error;
    }
    printer->fd = pair[0];
    printer->printed = 0;
    return 0;
}

/* ---- the courier's side ---- */

static void end_child(struct printer *printer)
{
    if (printer->pid == 0)
        return;
    printer->watch = loop_fd_free(printer->watch);
    close(printer->fd);
    (void)kill(printer->pid, SIGKILL);
    while (waitpid(printer->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    printer->pid = 0;
}

static void answer(struct printer *printer, int result, struct slice pdf)
{
    printer_fn fn = printer->fn;
    struct buf in = printer->in;

    loop_timer_stop(printer->timer);
    printer->fn = NULL;
    printer->in = BUF_INIT(PDF_MAX + sizeof(struct head));
    buf_release(&printer->out);
    if (++printer->printed >= printer->options.prints || result < 0)
        end_child(printer);
    else
        loop_fd_want(printer->watch, LOOP_READ);
    fn(printer->ctx, result, pdf); /* may ask for the next one */
    buf_release(&in);
}

static void on_timer(void *ctx)
{
    struct printer *printer = ctx;

    if (printer->fn != NULL)
        answer(printer, printer->pid == 0 ? printer->result : -ETIMEDOUT, SLICE_NULL);
}

static bool write_some(struct printer *printer)
{
    while (printer->sent < printer->out.len) {
        ssize_t put = send(printer->fd, printer->out.ptr + printer->sent,
                           printer->out.len - printer->sent, MSG_NOSIGNAL);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && errno == EAGAIN)
            return true;
        if (put <= 0)
            return false;
        printer->sent += (size_t)put;
    }
    loop_fd_want(printer->watch, LOOP_READ);
    return true;
}

static bool read_some(struct printer *printer)
{
    char part[65536];
    ssize_t got;

    for (;;) {
        got = read(printer->fd, part, sizeof(part));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return true;
        if (got <= 0)
            return false;
        buf_add(&printer->in, part, (size_t)got);
    }
}

static void take_answer(struct printer *printer)
{
    struct head head;

    if (printer->in.len < sizeof(head))
        return;
    memcpy(&head, printer->in.ptr, sizeof(head));
    if (printer->in.overflow || head.length > PDF_MAX || head.result < 0)
        answer(printer, -EPROTO, SLICE_NULL);
    else if (printer->in.len >= sizeof(head) + head.length)
        answer(printer, head.result, (struct slice){printer->in.ptr + sizeof(head), head.length});
}

static void on_fd(void *ctx, int what)
{
    struct printer *printer = ctx;
    bool alive = true;

    if ((what & LOOP_WRITE) != 0 && printer->fn != NULL)
        alive = write_some(printer);
    if (alive && (what & LOOP_READ) != 0)
        alive = read_some(printer);
    if (printer->fn != NULL && alive) {
        take_answer(printer);
    } else if (!alive && printer->fn != NULL) {
        /* Its last words may have been the answer. */
        take_answer(printer);
        if (printer->fn != NULL)
            answer(printer, -EPIPE, SLICE_NULL);
    } else if (!alive) {
        end_child(printer);
    }
}

struct printer *printer_new(struct loop *loop, const struct printer_options *options)
{
    struct printer *printer = dvc_calloc(1, sizeof(*printer));

    printer->loop = loop;
    printer->options = *options;
    printer->timer = loop_timer_new(loop, on_timer, printer);
    printer->out = BUF_INIT(JOB_MAX + sizeof(struct head));
    printer->in = BUF_INIT(PDF_MAX + sizeof(struct head));
    return printer;
}

struct printer *printer_free(struct printer *printer)
{
    if (printer == NULL)
        return NULL;
    end_child(printer);
    loop_timer_free(printer->timer);
    buf_release(&printer->out);
    buf_release(&printer->in);
    free(printer);
    return NULL;
}

void printer_print(struct printer *printer, struct slice json, printer_fn fn, void *ctx)
{
    struct head head = {.length = (uint32_t)json.len};

    DVC_REQUIRE(printer->fn == NULL && json.len <= JOB_MAX);
    printer->fn = fn;
    printer->ctx = ctx;
    printer->result = printer->pid == 0 ? begin_child(printer) : 0;
    if (printer->result != 0) {
        loop_timer_start(printer->timer, 0);
        return;
    }
    if (printer->watch == NULL)
        printer->watch = loop_fd_new(printer->loop, printer->fd, on_fd, printer);
    buf_add(&printer->out, &head, sizeof(head));
    buf_add_slice(&printer->out, json);
    printer->sent = 0;
    loop_fd_want(printer->watch, LOOP_READ | LOOP_WRITE);
    loop_timer_start(printer->timer, printer->options.timeout_us);
}
