#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void dvc_require_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "%s:%d: required: %s\n", file, line, cond);
    abort();
}

void *dvc_malloc(size_t size)
{
    void *ptr = malloc(size > 0 ? size : 1);

    DVC_REQUIRE(ptr != NULL);
    return ptr;
}

void *dvc_calloc(size_t count, size_t size)
{
    void *ptr = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

    DVC_REQUIRE(ptr != NULL);
    return ptr;
}

void *dvc_realloc(void *ptr, size_t size)
{
    void *moved = realloc(ptr, size > 0 ? size : 1);

    DVC_REQUIRE(moved != NULL);
    return moved;
}

char *dvc_strdup(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(dvc_malloc(size), text, size);
}
