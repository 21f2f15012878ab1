#include "core/workflow_text.h"

#include "core/state.h"

#include <string.h>

struct message {
    const char *code;
    const char *text;
};

static const struct message messages[] = {
    {"action_unknown", "Bước hiện tại không có thao tác “{}”"},
    {"action_not_offered", "Điều kiện của thao tác “{}” chưa được đáp ứng"},
    {"agency_unknown", "Chưa khai báo cơ quan đảm nhiệm vai trò “{}” cho địa bàn này"},
    {"already_accepted", "Hồ sơ đã được tiếp nhận"},
    {"already_assigned", "Nhiệm vụ đã có người nhận; lãnh đạo phòng phân công lại nếu cần"},
    {"already_extended", "Hồ sơ đã được hẹn lại một lần, không được hẹn lại thêm"},
    {"already_finished", "Hồ sơ đã có kết quả, không còn thực hiện được thao tác này"},
    {"assignee_required", "Cần chọn người được phân công"},
    {"automatic_chain", "Quy trình tự chuyển quá {} bước liên tiếp; đề nghị kiểm tra quy trình"},
    {"backdate_not_allowed", "Chỉ người tiếp nhận tại quầy được ghi thời điểm tiếp nhận sớm hơn"},
    {"backdate_too_far", "Thời điểm tiếp nhận chỉ được ghi sớm hơn hiện tại tối đa {} giờ"},
    {"calendar_beyond",
     "Chưa có lịch làm việc của năm cần tính hạn; đề nghị quản trị viên nạp lịch"},
    {"channel_closed", "Thủ tục không nhận hồ sơ qua kênh này"},
    {"clock_held", "Thời hạn giải quyết đang tạm dừng"},
    {"deadline_impossible", "Không tính được hạn theo lịch làm việc hiện có"},
    {"decision_changed", "Hồ sơ đã thay đổi từ khi được mở; đề nghị xem lại trước khi thao tác"},
    {"delegate_to_self", "Cần uỷ quyền cho người khác"},
    {"delegation_not_further", "Người được uỷ quyền không được uỷ quyền lại nhiệm vụ"},
    {"documents_required", "Cần nộp kèm giấy tờ"},
    {"dossier_ended", "Hồ sơ đã kết thúc"},
    {"fee_already_paid", "Khoản này đã được nộp hoặc miễn"},
    {"fee_unknown", "Hồ sơ không có khoản phí, lệ phí này"},
    {"fee_unpaid", "Phí, lệ phí chưa được nộp hoặc miễn: {}"},
    {"forbidden", "Tài khoản không có quyền thực hiện thao tác này trên hồ sơ"},
    {"link_settled", "Kết quả của hồ sơ liên thông này đã được ghi nhận"},
    {"link_unknown", "Hồ sơ không có hồ sơ liên thông mang số này"},
    {"migrate_case_gone", "Phiên bản mới không còn trường hợp “{}”"},
    {"migrate_case_needed", "Phiên bản mới chia trường hợp, hồ sơ này chưa chọn trường hợp nào"},
    {"migrate_channel_closed", "Phiên bản mới không nhận hồ sơ nộp qua kênh “{}”"},
    {"migrate_fee_gone", "Phiên bản mới không có khoản phí, lệ phí “{}” mà hồ sơ còn nợ"},
    {"migrate_field_missing", "Hồ sơ thiếu nội dung mà phiên bản mới bắt buộc: {}"},
    {"migrate_link_gone", "Phiên bản mới không có hồ sơ liên thông “{}” đang được thực hiện"},
    {"migrate_marking", "Theo phiên bản mới, hồ sơ không thể đứng như hiện nay ở: {}"},
    {"migrate_other_procedure", "Phiên bản mới là của thủ tục khác: {}"},
    {"migrate_paper_gone", "Phiên bản mới không có giấy tờ “{}” đang yêu cầu bổ sung"},
    {"migrate_same_version", "Hồ sơ đã theo phiên bản này"},
    {"migrate_step_desk", "Bước “{}” thuộc bộ phận khác ở phiên bản mới"},
    {"migrate_step_gone", "Phiên bản mới không có bước ứng với “{}”"},
    {"migrate_step_kind", "Bước ứng với “{}” ở phiên bản mới chờ một bên khác"},
    {"migrate_wait_shorter", "Ở phiên bản mới, bước “{}” kết thúc chờ sớm hơn đã báo người nộp"},
    {"new_due_not_later", "Ngày hẹn mới phải sau ngày hẹn đang có hiệu lực"},
    {"new_due_not_working_day", "Ngày hẹn mới phải là ngày làm việc"},
    {"note_required", "Cần nội dung ghi chú"},
    {"no_previous_step", "Không có bước trước để quay lại"},
    {"not_accepted_yet", "Hồ sơ chưa được tiếp nhận"},
    {"not_finished_yet", "Hồ sơ chưa có kết quả"},
    {"not_suspended", "Hồ sơ không ở trạng thái tạm dừng xử lý"},
    {"paper_unknown", "Thành phần hồ sơ không có giấy tờ “{}”"},
    {"papers_required", "Cần nêu giấy tờ phải bổ sung"},
    {"parcel_active", "Đã có bưu gửi đang thực hiện cho chiều này"},
    {"parcel_unknown", "Không có bưu gửi mang số đơn này"},
    {"postal_not_allowed", "Thủ tục không thực hiện qua bưu chính công ích ở chiều này"},
    {"reason_required", "Cần nêu lý do"},
    {"receipt_required", "Cần số biên lai, hoặc đánh dấu miễn"},
    {"received_in_future", "Thời điểm tiếp nhận không được sau hiện tại"},
    {"received_before_submission", "Thời điểm tiếp nhận không được trước khi nộp hồ sơ"},
    {"receiver_required", "Cần ghi người nhận kết quả"},
    {"result_missing", "Hồ sơ chưa có kết quả được ký"},
    {"result_required", "Cần kèm kết quả giải quyết"},
    {"result_unknown", "Thủ tục không có loại kết quả “{}”"},
    {"supplement_late", "Chỉ được yêu cầu bổ sung trong {} kể từ khi tiếp nhận hồ sơ"},
    {"supplement_limit", "Giai đoạn này chỉ được yêu cầu bổ sung tối đa {} lần"},
    {"suspended", "Hồ sơ đang tạm dừng xử lý"},
    {"task_closed", "Nhiệm vụ đã được giải quyết hoặc không còn"},
    {"task_required", "Cần chỉ rõ nhiệm vụ"},
    {"timer_not_due", "Chưa đến thời điểm, hoặc mốc không còn hiệu lực"},
    {"withdrawal_not_requested", "Không có đề nghị rút hồ sơ nào đang chờ"},
    {"withdrawal_pending", "Người nộp đã đề nghị rút hồ sơ; cần đồng ý hoặc từ chối đề nghị trước"},
};

static const char *const form_marks[FORM_COUNT] = {
    [FORM_RECEIPT] = "TNHS", [FORM_SUPPLEMENT_REQUEST] = "HDHS", [FORM_REFUSAL] = "TCHS",
    [FORM_APOLOGY] = "XLHS", [FORM_STOP_NOTICE] = "DGQ",         [FORM_CONTROL_SLIP] = "KSHS",
    [FORM_REGISTER] = "STD",
};

const char *workflow_refusal_text(struct arena *arena, const char *code, const char *arg)
{
    for (size_t i = 0; i < DVC_COUNT(messages); i++) {
        const char *gap;

        if (strcmp(messages[i].code, code) != 0)
            continue;
        gap = strstr(messages[i].text, "{}");
        if (gap == NULL)
            return messages[i].text;
        return arena_printf(arena, "%.*s%s%s", (int)(gap - messages[i].text), messages[i].text,
                            arg != NULL ? arg : "", gap + 2);
    }
    DVC_REQUIRE(!"every refusal has a message");
    return "";
}

const char *workflow_form_mark(int form)
{
    DVC_REQUIRE(form >= 0 && form < FORM_COUNT);
    return form_marks[form];
}
