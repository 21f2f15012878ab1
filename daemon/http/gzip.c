#include "http/gzip.h"

#include <stdlib.h>
#define ZLIB_CONST /* its input is not written to */
#include <zlib.h>

#define GZIP_WINDOW (15 + 16) /* the largest, in the frame of gzip instead of zlib's own */

int gzip_pack(struct slice in, char **ret, size_t *ret_size)
{
    z_stream stream = {.next_in = (const Bytef *)in.ptr, .avail_in = (uInt)in.len};
    size_t room = in.len - in.len / 10;
    char *out;
    int result;

    if (room == 0 || in.len > UINT32_MAX ||
        deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) !=
            Z_OK)
        return 1;
    out = dvc_malloc(room);
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    result = deflate(&stream, Z_FINISH); /* Z_OK: the room was too small, so it does not pay */
    deflateEnd(&stream);
    if (result != Z_STREAM_END) {
        free(out);
        return 1;
    }
    *ret = out;
    *ret_size = stream.total_out;
    return 0;
}

/* "q=0", "q=0.0", "q=0.000": not wanted. */
static bool weight_is_zero(struct slice parameter)
{
    parameter = slice_trim(parameter);
    if (!slice_starts(parameter, "q=0") && !slice_starts(parameter, "Q=0"))
        return false;
    for (size_t i = 3; i < parameter.len; i++)
        if (parameter.ptr[i] != '.' && parameter.ptr[i] != '0')
            return false;
    return true;
}

/* One entry of the header, "gzip;q=0.5": 1 taken, 0 refused, -1 about another coding. */
static int entry_says(struct slice entry)
{
    struct slice name = SLICE_NULL, parameter;

    if (!slice_next(&entry, ';', &name))
        return -1;
    name = slice_trim(name);
    if (!slice_is(name, "gzip") && !slice_is(name, "*"))
        return -1;
    while (slice_next(&entry, ';', &parameter))
        if (weight_is_zero(parameter))
            return 0;
    return 1;
}

bool gzip_accepted(struct slice accept_encoding)
{
    struct slice entry;
    int all = -1;

    while (slice_next(&accept_encoding, ',', &entry)) {
        int says = entry_says(entry);

        if (slice_starts(slice_trim(entry), "*"))
            all = says;
        else if (says >= 0)
            return says == 1;
    }
    return all == 1;
}
