#include "papers/receipt.h"

#include "papers/qr.h"

#define QR_SIZE 68.0 /* 24 mm: a phone reads it from the usual distance */

static void fees(struct sheet *sheet, const struct receipt *r)
{
    for (size_t i = 0; i < r->fee_count; i++)
        sheet_field(sheet, r->fees[i].name,
                    arena_printf(sheet_arena(sheet), "%s%s%s%s", r->fees[i].amount,
                                 r->fees[i].state != NULL ? " (" : "",
                                 r->fees[i].state != NULL ? r->fees[i].state : "",
                                 r->fees[i].state != NULL ? ")" : ""),
                    false);
    if (r->fee_count == 0)
        sheet_field(sheet, "Phí, lệ phí", "không thu.", false);
}

static void times(struct sheet *sheet, const struct receipt *r)
{
    const char *due = paper_moment(sheet, r->due);

    sheet_field(sheet, "Số lượng hồ sơ",
                arena_printf(sheet_arena(sheet), "%02d bộ", r->sets > 0 ? r->sets : 1), false);
    sheet_field(sheet, "Thời gian giải quyết hồ sơ theo quy định là",
                r->limit != NULL ? r->limit : "pháp luật không quy định", false);
    sheet_field(sheet, "Thời gian nhận hồ sơ", paper_moment(sheet, r->received_at), false);
    sheet_field(sheet, "Thời gian trả kết quả giải quyết hồ sơ",
                due != NULL ? due : "khi có kết quả", true);
    sheet_field(sheet, "Đăng ký nhận kết quả", r->delivery, false);
}

/* The code on the right, how to look up beside it. */
static void look_up(struct sheet *sheet, const struct receipt *r)
{
    static const struct style plain = {.scale = 0.9}, code = {.scale = 0.9, .flags = STYLE_BOLD};
    struct arena *arena = sheet_arena(sheet);
    bool coded = r->look_up != NULL;
    double width = sheet_width(sheet) - (coded ? QR_SIZE + 6 : 0), x = sheet_left(sheet), y;
    const char *lines[] = {
        r->pin != NULL ? arena_printf(arena, "Mã tra cứu: %s", r->pin) : NULL,
        r->address != NULL ? arena_printf(arena, "Tra cứu tình trạng hồ sơ tại: %s", r->address)
                           : NULL,
        r->phone != NULL ? arena_printf(arena, "Điện thoại liên hệ: %s", r->phone) : NULL,
        "Kết quả có thể có sớm hơn thời gian hẹn; khi có kết quả, cơ quan sẽ báo qua tin nhắn hoặc "
        "thư điện tử đã đăng ký.",
        "Khi đến nhận kết quả, đề nghị mang theo giấy này và giấy tờ tuỳ thân."};
    double height = 0;

    for (size_t i = 0; i < DVC_COUNT(lines); i++)
        height += sheet_block(sheet, &plain, 0, 0, width, lines[i], false);
    if (coded && height < QR_SIZE)
        height = QR_SIZE;
    sheet_gap(sheet, 3);
    sheet_keep(sheet, height);
    y = sheet_y(sheet);
    if (coded && !qr_draw(sheet, x + sheet_width(sheet) - QR_SIZE, y, QR_SIZE, r->look_up))
        coded = false; /* too long for a code: the line below says the same */
    for (size_t i = 0; i < DVC_COUNT(lines); i++)
        y += sheet_block(sheet, i == 0 ? &code : &plain, x, y, width, lines[i], true);
    sheet_move(sheet, sheet_y(sheet) + height);
}

int receipt_print(const struct receipt *r, struct buf *out)
{
    struct sheet *sheet = paper_begin(out, SHEET_A5, &r->head);

    paper_title(sheet, r->head.title, NULL);
    sheet_field(sheet, "Bộ phận tiếp nhận và trả kết quả",
                arena_str(sheet_arena(sheet), r->head.agency), false);
    paper_dossier(sheet, "Tiếp nhận hồ sơ của", &r->dossier);
    paper_items(sheet, "Thành phần hồ sơ nộp gồm", &r->items, true);
    fees(sheet, r);
    times(sheet, r);
    look_up(sheet, r);
    paper_sign(sheet, &(struct paper_signer){"Người nộp hồ sơ", r->dossier.submitter.name},
               &(struct paper_signer){"Người tiếp nhận hồ sơ", r->officer});
    return sheet_end(sheet);
}
