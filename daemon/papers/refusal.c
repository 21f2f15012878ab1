#include "papers/refusal.h"

int refusal_print(const struct refusal_form *r, struct buf *out)
{
    struct sheet *sheet = paper_begin(out, SHEET_A5, &r->head);
    struct arena *arena = sheet_arena(sheet);

    paper_title(sheet, r->head.title, NULL);
    paper_dossier(sheet, "Hồ sơ của", &r->dossier);
    sheet_para(sheet, &(struct style){.scale = 1, .flags = STYLE_JUSTIFY, .before = 3, .after = 3},
               "Qua xem xét, cơ quan thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ "
               "thể như sau:");
    sheet_field(sheet, "Lý do", r->reason, false);
    sheet_para(
        sheet, &(struct style){.scale = 1, .flags = STYLE_JUSTIFY, .before = 3},
        arena_printf(arena,
                     "Nếu có vướng mắc, ông (bà) liên hệ với %s, số điện thoại %s. Xin thông "
                     "báo cho ông (bà) được biết và thực hiện.",
                     r->officer != NULL ? r->officer : "……………………………",
                     r->phone != NULL ? r->phone : "……………………"));
    paper_sign(sheet, &(struct paper_signer){"Người nộp hồ sơ", r->dossier.submitter.name},
               &(struct paper_signer){"Người tiếp nhận hồ sơ", r->officer});
    return sheet_end(sheet);
}
