#include "base/jw.h"

#include "dvc_test.h"

#include <stdio.h>

#include <math.h>
#include <signal.h>

DVC_TEST(jw, commas_and_order)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(1000);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_kv_str(&jw, "name", "Huệ");
    jw_key(&jw, "list");
    jw_array(&jw);
    jw_int(&jw, -1);
    jw_object(&jw);
    jw_end_object(&jw);
    jw_array(&jw);
    jw_end_array(&jw);
    jw_bool(&jw, false);
    jw_null(&jw);
    jw_end_array(&jw);
    jw_kv_int(&jw, "n", 7);
    jw_kv_bool(&jw, "yes", true);
    jw_kv_null(&jw, "none");
    jw_kv_str(&jw, "nothing", NULL);
    jw_kv_slice(&jw, "part", slice_sub(SLICE_LIT("abc"), 1, 1));
    jw_key(&jw, "raw");
    jw_raw(&jw, SLICE_LIT("{\"a\":1}"));
    jw_end_object(&jw);
    DVC_EQ_STR(buf.ptr, "{\"name\":\"Huệ\",\"list\":[-1,{},[],false,null],\"n\":7,\"yes\":true,"
                        "\"none\":null,\"nothing\":null,\"part\":\"b\",\"raw\":{\"a\":1}}");
}

DVC_TEST(jw, a_list_of_words)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(1000);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_kv_strs(&jw, "none", NULL, 0);
    jw_kv_strs(&jw, "some", (const char *const[]){"a", NULL, "Huệ"}, 3);
    jw_end_object(&jw);
    DVC_EQ_STR(buf.ptr, "{\"none\":[],\"some\":[\"a\",null,\"Huệ\"]}");
}

DVC_TEST(jw, escapes)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(1000);

    buf_add_json_string(&buf, SLICE_LIT("a\"b\\c/\b\f\n\r\t\x01\x1f\x7f\0z ơ"));
    DVC_EQ_STR(buf.ptr, "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\u0000z ơ\"");
    buf_clear(&buf);
    buf_add_json_string(&buf, SLICE_NULL);
    DVC_EQ_STR(buf.ptr, "\"\"");
}

DVC_TEST(jw, times)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(1000);
    struct jw jw = JW_INIT(&buf);

    jw_object(&jw);
    jw_kv_wall(&jw, "a", (wall_t){0});
    jw_kv_wall(&jw, "b", WALL_NONE);
    jw_kv_day(&jw, "c", day_from_ymd(2025, 7, 1));
    jw_kv_day(&jw, "d", DAY_NONE);
    jw_end_object(&jw);
    DVC_EQ_STR(buf.ptr, "{\"a\":\"1970-01-01T07:00:00+07:00\",\"b\":null,\"c\":\"2025-07-01\","
                        "\"d\":null}");
}

DVC_TEST(jw, reals_read_back_the_same)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(1000);
    struct jw jw = JW_INIT(&buf);

    jw_array(&jw);
    jw_real(&jw, 0.1);
    jw_real(&jw, 1);
    jw_real(&jw, -2.5);
    jw_real(&jw, 1e300);
    jw_real(&jw, 1.0 / 3);
    jw_real(&jw, 0.97);
    jw_real(&jw, (double)INFINITY);
    jw_real(&jw, (double)NAN);
    jw_end_array(&jw);
    DVC_EQ_STR(buf.ptr, "[0.1,1.0,-2.5,1e+300,0.3333333333333333,0.97,null,null]");
}

DVC_TEST(jw, deepest)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(1000);
    struct jw jw = JW_INIT(&buf);

    for (int i = 0; i < 31; i++)
        jw_array(&jw);
    jw_int(&jw, 1);
    jw_int(&jw, 2);
    for (int i = 0; i < 31; i++)
        jw_end_array(&jw);
    DVC_EQ_INT(buf.len, 65);
}

DVC_TEST(jw, too_deep_stops, .signal = SIGABRT)
{
    struct buf buf = BUF_INIT(1000);
    struct jw jw = JW_INIT(&buf);

    for (int i = 0; i < 32; i++)
        jw_array(&jw);
}

DVC_TEST(jw, escapes_at_every_place_of_a_word)
{
    for (size_t at = 0; at < 20; at++) {
        struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(200);
        char text[21] = "abcdefghijklmnopqrst", expected[32];

        text[at] = at % 3 == 0 ? '"' : at % 3 == 1 ? '\\' : '\t';
        snprintf(expected, sizeof(expected), "\"%.*s\\%c%s\"", (int)at, text,
                 text[at] == '\t' ? 't' : text[at], text + at + 1);
        buf_add_json_string(&buf, slice_str(text));
        DVC_EQ_STR(buf.ptr, expected);
    }
}
