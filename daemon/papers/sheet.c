#include "papers/sheet.h"

#include <pango/pangocairo.h>

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "papers/fonts.h"

#define MM (72.0 / 25.4)
#define RULE 0.5 /* width of a border */
#define DOTS "................................................"

struct sheet {
    struct arena *arena;
    struct buf *out;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoContext *context;
    double left, top, right, bottom; /* of what is written on */
    double page_width;
    double text_size;
    double y;
    int page;
};

static const struct {
    double width, height, side, head, foot, text;
} sizes[] = {
    [SHEET_A5] = {148, 210, 12, 10, 9, 10},
    [SHEET_A4] = {210, 297, 20, 20, 18, 13},
    [SHEET_A4_WIDE] = {297, 210, 12, 14, 12, 9.5},
};

static cairo_status_t write_pdf(void *ctx, const unsigned char *data, unsigned int length)
{
    struct buf *out = ctx;

    buf_add(out, data, length);
    return out->overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void set_properties(struct sheet *sheet, const struct sheet_options *options)
{
    struct buf created = BUF_INIT(64);

    buf_add_wall(&created, options->created);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, options->title);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_AUTHOR, options->author);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE, created.ptr);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_MOD_DATE, created.ptr);
    buf_release(&created);
}

/* Glyphs where the outlines want them: a printer has pixels enough, and rounding to those of a
 * screen makes words wider. */
static void set_context(struct sheet *sheet)
{
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    sheet->context = pango_cairo_create_context(sheet->cairo);
    pango_cairo_context_set_resolution(sheet->context, 72);
    pango_cairo_context_set_font_options(sheet->context, options);
    pango_context_set_round_glyph_positions(sheet->context, FALSE);
    pango_context_set_language(sheet->context, pango_language_from_string("vi"));
    cairo_font_options_destroy(options);
}

struct sheet *sheet_new(struct buf *out, const struct sheet_options *options)
{
    struct arena *arena = arena_new();
    struct sheet *sheet = ARENA_NEW(arena, struct sheet);
    double width = sizes[options->size].width * MM, height = sizes[options->size].height * MM;

    sheet->arena = arena;
    sheet->out = out;
    sheet->left = sizes[options->size].side * MM;
    sheet->right = width - sheet->left;
    sheet->top = sizes[options->size].head * MM;
    sheet->bottom = height - sizes[options->size].foot * MM;
    sheet->page_width = width;
    sheet->text_size = sizes[options->size].text;
    sheet->y = sheet->top;
    sheet->page = 1;
    sheet->surface = cairo_pdf_surface_create_for_stream(write_pdf, out, width, height);
    set_properties(sheet, options);
    sheet->cairo = cairo_create(sheet->surface);
    cairo_set_line_width(sheet->cairo, RULE);
    set_context(sheet);
    return sheet;
}

int sheet_end(struct sheet *sheet)
{
    cairo_status_t status;
    int result = 0;

    status = cairo_status(sheet->cairo);
    cairo_destroy(sheet->cairo);
    cairo_surface_finish(sheet->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(sheet->surface);
    cairo_surface_destroy(sheet->surface);
    g_object_unref(sheet->context);
    if (sheet->out->overflow)
        result = PAPERS_E_LARGE;
    else if (status != CAIRO_STATUS_SUCCESS)
        result = PAPERS_E_DRAW;
    arena_free(sheet->arena);
    return result;
}

struct arena *sheet_arena(struct sheet *sheet)
{
    return sheet->arena;
}

double sheet_text_size(const struct sheet *sheet)
{
    return sheet->text_size;
}

double sheet_left(const struct sheet *sheet)
{
    return sheet->left;
}

double sheet_width(const struct sheet *sheet)
{
    return sheet->right - sheet->left;
}

double sheet_y(const struct sheet *sheet)
{
    return sheet->y;
}

void sheet_move(struct sheet *sheet, double y)
{
    sheet->y = y;
}

double sheet_room(const struct sheet *sheet)
{
    return sheet->bottom - sheet->y;
}

double sheet_height(const struct sheet *sheet)
{
    return sheet->bottom - sheet->top;
}

int sheet_page(const struct sheet *sheet)
{
    return sheet->page;
}

void sheet_break(struct sheet *sheet)
{
    static const struct style number = {.flags = STYLE_CENTRE, .scale = 0.9};
    char text[16];

    cairo_show_page(sheet->cairo);
    sheet->page++;
    snprintf(text, sizeof(text), "%d", sheet->page);
    sheet_block(sheet, &number, 0, (sheet->top - sheet->text_size) / 2, sheet->page_width, text,
                true);
    sheet->y = sheet->top;
}

void sheet_keep(struct sheet *sheet, double height)
{
    if (height > sheet_room(sheet) && height <= sheet_height(sheet))
        sheet_break(sheet);
}

void sheet_gap(struct sheet *sheet, double height)
{
    if (sheet->y > sheet->top)
        sheet->y += height;
}

/* ---- shapes ---- */

void sheet_box(struct sheet *sheet, double x, double y, double width, double height)
{
    cairo_rectangle(sheet->cairo, x, y, width, height);
    cairo_stroke(sheet->cairo);
}

void sheet_rule(struct sheet *sheet, double x, double y, double width)
{
    cairo_move_to(sheet->cairo, x, y);
    cairo_line_to(sheet->cairo, x + width, y);
    cairo_stroke(sheet->cairo);
}

void sheet_modules(struct sheet *sheet, double x, double y, double size, const uint8_t *modules,
                   int count)
{
    double side = size / count;

    for (int row = 0; row < count; row++)
        for (int column = 0; column < count; column++)
            if ((modules[row * count + column] & 1) != 0)
                cairo_rectangle(sheet->cairo, x + column * side, y + row * side, side, side);
    cairo_fill(sheet->cairo);
}

/* ---- lines ---- */

struct line {
    double top, height, baseline, x;
};

struct lines {
    struct sheet *sheet;
    PangoLayout *layout;
    struct line *items;
    size_t count;
};

/* One normal form, and no control character but the end of a line: Pango draws those as boxes. */
static const char *clean(struct sheet *sheet, const char *text, size_t *bold_from)
{
    struct slice normal = slice_str(text), head;
    char *copy;

    if (*bold_from != SIZE_MAX &&
        utf8_nfc(sheet->arena, slice_sub(normal, 0, *bold_from), &head) == 0)
        *bold_from = head.len;
    if (utf8_nfc(sheet->arena, slice_str(text), &normal) != 0)
        return "?";
    copy = arena_slice_str(sheet->arena, normal);
    for (char *c = copy; *c != '\0'; c++)
        if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7f)
            *c = ' ';
    return copy;
}

static PangoFontDescription *face(const struct sheet *sheet, const struct style *style)
{
    PangoFontDescription *font = pango_font_description_from_string(PAPERS_FACES);
    double scale = style->scale > 0 ? style->scale : 1;

    pango_font_description_set_absolute_size(font, sheet->text_size * scale * PANGO_SCALE);
    if ((style->flags & STYLE_BOLD) != 0)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    if ((style->flags & STYLE_ITALIC) != 0)
        pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
    return font;
}

static void set_bold(PangoLayout *layout, size_t from)
{
    PangoAttrList *list = pango_attr_list_new();
    PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);

    bold->start_index = (guint)from;
    pango_attr_list_insert(list, bold);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
}

static void measure(struct lines *lines)
{
    PangoLayoutIter *iter = pango_layout_get_iter(lines->layout);

    lines->items =
        dvc_calloc((size_t)pango_layout_get_line_count(lines->layout) + 1, sizeof(*lines->items));
    do {
        struct line *line = &lines->items[lines->count++];
        PangoRectangle logical;
        int top, bottom;

        pango_layout_iter_get_line_extents(iter, NULL, &logical);
        pango_layout_iter_get_line_yrange(iter, &top, &bottom);
        line->top = (double)top / PANGO_SCALE;
        line->height = (double)(bottom - top) / PANGO_SCALE;
        line->baseline = (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE;
        line->x = (double)logical.x / PANGO_SCALE;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

struct lines *lines_new(struct sheet *sheet, const struct style *style, double width,
                        const char *text, size_t bold_from)
{
    struct lines *lines = dvc_calloc(1, sizeof(*lines));
    PangoFontDescription *font = face(sheet, style);
    const char *shown = clean(sheet, text != NULL ? text : "", &bold_from);
    char *upper = (style->flags & STYLE_UPPER) != 0 ? g_utf8_strup(shown, -1) : NULL;

    lines->sheet = sheet;
    lines->layout = pango_layout_new(sheet->context);
    pango_layout_set_font_description(lines->layout, font);
    pango_layout_set_width(lines->layout, (int)(width * PANGO_SCALE));
    /* A word as long as the line is broken anywhere rather than cut. */
    pango_layout_set_wrap(lines->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(lines->layout, (int)(style->indent * PANGO_SCALE));
    pango_layout_set_justify(lines->layout, (style->flags & STYLE_JUSTIFY) != 0);
    pango_layout_set_alignment(lines->layout,
                               (style->flags & STYLE_CENTRE) != 0  ? PANGO_ALIGN_CENTER
                               : (style->flags & STYLE_RIGHT) != 0 ? PANGO_ALIGN_RIGHT
                                                                   : PANGO_ALIGN_LEFT);
    pango_layout_set_text(lines->layout, upper != NULL ? upper : shown, -1);
    if (bold_from != SIZE_MAX)
        set_bold(lines->layout, bold_from);
    measure(lines);
    pango_font_description_free(font);
    g_free(upper);
    return lines;
}

struct lines *lines_free(struct lines *lines)
{
    if (lines != NULL) {
        g_object_unref(lines->layout);
        free(lines->items);
        free(lines);
    }
    return NULL;
}

size_t lines_count(const struct lines *lines)
{
    return lines->count;
}

double lines_height(const struct lines *lines, size_t from, size_t to)
{
    if (from >= to)
        return 0;
    return lines->items[to - 1].top + lines->items[to - 1].height - lines->items[from].top;
}

size_t lines_fit(const struct lines *lines, size_t from, double height)
{
    size_t to = from;

    while (to < lines->count && lines_height(lines, from, to + 1) <= height)
        to++;
    return to - from;
}

void lines_draw(struct lines *lines, size_t from, size_t to, double x, double y)
{
    for (size_t i = from; i < to; i++) {
        const struct line *line = &lines->items[i];

        cairo_move_to(lines->sheet->cairo, x + line->x,
                      y + line->baseline - lines->items[from].top);
        pango_cairo_show_layout_line(lines->sheet->cairo,
                                     pango_layout_get_line_readonly(lines->layout, (int)i));
    }
}

double sheet_block(struct sheet *sheet, const struct style *style, double x, double y, double width,
                   const char *text, bool draw)
{
    struct lines *lines;
    double height;

    if (text == NULL || *text == '\0')
        return 0;
    lines = lines_new(sheet, style, width, text, SIZE_MAX);
    height = lines_height(lines, 0, lines->count);
    if (draw)
        lines_draw(lines, 0, lines->count, x, y);
    lines_free(lines);
    return height;
}

/* ---- flowing text ---- */

static void flow(struct sheet *sheet, struct lines *lines)
{
    size_t from = 0;

    while (from < lines->count) {
        size_t some = lines_fit(lines, from, sheet_room(sheet));

        if (some == 0 && sheet->y > sheet->top) {
            sheet_break(sheet);
            continue;
        }
        if (some == 0) /* a line higher than a page: drawn all the same */
            some = 1;
        lines_draw(lines, from, from + some, sheet->left, sheet->y);
        sheet->y += lines_height(lines, from, from + some);
        from += some;
    }
}

void sheet_para(struct sheet *sheet, const struct style *style, const char *text)
{
    struct lines *lines;

    if (text == NULL || *text == '\0')
        return;
    lines = lines_new(sheet, style, sheet_width(sheet), text, SIZE_MAX);
    sheet_gap(sheet, style->before);
    flow(sheet, lines);
    sheet_gap(sheet, style->after);
    lines_free(lines);
}

void sheet_field(struct sheet *sheet, const char *label, const char *value, bool bold)
{
    bool given = value != NULL && *value != '\0';
    char *text = arena_printf(sheet->arena, "%s: %s", label, given ? value : DOTS);
    struct lines *lines = lines_new(sheet, &(struct style){.scale = 1}, sheet_width(sheet), text,
                                    given && bold ? strlen(label) + 2 : SIZE_MAX);

    flow(sheet, lines);
    sheet_gap(sheet, sheet->text_size * 0.15);
    lines_free(lines);
}
