#include "papers/apology.h"

static const struct style body = {.scale = 1, .flags = STYLE_JUSTIFY, .indent = 18, .after = 3};

static void letter(struct sheet *sheet, const struct apology *a)
{
    struct arena *arena = sheet_arena(sheet);
    const struct paper_person *to = &a->dossier.submitter;
    const char *received = paper_day(sheet, a->received_at);
    const char *before = paper_day(sheet, a->due_before);
    const char *due = paper_moment(sheet, a->due);

    sheet_para(sheet, &body,
               arena_printf(arena,
                            "Ngày %s, %s tiếp nhận giải quyết hồ sơ của %s về việc “%s”; mã hồ sơ: "
                            "%s. Thời gian hẹn trả kết quả giải quyết hồ sơ: ngày %s.",
                            received != NULL ? received : "……", a->head.agency, to->name,
                            a->dossier.procedure, a->dossier.code, before != NULL ? before : "……"));
    sheet_para(
        sheet, &body,
        arena_printf(arena,
                     "Tuy nhiên đến nay, %s chưa trả kết quả giải quyết hồ sơ đúng thời gian "
                     "quy định.",
                     a->unit != NULL ? a->unit : a->head.agency));
    sheet_field(sheet, "Lý do", a->reason, false);
    sheet_para(sheet, &body,
               arena_printf(arena,
                            "Sự chậm trễ này đã gây phiền hà, tốn kém thời gian, công sức của "
                            "ông (bà). %s xin lỗi ông (bà) và sẽ trả kết quả giải quyết hồ sơ vào "
                            "%s.",
                            a->head.agency, due != NULL ? due : "thời gian sẽ thông báo sau"));
    sheet_field(sheet, "Nhận kết quả", a->delivery, false);
    sheet_para(sheet, &body, "Mong ông (bà) thông cảm vì sự chậm trễ này. Trân trọng cảm ơn.");
}

int apology_print(const struct apology *a, struct buf *out)
{
    static const struct style to = {.scale = 1, .flags = STYLE_CENTRE, .after = 4};
    struct sheet *sheet = paper_begin(out, SHEET_A5, &a->head);
    const char *receivers[2] = {"Như trên", "Lưu: hồ sơ"};

    paper_title(sheet, a->head.title,
                arena_printf(sheet_arena(sheet), "V/v giải quyết hồ sơ %s", a->dossier.code));
    sheet_para(sheet, &to,
               arena_printf(sheet_arena(sheet), "Kính gửi: %s", a->dossier.submitter.name));
    sheet_field(sheet, "Địa chỉ", a->dossier.submitter.address, false);
    letter(sheet, a);
    paper_sign_out(sheet, receivers, DVC_COUNT(receivers),
                   &(struct paper_signer){"Thủ trưởng cơ quan", NULL});
    return sheet_end(sheet);
}
