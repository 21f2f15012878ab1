#include "ctl/csv.h"

#include <errno.h>

#include "base/utf8.h"

static char separator_of(struct slice head)
{
    static const char separators[] = {',', ';', '\t'};
    char best = ',';
    size_t most = 0;

    for (size_t i = 0; i < sizeof(separators); i++) {
        size_t count = 0;

        for (size_t at = 0; at < head.len && head.ptr[at] != '\n'; at++)
            count += head.ptr[at] == separators[i];
        if (count > most) {
            most = count;
            best = separators[i];
        }
    }
    return best;
}

int csv_open(struct csv *csv, struct arena *arena, struct slice text)
{
    if (!utf8_valid(text))
        return -EINVAL;
    if (slice_starts(text, "\xef\xbb\xbf"))
        text = slice_sub(text, 3, text.len);
    *csv = (struct csv){.arena = arena, .rest = text, .separator = separator_of(text), .line = 1};
    return 0;
}

static bool at_end(const struct csv *csv, size_t at)
{
    return at >= csv->rest.len;
}

/* A field in quotes, `at` behind the first one. *at is behind the last one; false: none came. */
static bool read_quoted(struct csv *csv, size_t *at, struct slice *ret)
{
    size_t from = *at, to = *at, len = 0;
    char *text;

    while (!at_end(csv, to) &&
           (csv->rest.ptr[to] != '"' || (to + 1 < csv->rest.len && csv->rest.ptr[to + 1] == '"')))
        to += csv->rest.ptr[to] == '"' ? 2 : 1;
    if (at_end(csv, to))
        return false;
    text = arena_alloc(csv->arena, to - from + 1);
    for (size_t i = from; i < to; i++) {
        if (csv->rest.ptr[i] == '"')
            i++;
        csv->line += csv->rest.ptr[i] == '\n';
        text[len++] = csv->rest.ptr[i];
    }
    *ret = (struct slice){text, len};
    *at = to + 1;
    return true;
}

static bool ends_field(const struct csv *csv, size_t at)
{
    return at_end(csv, at) || csv->rest.ptr[at] == csv->separator || csv->rest.ptr[at] == '\n' ||
           (csv->rest.ptr[at] == '\r' && at + 1 < csv->rest.len && csv->rest.ptr[at + 1] == '\n');
}

/* 0 with *at behind the field, or -EINVAL. */
static int read_field(struct csv *csv, size_t *at, struct slice *ret)
{
    size_t from = *at;

    if (!at_end(csv, from) && csv->rest.ptr[from] == '"') {
        (*at)++;
        if (!read_quoted(csv, at, ret)) {
            csv->fault = "thiếu dấu nháy đóng";
            return -EINVAL;
        }
        if (ends_field(csv, *at))
            return 0;
        csv->fault = "có chữ sau dấu nháy đóng";
        return -EINVAL;
    }
    while (!ends_field(csv, *at))
        (*at)++;
    *ret = slice_trim(slice_sub(csv->rest, from, *at - from));
    if (slice_find(*ret, '"', 0) < 0)
        return 0;
    csv->fault = "có dấu nháy giữa một ô không đặt trong dấu nháy";
    return -EINVAL;
}

/* Behind the end of the line that `at` is in. */
static void skip_line(struct csv *csv, size_t at)
{
    while (!at_end(csv, at) && csv->rest.ptr[at] != '\n')
        at++;
    csv->line++;
    csv->rest = slice_sub(csv->rest, at + 1, csv->rest.len);
}

int csv_next(struct csv *csv, struct csv_row *ret)
{
    size_t cap = 0, at = 0;
    int r;

    while (csv->rest.len > 0 && (csv->rest.ptr[0] == '\n' || csv->rest.ptr[0] == '\r'))
        skip_line(csv, 0);
    if (csv->rest.len == 0)
        return 0;
    *ret = (struct csv_row){.line = csv->line};
    do {
        if (ret->count > 0)
            at++; /* the separator */
        ret->fields = arena_grow(csv->arena, ret->fields, ret->count, &cap, sizeof(*ret->fields));
        ret->fields[ret->count] = SLICE_LIT("");
        r = read_field(csv, &at, &ret->fields[ret->count]);
        ret->count++;
    } while (r == 0 && !at_end(csv, at) && csv->rest.ptr[at] == csv->separator);
    skip_line(csv, at);
    return r == 0 ? 1 : r;
}
