#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int count, failed;

bool tap_check(bool ok, const char *file, int line, const char *fmt, ...)
{
    va_list args;

    count++;
    printf("%s %d - ", ok ? "ok" : "not ok", count);
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
    if (!ok) {
        failed++;
        printf("# %s:%d\n", file, line);
    }
    fflush(stdout);
    return ok;
}

void tap_about(const char *text)
{
    printf("# %s\n", text);
}

int tap_end(void)
{
    printf("1..%d\n", count);
    return failed > 0;
}

const char *tap_env(const char *name)
{
    const char *value = getenv(name);

    if (value == NULL) {
        printf("Bail out! %s is not set: run me through with_cluster.sh\n", name);
        exit(99);
    }
    return value;
}
