#include "base/pidlock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static struct flock whole_file(void)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

int pidlock_take(const char *path, int *ret_fd)
{
    struct flock lock = whole_file();
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    int r;

    if (fd < 0)
        return -errno;
    if (fcntl(fd, F_SETLK, &lock) == 0) {
        *ret_fd = fd;
        return 0;
    }
    r = errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
    close(fd);
    return r;
}

int pidlock_holder(const char *path, pid_t *ret_pid)
{
    struct flock lock = whole_file();
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int r = 0;

    if (fd < 0)
        return -errno;
    if (fcntl(fd, F_GETLK, &lock) != 0)
        r = -errno;
    else if (lock.l_type == F_UNLCK || lock.l_pid <= 0) /* 0: a process that we cannot see */
        r = -ESRCH;
    else
        *ret_pid = lock.l_pid;
    close(fd);
    return r;
}
