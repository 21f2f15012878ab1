#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/num.h"

int wire_connect(struct wire *wire, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int on = 1;
    int r;

    wire->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (wire->fd < 0)
        return -errno;
    (void)setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(wire->fd, (struct sockaddr *)&address, sizeof(address)) == 0 ||
        errno == EINPROGRESS)
        return 0;
    r = -errno;
    wire_close(wire);
    return r;
}

void wire_close(struct wire *wire)
{
    if (wire->fd >= 0)
        close(wire->fd);
    wire->fd = -1;
    wire->request = NULL;
}

void wire_begin(struct wire *wire, const struct plan_request *request, int64_t now_us)
{
    wire->request = request;
    wire->sent = 0;
    wire->started_us = now_us;
    wire->head_len = 0;
    wire->body_left = 0;
    wire->in_body = false;
    wire->closes = false;
    wire->status = 0;
}

enum wire_step wire_send(struct wire *wire)
{
    const struct slice parts[] = {
        wire->request->before, {wire->key, PLAN_KEY_LEN}, wire->request->after};
    struct iovec vec[DVC_COUNT(parts)];
    size_t total = 0, skip = wire->sent;
    int count = 0;
    ssize_t n;

    for (size_t i = 0; i < DVC_COUNT(parts); i++) {
        size_t done = skip < parts[i].len ? skip : parts[i].len;

        total += parts[i].len;
        skip -= done;
        if (done < parts[i].len)
            vec[count++] =
                (struct iovec){(void *)(uintptr_t)(parts[i].ptr + done), parts[i].len - done};
    }
    n = writev(wire->fd, vec, count);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR || errno == ENOTCONN ? WIRE_MORE : WIRE_BROKEN;
    wire->sent += (size_t)n;
    return wire->sent == total ? WIRE_DONE : WIRE_MORE;
}

/* What a header line says under this name (with its colon), or nothing: `*ret` unwritten. */
static bool header(struct slice line, const char *name, struct slice *ret)
{
    size_t len = strlen(name);

    if (line.len < len || strncasecmp(line.ptr, name, len) != 0)
        return false;
    *ret = slice_trim(slice_sub(line, len, line.len));
    return true;
}

/* Status, length and whether it is the last from a complete head; false when there is no length. */
static bool read_head(struct wire *wire, size_t end)
{
    struct slice head = {wire->head, end}, line, text;
    bool sized = false;
    int64_t number;

    if (!slice_next(&head, '\n', &line) || line.len < 12 || !slice_starts(line, "HTTP/1.1 ") ||
        num_parse_i64(slice_sub(line, 9, 3), 100, 599, &number) != 0)
        return false;
    wire->status = (int)number;
    while (slice_next(&head, '\n', &line)) {
        if (header(line, "connection:", &text)) {
            wire->closes = slice_is(text, "close");
        } else if (header(line, "content-length:", &text)) {
            if (num_parse_i64(text, 0, INT32_MAX, &number) != 0)
                return false;
            wire->body_left = (size_t)number;
            sized = true;
        }
    }
    return sized || wire->status == 204;
}

/* Takes `len` bytes into the head; what follows the head counts for the body. */
static enum wire_step take_head(struct wire *wire, size_t len)
{
    const char *end;
    size_t head, extra;

    wire->head_len += len;
    end = memmem(wire->head, wire->head_len, "\r\n\r\n", 4);
    if (end == NULL)
        return wire->head_len < sizeof(wire->head) ? WIRE_MORE : WIRE_BROKEN;
    head = (size_t)(end - wire->head) + 4;
    extra = wire->head_len - head;
    if (!read_head(wire, head) || extra > wire->body_left)
        return WIRE_BROKEN;
    wire->body_left -= extra;
    wire->in_body = true;
    return wire->body_left == 0 ? WIRE_DONE : WIRE_MORE;
}

enum wire_step wire_receive(struct wire *wire)
{
    static char sink[1 << 16];

    for (;;) {
        char *into = wire->in_body ? sink : wire->head + wire->head_len;
        size_t room = wire->in_body ? sizeof(sink) : sizeof(wire->head) - wire->head_len;
        ssize_t n = read(wire->fd, into, room);
        enum wire_step step = WIRE_MORE;

        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return WIRE_MORE;
        if (n <= 0)
            return WIRE_BROKEN;
        if (!wire->in_body)
            step = take_head(wire, (size_t)n);
        else if ((size_t)n > wire->body_left)
            step = WIRE_BROKEN;
        else if ((wire->body_left -= (size_t)n) == 0)
            step = WIRE_DONE;
        if (step != WIRE_MORE)
            return step;
        if ((size_t)n < room)
            return WIRE_MORE;
    }
}
