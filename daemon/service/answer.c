#include "service/answer.h"

#include <stdio.h>

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

void answer_fault_at(answer_fn fn, void *ctx, enum answer_kind kind, const char *code,
                     const char *pointer, const char *detail)
{
    const struct form_fault fault = {pointer, code, detail};

    fn(ctx, &(struct answer){.kind = kind,
                             .etag = -1,
                             .code = code,
                             .detail = detail,
                             .faults = &fault,
                             .fault_count = 1});
}

void answer_not_json(answer_fn fn, void *ctx, int rc, const struct json_error *error, int depth)
{
    char text[200];

    if (rc == 0)
        snprintf(text, sizeof(text), "Nội dung gửi lên phải là một đối tượng JSON.");
    else if (rc == JSON_E_DEPTH)
        snprintf(text, sizeof(text),
                 "Nội dung gửi lên là JSON lồng nhau quá %d tầng (dòng %d, cột %d).", depth,
                 error->line, error->column);
    else if (rc == JSON_E_DUPLICATE)
        snprintf(text, sizeof(text),
                 "Nội dung gửi lên là JSON có một thành viên lặp lại (dòng %d, cột %d).",
                 error->line, error->column);
    else
        snprintf(text, sizeof(text),
                 "Nội dung gửi lên không phải là JSON hợp lệ (dòng %d, cột %d).", error->line,
                 error->column);
    answer_fault_at(fn, ctx, ANSWER_MALFORMED, "json", "", text);
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
