/* listening - the sockets of the gateways. */
#include "app/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static void test_parse(void)
{
    static const char *const good[] = {"127.0.0.1:8080", "0.0.0.0:0", "[::1]:65535", "[::]:80",
                                       "unix:/run/dvcd/http.sock"};
    static const char *const bad[] = {"",           "8080",         ":8080",       "localhost:80",
                                      "127.0.0.1",  "127.0.0.1:",   "127.0.0.1:x", "1.2.3.4:65536",
                                      "1.2.3.4:-1", "[::1]",        "[::1:80",     "::1:80",
                                      "[]:80",      "[1.2.3.4]:80", "unix:",       "unix:relative",
                                      "1.2.3.4:80 "};
    struct listen_address address;

    tap_about("addresses");
    for (size_t i = 0; i < DVC_COUNT(good); i++)
        CHECK_SAY(listen_parse(slice_str(good[i]), &address) == 0, "%s", good[i]);
    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        CHECK_SAY(listen_parse(slice_str(bad[i]), &address) == -EINVAL, "not \"%s\"", bad[i]);
}

static int flag(int fd, int level, int option)
{
    int value = -1;
    socklen_t len = sizeof(value);

    return getsockopt(fd, level, option, &value, &len) == 0 ? value : -1;
}

static struct listen_address parsed(const char *text)
{
    struct listen_address address;

    if (listen_parse(slice_str(text), &address) != 0)
        abort();
    return address;
}

static int connect_to(const struct listen_address *address, int port)
{
    struct listen_address to = *address;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    int fd = socket(address->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memcpy(&v4, &to.addr, sizeof(v4));
    memcpy(&v6, &to.addr, sizeof(v6));
    v4.sin_port = v6.sin6_port = htons((uint16_t)port);
    if (to.addr.ss_family == AF_INET)
        memcpy(&to.addr, &v4, sizeof(v4));
    if (to.addr.ss_family == AF_INET6)
        memcpy(&to.addr, &v6, sizeof(v6));
    if (connect(fd, (struct sockaddr *)&to.addr, to.len) == 0)
        return fd;
    close(fd);
    return -errno;
}

/* How many of `count` connections each of two sockets was given. */
static void share(const struct listen_address *address, const int fds[2], int count, int got[2])
{
    int clients[64];

    got[0] = got[1] = 0;
    for (int i = 0; i < count; i++)
        clients[i] = connect_to(address, listen_port(fds[0]));
    for (int i = 0; i < 2; i++) {
        int accepted;

        while ((accepted = accept4(fds[i], NULL, NULL, SOCK_CLOEXEC)) >= 0) {
            got[i]++;
            close(accepted);
        }
    }
    for (int i = 0; i < count; i++)
        close(clients[i]);
}

static void test_tcp(const char *text)
{
    struct listen_address address = parsed(text), same;
    int fds[2], other[2], got[2], accepted, client, result;
    char again[64];

    tap_about(text);
    result = listen_open(&address, 2, fds);
    CHECK_SAY(result == 0, "two sockets: %s", strerror(-result));
    if (result != 0)
        return;
    CHECK(listen_port(fds[0]) > 0 && listen_port(fds[0]) == listen_port(fds[1]));
    for (int i = 0; i < 2; i++) {
        CHECK(flag(fds[i], IPPROTO_TCP, TCP_NODELAY) == 1);
        CHECK(fcntl(fds[i], F_GETFD) & FD_CLOEXEC);
        CHECK(fcntl(fds[i], F_GETFL) & O_NONBLOCK);
    }
    client = connect_to(&address, listen_port(fds[0]));
    accepted = accept4(fds[0], NULL, NULL, SOCK_CLOEXEC);
    if (accepted < 0)
        accepted = accept4(fds[1], NULL, NULL, SOCK_CLOEXEC);
    CHECK_SAY(flag(accepted, IPPROTO_TCP, TCP_NODELAY) == 1, "accepted ones have it from there");
    close(accepted);
    close(client);
    share(&address, fds, 64, got);
    CHECK_SAY(got[0] + got[1] == 64 && got[0] > 8 && got[1] > 8, "they share: %d and %d", got[0],
              got[1]);
    /* Another dvcd on the same port is refused, though SO_REUSEPORT would let it in. */
    snprintf(again, sizeof(again), "%.*s%d", (int)(strrchr(text, ':') - text + 1), text,
             listen_port(fds[0]));
    same = parsed(again);
    CHECK(listen_open(&same, 2, other) == -EADDRINUSE);
    close(fds[0]);
    close(fds[1]);
    CHECK_SAY(listen_open(&same, 2, other) == 0, "free again at once");
    close(other[0]);
    close(other[1]);
}

static bool has_v6(void)
{
    struct listen_address address = parsed("[::1]:0");
    int fd;

    if (listen_open(&address, 1, &fd) != 0)
        return false;
    close(fd);
    return true;
}

static void test_unix(void)
{
    char dir[] = "/tmp/dvcd-listen-XXXXXX", text[80];
    struct listen_address address;
    int fds[2], other[2], client;
    FILE *file;

    tap_about("unix sockets");
    if (mkdtemp(dir) == NULL)
        abort();
    snprintf(text, sizeof(text), "unix:%s/http", dir);
    address = parsed(text);
    CHECK(listen_open(&address, 2, fds) == 0 && fds[0] == fds[1]);
    client = connect_to(&address, 0);
    CHECK(client >= 0);
    close(client);
    CHECK_SAY(listen_open(&address, 2, other) == -EADDRINUSE, "someone answers there");
    close(fds[0]);
    CHECK_SAY(listen_open(&address, 2, fds) == 0, "what a dead process left is cleared away");
    close(fds[0]);
    (void)unlink(text + 5);
    file = fopen(text + 5, "we");
    if (file != NULL)
        fclose(file);
    CHECK_SAY(listen_open(&address, 2, fds) == -EADDRINUSE && access(text + 5, F_OK) == 0,
              "but no file that is not a socket");
    (void)unlink(text + 5);
    (void)rmdir(dir);
}

/* systemd passes sockets as descriptors from 3 on, told by the environment. */
static void test_inherited(void)
{
    struct listen_address address = parsed("127.0.0.1:0");
    int fd, status = -1;
    pid_t pid;

    tap_about("sockets from systemd");
    CHECK(listen_open(&address, 1, &fd) == 0);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        char self[16];
        struct listen_given given[4];

        snprintf(self, sizeof(self), "%d", (int)getpid());
        if (dup2(fd, 3) != 3 || setenv("LISTEN_PID", self, 1) != 0 ||
            setenv("LISTEN_FDS", "1", 1) != 0)
            _exit(10);
        if (fcntl(3, F_SETFL, 0) != 0 || listen_inherited(given, 4) != 1 || given[0].fd != 3 ||
            given[0].secure)
            _exit(11);
        if ((fcntl(3, F_GETFL) & O_NONBLOCK) == 0 || (fcntl(3, F_GETFD) & FD_CLOEXEC) == 0)
            _exit(12);
        if (listen_inherited(given, 4) != 0) /* told once */
            _exit(13);
        (void)setenv("LISTEN_PID", self, 1);
        (void)setenv("LISTEN_FDS", "1", 1);
        (void)dup2(STDOUT_FILENO, 3);
        _exit(listen_inherited(given, 4) == -EINVAL ? 0 : 14);
    }
    (void)waitpid(pid, &status, 0);
    CHECK_SAY(status == 0, "taken over, and nothing else for one (%d)", WEXITSTATUS(status));
    close(fd);
}

/* `plain` sockets of one address, `other` of a second one and `secure` that speak TLS, among
 * `slots`: how often each socket stands in a row. */
static void arranged(unsigned slots, size_t plain, size_t other, size_t secure, size_t width)
{
    struct listen_address a = parsed("127.0.0.1:80"), b = parsed("[::1]:80"),
                          c = parsed("127.0.0.1:443");
    struct listen_given given[LISTEN_GIVEN_MAX] = {0};
    struct sockets sockets;
    size_t count = plain + other + secure, everywhere = 0;
    uint64_t serving[2] = {0, 0}, all = slots == 64 ? UINT64_MAX : (UINT64_C(1) << slots) - 1;

    for (size_t i = 0; i < count; i++) {
        given[i].fd = (int)(100 + i);
        given[i].secure = i >= plain + other;
        given[i].local = i < plain ? a : i < plain + other ? b : c;
    }
    CHECK(sockets_arrange(&sockets, given, count, slots) == 0);
    CHECK_SAY(sockets.count == width, "%zu sockets for each of %u slots", sockets.count, slots);
    for (size_t i = 0; i < count; i++) {
        bool somewhere = false;

        for (size_t at = 0; at < sockets.count * slots; at++) {
            somewhere |= sockets.fds[at] == given[i].fd;
            if (sockets.fds[at] == given[i].fd &&
                (at % sockets.count >= sockets.plain) != given[i].secure)
                CHECK_SAY(false, "socket %zu is among those of the other kind", i);
        }
        everywhere += somewhere;
    }
    CHECK_SAY(everywhere == count, "%zu of %zu sockets have somebody who accepts", everywhere,
              count);
    for (unsigned slot = 0; slot < slots; slot++) {
        for (size_t i = 0; i < sockets.count; i++) {
            if (sockets.fds[slot * sockets.count + i] >= 0)
                serving[i >= sockets.plain] |= UINT64_C(1) << slot;
        }
    }
    CHECK_SAY((plain == 0 || serving[0] == all) && (secure == 0 || serving[1] == all),
              "every slot has every kind");
}

static void test_arranged(void)
{
    tap_about("who listens where");
    arranged(1, 1, 0, 0, 1);
    arranged(2, 2, 2, 2, 3);
    arranged(4, 2, 1, 0, 2);
    arranged(1, 4, 0, 4, 8);
    arranged(3, 4, 0, 1, 3);
    arranged(64, 64, 64, 64, 3);
}

int main(void)
{
    test_parse();
    test_tcp("127.0.0.1:0");
    if (has_v6())
        test_tcp("[::1]:0");
    else
        CHECK_SAY(true, "IPv6 # SKIP this machine has none");
    test_unix();
    test_inherited();
    test_arranged();
    return tap_end();
}
