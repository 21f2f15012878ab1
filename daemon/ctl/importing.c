#include "ctl/importing.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "conf/yaml_text.h"
#include "ctl/import_plugin.h"

void importing_look(struct importing *im, int indent, const char *fmt, ...)
{
    struct buf text = BUF_INIT(20000);
    char line[4000];
    va_list args;

    va_start(args, fmt);
    vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    buf_addf(&text, IMPORT_MARK " %s", line);
    /* A long text was cut where it fell, perhaps inside of a letter. */
    while (text.len > 0 && !utf8_valid(buf_slice(&text)))
        buf_truncate(&text, text.len - 1);
    yaml_add_comment(im->out, indent, buf_slice(&text));
    buf_release(&text);
}

const char *importing_fit(struct importing *im, int indent, const char *what, const char *text,
                          size_t min, size_t max, const char *otherwise)
{
    struct slice slice = slice_str(text);
    size_t length = utf8_length(slice), bytes = 0;

    if (length < min) {
        importing_look(im, indent, "bản ghi không có %s", what);
        return otherwise;
    }
    if (length <= max)
        return text;
    importing_look(im, indent, "%s có %zu ký tự, chỉ giữ %zu ký tự đầu", what, length, max);
    for (size_t count = 0; bytes < slice.len; bytes++) {
        if (((unsigned char)slice.ptr[bytes] & 0xC0) != 0x80 && count++ == max)
            break;
    }
    return arena_slice_str(im->arena, slice_trim(slice_sub(slice, 0, bytes)));
}

int importing_case(const struct importing *im, const char *name)
{
    for (size_t i = 0; i < im->case_count; i++) {
        if (strcmp(im->case_names[i], name) == 0)
            return (int)i;
    }
    return -1;
}
