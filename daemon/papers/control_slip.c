#include "papers/control_slip.h"

#include "papers/table.h"

static const char *both(struct sheet *sheet, const char *first, const char *second)
{
    if (first == NULL || second == NULL)
        return first != NULL ? first : second;
    return arena_printf(sheet_arena(sheet), "%s\n%s", first, second);
}

static void step_row(struct sheet *sheet, struct table *table, const struct control_step *step)
{
    const char *due = paper_minute(sheet, step->due);
    const char *cells[] = {
        step->giver != NULL ? step->giver : "Người nộp hồ sơ",
        both(sheet, step->receiver, step->officer),
        step->step,
        both(sheet, paper_minute(sheet, step->from),
             due != NULL ? arena_printf(sheet_arena(sheet), "hạn %s", due) : NULL),
        paper_minute(sheet, step->to),
        step->verdict,
        NULL};

    table_row(table, cells);
}

int control_slip_print(const struct control_slip *s, struct buf *out)
{
    static const struct column columns[] = {
        {"Bộ phận giao", 15, 0},        {"Bộ phận nhận", 18, 0},
        {"Công việc", 17, 0},           {"Nhận lúc", 16, STYLE_CENTRE},
        {"Giao lúc", 16, STYLE_CENTRE}, {"Kết quả", 9, STYLE_CENTRE},
        {"Ghi chú, ký", 9, 0}};
    struct sheet *sheet = paper_begin(out, SHEET_A5, &s->head);
    struct table table;

    paper_title(sheet, s->head.title, NULL);
    paper_dossier(sheet, "Người nộp hồ sơ", &s->dossier);
    sheet_field(sheet, "Thời gian nhận hồ sơ", paper_moment(sheet, s->received_at), false);
    sheet_field(sheet, "Thời hạn giải quyết theo quy định", s->limit, false);
    sheet_field(sheet, "Thời gian hẹn trả kết quả", paper_moment(sheet, s->due), false);
    sheet_field(sheet, "Chuyển kết quả về nơi trả kết quả chậm nhất", paper_moment(sheet, s->due),
                true);
    paper_items(sheet, "Thành phần hồ sơ", &s->items, true);
    sheet_gap(sheet, 3);
    table_begin(&table, sheet, columns, DVC_COUNT(columns), 0.82);
    for (size_t i = 0; i < s->step_count; i++)
        step_row(sheet, &table, &s->steps[i]);
    return sheet_end(sheet);
}
