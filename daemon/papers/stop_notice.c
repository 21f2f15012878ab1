#include "papers/stop_notice.h"

int stop_notice_print(const struct stop_notice *n, struct buf *out)
{
    static const struct style body = {.scale = 1, .flags = STYLE_JUSTIFY, .indent = 18, .after = 3};
    static const struct style to = {.scale = 1, .flags = STYLE_CENTRE, .after = 4};
    struct sheet *sheet = paper_begin(out, SHEET_A5, &n->head);
    struct arena *arena = sheet_arena(sheet);
    const char *receivers[2] = {"Như trên", "Lưu: hồ sơ"};

    paper_title(sheet, n->head.title, NULL);
    sheet_para(sheet, &to, arena_printf(arena, "Kính gửi: %s", n->dossier.submitter.name));
    paper_dossier(sheet, "Hồ sơ của", &n->dossier);
    sheet_field(sheet, "Thời gian nhận hồ sơ", paper_moment(sheet, n->received_at), false);
    sheet_para(
        sheet, &body,
        arena_printf(arena,
                     "Sau khi xem xét đề nghị của ông (bà) và kết quả giải quyết đến nay, %s "
                     "thông báo dừng giải quyết hồ sơ nêu trên.",
                     n->head.agency));
    sheet_field(sheet, "Lý do", n->reason, false);
    sheet_para(sheet, &body,
               arena_printf(arena,
                            "Ông (bà) có thể nộp lại hồ sơ khi có nhu cầu. Nếu cần biết thêm, xin "
                            "liên hệ %s, số điện thoại %s.",
                            n->head.agency, n->phone != NULL ? n->phone : "……………………"));
    paper_sign_out(sheet, receivers, DVC_COUNT(receivers),
                   &(struct paper_signer){"Thủ trưởng cơ quan", NULL});
    return sheet_end(sheet);
}
