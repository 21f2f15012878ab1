#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"

#define FILE_MAX_BYTES ((size_t)2 << 30)

struct parts {
    struct slice path, token, body;
};

static int read_file(const char *path, struct buf *text)
{
    char chunk[1 << 16];
    FILE *file = fopen(path, "re");
    size_t got;
    int r = 0;

    if (file == NULL)
        return -errno;
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buf_add(text, chunk, got);
    if (ferror(file) || text->overflow)
        r = -EIO;
    fclose(file);
    return r;
}

static bool split(struct slice line, struct parts *ret)
{
    struct slice rest = line;

    return slice_next(&rest, '\t', &ret->path) && slice_next(&rest, '\t', &ret->token) &&
           slice_next(&rest, '\t', &ret->body) && ret->path.len > 0 && ret->token.len > 0 &&
           ret->body.len > 0;
}

/* Where a request lies in the text, whose address is not known before it has all of it. */
struct place {
    size_t start, key, end;
};

static struct place render(struct buf *out, const struct parts *parts)
{
    struct place place = {.start = out->len};
    bool reads = slice_is(parts->body, "-");

    buf_adds(out, reads ? "GET " : "POST ");
    buf_add_slice(out, parts->path);
    buf_adds(out, " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ");
    buf_add_slice(out, parts->token);
    if (!reads)
        buf_addf(out, "\r\nContent-Type: application/json\r\nContent-Length: %zu", parts->body.len);
    buf_adds(out, "\r\nIdempotency-Key: ");
    place.key = out->len;
    buf_adds(out, "\r\n\r\n");
    if (!reads)
        buf_add_slice(out, parts->body);
    place.end = out->len;
    return place;
}

static size_t count_lines(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count + 1;
}

static int render_all(struct slice text, struct plan *plan, struct buf *out, size_t *ret_line)
{
    struct place *places = dvc_calloc(count_lines(text), sizeof(*places));
    struct slice line;
    struct parts parts;
    int r = 0;

    *ret_line = 0;
    while (r == 0 && slice_next(&text, '\n', &line)) {
        if (line.len == 0)
            continue;
        ++*ret_line;
        if (split(line, &parts))
            places[plan->count++] = render(out, &parts);
        else
            r = -EINVAL;
    }
    if (plan->count == 0 || out->overflow)
        r = -EINVAL;
    plan->requests = dvc_calloc(plan->count + 1, sizeof(*plan->requests));
    for (size_t i = 0; i < plan->count; i++)
        plan->requests[i] =
            (struct plan_request){{out->ptr + places[i].start, places[i].key - places[i].start},
                                  {out->ptr + places[i].key, places[i].end - places[i].key}};
    free(places);
    return r;
}

int plan_read(const char *path, bool once, struct plan *ret, size_t *ret_line)
{
    struct buf text = BUF_INIT(FILE_MAX_BYTES), out = BUF_INIT(FILE_MAX_BYTES);
    struct plan plan = {.once = once};
    uint8_t random[8];
    int r = read_file(path, &text);

    *ret_line = 0;
    if (r == 0)
        r = render_all(buf_slice(&text), &plan, &out, ret_line);
    buf_release(&text);
    plan.text = out.ptr;
    if (r != 0) {
        free(plan.requests);
        buf_release(&out);
        return r;
    }
    random_bytes(random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(plan.nonce + 2 * i, 3, "%02x", random[i]);
    *ret = plan;
    return 0;
}

void plan_release(struct plan *plan)
{
    free(plan->requests);
    free(plan->text);
}

const struct plan_request *plan_take(struct plan *plan, char key[PLAN_KEY_LEN])
{
    char text[PLAN_KEY_LEN + 1];
    const struct plan_request *request;

    if (plan->once && plan->next == plan->count)
        return NULL;
    request = &plan->requests[plan->next % plan->count];
    snprintf(text, sizeof(text), "%.16s%016zx", plan->nonce, plan->next);
    memcpy(key, text, PLAN_KEY_LEN);
    plan->next++;
    return request;
}
