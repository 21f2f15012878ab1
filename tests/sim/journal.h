/* journal.h - what the simulated post must not forget: one JSON object a line, appended, and read
 * back at the next start. A line torn by a kill is cut off then. */
#ifndef POSTSIM_JOURNAL_H
#define POSTSIM_JOURNAL_H

#include "base/buf.h"

struct journal;

/* Opens or creates the file (mode 0600) and calls `each` for every whole line, with the line's
 * place in the file. 0, -errno, or the first non-zero result of `each`. */
int journal_open(const char *path, int (*each)(void *ctx, struct slice line, int64_t at), void *ctx,
                 struct journal **ret) DVC_MUSTCHECK;
struct journal *journal_close(struct journal *journal); /* takes NULL, returns NULL */
/* Appends a line (without its newline); it survives a kill of this process at once, and a loss of
 * power after journal_sync. 0 or -errno; *ret_at is the line's place. */
int journal_append(struct journal *journal, struct slice line, int64_t *ret_at) DVC_MUSTCHECK;
int journal_sync(struct journal *journal) DVC_MUSTCHECK;
/* Appends `len` bytes from place `at` to `out`. 0 or -errno. */
int journal_read(const struct journal *journal, int64_t at, size_t len,
                 struct buf *out) DVC_MUSTCHECK;

#endif
