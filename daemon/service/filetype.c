#include "service/filetype.h"

#include <magic.h>
#include <stdlib.h>
#include <string.h>

struct filetypes {
    magic_t magic;
};

/* Nothing is unpacked, and what no format of ours needs is not even looked for. */
#define FLAGS                                                                                      \
    (MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_ELF |         \
     MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_APPTYPE)

struct filetypes *filetypes_new(void)
{
    struct filetypes *types = dvc_calloc(1, sizeof(*types));

    types->magic = magic_open(FLAGS);
    if (types->magic == NULL || magic_load(types->magic, NULL) != 0)
        return filetypes_free(types);
    return types;
}

struct filetypes *filetypes_free(struct filetypes *types)
{
    if (types == NULL)
        return NULL;
    if (types->magic != NULL)
        magic_close(types->magic);
    free(types);
    return NULL;
}

/* libmagic finds a PDF also some way into a file that begins as HTML; a browser may then see the
 * HTML. */
static bool begins_as(const struct file_format *format, struct slice start)
{
    return format->start == NULL || slice_starts(start, format->start);
}

const struct file_format *filetype_of(struct filetypes *types, struct slice start)
{
    const struct file_format *format;

    if (start.len == 0)
        return NULL;
    start = slice_sub(start, 0, FILETYPE_LOOK);
    format = format_of_type(slice_str(magic_buffer(types->magic, start.ptr, start.len)));
    return format != NULL && begins_as(format, start) ? format : NULL;
}
