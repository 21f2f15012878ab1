#include "base/log.h"

#include "base/json.h"
#include "dvc_test.h"

#include <fcntl.h>
#include <unistd.h>

static int saved = -1;
static int pipe_fds[2];

static void capture(void)
{
    DVC_EQ_INT(pipe2(pipe_fds, O_NONBLOCK | O_CLOEXEC), 0);
    saved = dup(STDERR_FILENO);
    dup2(pipe_fds[1], STDERR_FILENO);
}

/* What was written since capture(), as text in the arena. */
static struct slice captured(struct arena *arena)
{
    char *text = arena_alloc(arena, 65536);
    ssize_t len;

    dup2(saved, STDERR_FILENO);
    close(saved);
    len = read(pipe_fds[0], text, 65535);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    return (struct slice){text, len > 0 ? (size_t)len : 0};
}

static struct value *one_line(struct arena *arena)
{
    struct slice text = captured(arena);
    struct json_error error;
    struct value *value = NULL;

    cr_assert(slice_ends(text, "\n"));
    cr_assert(slice_find(text, '\n', 0) == (ptrdiff_t)text.len - 1, "not one line: %s", text.ptr);
    cr_assert(json_parse(arena, text, 8, &value, &error) == 0, "not JSON: %s", text.ptr);
    return value;
}

DVC_TEST(log, a_line_is_json)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *line;

    log_setup("gateway/0", LOG_LEVEL_INFO);
    capture();
    log_warn("outbox_retry", "dossier=%s attempt=%d detail=no answer, a=b \"x\"\n", "H24-1", 3);
    line = one_line(arena);
    DVC_EQ_STR(value_get_str(line, "level"), "warn");
    DVC_EQ_STR(value_get_str(line, "process"), "gateway/0");
    DVC_EQ_STR(value_get_str(line, "event"), "outbox_retry");
    DVC_EQ_STR(value_get_str(line, "dossier"), "H24-1");
    DVC_EQ_STR(value_get_str(line, "attempt"), "3");
    DVC_EQ_STR(value_get_str(line, "detail"), "no answer, a=b \"x\"");
    cr_assert_not_null(value_get_str(line, "at"));
}

DVC_TEST(log, a_value_goes_on_to_the_next_key)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *line;

    log_setup("courier/1", LOG_LEVEL_INFO);
    capture();
    log_error("outbox_failed", "no key here error=connection reset by peer  code=7 empty= ");
    line = one_line(arena);
    DVC_EQ_STR(value_get_str(line, "text"), "no key here");
    DVC_EQ_STR(value_get_str(line, "error"), "connection reset by peer");
    DVC_EQ_STR(value_get_str(line, "code"), "7");
    DVC_EQ_STR(value_get_str(line, "empty"), "");
    DVC_EQ_INT(value_count(line), 8);
}

DVC_TEST(log, least_level)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();

    log_setup("clock", LOG_LEVEL_WARN);
    capture();
    log_debug("a", "x=1");
    log_info("b", "x=1");
    DVC_EQ_INT(captured(arena).len, 0);
    capture();
    log_error("c", "x=1");
    DVC_EQ_STR(value_get_str(one_line(arena), "level"), "error");
}

/* Text of a library or a peer may end up in a message: the line stays one line of valid JSON. */
DVC_TEST(log, hostile_text)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();

    log_setup("x", LOG_LEVEL_DEBUG);
    capture();
    log_info("odd", "a=\xff\n\"},{ b= =c word detail=");
    DVC_EQ_STR(value_get_str(one_line(arena), "event"), "odd");
    capture();
    log_info("long", "detail=%9000s|", "x");
    DVC_EQ_STR(value_get_str(one_line(arena), "event"), "long");
    capture();
    log_info("none", "%s", "");
    DVC_EQ_INT(value_count(one_line(arena)), 4);
}
