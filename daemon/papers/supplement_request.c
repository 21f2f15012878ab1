#include "papers/supplement_request.h"

int supplement_request_print(const struct supplement_request *r, struct buf *out)
{
    struct sheet *sheet = paper_begin(out, SHEET_A5, &r->head);
    struct arena *arena = sheet_arena(sheet);

    paper_title(sheet, r->head.title, NULL);
    paper_dossier(sheet, "Hồ sơ của", &r->dossier);
    paper_items(sheet, "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau", &r->items, false);
    sheet_field(sheet, "Lý do", r->reason, false);
    if (r->within != NULL)
        sheet_field(sheet, "Thời hạn bổ sung, hoàn thiện",
                    arena_printf(arena, "%s kể từ ngày nhận phiếu này", r->within), true);
    sheet_para(sheet, &(struct style){.scale = 1, .flags = STYLE_JUSTIFY, .before = 3},
               arena_printf(arena,
                            "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, ông (bà) liên hệ "
                            "với %s, số điện thoại %s để được hướng dẫn.",
                            r->officer != NULL ? r->officer : "……………………………",
                            r->phone != NULL ? r->phone : "……………………"));
    paper_sign(sheet, NULL, &(struct paper_signer){"Người hướng dẫn", r->officer});
    return sheet_end(sheet);
}
