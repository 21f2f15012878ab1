#include "service/eventlist.h"

#include <string.h>

#include "core/procedure.h"
#include "core/role.h"
#include "service/registry.h"
#include "service/rowlist.h"

/* Columns of events_list after item and place. */
enum { COL_KIND = 2, COL_ROLE, COL_PROCEDURE, COL_ACTION, COL_STEP };

static const struct {
    const char *kind, *name;
} kinds[] = {
    {"accepted", "Tiếp nhận hồ sơ"},
    {"action", "Xử lý hồ sơ"},
    {"apologised", "Xin lỗi và hẹn lại ngày trả kết quả"},
    {"ended", "Kết thúc hồ sơ"},
    {"finished", "Có kết quả giải quyết"},
    {"migrated", "Chuyển sang phiên bản khác của thủ tục"},
    {"noted", "Ghi chú"},
    {"paid", "Nộp phí, lệ phí"},
    {"parcel_moved", "Bưu gửi chuyển trạng thái"},
    {"parcel_news", "Tin của bưu chính"},
    {"parcel_order_refused", "Bưu chính không nhận yêu cầu"},
    {"parcel_ordered", "Bưu chính đã nhận yêu cầu"},
    {"read", "Xem giấy tờ"},
    {"reassigned", "Phân công"},
    {"recalculated", "Tính lại hạn theo lịch làm việc mới"},
    {"result_corrected", "Đính chính kết quả"},
    {"stopped", "Dừng giải quyết"},
    {"submitted", "Nộp hồ sơ"},
    {"suspended", "Tạm dừng xử lý"},
    {"task_taken", "Nhận xử lý"},
    {"timed_out", "Hết thời hạn của bước"},
    {"unsuspended", "Tiếp tục xử lý"},
    {"warned", "Cảnh báo thời hạn"},
    {"withdrawal_refused", "Không đồng ý rút hồ sơ"},
    {"withdrawal_requested", "Đề nghị rút hồ sơ"},
    {"withdrawn", "Rút hồ sơ"},
};

const char *event_kind_name_vi(const char *kind)
{
    for (size_t i = 0; i < DVC_COUNT(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].name;
    return kind;
}

/* An action is best called by the name that its procedure gives it. */
static void more(struct rowlist *list, const struct db_rows *rows, size_t row, struct jw *jw)
{
    const struct procedure *procedure =
        registry_procedure(list->op.service->registry, db_int_at(rows, row, COL_PROCEDURE, 0));
    int at = procedure != NULL ? procedure_step(procedure, db_text_at(rows, row, COL_STEP)) : -1;
    const struct step *step = at >= 0 ? &procedure->steps[at] : NULL;
    const struct action *action =
        step != NULL ? step_action(step, db_text_at(rows, row, COL_ACTION)) : NULL;
    const char *kind = arena_slice_str(list->op.arena, db_text_at(rows, row, COL_KIND));
    enum role role;
    bool named = action != NULL && action->name != NULL;

    jw_kv_str(jw, "kind_name",
              named && strcmp(kind, "action") == 0 ? action->name : event_kind_name_vi(kind));
    jw_kv_str(jw, "action_name", named ? action->name : NULL);
    jw_kv_str(jw, "step_name", step != NULL ? step->name : NULL);
    jw_kv_str(jw, "role_name",
              role_parse(db_text_at(rows, row, COL_ROLE), &role) == 0 ? role_name_vi(role) : NULL);
}

void eventlist(struct service *service, struct member *who, struct slice code, struct page_ask page,
               answer_fn answer, void *ctx)
{
    struct slice from;
    struct rowlist *list =
        rowlist_begin(service, sizeof(*list), "events_list", page, answer, ctx, &from);
    int64_t after;

    if (list == NULL || !rowlist_number(list, from, 0, &after))
        return;
    list->more = more;
    list->procedure = COL_PROCEDURE;
    list->none_is_missing = true; /* every dossier has events */
    rowlist_run(list,
                (struct db_param[]){db_int(who->actor.account), db_text(code), db_int(after),
                                    db_int(page.limit)},
                4);
}
