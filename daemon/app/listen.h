/* listen.h - the sockets on which gateways take connections. Made and held open by the supervisor,
 * so that a connection that comes while a gateway is down waits for the next one instead of being
 * reset. */
#ifndef DVC_APP_LISTEN_H
#define DVC_APP_LISTEN_H

#include <sys/socket.h>

#include "base/slice.h"

struct listen_address {
    struct sockaddr_storage addr;
    socklen_t len;
};

/* "127.0.0.1:8080", "[::1]:8080" or "unix:/path", numbers only; as settings_listen_ok. Port 0: any
 * that is free. 0 or -EINVAL. */
int listen_parse(struct slice text, struct listen_address *ret) DVC_MUSTCHECK;

/* `slots` sockets for one address, which share its connections by SO_REUSEPORT; a Unix socket
 * cannot be shared so, and is one socket that all slots have (its descriptor `slots` times).
 * Listening, not blocking, close-on-exec, TCP_NODELAY (accepted connections inherit it; without it
 * TLS answers wait 40 ms each). -EADDRINUSE when anyone else listens there, another dvcd too, which
 * SO_REUSEPORT by itself would let in to share our connections. 0 or -errno; on failure nothing
 * stays open. */
int listen_open(const struct listen_address *address, size_t slots, int *ret_fds) DVC_MUSTCHECK;

#define LISTEN_GIVEN_MAX 256
/* A listening socket that is there already. */
struct listen_given {
    int fd;
    bool secure; /* speaks TLS */
    struct listen_address local;
};
void listen_describe(int fd, bool secure, struct listen_given *ret);

/* Listening sockets that systemd passed on; those of a socket unit with FileDescriptorName=https
 * speak TLS. How many (0: none), at most `max`, or -errno: -EINVAL when one of them is no listening
 * stream socket. */
int listen_inherited(struct listen_given *ret, size_t max) DVC_MUSTCHECK;

/* The port of an IPv4 or IPv6 socket, else 0. */
int listen_port(int fd);

#endif
