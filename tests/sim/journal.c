#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES ((size_t)1 << 20)

struct journal {
    int fd;
    int64_t end;
};

static int write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

/* Hands over the whole lines in `text`; returns how many bytes they took. */
static int each_line(const struct buf *text, int64_t at,
                     int (*each)(void *ctx, struct slice line, int64_t at), void *ctx,
                     size_t *ret_used)
{
    struct slice all = buf_slice(text);
    size_t from = 0;

    for (;;) {
        ptrdiff_t end = slice_find(all, '\n', from);
        int r;

        if (end < 0)
            break;
        r = each(ctx, slice_sub(all, from, (size_t)end - from), at + (int64_t)from);
        if (r != 0)
            return r;
        from = (size_t)end + 1;
    }
    *ret_used = from;
    return 0;
}

static int replay(struct journal *journal, int (*each)(void *ctx, struct slice line, int64_t at),
                  void *ctx)
{
    struct buf text = BUF_INIT(2 * LINE_MAX_BYTES);
    char chunk[65536];
    int64_t start = 0; /* place of text's first byte */
    int r = 0;

    for (;;) {
        ssize_t n = read(journal->fd, chunk, sizeof(chunk));
        size_t used = 0;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            r = -errno;
            goto out;
        }
        if (n == 0)
            break;
        buf_add(&text, chunk, (size_t)n);
        if (text.overflow) {
            r = -EFBIG;
            goto out;
        }
        r = each_line(&text, start, each, ctx, &used);
        if (r != 0)
            goto out;
        memmove(text.ptr, text.ptr + used, text.len - used);
        buf_truncate(&text, text.len - used);
        start += (int64_t)used;
    }
    /* What is left has no newline: the kill came in the middle of a write that nobody was told of.
     */
    if (ftruncate(journal->fd, start) < 0 || lseek(journal->fd, start, SEEK_SET) < 0)
        r = -errno;
    journal->end = start;
out:
    buf_release(&text);
    return r;
}

int journal_open(const char *path, int (*each)(void *ctx, struct slice line, int64_t at), void *ctx,
                 struct journal **ret)
{
    struct journal *journal = dvc_calloc(1, sizeof(*journal));
    int r = 0;

    journal->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (journal->fd < 0) {
        r = -errno;
        goto out;
    }
    r = replay(journal, each, ctx);
out:
    if (r != 0)
        journal_close(journal);
    else
        *ret = journal;
    return r;
}

struct journal *journal_close(struct journal *journal)
{
    if (journal != NULL) {
        if (journal->fd >= 0)
            close(journal->fd);
        free(journal);
    }
    return NULL;
}

int journal_append(struct journal *journal, struct slice line, int64_t *ret_at)
{
    struct buf text = BUF_INIT(LINE_MAX_BYTES);
    int r;

    buf_add_slice(&text, line);
    buf_addc(&text, '\n');
    if (text.overflow) {
        r = -EFBIG;
        goto out;
    }
    r = write_all(journal->fd, text.ptr, text.len);
    if (r < 0) {
        /* Half a line must not become the head of the next one. */
        if (ftruncate(journal->fd, journal->end) == 0)
            (void)!lseek(journal->fd, journal->end, SEEK_SET);
        goto out;
    }
    if (ret_at != NULL)
        *ret_at = journal->end;
    journal->end += (int64_t)text.len;
out:
    buf_release(&text);
    return r;
}

int journal_sync(struct journal *journal)
{
    return fdatasync(journal->fd) < 0 ? -errno : 0;
}

int journal_read(const struct journal *journal, int64_t at, size_t len, struct buf *out)
{
    char chunk[4096];

    while (len > 0) {
        size_t want = len < sizeof(chunk) ? len : sizeof(chunk);
        ssize_t n = pread(journal->fd, chunk, want, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        buf_add(out, chunk, (size_t)n);
        at += n;
        len -= (size_t)n;
    }
    return 0;
}
