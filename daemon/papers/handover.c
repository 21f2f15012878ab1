#include "papers/handover.h"

#include "papers/table.h"

static const struct column columns[] = {
    {"TT", 6, STYLE_CENTRE}, {"Số hiệu bưu gửi", 31, 0},        {"Mã hồ sơ", 28, 0},
    {"Nội dung", 20, 0},     {"Người nhận / chủ hồ sơ", 17, 0}, {"Địa chỉ", 18, 0}};

static void parties(struct sheet *sheet, const struct handover *h)
{
    struct arena *arena = sheet_arena(sheet);
    const char *agency = h->head.agency, *office = h->office;

    sheet_field(sheet, "Bên giao", h->collect ? office : agency, true);
    sheet_field(sheet, "Bên nhận", h->collect ? agency : office, true);
    sheet_field(sheet, "Nội dung giao nhận",
                h->collect ? "hồ sơ thủ tục hành chính do bưu chính nhận tại địa chỉ của người nộp"
                           : "kết quả giải quyết thủ tục hành chính để phát qua bưu chính",
                false);
    sheet_field(sheet, "Số lượng",
                arena_printf(arena, "%zu bưu gửi, %d bản chính, %d bản sao", h->count, h->originals,
                             h->copies),
                false);
}

static const char *signed_at(struct sheet *sheet, wall_t at)
{
    const char *moment = paper_moment(sheet, at);

    return moment != NULL ? moment : "chưa ký";
}

int handover_print(const struct handover *h, struct buf *out)
{
    struct sheet *sheet = paper_begin(out, SHEET_A4, &h->head);
    struct table table;
    struct paper_signer giver = h->collect ? h->office_signed : h->agency_signed;
    struct paper_signer taker = h->collect ? h->agency_signed : h->office_signed;

    giver.office = "Bên giao";
    taker.office = "Bên nhận";
    paper_title(sheet, h->head.title, NULL);
    parties(sheet, h);
    sheet_gap(sheet, 4);
    table_begin(&table, sheet, columns, DVC_COUNT(columns), 0.74);
    for (size_t i = 0; i < h->count; i++)
        table_row(&table, (const char *const[]){arena_printf(sheet_arena(sheet), "%zu", i + 1),
                                                h->rows[i].order_number, h->rows[i].code,
                                                h->rows[i].procedure, h->rows[i].owner,
                                                h->rows[i].address});
    sheet_gap(sheet, 6);
    if (h->note != NULL)
        sheet_field(sheet, "Ghi chú", h->note, false);
    sheet_field(sheet, "Cơ quan ký xác nhận lúc", signed_at(sheet, h->agency_at), false);
    sheet_field(sheet, "Bưu chính ký xác nhận lúc", signed_at(sheet, h->office_at), false);
    paper_sign(sheet, &giver, &taker);
    return sheet_end(sheet);
}
