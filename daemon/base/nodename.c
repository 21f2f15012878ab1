#include "base/nodename.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

#define DIGITS 16

static int path_of(const char *data, const char *file, char ret[PATH_MAX])
{
    int len = snprintf(ret, PATH_MAX, "%s/%s", data, file);

    return len < 0 || len >= PATH_MAX ? -ENAMETOOLONG : 0;
}

static void host_name(char ret[NODENAME_SIZE])
{
    char host[65] = "";

    if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0')
        memcpy(host, "node", sizeof("node"));
    memcpy(ret, host, sizeof(host));
}

int nodename_read(const char *data, char ret[NODENAME_SIZE])
{
    char path[PATH_MAX], number[DIGITS + 2] = "";
    ssize_t len;
    int fd, r;

    host_name(ret);
    r = path_of(data, "node", path);
    if (r != 0)
        return r;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return -errno;
    len = read(fd, number, sizeof(number) - 1);
    r = len < 0 ? -errno : 0;
    close(fd);
    if (r != 0)
        return r;
    if (len != DIGITS + 1 || number[DIGITS] != '\n' || strspn(number, "0123456789abcdef") != DIGITS)
        return -EINVAL;
    len = (ssize_t)strlen(ret);
    snprintf(ret + len, NODENAME_SIZE - (size_t)len, "/%.*s", DIGITS, number);
    return 0;
}

/* Whole or not at all, whatever ends us: the file gets its name when its content is on disk. */
static int keep(const char *data)
{
    char path[PATH_MAX], part[PATH_MAX], line[DIGITS + 2];
    uint64_t number;
    int fd, r;

    r = path_of(data, "node", path);
    if (r == 0)
        r = path_of(data, ".part-node", part);
    if (r != 0)
        return r;
    random_bytes(&number, sizeof(number));
    snprintf(line, sizeof(line), "%016llx\n", (unsigned long long)number);
    fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return -errno;
    if (write(fd, line, DIGITS + 1) != DIGITS + 1 || fsync(fd) != 0)
        r = errno != 0 ? -errno : -EIO;
    close(fd);
    if (r == 0 && rename(part, path) != 0)
        r = -errno;
    return r;
}

int nodename_make(const char *data, char ret[NODENAME_SIZE])
{
    int r = nodename_read(data, ret);

    if (r == -ENOENT || r == -EINVAL) {
        r = keep(data);
        if (r == 0)
            r = nodename_read(data, ret);
    }
    return r;
}
