#include "http/linger.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/list.h"

struct lingering {
    struct list link;
    struct lingers *owner;
    int fd;
    struct loop_fd *watch;
    struct loop_timer *timer;
};

struct lingers {
    struct loop *loop;
    struct list open;
    size_t count, max;
};

struct lingers *lingers_new(struct loop *loop, size_t max)
{
    struct lingers *lingers = dvc_calloc(1, sizeof(*lingers));

    lingers->loop = loop;
    lingers->max = max;
    list_init(&lingers->open);
    return lingers;
}

static void end_linger(struct lingering *linger)
{
    linger->owner->count--;
    list_remove(&linger->link);
    loop_fd_free(linger->watch);
    loop_timer_free(linger->timer);
    close(linger->fd);
    free(linger);
}

struct lingers *lingers_free(struct lingers *lingers)
{
    if (!lingers)
        return NULL;
    while (!list_empty(&lingers->open))
        end_linger(LIST_ENTRY(lingers->open.next, struct lingering, link));
    free(lingers);
    return NULL;
}

static void on_timer(void *ctx)
{
    end_linger(ctx);
}

static void on_readable(void *ctx, int what)
{
    struct lingering *linger = ctx;
    char waste[8192];
    ssize_t got = recv(linger->fd, waste, sizeof(waste), MSG_DONTWAIT);

    (void)what;
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        end_linger(linger);
}

void lingers_add(struct lingers *lingers, int fd, int64_t us)
{
    struct lingering *linger;

    if (lingers->count >= lingers->max) {
        close(fd);
        return;
    }
    linger = dvc_calloc(1, sizeof(*linger));
    linger->owner = lingers;
    linger->fd = fd;
    linger->watch = loop_fd_new(lingers->loop, fd, on_readable, linger);
    linger->timer = loop_timer_new(lingers->loop, on_timer, linger);
    loop_fd_want(linger->watch, LOOP_READ);
    loop_timer_start(linger->timer, us);
    list_push_back(&lingers->open, &linger->link);
    lingers->count++;
}
