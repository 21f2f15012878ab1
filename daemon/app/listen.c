#include "app/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/num.h"

static int parse_unix(struct slice path, struct listen_address *ret)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};

    if (path.len == 0 || path.ptr[0] != '/' || path.len >= sizeof(addr.sun_path))
        return -EINVAL;
    memcpy(addr.sun_path, path.ptr, path.len);
    *ret = (struct listen_address){.len = sizeof(addr)};
    memcpy(&ret->addr, &addr, sizeof(addr));
    return 0;
}

static int parse_v4(const char *host, uint16_t port, struct listen_address *ret)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(port)};

    if (inet_pton(AF_INET, host, &addr.sin_addr) != 1)
        return -EINVAL;
    *ret = (struct listen_address){.len = sizeof(addr)};
    memcpy(&ret->addr, &addr, sizeof(addr));
    return 0;
}

static int parse_v6(const char *host, uint16_t port, struct listen_address *ret)
{
    struct sockaddr_in6 addr = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

    if (inet_pton(AF_INET6, host, &addr.sin6_addr) != 1)
        return -EINVAL;
    *ret = (struct listen_address){.len = sizeof(addr)};
    memcpy(&ret->addr, &addr, sizeof(addr));
    return 0;
}

int listen_parse(struct slice text, struct listen_address *ret)
{
    char host[INET6_ADDRSTRLEN] = "";
    bool bracket = slice_starts(text, "[");
    ptrdiff_t colon = -1;
    struct slice name;
    int64_t port;

    if (slice_starts(text, "unix:"))
        return parse_unix(slice_sub(text, 5, text.len), ret);
    for (ptrdiff_t at = slice_find(text, ':', 0); at >= 0;
         at = slice_find(text, ':', (size_t)at + 1))
        colon = at;
    if (colon < 0)
        return -EINVAL;
    name = slice_sub(text, 0, (size_t)colon);
    if (num_parse_i64(slice_sub(text, (size_t)colon + 1, text.len), 0, 65535, &port) != 0)
        return -EINVAL;
    if (bracket && !slice_ends(name, "]"))
        return -EINVAL;
    if (bracket)
        name = slice_sub(name, 1, name.len - 2);
    if (name.len == 0 || name.len >= sizeof(host))
        return -EINVAL;
    memcpy(host, name.ptr, name.len);
    return bracket ? parse_v6(host, (uint16_t)port, ret) : parse_v4(host, (uint16_t)port, ret);
}

static bool is_unix(const struct listen_address *address)
{
    return address->addr.ss_family == AF_UNIX;
}

static int set_flag(int fd, int level, int option)
{
    int on = 1;

    return setsockopt(fd, level, option, &on, sizeof(on)) == 0 ? 0 : -errno;
}

static int bind_socket(int fd, const struct listen_address *address, bool shared)
{
    int result = 0;

    if (!is_unix(address))
        result = set_flag(fd, SOL_SOCKET, SO_REUSEADDR);
    if (result == 0 && shared)
        result = set_flag(fd, SOL_SOCKET, SO_REUSEPORT);
    if (result == 0 && address->addr.ss_family == AF_INET6)
        result = set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY);
    if (result == 0 && !is_unix(address))
        result = set_flag(fd, IPPROTO_TCP, TCP_NODELAY);
    if (result == 0 && bind(fd, (const struct sockaddr *)&address->addr, address->len) != 0)
        result = -errno;
    return result;
}

static int socket_new(const struct listen_address *address)
{
    int fd = socket(address->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    return fd < 0 ? -errno : fd;
}

/* Bound without SO_REUSEPORT, a socket meets everyone who listens there. */
static int nobody_else(const struct listen_address *address)
{
    int fd = socket_new(address);
    int result;

    if (fd < 0)
        return fd;
    result = bind_socket(fd, address, false);
    close(fd);
    return result;
}

static int open_one(const struct listen_address *address, int *ret_fd)
{
    int fd = socket_new(address);
    int result = fd < 0 ? fd : bind_socket(fd, address, !is_unix(address));

    if (result == 0 && listen(fd, SOMAXCONN) != 0)
        result = -errno;
    if (result == 0)
        *ret_fd = fd;
    else if (fd >= 0)
        close(fd);
    return result;
}

/* The name of a socket that a dead process left; never one that someone still answers on, and never
 * anything but a socket. */
static int remove_stale(const struct listen_address *address)
{
    struct sockaddr_un addr;
    struct stat status;
    int fd, result;

    memcpy(&addr, &address->addr, sizeof(addr));
    if (lstat(addr.sun_path, &status) != 0)
        return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(status.st_mode))
        return -EADDRINUSE;
    fd = socket_new(address);
    if (fd < 0)
        return fd;
    result = connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0 ? 0 : errno;
    close(fd);
    if (result != ECONNREFUSED)
        return -EADDRINUSE;
    return unlink(addr.sun_path) == 0 ? 0 : -errno;
}

static void close_all(int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || fds[i] != fds[0])
            close(fds[i]);
    }
}

static int open_unix(const struct listen_address *address, size_t slots, int *ret_fds)
{
    int fd, result = remove_stale(address);

    if (result == 0)
        result = open_one(address, &fd);
    for (size_t i = 0; result == 0 && i < slots; i++)
        ret_fds[i] = fd;
    return result;
}

int listen_open(const struct listen_address *address, size_t slots, int *ret_fds)
{
    struct listen_address actual = *address;
    size_t opened = 0;
    int result;

    if (is_unix(address))
        return open_unix(address, slots, ret_fds);
    result = nobody_else(address);
    while (result == 0 && opened < slots) {
        result = open_one(&actual, &ret_fds[opened]);
        if (result != 0)
            break;
        /* With port 0 the first socket finds one, which the others have to take. */
        actual.len = sizeof(actual.addr);
        if (getsockname(ret_fds[opened++], (struct sockaddr *)&actual.addr, &actual.len) != 0)
            result = -errno;
    }
    if (result != 0)
        close_all(ret_fds, opened);
    return result;
}

void listen_describe(int fd, bool secure, struct listen_given *ret)
{
    memset(ret, 0, sizeof(*ret)); /* addresses are compared bytewise */
    ret->fd = fd;
    ret->secure = secure;
    ret->local.len = sizeof(ret->local.addr);
    if (getsockname(fd, (struct sockaddr *)&ret->local.addr, &ret->local.len) != 0)
        ret->local.len = 0;
}

static int take_over(int fd, bool secure, struct listen_given *ret)
{
    int flags = fcntl(fd, F_GETFL);

    if (sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0)
        return -EINVAL;
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
        return -errno;
    (void)set_flag(fd, IPPROTO_TCP, TCP_NODELAY); /* a Unix socket has none */
    listen_describe(fd, secure, ret);
    return 0;
}

int listen_inherited(struct listen_given *ret, size_t max)
{
    char **names = NULL;
    int count = sd_listen_fds_with_names(1, &names), result = count;

    if (count > 0 && (size_t)count > max)
        result = -EINVAL;
    for (int i = 0; i < count; i++) {
        int r = result < 0
                    ? result
                    : take_over(SD_LISTEN_FDS_START + i, strcmp(names[i], "https") == 0, &ret[i]);

        result = r < 0 ? r : result;
        free(names[i]);
    }
    free(names);
    return result;
}

int listen_port(int fd)
{
    struct sockaddr_storage addr = {0};
    socklen_t len = sizeof(addr);
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (getsockname(fd, (struct sockaddr *)&addr, &len) != 0)
        return 0;
    memcpy(&v4, &addr, sizeof(v4));
    memcpy(&v6, &addr, sizeof(v6));
    if (addr.ss_family == AF_INET)
        return ntohs(v4.sin_port);
    return addr.ss_family == AF_INET6 ? ntohs(v6.sin6_port) : 0;
}
