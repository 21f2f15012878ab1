#include "service/clamd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REPLY_MAX 512
#define FRAME_SIZE 4

enum scan_state { SCAN_SENDING, SCAN_LISTENING, SCAN_OVER };

struct scan {
    struct loop *loop;
    int fd;
    enum scan_state state;
    struct loop_fd *watch;
    struct loop_timer *deadline, *turn; /* turn: what must not happen inside a call */
    void (*more)(void *ctx);
    void (*done)(void *ctx, const struct scan_result *result);
    void *ctx;
    char frame[16]; /* the command, or a length, in the order of the wire */
    size_t frame_len, frame_sent;
    struct slice bytes; /* what is still to go of the piece */
    bool last;          /* the empty frame that ends a stream is on its way */
    char reply[REPLY_MAX];
    size_t reply_len;
    struct scan_result result;
};

static void set_word(struct scan_result *result, struct slice text)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len && len + 1 < sizeof(result->word); i++)
        result->word[len++] = text.ptr[i] > ' ' && text.ptr[i] < 0x7f ? text.ptr[i] : '_';
    result->word[len] = '\0';
}

/* The caller hears of it in a later turn. */
static void end_scan(struct scan *scan, enum scan_verdict verdict, struct slice word)
{
    if (scan->state == SCAN_OVER)
        return;
    scan->state = SCAN_OVER;
    scan->result.verdict = verdict;
    set_word(&scan->result, word);
    scan->watch = loop_fd_free(scan->watch);
    loop_timer_stop(scan->deadline);
    loop_timer_start(scan->turn, 0);
}

static void fail(struct scan *scan, const char *why)
{
    end_scan(scan, SCAN_FAILED, slice_str(why));
}

/* "stream: OK", "stream: NAME FOUND", "INSTREAM size limit exceeded. ERROR" */
static void read_verdict(struct scan *scan)
{
    struct slice text =
        slice_trim((struct slice){scan->reply, strnlen(scan->reply, scan->reply_len)});

    if (slice_is(text, "stream: OK")) {
        end_scan(scan, SCAN_CLEAN, SLICE_LIT(""));
    } else if (slice_starts(text, "stream: ") && slice_ends(text, " FOUND")) {
        text = slice_sub(text, 8, text.len - 8);
        end_scan(scan, SCAN_INFECTED, slice_sub(text, 0, text.len - 6));
    } else {
        end_scan(scan, SCAN_FAILED, text);
    }
}

static void receive(struct scan *scan)
{
    ssize_t got = recv(scan->fd, scan->reply + scan->reply_len, REPLY_MAX - scan->reply_len, 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    scan->reply_len += got > 0 ? (size_t)got : 0;
    if (memchr(scan->reply, '\0', scan->reply_len) != NULL || scan->reply_len == REPLY_MAX)
        read_verdict(scan);
    else if (got <= 0)
        fail(scan, "connection_ended");
}

/* True when all of it has gone. */
static bool send_some(struct scan *scan, const char *bytes, size_t len, size_t *ret_sent)
{
    ssize_t sent = send(scan->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (sent >= 0)
        *ret_sent = (size_t)sent;
    /* A refusal closes the stream before its end: what it says is read below. */
    else if (errno != EAGAIN && errno != EINTR && errno != EPIPE)
        fail(scan, "send_failed");
    return sent == (ssize_t)len;
}

static void send_piece(struct scan *scan)
{
    size_t sent = 0;

    if (scan->frame_sent < scan->frame_len) {
        bool whole = send_some(scan, scan->frame + scan->frame_sent,
                               scan->frame_len - scan->frame_sent, &sent);

        scan->frame_sent += sent;
        if (!whole)
            return;
    }
    if (scan->bytes.len > 0) {
        bool whole = send_some(scan, scan->bytes.ptr, scan->bytes.len, &sent);

        scan->bytes = slice_sub(scan->bytes, sent, scan->bytes.len);
        if (!whole)
            return;
    }
    if (scan->last)
        scan->state = SCAN_LISTENING;
    else
        loop_timer_start(scan->turn, 0);
    loop_fd_want(scan->watch, LOOP_READ);
}

static void on_ready(void *ctx, int what)
{
    struct scan *scan = ctx;

    if ((what & LOOP_READ) != 0)
        receive(scan);
    if ((what & LOOP_WRITE) != 0 && scan->state == SCAN_SENDING)
        send_piece(scan);
}

static void on_turn(void *ctx)
{
    struct scan *scan = ctx;

    if (scan->state == SCAN_OVER)
        scan->done(scan->ctx, &scan->result);
    else
        scan->more(scan->ctx);
}

static void on_deadline(void *ctx)
{
    fail(ctx, "timeout");
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(address.sun_path))
        return -1;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    /* On a Unix socket this is done at once or not at all: EAGAIN is a full queue. */
    if (connect(fd, (const struct sockaddr *)(const void *)&address, sizeof(address)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

struct scan *scan_new(struct loop *loop, const char *path, int64_t timeout_us,
                      void (*more)(void *ctx),
                      void (*done)(void *ctx, const struct scan_result *result), void *ctx)
{
    static const char command[] = "zINSTREAM"; /* the terminator ends it */
    struct scan *scan = dvc_calloc(1, sizeof(*scan));

    scan->loop = loop;
    scan->more = more;
    scan->done = done;
    scan->ctx = ctx;
    scan->deadline = loop_timer_new(loop, on_deadline, scan);
    scan->turn = loop_timer_new(loop, on_turn, scan);
    scan->fd = connect_to(path);
    if (scan->fd < 0) {
        fail(scan, "no_connection");
        return scan;
    }
    memcpy(scan->frame, command, sizeof(command));
    scan->frame_len = sizeof(command);
    scan->state = SCAN_SENDING;
    scan->watch = loop_fd_new(loop, scan->fd, on_ready, scan);
    loop_fd_want(scan->watch, LOOP_READ | LOOP_WRITE);
    loop_timer_start(scan->deadline, timeout_us);
    return scan;
}

static void put_frame(struct scan *scan, size_t len)
{
    uint32_t length = htonl((uint32_t)len);

    if (scan->state == SCAN_OVER)
        return;
    memcpy(scan->frame, &length, FRAME_SIZE);
    scan->frame_len = FRAME_SIZE;
    scan->frame_sent = 0;
    loop_fd_want(scan->watch, LOOP_READ | LOOP_WRITE);
}

void scan_feed(struct scan *scan, struct slice bytes)
{
    DVC_REQUIRE(bytes.len > 0 && bytes.len <= UINT32_MAX && !scan->last);
    scan->bytes = bytes;
    put_frame(scan, bytes.len);
}

void scan_finish(struct scan *scan)
{
    scan->last = true;
    put_frame(scan, 0);
}

struct scan *scan_free(struct scan *scan)
{
    if (scan == NULL)
        return NULL;
    loop_fd_free(scan->watch);
    loop_timer_free(scan->deadline);
    loop_timer_free(scan->turn);
    if (scan->fd >= 0)
        close(scan->fd);
    free(scan);
    return NULL;
}
