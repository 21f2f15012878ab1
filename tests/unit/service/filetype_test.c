#include "service/filetype.h"

#include <string.h>

#include "dvc_test.h"

#define OFFICE "application/vnd.openxmlformats-officedocument."

static const char *type_of(struct filetypes *types, struct slice start)
{
    const struct file_format *format = filetype_of(types, start);

    return format != NULL ? format->type : "";
}

/* Begins as given, and goes on for a few hundred bytes as such files do. */
static struct slice file(char room[512], struct slice start)
{
    memset(room, 1, 512);
    memcpy(room, start.ptr, start.len);
    return (struct slice){room, 512};
}

DVC_TEST(filetype, content_tells)
{
    static const struct {
        struct slice start;
        const char *type; /* "": none that we know */
    } cases[] = {
        {SLICE_LIT("%PDF-1.4\n"), "application/pdf"},
        {SLICE_LIT("\xff\xd8\xff\xe0\0\x10JFIF\0"), "image/jpeg"},
        {SLICE_LIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0"), "image/png"},
        {SLICE_LIT("AC1032\0\0\0\0\0\3"), "image/vnd.dwg"},
        {SLICE_LIT("AC1015\0\0\0\0\0\6\1"), "image/vnd.dwg"},
        {SLICE_LIT("II*\0\x08\0\0\0"), "image/tiff"},
        {SLICE_LIT("MZ\x90\0\3\0\0\0"), ""},
        {SLICE_LIT("\x7f"
                   "ELF\2\1\1\0"),
         ""},
        {SLICE_LIT("<html><script>1</script>\n%PDF-1.4\n"), ""},
        {SLICE_LIT(" %PDF-1.4\n"), ""},
        {SLICE_LIT("GIF89a"), ""},
        {SLICE_LIT("\0\0\0\0"), ""},
    };
    struct filetypes *types = filetypes_new();
    char room[512];

    cr_assert(types != NULL);
    for (size_t i = 0; i < DVC_COUNT(cases); i++)
        cr_assert(strcmp(type_of(types, file(room, cases[i].start)), cases[i].type) == 0,
                  "case %zu is %s", i, type_of(types, file(room, cases[i].start)));
    cr_assert(filetype_of(types, SLICE_LIT("")) == NULL);
    cr_assert(strcmp(type_of(types, SLICE_LIT("%PDF")), "application/pdf") != 0);
    filetypes_free(types);
}

DVC_TEST(filetype, table_has_one_type_a_word_and_shows_only_what_is_usual)
{
    size_t count;
    const struct file_format *formats = formats_all(&count);

    for (size_t i = 0; i < count; i++) {
        const struct file_format *first = format_of_type(slice_str(formats[i].type));

        cr_assert(format_of_word(slice_str(formats[i].word)) == &formats[i]);
        cr_assert(first->shown == formats[i].shown && first->usual == formats[i].usual);
        cr_assert(!formats[i].shown || (formats[i].usual && formats[i].start != NULL),
                  "%s is shown but could begin as something else", formats[i].word);
    }
    cr_assert(strcmp(format_of_word(SLICE_LIT("jpeg"))->type,
                     format_of_word(SLICE_LIT("jpg"))->type) == 0);
    cr_assert(strcmp(format_of_word(SLICE_LIT("docx"))->type, OFFICE "wordprocessingml.document") ==
              0);
    cr_assert(format_of_word(SLICE_LIT("exe")) == NULL && format_of_word(SLICE_LIT("PDF")) == NULL);
    cr_assert(format_of_type(SLICE_LIT("text/html")) == NULL);
    cr_assert(format_of_type(SLICE_LIT("image/svg+xml")) == NULL);
}
