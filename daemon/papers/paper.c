#include "papers/paper.h"

#include "papers/table.h"

#define MOTTO_STATE "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"
#define MOTTO_WORDS "Độc lập - Tự do - Hạnh phúc"
#define BLANK_DATE "……, ngày …… tháng …… năm ……"

const char *paper_moment(struct sheet *sheet, wall_t at)
{
    struct civil c;

    if (wall_is_none(at))
        return NULL;
    c = wall_civil(at);
    return arena_printf(sheet_arena(sheet), "%02d giờ %02d phút, ngày %02d tháng %02d năm %d",
                        c.hour, c.minute, c.day, c.month, c.year);
}

const char *paper_day(struct sheet *sheet, wall_t at)
{
    struct civil c;

    if (wall_is_none(at))
        return NULL;
    c = wall_civil(at);
    return arena_printf(sheet_arena(sheet), "%02d/%02d/%d", c.day, c.month, c.year);
}

const char *paper_minute(struct sheet *sheet, wall_t at)
{
    struct civil c;

    if (wall_is_none(at))
        return NULL;
    c = wall_civil(at);
    return arena_printf(sheet_arena(sheet), "%02d:%02d %02d/%02d/%d", c.hour, c.minute, c.day,
                        c.month, c.year);
}

/* ---- head ---- */

static const char *dated(struct sheet *sheet, const struct paper_head *head)
{
    struct civil c;

    if (wall_is_none(head->at))
        return BLANK_DATE;
    c = wall_civil(head->at);
    return arena_printf(sheet_arena(sheet), "%s, ngày %02d tháng %02d năm %d",
                        head->place != NULL ? head->place : "……", c.day, c.month, c.year);
}

static void draw_mark(struct sheet *sheet, const struct paper_head *head)
{
    static const struct style style = {.scale = 0.75, .flags = STYLE_RIGHT | STYLE_ITALIC};

    if (head->mark == NULL)
        return;
    sheet_para(sheet, &style,
               head->circular != NULL
                   ? arena_printf(sheet_arena(sheet), "%s (ban hành kèm theo Thông tư số %s)",
                                  head->mark, head->circular)
                   : head->mark);
    sheet_gap(sheet, sheet_text_size(sheet) * 0.3);
}

/* Text and, below it, a rule of a third of the width; what they take. */
static double ruled(struct sheet *sheet, const struct style *style, double x, double y,
                    double width, double rule, const char *text)
{
    double height = sheet_block(sheet, style, x, y, width, text, true);

    sheet_rule(sheet, x + (width - rule) / 2, y + height + 1.5, rule);
    return height + 4;
}

static void draw_head(struct sheet *sheet, const struct paper_head *head)
{
    static const struct style parent = {.scale = 0.88, .flags = STYLE_CENTRE | STYLE_UPPER},
                              agency = {.scale = 0.88,
                                        .flags = STYLE_CENTRE | STYLE_UPPER | STYLE_BOLD},
                              state = {.scale = 0.86, .flags = STYLE_CENTRE | STYLE_BOLD},
                              motto = {.scale = 0.95, .flags = STYLE_CENTRE | STYLE_BOLD},
                              number = {.scale = 0.86, .flags = STYLE_CENTRE},
                              date = {.scale = 0.95, .flags = STYLE_CENTRE | STYLE_ITALIC};
    double gap = sheet_text_size(sheet) * 0.8;
    double left_width = (sheet_width(sheet) - gap) * 0.415;
    double right_width = (sheet_width(sheet) - gap) * 0.585;
    double left = sheet_left(sheet), right = left + left_width + gap;
    double y = sheet_y(sheet), left_y = y, right_y = y, below;

    left_y += sheet_block(sheet, &parent, left, left_y, left_width, head->parent, true);
    left_y += ruled(sheet, &agency, left, left_y, left_width, left_width * 0.3, head->agency);
    right_y += sheet_block(sheet, &state, right, right_y, right_width, MOTTO_STATE, true);
    right_y += ruled(sheet, &motto, right, right_y, right_width, right_width * 0.55, MOTTO_WORDS);
    below = (left_y > right_y ? left_y : right_y) + sheet_text_size(sheet) * 0.4;
    left_y = right_y = below;
    if (head->number != NULL)
        left_y += sheet_block(sheet, &number, left, left_y, left_width,
                              arena_printf(sheet_arena(sheet), "Số: %s", head->number), true);
    right_y += sheet_block(sheet, &date, right, right_y, right_width, dated(sheet, head), true);
    sheet_move(sheet, (left_y > right_y ? left_y : right_y) + sheet_text_size(sheet) * 0.8);
}

struct sheet *paper_begin(struct buf *out, enum sheet_size size, const struct paper_head *head)
{
    struct sheet_options options = {.size = size, .title = "", .author = "", .created = head->at};
    struct arena *arena = arena_new();
    struct sheet *sheet;

    if (head->title != NULL)
        options.title = head->number != NULL
                            ? arena_printf(arena, "%s - %s", head->title, head->number)
                            : head->title;
    if (head->agency != NULL)
        options.author = head->agency;
    sheet = sheet_new(out, &options);
    arena_free(arena);
    draw_mark(sheet, head);
    draw_head(sheet, head);
    return sheet;
}

void paper_title(struct sheet *sheet, const char *title, const char *subtitle)
{
    static const struct style big = {.scale = 1.1,
                                     .flags = STYLE_CENTRE | STYLE_BOLD | STYLE_UPPER},
                              small = {.scale = 1, .flags = STYLE_CENTRE | STYLE_BOLD};

    sheet_para(sheet, &big, title);
    sheet_para(sheet, &small, subtitle);
    sheet_gap(sheet, sheet_text_size(sheet) * 0.7);
}

/* ---- who and what ---- */

void paper_person(struct sheet *sheet, const char *label, const struct paper_person *person)
{
    struct arena *arena = sheet_arena(sheet);

    sheet_field(sheet, label, person->name, true);
    sheet_field(sheet, "Địa chỉ", person->address, false);
    if (person->email != NULL)
        sheet_field(sheet, "Số điện thoại",
                    arena_printf(arena, "%s        Email: %s",
                                 person->phone != NULL ? person->phone : "……………………", person->email),
                    false);
    else
        sheet_field(sheet, "Số điện thoại", person->phone, false);
    if (person->id_number != NULL)
        sheet_field(sheet, "Số định danh", person->id_number, false);
}

void paper_dossier(struct sheet *sheet, const char *label, const struct paper_dossier *dossier)
{
    struct arena *arena = sheet_arena(sheet);

    paper_person(sheet, label, &dossier->submitter);
    if (dossier->owner.name != NULL) {
        sheet_field(sheet, "Chủ hồ sơ", dossier->owner.name, true);
        if (dossier->owner.address != NULL)
            sheet_field(sheet, "Địa chỉ chủ hồ sơ", dossier->owner.address, false);
    }
    sheet_field(sheet, "Nội dung yêu cầu giải quyết", dossier->procedure, false);
    if (dossier->code != NULL)
        sheet_field(sheet, "Mã hồ sơ", arena_str(arena, dossier->code), true);
}

static const char *quantity(struct sheet *sheet, int number)
{
    return number > 0 ? arena_printf(sheet_arena(sheet), "%02d", number) : "";
}

void paper_items(struct sheet *sheet, const char *label, const struct paper_items *items,
                 bool files)
{
    static const struct column columns[] = {
        {"TT", 7, STYLE_CENTRE},        {"Tên giấy tờ", 57, 0},
        {"Bản chính", 9, STYLE_CENTRE}, {"Bản sao", 9, STYLE_CENTRE},
        {"Bản chụp", 9, STYLE_CENTRE},  {"Bản điện tử", 9, STYLE_CENTRE}};
    static const struct style plain = {.scale = 1};
    struct table table;

    if (items->count == 0) {
        sheet_field(sheet, label, "không có.", false);
        return;
    }
    sheet_para(sheet, &plain, arena_printf(sheet_arena(sheet), "%s:", label));
    sheet_gap(sheet, sheet_text_size(sheet) * 0.3);
    table_begin(&table, sheet, columns, files ? 6 : 5, 0.92);
    for (size_t i = 0; i < items->count; i++) {
        const struct paper_item *item = &items->rows[i];
        const char *cells[] = {arena_printf(sheet_arena(sheet), "%zu", i + 1),
                               item->name,
                               quantity(sheet, item->originals),
                               quantity(sheet, item->certified),
                               quantity(sheet, item->copies),
                               quantity(sheet, item->files)};

        table_row(&table, cells);
    }
    sheet_gap(sheet, sheet_text_size(sheet) * 0.5);
}

/* ---- signatures ---- */

static double signer(struct sheet *sheet, const struct paper_signer *who, double x, double y,
                     double width, bool draw)
{
    static const struct style office = {.scale = 0.95,
                                        .flags = STYLE_CENTRE | STYLE_BOLD | STYLE_UPPER},
                              note = {.scale = 0.9, .flags = STYLE_CENTRE | STYLE_ITALIC},
                              name = {.scale = 1, .flags = STYLE_CENTRE | STYLE_BOLD};
    double height = sheet_block(sheet, &office, x, y, width, who->office, draw);

    height += sheet_block(sheet, &note, x, y + height, width, "(Ký và ghi rõ họ tên)", draw);
    height += sheet_text_size(sheet) * 3.5; /* room for the hand */
    height += sheet_block(sheet, &name, x, y + height, width, who->name, draw);
    return height + (who->name == NULL ? sheet_text_size(sheet) * 1.4 : 0);
}

void paper_sign(struct sheet *sheet, const struct paper_signer *left,
                const struct paper_signer *right)
{
    double width = sheet_width(sheet) / 2 - 4, x = sheet_left(sheet);
    double height = signer(sheet, right, 0, 0, width, false), other = 0, y;

    if (left != NULL)
        other = signer(sheet, left, 0, 0, width, false);
    height = other > height ? other : height;
    sheet_gap(sheet, sheet_text_size(sheet) * 0.6);
    sheet_keep(sheet, height);
    y = sheet_y(sheet);
    if (left != NULL)
        (void)signer(sheet, left, x, y, width, true);
    (void)signer(sheet, right, x + width + 8, y, width, true);
    sheet_move(sheet, y + height);
}

static double receivers_block(struct sheet *sheet, const char *const *receivers, size_t count,
                              double x, double y, double width, bool draw)
{
    static const struct style head = {.scale = 0.88, .flags = STYLE_BOLD | STYLE_ITALIC},
                              item = {.scale = 0.82};
    double height = sheet_block(sheet, &head, x, y, width, "Nơi nhận:", draw);

    for (size_t i = 0; i < count; i++)
        height += sheet_block(
            sheet, &item, x, y + height, width,
            arena_printf(sheet_arena(sheet), "- %s%s", receivers[i], i + 1 < count ? ";" : "."),
            draw);
    return height;
}

void paper_sign_out(struct sheet *sheet, const char *const *receivers, size_t count,
                    const struct paper_signer *who)
{
    double width = sheet_width(sheet) / 2 - 4, x = sheet_left(sheet);
    double height = signer(sheet, who, 0, 0, width, false);
    double other = receivers_block(sheet, receivers, count, 0, 0, width, false), y;

    height = other > height ? other : height;
    sheet_gap(sheet, sheet_text_size(sheet) * 0.6);
    sheet_keep(sheet, height);
    y = sheet_y(sheet);
    (void)receivers_block(sheet, receivers, count, x, y, width, true);
    (void)signer(sheet, who, x + width + 8, y, width, true);
    sheet_move(sheet, y + height);
}
