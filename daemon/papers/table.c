#include "papers/table.h"

#define PAD_X 3.0
#define PAD_Y 2.0

struct row {
    struct lines *cells[TABLE_COLUMNS_MAX];
    size_t from[TABLE_COLUMNS_MAX]; /* lines drawn already */
};

void table_begin(struct table *table, struct sheet *sheet, const struct column *columns,
                 size_t count, double scale)
{
    double shares = 0;

    DVC_REQUIRE(count > 0 && count <= TABLE_COLUMNS_MAX);
    *table = (struct table){
        .sheet = sheet, .columns = columns, .count = count, .scale = scale, .page = 0};
    for (size_t i = 0; i < count; i++)
        shares += columns[i].share;
    for (size_t i = 0; i < count; i++)
        table->width[i] = sheet_width(sheet) * columns[i].share / shares;
}

static void row_begin(const struct table *table, struct row *row, const char *const *cells,
                      bool head)
{
    for (size_t i = 0; i < table->count; i++) {
        struct style style = {.scale = table->scale,
                              .flags = head ? STYLE_BOLD | STYLE_CENTRE : table->columns[i].flags};

        row->cells[i] =
            lines_new(table->sheet, &style, table->width[i] - 2 * PAD_X, cells[i], SIZE_MAX);
        row->from[i] = 0;
    }
}

static void row_end(const struct table *table, struct row *row)
{
    for (size_t i = 0; i < table->count; i++)
        row->cells[i] = lines_free(row->cells[i]);
}

static double row_height(const struct table *table, const struct row *row)
{
    double height = 0;

    for (size_t i = 0; i < table->count; i++) {
        double one = lines_height(row->cells[i], row->from[i], lines_count(row->cells[i]));

        height = one > height ? one : height;
    }
    return height + 2 * PAD_Y;
}

/* Draws as many lines of each cell as fit into `room`; true while some are left. */
static bool row_part(const struct table *table, struct row *row, double room)
{
    struct sheet *sheet = table->sheet;
    double x = sheet_left(sheet), y = sheet_y(sheet), height = 0;
    size_t some[TABLE_COLUMNS_MAX];
    bool more = false;

    for (size_t i = 0; i < table->count; i++) {
        double one;

        some[i] = lines_fit(row->cells[i], row->from[i], room - 2 * PAD_Y);
        one = lines_height(row->cells[i], row->from[i], row->from[i] + some[i]);
        height = one > height ? one : height;
    }
    height += 2 * PAD_Y;
    for (size_t i = 0; i < table->count; i++) {
        lines_draw(row->cells[i], row->from[i], row->from[i] + some[i], x + PAD_X, y + PAD_Y);
        sheet_box(sheet, x, y, table->width[i], height);
        x += table->width[i];
        row->from[i] += some[i];
        more = more || row->from[i] < lines_count(row->cells[i]);
    }
    sheet_move(sheet, y + height);
    return more;
}

static void draw_head(struct table *table)
{
    const char *titles[TABLE_COLUMNS_MAX];
    struct row row;

    for (size_t i = 0; i < table->count; i++)
        titles[i] = table->columns[i].title;
    row_begin(table, &row, titles, true);
    (void)row_part(table, &row, sheet_height(table->sheet));
    row_end(table, &row);
    table->headed = true;
    table->page = sheet_page(table->sheet);
}

static double head_height(const struct table *table)
{
    const char *titles[TABLE_COLUMNS_MAX];
    struct row row;
    double height;

    for (size_t i = 0; i < table->count; i++)
        titles[i] = table->columns[i].title;
    row_begin(table, &row, titles, true);
    height = row_height(table, &row);
    row_end(table, &row);
    return height;
}

static double one_line(const struct table *table)
{
    return sheet_text_size(table->sheet) * table->scale * 1.5 + 2 * PAD_Y;
}

void table_row(struct table *table, const char *const *cells)
{
    struct sheet *sheet = table->sheet;
    double head = table->page == 0 || table->page != sheet_page(sheet) ? head_height(table) : 0;
    struct row row;
    double height;

    row_begin(table, &row, cells, false);
    height = row_height(table, &row);
    if (height + head > sheet_room(sheet) && (height + head_height(table) <= sheet_height(sheet) ||
                                              sheet_room(sheet) < head + one_line(table)))
        sheet_break(sheet);
    do {
        if (table->page != sheet_page(sheet))
            draw_head(table);
        if (!row_part(table, &row, sheet_room(sheet)))
            break;
        sheet_break(sheet);
    } while (true);
    row_end(table, &row);
}
