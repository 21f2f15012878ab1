#include "app/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/num.h"

#define TEXT_MAX 4096

/* "Private_Dirty:      123 kB" */
static bool take_line(struct slice line, const char *name, int64_t *sum)
{
    struct slice rest, number;
    int64_t kib;

    if (!slice_starts(line, name))
        return false;
    rest = slice_trim(slice_sub(line, slice_str(name).len, line.len));
    if (!slice_next(&rest, ' ', &number) || num_parse_i64(number, 0, INT64_MAX / 2, &kib) != 0)
        return false;
    *sum += kib;
    return true;
}

int64_t memory_private_in(struct slice text)
{
    struct slice rest = text, line;
    int64_t sum = 0;
    int found = 0;

    while (slice_next(&rest, '\n', &line)) {
        found += take_line(line, "Private_Clean:", &sum);
        found += take_line(line, "Private_Dirty:", &sum);
    }
    return found == 2 ? sum : -EINVAL;
}

int64_t memory_private_kib(void)
{
    char text[TEXT_MAX];
    size_t len = 0;
    ssize_t got = 1;
    int fd = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    while (got > 0 && len < sizeof(text)) {
        got = read(fd, text + len, sizeof(text) - len);
        len += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    return memory_private_in((struct slice){text, len});
}
