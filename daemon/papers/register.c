#include "papers/register.h"

#include "papers/table.h"

static const struct column columns[] = {{"STT", 4, STYLE_CENTRE},
                                        {"Mã hồ sơ", 17, 0},
                                        {"Thủ tục hành chính", 16, 0},
                                        {"Số bộ", 4, STYLE_CENTRE},
                                        {"Tên chủ hồ sơ", 12, 0},
                                        {"Địa chỉ, số điện thoại", 15, 0},
                                        {"Cơ quan giải quyết", 12, 0},
                                        {"Nhận hồ sơ", 8, STYLE_CENTRE},
                                        {"Hẹn trả", 8, STYLE_CENTRE},
                                        {"Có kết quả", 8, STYLE_CENTRE},
                                        {"Trả kết quả", 8, STYLE_CENTRE},
                                        {"Phương thức nhận", 9, 0},
                                        {"Ký nhận", 8, 0},
                                        {"Ghi chú", 9, 0}};

static void row(struct table *table, struct arena *arena, const struct register_row *r, size_t no)
{
    struct sheet *sheet = table->sheet;
    const char *place = r->address;

    if (r->phone != NULL)
        place = place != NULL ? arena_printf(arena, "%s\n%s", place, r->phone) : r->phone;
    table_row(table, (const char *const[]){
                         arena_printf(arena, "%zu", no), r->code, r->procedure,
                         arena_printf(arena, "%d", r->sets), r->owner, place, r->agency,
                         paper_minute(sheet, r->received_at), paper_minute(sheet, r->due),
                         paper_minute(sheet, r->finished_at), paper_minute(sheet, r->returned_at),
                         r->delivery, NULL, r->note});
}

int register_print(const struct register_book *book, struct buf *out)
{
    struct sheet *sheet = paper_begin(out, SHEET_A4_WIDE, &book->head);
    struct buf span = BUF_INIT(200);
    struct table table;

    buf_adds(&span, "Hồ sơ tiếp nhận từ ngày ");
    buf_add_day_vi(&span, book->from);
    buf_adds(&span, " đến ngày ");
    buf_add_day_vi(&span, book->to);
    paper_title(sheet, book->head.title, span.ptr);
    buf_release(&span);
    if (book->procedure != NULL)
        sheet_field(sheet, "Thủ tục hành chính", book->procedure, false);
    table_begin(&table, sheet, columns, DVC_COUNT(columns), 0.85);
    for (size_t i = 0; i < book->count; i++)
        row(&table, sheet_arena(sheet), &book->rows[i], i + 1);
    sheet_gap(sheet, 6);
    sheet_field(sheet, "Tổng số", arena_printf(sheet_arena(sheet), "%zu hồ sơ.", book->count),
                true);
    return sheet_end(sheet);
}
