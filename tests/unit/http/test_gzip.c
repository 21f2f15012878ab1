#include "http/gzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "dvc_test.h"

static bool accepted(const char *header)
{
    return gzip_accepted(slice_str(header));
}

Test(gzip, who_takes_it)
{
    cr_assert(accepted("gzip"));
    cr_assert(accepted("deflate, gzip;q=0.5, br"));
    cr_assert(accepted("gzip; q=0.001"));
    cr_assert(accepted("*"));
    cr_assert(accepted("br, *;q=0.1"));
}

Test(gzip, who_does_not)
{
    cr_assert(!accepted(""));
    cr_assert(!gzip_accepted(SLICE_NULL));
    cr_assert(!accepted("identity"));
    cr_assert(!accepted("gzip;q=0"));
    cr_assert(!accepted("gzip; q=0.000"));
    cr_assert(!accepted("*, gzip;q=0"), "what is named counts before the star");
    cr_assert(!accepted("*;q=0"));
    cr_assert(!accepted("xgzip, gzipped"));
}

Test(gzip, packs_what_can_be_unpacked)
{
    char text[20000], back[sizeof(text)];
    char *packed = NULL;
    size_t size = 0;
    z_stream stream = {.next_in = NULL};

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "dvcd files "[i % 11];
    cr_assert_eq(gzip_pack((struct slice){text, sizeof(text)}, &packed, &size), 0);
    cr_assert_lt(size, sizeof(text) / 50);
    cr_assert_eq(inflateInit2(&stream, 31), Z_OK);
    stream.next_in = (Bytef *)packed;
    stream.avail_in = (uInt)size;
    stream.next_out = (Bytef *)back;
    stream.avail_out = sizeof(back);
    cr_assert_eq(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    cr_assert_eq(stream.total_out, sizeof(text));
    cr_assert_eq(memcmp(text, back, sizeof(text)), 0);
    free(packed);
}

Test(gzip, leaves_what_does_not_get_smaller)
{
    char noise[4096];
    char *packed;
    size_t size;
    unsigned state = 1;

    for (size_t i = 0; i < sizeof(noise); i++) {
        state = state * 1664525u + 1013904223u;
        noise[i] = (char)(state >> 24);
    }
    cr_assert_eq(gzip_pack((struct slice){noise, sizeof(noise)}, &packed, &size), 1);
    cr_assert_eq(gzip_pack(SLICE_LIT(""), &packed, &size), 1);
    cr_assert_eq(gzip_pack(SLICE_LIT("a"), &packed, &size), 1);
}
