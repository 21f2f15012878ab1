#include "http/tus.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/num.h"

#define METADATA_MAX 4096
#define LOCAL_HOURS 7 /* what wall_civil is ahead of GMT */

int tus_number(struct slice text, int64_t max, int64_t *ret)
{
    text = slice_trim(text);
    if (text.len == 0)
        return -EINVAL;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -EINVAL;
    return num_parse_i64(text, 0, max, ret) == 0 ? 0 : -ERANGE;
}

static bool key_ok(struct slice key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] <= ' ' || key.ptr[i] > '~')
            return false;
    return key.len > 0;
}

static int read_value(struct arena *arena, struct slice base64, struct slice *ret)
{
    struct buf text = BUF_INIT(METADATA_MAX);
    int rc = base64_parse(base64, &text);

    if (rc == 0 && memchr(text.ptr, '\0', text.len) != NULL)
        rc = -EINVAL;
    if (rc == 0)
        *ret = arena_slice(arena, buf_slice(&text));
    buf_release(&text);
    return rc;
}

int tus_filename(struct arena *arena, struct slice metadata, struct slice *ret)
{
    struct slice rest = slice_trim(metadata), pair, name = SLICE_LIT("");
    bool found = false;

    if (rest.len > METADATA_MAX)
        return -EINVAL;
    while (rest.len > 0 && slice_next(&rest, ',', &pair)) {
        struct slice text, key = SLICE_NULL, value = SLICE_LIT("");

        pair = text = slice_trim(pair);
        if (!slice_next(&text, ' ', &key) || !key_ok(key))
            return -EINVAL;
        if (key.len < pair.len && read_value(arena, slice_trim(text), &value) != 0)
            return -EINVAL;
        if (!slice_is(key, "filename"))
            continue;
        if (found)
            return -EINVAL;
        found = true;
        name = value;
    }
    *ret = name;
    return 0;
}

bool tus_is_part(struct slice content_type)
{
    struct slice rest = content_type, type;

    if (!slice_next(&rest, ';', &type))
        return false;
    type = slice_trim(type);
    return type.len == strlen(TUS_PART_TYPE) && strncasecmp(type.ptr, TUS_PART_TYPE, type.len) == 0;
}

const char *tus_date(struct arena *arena, wall_t at)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil gmt = wall_civil((wall_t){at.us - LOCAL_HOURS * US_PER_HOUR});

    return arena_printf(arena, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[gmt.weekday % 7],
                        gmt.day, months[gmt.month - 1], gmt.year, gmt.hour, gmt.minute, gmt.second);
}
