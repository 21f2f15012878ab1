#include "app/worker.h"

#include <errno.h>
#include <unistd.h>

void worker_ready(const struct worker_env *env)
{
    pid_t self = getpid();
    ssize_t written;

    /* Shorter than PIPE_BUF, so never torn by another worker's. */
    do {
        written = write(env->ready_fd, &self, sizeof(self));
    } while (written < 0 && errno == EINTR);
}
