#include "papers/fonts.h"

#include <pango/pangocairo.h>

#include "papers/sheet.h"

/* One of each kind of mark: what lacks one of these lacks many. */
static const gunichar probes[] = {U'ă', U'Đ', U'ơ', U'Ư', U'ệ', U'Ỗ', U'ữ', U'ỵ', U'Ẩ'};

static bool has_letters(PangoFont *font)
{
    for (size_t i = 0; i < DVC_COUNT(probes); i++)
        if (!pango_font_has_char(font, probes[i]))
            return false;
    return true;
}

int fonts_check(struct buf *ret_say)
{
    PangoFontMap *map = pango_cairo_font_map_get_default();
    PangoContext *context = pango_font_map_create_context(map);
    PangoFontDescription *wanted = pango_font_description_from_string(PAPERS_FACES " 12");
    PangoFont *font = pango_font_map_load_font(map, context, wanted);
    int result = PAPERS_E_FONT;

    if (font == NULL) {
        buf_adds(ret_say, "máy chưa có phông chữ nào; hãy cài gói fonts-croscore");
    } else if (!has_letters(font)) {
        buf_adds(ret_say, "phông chữ có chân trên máy thiếu chữ tiếng Việt; hãy cài gói "
                          "fonts-croscore");
    } else {
        PangoFontDescription *taken = pango_font_describe(font);

        buf_adds(ret_say, pango_font_description_get_family(taken));
        pango_font_description_free(taken);
        result = 0;
    }
    if (font != NULL)
        g_object_unref(font);
    pango_font_description_free(wanted);
    g_object_unref(context);
    return result;
}
