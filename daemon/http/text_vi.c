#include "http/text_vi.h"

#include "base/check.h"

struct status_text {
    int status;
    const char *code;
    const char *title;
};

static const struct status_text statuses[] = {
    {400, "bad_request", "Yêu cầu không hợp lệ"},
    {401, "unauthenticated", "Chưa đăng nhập"},
    {403, "forbidden", "Không có quyền thực hiện"},
    {404, "not_found", "Không tìm thấy"},
    {405, "method_not_allowed", "Phương thức không được phép"},
    {406, "not_acceptable", "Không đáp ứng được định dạng yêu cầu"},
    {408, "request_timeout", "Quá thời gian nhận yêu cầu"},
    {409, "conflict", "Dữ liệu đã thay đổi"},
    {410, "gone", "Không còn tồn tại"},
    {412, "precondition_failed", "Điều kiện kèm theo không còn đúng"},
    {413, "body_too_large", "Nội dung gửi lên quá lớn"},
    {414, "target_too_long", "Địa chỉ yêu cầu quá dài"},
    {415, "unsupported_media_type", "Kiểu nội dung không được hỗ trợ"},
    {417, "expectation_failed", "Không đáp ứng được điều kiện gửi"},
    {422, "unprocessable", "Dữ liệu không hợp lệ"},
    {428, "precondition_required", "Thiếu điều kiện kèm theo"},
    {429, "too_many_requests", "Quá nhiều yêu cầu"},
    {431, "head_too_large", "Phần đầu yêu cầu quá lớn"},
    {500, "internal_error", "Lỗi hệ thống"},
    {501, "not_implemented", "Chức năng không được hỗ trợ"},
    {502, "bad_gateway", "Hệ thống liên thông trả lời không hợp lệ"},
    {503, "unavailable", "Hệ thống tạm thời chưa phục vụ được"},
    {504, "gateway_timeout", "Hệ thống liên thông không trả lời kịp"},
    {505, "version_not_supported", "Phiên bản HTTP không được hỗ trợ"},
};

static const struct refusal_text refusals[REFUSAL_COUNT] = {
    [REFUSE_NONE] = {500, "internal_error", "Hệ thống không tạo được câu trả lời.", 0},
    [REFUSE_REQUEST_LINE] = {400, "bad_request_line",
                             "Dòng đầu của yêu cầu HTTP không đúng cú pháp.", 0},
    [REFUSE_HEADER] = {400, "bad_header", "Một dòng tiêu đề HTTP không đúng cú pháp.", 0},
    [REFUSE_HOST] = {400, "bad_host",
                     "Tiêu đề Host phải có đúng một lần và trùng với địa chỉ yêu cầu.", 0},
    [REFUSE_LENGTH] = {400, "bad_length",
                       "Độ dài nội dung (Content-Length, Transfer-Encoding) không rõ ràng.", 0},
    [REFUSE_CODING] = {501, "unsupported_transfer_coding",
                       "Chỉ hỗ trợ Transfer-Encoding là chunked.", 0},
    [REFUSE_CHUNK] = {400, "bad_chunk", "Nội dung gửi theo từng đoạn không đúng cú pháp.", 0},
    [REFUSE_TARGET] = {400, "bad_path", "Đường dẫn chứa ký tự hoặc đoạn không được phép.", 0},
    [REFUSE_QUERY] = {400, "bad_query", "Tham số trên địa chỉ không đúng cú pháp hoặc bị lặp lại.",
                      0},
    [REFUSE_EXPECT] = {417, "expectation_failed", "Tiêu đề Expect chỉ nhận 100-continue.", 0},
    [REFUSE_VERSION] = {505, "version_not_supported", "Chỉ hỗ trợ HTTP/1.0 và HTTP/1.1.", 0},
    [REFUSE_METHOD] = {501, "method_not_implemented", "Phương thức HTTP này không được hỗ trợ.", 0},
    [REFUSE_TARGET_LONG] = {414, "target_too_long", "Địa chỉ yêu cầu dài quá mức cho phép.", 0,
                            "Địa chỉ yêu cầu được dài nhất"},
    [REFUSE_HEAD_LARGE] = {431, "head_too_large", "Các tiêu đề HTTP lớn quá mức cho phép.", 0},
    [REFUSE_BODY_LARGE] = {413, "body_too_large", "Nội dung gửi lên lớn quá mức cho phép.", 0,
                           "Nội dung gửi lên được lớn nhất"},
    [REFUSE_READ_DEADLINE] = {408, "request_timeout", "Yêu cầu không được gửi đủ trong thời hạn.",
                              0},
    [REFUSE_CONNECTIONS] = {503, "too_many_connections",
                            "Máy chủ đang có quá nhiều kết nối, vui lòng thử lại sau.", 5},
    [REFUSE_CONNECTIONS_OF_IP] = {429, "too_many_connections_of_address",
                                  "Địa chỉ mạng này đang mở quá nhiều kết nối.", 5},
    [REFUSE_BODY_BYTES] = {503, "too_many_uploads",
                           "Máy chủ đang nhận quá nhiều nội dung, vui lòng thử lại sau.", 5},
    [REFUSE_IN_FLIGHT] = {503, "too_many_in_flight",
                          "Máy chủ đang xử lý quá nhiều yêu cầu, vui lòng thử lại sau.", 1},
    [REFUSE_DEADLINE] = {503, "deadline_passed",
                         "Yêu cầu chưa xử lý xong trong thời hạn. Hãy gửi lại với cùng "
                         "Idempotency-Key để nhận kết quả.",
                         2},
    [REFUSE_NOT_FOUND] = {404, "not_found", "Không có tài nguyên ở đường dẫn này.", 0},
    [REFUSE_NOT_ALLOWED] = {405, "method_not_allowed",
                            "Tài nguyên này không nhận phương thức HTTP đã dùng.", 0},
    [REFUSE_KEY] = {400, "idempotency_key_required",
                    "Cần tiêu đề Idempotency-Key gồm 1 đến 64 ký tự ASCII nhìn thấy được.", 0},
    [REFUSE_INTERNAL] = {500, "internal_error", "Hệ thống không tạo được câu trả lời.", 0},
};

static const struct status_text *find_status(int status)
{
    for (size_t i = 0; i < DVC_COUNT(statuses); i++) {
        if (statuses[i].status == status)
            return &statuses[i];
    }
    return NULL;
}

const char *text_vi_title(int status)
{
    const struct status_text *found = find_status(status);

    if (found)
        return found->title;
    return status >= 500 ? "Lỗi phía máy chủ" : "Yêu cầu không thực hiện được";
}

const char *text_vi_code(int status)
{
    const struct status_text *found = find_status(status);

    if (found)
        return found->code;
    return status >= 500 ? "server_error" : "request_error";
}

const struct refusal_text *text_vi_refusal(enum refuse_reason why)
{
    DVC_REQUIRE((int)why >= 0 && (int)why < REFUSAL_COUNT);
    return &refusals[why];
}
