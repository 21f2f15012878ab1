#include "base/pidlock.h"

#include "dvc_test.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char *fresh_path(void)
{
    char *path = dvc_strdup("/tmp/dvc-pidlock-XXXXXX");

    close(mkstemp(path));
    return path;
}

/* A child that holds the lock until it is killed; the pipe's byte says that it has it. */
static pid_t holder(const char *path)
{
    int ends[2], fd;
    char byte = 0;
    pid_t pid;

    cr_assert(pipe(ends) == 0);
    pid = fork();
    if (pid == 0) {
        byte = pidlock_take(path, &fd) == 0;
        if (write(ends[1], &byte, 1) == 1)
            pause();
        _exit(1);
    }
    cr_assert(read(ends[0], &byte, 1) == 1 && byte == 1);
    close(ends[0]);
    close(ends[1]);
    return pid;
}

DVC_TEST(pidlock, tells_who_holds_it_and_lets_nobody_else_in)
{
    char *path = fresh_path();
    pid_t child = holder(path), seen = 0;
    int fd;

    DVC_EQ_INT(pidlock_holder(path, &seen), 0);
    DVC_EQ_INT(seen, child);
    DVC_EQ_INT(pidlock_take(path, &fd), -EBUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    unlink(path);
    free(path);
}

DVC_TEST(pidlock, ends_with_a_killed_process)
{
    char *path = fresh_path();
    pid_t child = holder(path), seen;
    int fd;

    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    DVC_EQ_INT(pidlock_holder(path, &seen), -ESRCH);
    DVC_EQ_INT(pidlock_take(path, &fd), 0);
    close(fd);
    unlink(path);
    free(path);
}

DVC_TEST(pidlock, no_file_is_told)
{
    pid_t seen;

    DVC_EQ_INT(pidlock_holder("/nonexistent/dvcd.lock", &seen), -ENOENT);
}
