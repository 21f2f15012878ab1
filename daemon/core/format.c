#include "core/format.h"

#define OFFICE "application/vnd.openxmlformats-officedocument."
#define OASIS "application/vnd.oasis.opendocument."

static const struct file_format formats[] = {
    {"pdf", "application/pdf", "%PDF-", true, true},
    {"jpg", "image/jpeg", "\xff\xd8\xff", true, true},
    {"jpeg", "image/jpeg", "\xff\xd8\xff", true, true},
    {"png", "image/png", "\x89PNG\r\n\x1a\n", true, true},
    {"tif", "image/tiff", NULL, false, false},
    {"tiff", "image/tiff", NULL, false, false},
    {"doc", "application/msword", NULL, false, false},
    {"docx", OFFICE "wordprocessingml.document", NULL, false, false},
    {"xls", "application/vnd.ms-excel", NULL, false, false},
    {"xlsx", OFFICE "spreadsheetml.sheet", NULL, false, false},
    {"odt", OASIS "text", NULL, false, false},
    {"ods", OASIS "spreadsheet", NULL, false, false},
    {"txt", "text/plain", NULL, false, false},
    {"xml", "text/xml", NULL, false, false},
    {"dwg", "image/vnd.dwg", "AC10", false, false},
    {"dxf", "image/vnd.dxf", NULL, false, false},
    {"zip", "application/zip", NULL, false, false},
    {"mp4", "video/mp4", NULL, false, false},
};

const struct file_format *format_of_word(struct slice word)
{
    for (size_t i = 0; i < DVC_COUNT(formats); i++)
        if (slice_is(word, formats[i].word))
            return &formats[i];
    return NULL;
}

const struct file_format *format_of_type(struct slice type)
{
    for (size_t i = 0; i < DVC_COUNT(formats); i++)
        if (slice_is(type, formats[i].type))
            return &formats[i];
    return NULL;
}

const struct file_format *formats_all(size_t *ret_count)
{
    *ret_count = DVC_COUNT(formats);
    return formats;
}
