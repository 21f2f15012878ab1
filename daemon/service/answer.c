#include "service/answer.h"

#include "store/fault.h"

void answer_json(answer_fn fn, void *ctx, struct slice json)
{
    fn(ctx, &(struct answer){.kind = ANSWER_OK, .json = json, .etag = -1});
}

void answer_fault(answer_fn fn, void *ctx, enum answer_kind kind, const char *code,
                  const char *detail)
{
    fn(ctx, &(struct answer){.kind = kind, .etag = -1, .code = code, .detail = detail});
}

void answer_faults(answer_fn fn, void *ctx, const struct form_faults *faults)
{
    fn(ctx, &(struct answer){.kind = ANSWER_UNPROCESSABLE,
                             .etag = -1,
                             .code = "invalid",
                             .detail = "Dữ liệu gửi lên chưa đúng quy định.",
                             .faults = faults->items,
                             .fault_count = faults->count});
}

void answer_not_found(answer_fn fn, void *ctx)
{
    answer_fault(fn, ctx, ANSWER_NOT_FOUND, "not_found",
                 "Không tìm thấy, hoặc tài khoản không được xem.");
}

void answer_store_error(answer_fn fn, void *ctx, int code)
{
    bool ours = code == STORE_E_UNIQUE || code == STORE_E_CONSTRAINT || code == STORE_E_DATA ||
                code == STORE_E_DENIED || code == STORE_E_STATEMENT;

    fn(ctx, &(struct answer){.kind = ours ? ANSWER_FAILED : ANSWER_UNAVAILABLE,
                             .etag = -1,
                             .code = ours ? "internal" : store_error_name(code),
                             .detail = ours ? "Hệ thống gặp lỗi, sự cố đã được ghi lại."
                                            : "Hệ thống đang bận, vui lòng thử lại sau ít phút.",
                             .retry_after = ours ? 0 : 2});
}
