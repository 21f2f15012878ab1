#include "base/buf.h"

#include "base/arena.h"

#include "dvc_test.h"

#include <string.h>

DVC_TEST(buf, empty_is_text)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(10);

    DVC_EQ_STR(buf.ptr, "");
    buf_clear(&buf);
    buf_truncate(&buf, 0);
    buf_add(&buf, NULL, 0);
    buf_add_slice(&buf, SLICE_NULL);
    DVC_EQ_STR(buf.ptr, "");
    cr_assert(!buf.overflow);
}

DVC_TEST(buf, adds)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(1000);

    buf_adds(&buf, "mã ");
    buf_addc(&buf, '#');
    buf_addf(&buf, "%03d", 7);
    buf_add_slice(&buf, slice_sub(SLICE_LIT("xyz"), 1, 1));
    buf_add_i64(&buf, INT64_MIN);
    buf_addc(&buf, ' ');
    buf_add_i64(&buf, INT64_MAX);
    buf_addc(&buf, ' ');
    buf_add_i64(&buf, 0);
    DVC_EQ_STR(buf.ptr, "mã #007y-9223372036854775808 9223372036854775807 0");
    DVC_EQ_INT(buf.len, strlen(buf.ptr));
}

DVC_TEST(buf, network_byte_order)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(14);
    static const unsigned char wanted[] = {1,    2,    0x81, 2,    3,    4,    0xff,
                                           0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe};

    buf_add_be16(&buf, 0x0102);
    buf_add_be32(&buf, 0x81020304);
    buf_add_be64(&buf, (uint64_t)-2);
    DVC_EQ_INT(buf.len, sizeof(wanted));
    cr_assert(memcmp(buf.ptr, wanted, sizeof(wanted)) == 0);
}

DVC_TEST(buf, takes_exactly_max)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(100);

    for (int i = 0; i < 100; i++)
        buf_addc(&buf, 'a');
    cr_assert(!buf.overflow);
    DVC_EQ_INT(buf.len, 100);
    buf_addc(&buf, 'b');
    cr_assert(buf.overflow);
    DVC_EQ_INT(buf.len, 100);
    DVC_EQ_INT(strlen(buf.ptr), 100);
}

DVC_TEST(buf, what_does_not_fit_is_dropped_whole_and_so_is_what_follows)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(8);

    buf_adds(&buf, "12345");
    buf_addf(&buf, "%s", "6789");
    cr_assert(buf.overflow);
    buf_adds(&buf, "x");
    DVC_EQ_STR(buf.ptr, "12345");
    buf_clear(&buf);
    cr_assert(!buf.overflow);
    buf_adds(&buf, "new");
    DVC_EQ_STR(buf.ptr, "new");
}

DVC_TEST(buf, format_longer_than_the_small_buffer)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(100000);

    for (int width = 250; width < 262; width++) {
        buf_clear(&buf);
        buf_adds(&buf, "<");
        buf_addf(&buf, "%*d", width, 5);
        buf_adds(&buf, ">");
        DVC_EQ_INT(buf.len, width + 2);
        DVC_EQ_STR(buf.ptr + buf.len - 2, "5>");
    }
    buf_addf(&buf, "%70000d", 1);
    DVC_EQ_INT(buf.len, 70000 + 263);
    buf_addf(&buf, "%70000d", 1);
    cr_assert(buf.overflow);
    DVC_EQ_INT(buf.len, 70000 + 263);
}

DVC_TEST(buf, truncate)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(100);

    buf_adds(&buf, "abcdef");
    buf_truncate(&buf, 9);
    DVC_EQ_STR(buf.ptr, "abcdef");
    buf_truncate(&buf, 2);
    DVC_EQ_SLICE(buf_slice(&buf), "ab");
    DVC_EQ_STR(buf.ptr, "ab");
}

DVC_TEST(buf, release_keeps_the_limit)
{
    struct buf buf = BUF_INIT(4);

    buf_adds(&buf, "abcd");
    buf_release(&buf);
    DVC_EQ_STR(buf.ptr, "");
    DVC_EQ_INT(buf.max, 4);
    buf_adds(&buf, "abcde");
    cr_assert(buf.overflow);
    buf_release(&buf);
}

DVC_TEST(buf, no_limit_at_all)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(SIZE_MAX - 1);

    buf_adds(&buf, "abc");
    DVC_EQ_STR(buf.ptr, "abc");
}

DVC_TEST(buf, grows_in_an_arena_beside_others)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct buf even = BUF_IN(arena, 100000), odd = BUF_IN(arena, 100000);

    for (int i = 0; i < 10000; i++)
        buf_addf(i % 2 == 0 ? &even : &odd, "%d,", i);
    cr_assert(!even.overflow && !odd.overflow);
    cr_assert(slice_starts(buf_slice(&even), "0,2,4,6,8,10,"));
    cr_assert(slice_ends(buf_slice(&even), ",9996,9998,"));
    cr_assert(slice_ends(buf_slice(&odd), ",9997,9999,"));
    DVC_EQ_INT(strlen(odd.ptr), odd.len);
}

DVC_TEST(buf, keeps_its_text_in_the_arena)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct buf buf = BUF_IN(arena, 6);
    struct slice kept;

    buf_adds(&buf, "abcdef");
    kept = buf_slice(&buf);
    buf_addc(&buf, 'g');
    cr_assert(buf.overflow);
    buf_release(&buf);
    buf_adds(&buf, "xyz");
    DVC_EQ_SLICE(kept, "abcdef");
    DVC_EQ_STR(buf.ptr, "xyz");
}
