#include "ctl/plugin_write.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/file.h"
#include "ctl/ctl.h"

static int to_stdout(struct slice text)
{
    if (fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0)
        return 0;
    ctl_error("standard output: %s", strerror(errno));
    return CTL_FAILED;
}

static int to_file(const char *path, struct slice text)
{
    FILE *file = fopen(path, "wxe");
    bool ok;
    int error;

    if (file == NULL) {
        ctl_error("%s: %s", path, strerror(errno));
        return CTL_FAILED;
    }
    ok = fwrite(text.ptr, 1, text.len, file) == text.len && fflush(file) == 0 &&
         fsync(fileno(file)) == 0;
    error = errno;
    if (fclose(file) != 0 && ok) {
        ok = false;
        error = errno;
    }
    if (ok) {
        fprintf(stderr, "%s\n", path);
        return 0;
    }
    ctl_error("%s: %s", path, strerror(error));
    (void)unlink(path);
    return CTL_FAILED;
}

int plugin_write(const char *into, const char *code, struct slice text)
{
    struct arena *arena;
    int r;

    if (into == NULL)
        return to_stdout(text);
    arena = arena_new();
    r = to_file(arena_printf(arena, "%s/%s.yaml", into, code), text);
    arena_free(arena);
    return r;
}
