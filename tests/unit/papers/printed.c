#include "papers/printed.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dvc_test.h"
#include "papers/job.h"

struct slice sample(struct arena *arena, const char *name)
{
    FILE *file = fopen(arena_printf(arena, "%s/%s.json", SAMPLES, name), "rb");
    char *text = arena_alloc(arena, 1u << 16);
    size_t len;

    cr_assert(file != NULL, "no sample %s", name);
    len = fread(text, 1, (1u << 16) - 1, file);
    fclose(file);
    return (struct slice){text, len};
}

struct slice changed(struct arena *arena, struct slice json, const char *old, const char *new)
{
    const char *at = strstr(json.ptr, old);

    cr_assert(at != NULL, "the sample does not hold %s", old);
    return slice_str(
        arena_printf(arena, "%.*s%s%s", (int)(at - json.ptr), json.ptr, new, at + strlen(old)));
}

void print_job(struct slice json, struct buf *pdf)
{
    int error = job_print(json, pdf);

    cr_assert(error == 0, "printing failed: %d", error);
    cr_assert(slice_starts(buf_slice(pdf), "%PDF-"));
}

const char *said(struct arena *arena, const struct buf *pdf, const char *command)
{
    char path[] = "/tmp/unit_papers_XXXXXX";
    int fd = mkstemp(path);
    size_t cap = 4u << 20, len;
    char *out = arena_alloc(arena, cap);
    FILE *pipe;

    cr_assert(fd >= 0 && write(fd, pdf->ptr, pdf->len) == (ssize_t)pdf->len);
    close(fd);
    pipe = popen(arena_printf(arena, "PDF=%s; %s", path, command), "r");
    cr_assert(pipe != NULL);
    len = fread(out, 1, cap - 1, pipe);
    out[len] = '\0';
    cr_assert(pclose(pipe) == 0, "%s failed: %s", command, out);
    unlink(path);
    return out;
}

const char *text_of(struct arena *arena, const struct buf *pdf)
{
    const char *raw = said(arena, pdf, "pdftotext -raw -nopgbrk \"$PDF\" - 2>&1");
    char *text = arena_str(arena, raw), *to = text;

    for (const char *c = raw; *c != '\0'; c++) {
        bool blank = *c == ' ' || *c == '\n';

        if (!blank || (to > text && to[-1] != ' '))
            *to++ = blank ? ' ' : *c;
    }
    *to = '\0';
    return text;
}

int pages_of(struct arena *arena, const struct buf *pdf)
{
    const char *info = strstr(said(arena, pdf, "pdfinfo \"$PDF\""), "Pages:");

    cr_assert(info != NULL);
    info += strlen("Pages:");
    while (*info == ' ')
        info++;
    return info[1] >= '0' && info[1] <= '9' ? (info[0] - '0') * 10 + info[1] - '0' : info[0] - '0';
}

void reads(const char *text, const char *const *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_assert(strstr(text, wanted[i]) != NULL, "missing \"%s\" in: %s", wanted[i], text);
}
