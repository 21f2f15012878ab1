#include "http/head.h"

#include "dvc_test.h"

static const struct head_limits limits = {.target = 100, .count = 3};

static enum refuse_reason parse(const char *text, struct http_head *ret)
{
    struct slice slice = slice_str(text);
    ptrdiff_t length = head_length(slice, 0);

    if (length < 0)
        return REFUSE_HEADER;
    DVC_EQ_INT(length, slice.len);
    return head_parse(slice, &limits, ret);
}

DVC_TEST(head, reads_method_target_and_length)
{
    struct http_head head;

    DVC_EQ_INT(parse("PATCH /a%20b?x=1 HTTP/1.1\r\nhost: a\r\nContent-Length:  12 \r\n\r\n", &head),
               REFUSE_NONE);
    DVC_EQ_INT(head.method, METHOD_PATCH);
    DVC_EQ_SLICE(head.target, "/a%20b?x=1");
    DVC_EQ_INT(head.content_length, 12);
    DVC_EQ_INT(head.minor, 1);
    cr_assert_not(head.chunked);
}

DVC_TEST(head, end_is_found_whatever_was_seen_before)
{
    struct slice text = SLICE_LIT("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET");

    for (size_t seen = 0; seen < text.len - 4; seen++)
        DVC_EQ_INT(head_length(text, seen), text.len - 3);
    for (size_t len = 0; len < text.len - 3; len++)
        DVC_EQ_INT(head_length(slice_sub(text, 0, len), 0), 0);
    DVC_EQ_INT(head_length(SLICE_LIT("GET /\nHost"), 0), -1);
    DVC_EQ_INT(head_length(SLICE_LIT("GET /\0a\r\n"), 0), -1);
}

DVC_TEST(head, limits_are_named_apart)
{
    struct http_head head;
    char text[300] = "GET /";

    memset(text + 5, 'a', 120);
    memcpy(text + 125, " HTTP/1.1\r\nHost: a\r\n\r\n", 23);
    DVC_EQ_INT(parse(text, &head), REFUSE_TARGET_LONG);
    DVC_EQ_INT(parse("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n", &head), REFUSE_NONE);
    DVC_EQ_INT(parse("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", &head),
               REFUSE_HEAD_LARGE);
}

DVC_TEST(head, a_body_needs_a_method_that_has_one)
{
    struct http_head head;

    DVC_EQ_INT(parse("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", &head), REFUSE_NONE);
    DVC_EQ_INT(parse("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", &head),
               REFUSE_LENGTH);
    DVC_EQ_INT(parse("DELETE / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", &head),
               REFUSE_LENGTH);
}

DVC_TEST(head, paths)
{
    static const char *const good[] = {"/", "/a/", "/a.b/..c/...", "/%C4%91%e1%bb%93",
                                       "/a:b@c;d=e,f"};
    static const char *const bad[] = {"",      "a",    "/..",        "/a/../b", "/a/.", "/%2E%2e/a",
                                      "/%2f",  "/%5C", "/%00",       "/%1f",    "/%",   "/%4",
                                      "/a\\b", "/%ff", "/%ed%a0%80", "//a",     "/a b", "/\x80"};

    for (size_t i = 0; i < DVC_COUNT(good); i++)
        cr_assert(head_path_ok(slice_str(good[i])), "%s", good[i]);
    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        cr_assert_not(head_path_ok(slice_str(bad[i])), "%s", bad[i]);
}

DVC_TEST(head, decoding)
{
    struct arena *arena = arena_new();
    struct slice text = SLICE_NULL;

    DVC_EQ_INT(head_decode(arena, SLICE_LIT("a+b%2Bc%C4%90"), true, &text), 0);
    DVC_EQ_SLICE(text, "a b+cĐ");
    DVC_EQ_INT(head_decode(arena, SLICE_LIT("a+b"), false, &text), 0);
    DVC_EQ_SLICE(text, "a+b");
    cr_assert(head_decode(arena, SLICE_LIT("%00"), true, &text) < 0);
    cr_assert(head_decode(arena, SLICE_LIT("%c3"), true, &text) < 0);
    DVC_EQ_SLICE(head_origin(SLICE_LIT("HTTPS://a.b:1/c?d")), "/c?d");
    DVC_EQ_SLICE(head_origin(SLICE_LIT("http://a")), "/");
    DVC_EQ_SLICE(head_origin(SLICE_LIT("/http://a")), "/http://a");
    arena_free(arena);
}
