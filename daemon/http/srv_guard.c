#include "http/srv_guard.h"

#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>

#include "base/hash.h"

/*
 * evhttp 2.1.12 and what it says by itself: HTML with status 400 (request line, header, URI,
 * length), 413 (body, chunk), 417 (Expect), 501 (method) and 404 (no gencb), none of them with a
 * hook. 404 has gencb. All the others are decided here first, with the same or a narrower rule, and
 * the tests look for its HTML in whatever a fuzzed client gets back. A read or write timeout of
 * evhttp closes without an answer; we set none and keep all times in srv.c.
 *
 * Bytes arrive in the bufferevent's input, whose callback runs before evhttp's read callback. All
 * that is not yet a whole request is moved out of the input into `stash`, so evhttp finds either
 * nothing or whole requests.
 */

#define CHUNK_LINE_MAX 10 /* eight hexadecimal digits, CR, LF */
#define STASH_COPY_MAX 2048

struct guard {
    const struct guard_config *config;
    struct evbuffer *input, *stash, *passed;
    struct evbuffer_cb_entry *hook;
    void (*send_continue)(void *ctx);
    void *ctx;
    bool busy;    /* our own moves call the hook again */
    bool in_body; /* the head is parsed, its body is not whole yet */
    bool blank;   /* one empty line before a request line was let pass */
    bool asked_by_head;
    enum refuse_reason refused;
    size_t waiting;   /* requests in `input` that guard_next was not asked about */
    size_t head_seen; /* bytes of the stash known to hold no end of head */
    size_t head_size;
    struct http_head head;
    size_t limit;    /* of this body */
    size_t chunk_at; /* offset in the stash of the next chunk's size line */
    size_t chunked_size;
    bool large;      /* this body is counted as an upload, by what has come of it */
    int64_t counted; /* of config->upload_bytes when it is large, else of config->body_bytes */
};

static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *ctx);

struct guard *guard_new(struct evbuffer *input, const struct guard_config *config,
                        void (*send_continue)(void *ctx), void *ctx)
{
    struct guard *guard = dvc_calloc(1, sizeof(*guard));

    guard->config = config;
    guard->input = input;
    guard->send_continue = send_continue;
    guard->ctx = ctx;
    guard->stash = evbuffer_new();
    guard->passed = evbuffer_new();
    guard->hook = evbuffer_add_cb(input, on_input, guard);
    DVC_REQUIRE(guard->stash && guard->passed && guard->hook);
    return guard;
}

static void count_body(struct guard *guard, int64_t bytes)
{
    guard->counted += bytes;
    *(guard->large ? guard->config->upload_bytes : guard->config->body_bytes) += bytes;
}

static enum refuse_reason check_bytes(const struct guard *guard)
{
    const struct guard_config *config = guard->config;
    bool over = guard->large ? *config->upload_bytes > (int64_t)config->limits->upload_bytes
                             : *config->body_bytes > (int64_t)config->limits->body_bytes;

    return over ? REFUSE_BODY_BYTES : REFUSE_NONE;
}

struct guard *guard_free(struct guard *guard)
{
    if (!guard)
        return NULL;
    count_body(guard, -guard->counted);
    evbuffer_remove_cb_entry(guard->input, guard->hook);
    evbuffer_free(guard->stash);
    evbuffer_free(guard->passed);
    free(guard);
    return NULL;
}

enum guard_phase guard_phase(const struct guard *guard)
{
    if (guard->refused != REFUSE_NONE)
        return GUARD_REFUSED;
    if (guard->in_body)
        return GUARD_BODY;
    return evbuffer_get_length(guard->stash) > 0 || guard->blank ? GUARD_HEAD : GUARD_IDLE;
}

size_t guard_received(const struct guard *guard)
{
    return guard->large ? (size_t)guard->counted : 0;
}

size_t guard_waiting(const struct guard *guard)
{
    return guard->waiting;
}

enum refuse_reason guard_next(struct guard *guard)
{
    DVC_REQUIRE(guard->waiting > 0);
    guard->waiting--;
    return guard->waiting == 0 ? guard->refused : REFUSE_NONE;
}

/* Puts what passed behind what evhttp has not read yet. Only the front of an input may be written
 * to while its bufferevent holds the end frozen. */
static void hand_over(struct guard *guard)
{
    struct evbuffer *older;

    if (evbuffer_get_length(guard->passed) == 0)
        return;
    if (evbuffer_get_length(guard->input) > 0) {
        older = evbuffer_new();
        DVC_REQUIRE(older);
        evbuffer_add_buffer(older, guard->input);
        evbuffer_add_buffer(older, guard->passed);
        evbuffer_prepend_buffer(guard->input, older);
        evbuffer_free(older);
    } else {
        evbuffer_prepend_buffer(guard->input, guard->passed);
    }
}

/* From here on nothing of the stash goes to evhttp: a request of our own stands for the bad one. */
static void refuse(struct guard *guard, enum refuse_reason why)
{
    static const char get[] = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    static const char head[] = "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    guard->refused = why;
    guard->in_body = false;
    count_body(guard, -guard->counted);
    evbuffer_drain(guard->stash, evbuffer_get_length(guard->stash));
    if (guard->asked_by_head)
        evbuffer_add(guard->passed, head, sizeof(head) - 1);
    else
        evbuffer_add(guard->passed, get, sizeof(get) - 1);
    guard->waiting++;
}

size_t guard_limit(const struct guard *guard)
{
    const struct http_limits *limits = guard->config->limits;

    if (guard->refused == REFUSE_BODY_LARGE)
        return guard->limit;
    return guard->refused == REFUSE_TARGET_LONG ? limits->target : 0;
}

void guard_refuse(struct guard *guard, enum refuse_reason why)
{
    if (guard->refused != REFUSE_NONE)
        return;
    refuse(guard, why);
    guard->busy = true;
    hand_over(guard);
    guard->busy = false;
}

static struct slice stash_text(struct guard *guard, size_t max)
{
    size_t have = evbuffer_get_length(guard->stash);
    size_t len = have < max ? have : max;

    return (struct slice){(const char *)evbuffer_pullup(guard->stash, (ev_ssize_t)len), len};
}

static enum refuse_reason start_body(struct guard *guard)
{
    const struct guard_config *config = guard->config;
    struct http_head *head = &guard->head;
    ptrdiff_t mark = slice_find(head->target, '?', 0);
    struct slice path = mark < 0 ? head->target : slice_sub(head->target, 0, (size_t)mark);
    int64_t limit;

    if (!head->chunked && head->content_length <= 0)
        return REFUSE_NONE;
    limit = config->body_limit(head->method, path, config->ctx);
    guard->limit = (size_t)limit;
    if (head->content_length > limit)
        return REFUSE_BODY_LARGE;
    guard->large = (head->chunked ? limit : head->content_length) > (int64_t)HTTP_LARGE_BODY;
    guard->chunk_at = guard->head_size;
    guard->chunked_size = 0;
    /* What a small body takes is taken from its announcement on. Of large ones few would do, and
     * who announces much and sends nothing is not to keep others out. */
    if (!head->chunked && !guard->large)
        count_body(guard, head->content_length);
    return check_bytes(guard);
}

static enum refuse_reason head_too_large(struct slice text)
{
    return memchr(text.ptr, '\n', text.len) ? REFUSE_HEAD_LARGE : REFUSE_TARGET_LONG;
}

/* Reads a head off `text`. *ret_done false and REFUSE_NONE: more bytes are needed. */
static enum refuse_reason read_head(struct guard *guard, struct slice text, bool *ret_done)
{
    const struct http_limits *limits = guard->config->limits;
    struct head_limits head_limits = {.target = limits->target, .count = limits->headers};
    ptrdiff_t length = head_length(text, guard->head_seen);
    enum refuse_reason why;

    guard->asked_by_head = slice_starts(text, "HEAD ");
    if (length < 0)
        return REFUSE_HEADER;
    if (length == 0) {
        guard->head_seen = text.len;
        *ret_done = false;
        return text.len > limits->head ? head_too_large(text) : REFUSE_NONE;
    }
    if ((size_t)length > limits->head)
        return head_too_large(slice_sub(text, 0, limits->head));
    guard->head_size = (size_t)length;
    guard->head_seen = 0;
    why = head_parse(slice_sub(text, 0, guard->head_size), &head_limits, &guard->head);
    if (why == REFUSE_NONE)
        why = start_body(guard);
    /* The slice points into memory that moves. */
    guard->head.target = SLICE_NULL;
    *ret_done = true;
    return why;
}

/* One size line: digits, CR, LF. Chunk extensions are refused: evhttp does not know them either.
 * Returns the line's length, 0 when it has not come whole, -1 when malformed. */
static int read_chunk_line(const char *line, size_t len, size_t *ret_size)
{
    size_t size = 0, digits = 0;

    while (digits < len && digits < 8 && hex_digit(line[digits]) >= 0)
        size = size * 16 + (size_t)hex_digit(line[digits++]);
    if (digits == len)
        return 0;
    if (digits == 0 || line[digits] != '\r')
        return -1;
    if (digits + 1 == len)
        return 0;
    if (line[digits + 1] != '\n')
        return -1;
    *ret_size = size;
    return (int)digits + 2;
}

static size_t copy_at(struct guard *guard, size_t at, char *out, size_t len)
{
    struct evbuffer_ptr from;
    ev_ssize_t got;

    if (evbuffer_ptr_set(guard->stash, &from, at, EVBUFFER_PTR_SET) < 0)
        return 0;
    got = evbuffer_copyout_from(guard->stash, &from, out, len);
    return got > 0 ? (size_t)got : 0;
}

/* Two bytes at `at`: 1 when they are CR LF, 0 when they have not come, -1 when they are others. */
static int crlf_at(struct guard *guard, size_t at)
{
    char text[2];
    size_t got = copy_at(guard, at, text, sizeof(text));

    if (got > 0 && text[0] != '\r')
        return -1;
    if (got < 2)
        return 0;
    return text[1] == '\n' ? 1 : -1;
}

/* Walks over as many whole chunks as the stash holds. */
static enum refuse_reason read_chunks(struct guard *guard, size_t *ret_total)
{
    size_t have = evbuffer_get_length(guard->stash);

    while (guard->chunk_at < have) {
        char line[CHUNK_LINE_MAX];
        size_t len = copy_at(guard, guard->chunk_at, line, sizeof(line)), size = 0, end;
        int line_len = read_chunk_line(line, len, &size), crlf;

        if (line_len < 0)
            return REFUSE_CHUNK;
        if (line_len == 0)
            return REFUSE_NONE;
        if (size > guard->limit - guard->chunked_size)
            return REFUSE_BODY_LARGE;
        end = guard->chunk_at + (size_t)line_len + size;
        crlf = end <= have ? crlf_at(guard, end) : 0;
        if (crlf < 0)
            return REFUSE_CHUNK; /* after the last chunk: trailers, which we do not take */
        if (crlf == 0)
            return REFUSE_NONE;
        guard->chunk_at = end + 2;
        guard->chunked_size += size;
        if (!guard->large)
            count_body(guard, (int64_t)size);
        if (check_bytes(guard) != REFUSE_NONE)
            return REFUSE_BODY_BYTES;
        /* A body of one-byte chunks would hold six times its size in memory. */
        if (guard->chunk_at - guard->head_size > 2 * guard->limit + 4096)
            return REFUSE_BODY_LARGE;
        if (size == 0) {
            *ret_total = guard->chunk_at;
            return REFUSE_NONE;
        }
    }
    return REFUSE_NONE;
}

static enum refuse_reason count_received(struct guard *guard, size_t total)
{
    size_t have = evbuffer_get_length(guard->stash);

    have = (have < total ? have : total) - guard->head_size;
    count_body(guard, (int64_t)have - guard->counted);
    return check_bytes(guard);
}

/* Room for all of a large request in one piece, filled as it comes: else its thousands of pieces
 * would be copied together in one turn, and be there twice. */
static void make_room(struct guard *guard)
{
    size_t have = evbuffer_get_length(guard->stash);
    struct evbuffer *roomy = evbuffer_new();

    DVC_REQUIRE(roomy &&
                evbuffer_expand(roomy, guard->head_size + (size_t)guard->head.content_length) == 0);
    evbuffer_add(roomy, evbuffer_pullup(guard->stash, -1), have);
    evbuffer_free(guard->stash);
    guard->stash = roomy;
}

/* Size of the request at the stash's front, or 0 while it is not whole. */
static enum refuse_reason read_body(struct guard *guard, size_t *ret_total)
{
    size_t have = evbuffer_get_length(guard->stash), total = guard->head_size;
    enum refuse_reason why = REFUSE_NONE;

    if (guard->head.chunked)
        why = read_chunks(guard, ret_total);
    else if (guard->head.content_length > 0)
        total += (size_t)guard->head.content_length;
    if (!guard->head.chunked && have >= total)
        *ret_total = total;
    if (why == REFUSE_NONE && guard->large)
        why = count_received(guard, guard->head.chunked ? have : total);
    return why;
}

static void skip_blank_line(struct guard *guard)
{
    struct slice text = stash_text(guard, 2);

    if (!guard->blank && slice_is(text, "\r\n")) {
        evbuffer_drain(guard->stash, 2);
        guard->blank = true;
    }
}

/* Takes one request off the stash. False when it is not whole yet, or refused. */
static bool take_request(struct guard *guard)
{
    enum refuse_reason why = REFUSE_NONE;
    bool fresh = false;
    size_t total = 0;

    if (!guard->in_body) {
        skip_blank_line(guard);
        if (evbuffer_get_length(guard->stash) == 0)
            return false;
        why = read_head(guard, stash_text(guard, guard->config->limits->head + 1), &fresh);
        guard->in_body = fresh && why == REFUSE_NONE;
        if (guard->in_body && guard->large && !guard->head.chunked)
            make_room(guard);
    }
    if (guard->in_body)
        why = read_body(guard, &total);
    if (why != REFUSE_NONE) {
        refuse(guard, why);
        return false;
    }
    if (total == 0) {
        if (fresh && guard->head.expect_continue && guard->head.minor >= 1 && guard->waiting == 0)
            guard->send_continue(guard->ctx);
        return false;
    }
    evbuffer_remove_buffer(guard->stash, guard->passed, total);
    count_body(guard, -guard->counted);
    guard->in_body = false;
    guard->large = false;
    guard->blank = false;
    guard->waiting++;
    return true;
}

/* The common case: one read brought exactly one whole request. It stays where it is. */
static bool passes_as_is(struct guard *guard, struct evbuffer *input, size_t added)
{
    struct slice text;
    ptrdiff_t length;
    bool done;

    if (guard->in_body || guard->blank || evbuffer_get_length(guard->stash) > 0 ||
        evbuffer_get_length(input) != added || added > guard->config->limits->head)
        return false;
    text = (struct slice){(const char *)evbuffer_pullup(input, (ev_ssize_t)added), added};
    length = head_length(text, 0);
    if (length <= 0)
        return false;
    if (read_head(guard, text, &done) != REFUSE_NONE || guard->head.chunked ||
        guard->head_size +
                (size_t)(guard->head.content_length > 0 ? guard->head.content_length : 0) !=
            added) {
        /* Something else: the slow path starts over and finds the same. */
        count_body(guard, -guard->counted);
        return false;
    }
    count_body(guard, -guard->counted);
    guard->waiting++;
    return true;
}

/* Moving keeps a buffer chain of a kilobyte for each read, however short: someone who sends a body
 * byte by byte would take a thousand times its size. Short pieces are copied together. */
static void stash(struct guard *guard, struct evbuffer *input)
{
    char piece[STASH_COPY_MAX];
    size_t len = evbuffer_get_length(input);

    while (guard->in_body && guard->large && len > sizeof(piece)) {
        evbuffer_remove(input, piece, sizeof(piece));
        evbuffer_add(guard->stash, piece, sizeof(piece));
        len -= sizeof(piece);
    }
    if (len > sizeof(piece)) {
        evbuffer_add_buffer(guard->stash, input);
        return;
    }
    evbuffer_remove(input, piece, len);
    evbuffer_add(guard->stash, piece, len);
}

static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *ctx)
{
    struct guard *guard = ctx;
    size_t added = info->n_added, vetted;

    if (guard->busy || added == 0)
        return;
    guard->busy = true;
    if (!passes_as_is(guard, input, added)) {
        vetted = evbuffer_get_length(input) - added;
        if (vetted > 0)
            evbuffer_remove_buffer(input, guard->passed, vetted);
        stash(guard, input);
        if (guard->refused != REFUSE_NONE)
            evbuffer_drain(guard->stash, evbuffer_get_length(guard->stash));
        else
            while (take_request(guard))
                ;
        hand_over(guard);
    }
    guard->busy = false;
}
