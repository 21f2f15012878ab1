#include "service/account_call.h"

#include "base/json.h"

#define DEPTH_MAX 6

static const struct fault_text {
    const char *fault;
    enum answer_kind kind;
    const char *code;
    const char *pointer; /* UNPROCESSABLE with a field: inside the body, or the role at fault */
    const char *text;
} fault_texts[] = {
    {"key_reused", ANSWER_UNPROCESSABLE, "idempotency_key_reused", NULL,
     "Idempotency-Key này đã dùng cho một yêu cầu có nội dung khác."},
    {"not_found", ANSWER_NOT_FOUND, "not_found", NULL,
     "Không tìm thấy, hoặc ngoài phạm vi quản trị."},
    {"beyond", ANSWER_FORBIDDEN, "beyond", NULL,
     "Tài khoản này còn có vai trò ngoài phạm vi quản trị."},
    {"agency_beyond", ANSWER_FORBIDDEN, "beyond", NULL, "Cơ quan này ngoài phạm vi quản trị."},
    {"kind_beyond", ANSWER_FORBIDDEN, "beyond", NULL,
     "Chỉ người quản trị cấp cao nhất được mở loại tài khoản này."},
    {"from_beyond", ANSWER_FORBIDDEN, "beyond", NULL,
     "Chỉ người quản trị cơ quan đó được lập uỷ quyền thay người khác."},
    {"giver_only", ANSWER_FORBIDDEN, "giver_only", NULL,
     "Chỉ người uỷ quyền hoặc người quản trị được chấm dứt uỷ quyền."},
    {"self", ANSWER_UNPROCESSABLE, "self", NULL,
     "Không tự khoá hay tự cấp lại mật khẩu của chính mình."},
    {"last_admin", ANSWER_CONFLICT, "last_admin", NULL,
     "Đây là người quản trị cuối cùng của cơ quan; hãy cử người khác trước."},
    {"disabled", ANSWER_CONFLICT, "disabled", NULL, "Tài khoản đã bị khoá từ trước."},
    {"enabled", ANSWER_CONFLICT, "enabled", NULL, "Tài khoản đang hoạt động."},
    {"granted", ANSWER_CONFLICT, "granted", NULL,
     "Tài khoản đã có vai trò này ở cơ quan này trong thời gian đó."},
    {"username_exists", ANSWER_UNPROCESSABLE, "exists", "/username",
     "Tên đăng nhập đã có người dùng."},
    {"id_number_exists", ANSWER_UNPROCESSABLE, "exists", "/id_number",
     "Số định danh này đã gắn với một tài khoản khác."},
    {"roles_needed", ANSWER_UNPROCESSABLE, "required", "/roles",
     "Tài khoản cán bộ cần ít nhất một vai trò."},
    {"kind_roles", ANSWER_UNPROCESSABLE, "kind", "/role",
     "Chỉ tài khoản cán bộ mới có vai trò ở cơ quan."},
    {"agency_unknown", ANSWER_UNPROCESSABLE, "unknown", "/agency", "Không có cơ quan này."},
    {"role_place", ANSWER_UNPROCESSABLE, "place", "/role",
     "Vai trò bưu chính chỉ ở bưu cục; các vai trò khác ở cơ quan."},
    {"dates", ANSWER_UNPROCESSABLE, "range", "/to",
     "Ngày kết thúc phải sau ngày bắt đầu và sau hiện tại."},
    {"to_unknown", ANSWER_UNPROCESSABLE, "unknown", "/to",
     "Không có cán bộ nào đang làm việc với tên đăng nhập này."},
    {"to_self", ANSWER_UNPROCESSABLE, "self", "/to", "Không uỷ quyền cho chính mình."},
    {"role_admin", ANSWER_UNPROCESSABLE, "option", "/role",
     "Vai trò quản trị không uỷ quyền được."},
    {"valid_to", ANSWER_UNPROCESSABLE, "range", "/valid_to",
     "Thời hạn uỷ quyền phải còn ở phía trước và dài nhất 366 ngày."},
    {"procedure_unknown", ANSWER_UNPROCESSABLE, "unknown", "/procedure", "Không có thủ tục này."},
    {"not_held", ANSWER_UNPROCESSABLE, "not_held", "/role",
     "Người uỷ quyền không giữ vai trò này ở cơ quan này."},
};

static const struct fault_text *find(struct slice fault)
{
    for (size_t i = 0; i < DVC_COUNT(fault_texts); i++)
        if (slice_is(fault, fault_texts[i].fault))
            return &fault_texts[i];
    return NULL;
}

const char *account_fault_text(struct slice code)
{
    const struct fault_text *found = find(code);

    return found != NULL ? found->text : NULL;
}

void *account_call_new(struct service *service, size_t size, answer_fn answer, void *ctx)
{
    struct account_call *call = op_new(service, size, answer, ctx);

    call->fields = (struct fields){.arena = call->op.arena, .faults = &call->faults};
    return call;
}

struct value *account_call_body(struct account_call *call, struct slice body,
                                const char *const *keys, size_t count)
{
    struct json_error error;
    struct value *tree;
    int rc;

    if (body.len == 0)
        return value_new(call->op.arena, VALUE_MAP);
    rc = json_parse(call->op.arena, body, DEPTH_MAX, &tree, &error);
    if (rc != 0 || tree->kind != VALUE_MAP) {
        op_not_json(&call->op, rc, &error, DEPTH_MAX);
        return NULL;
    }
    (void)fields_members(&call->fields, tree, "", keys, count);
    return tree;
}

bool account_call_refused(struct account_call *call)
{
    if (call->faults.count == 0)
        return false;
    answer_faults(call->op.answer, call->op.ctx, &call->faults);
    op_end(&call->op);
    return true;
}

void account_call_fault(struct account_call *call, const char *pointer, const char *code,
                        const char *message)
{
    fields_fault(&call->fields, pointer, code, message);
    answer_faults(call->op.answer, call->op.ctx, &call->faults);
    op_end(&call->op);
}

static void refuse(struct account_call *call, const struct value *outcome)
{
    const struct fault_text *fault = find(value_get_text(outcome, "fault"));
    int64_t at = value_get_int(outcome, "at", -1);

    DVC_REQUIRE(fault != NULL);
    if (fault->pointer == NULL)
        op_fault(&call->op, fault->kind, fault->code, fault->text);
    else if (at >= 0)
        account_call_fault(
            call, arena_printf(call->op.arena, "/roles/%lld%s", (long long)at, fault->pointer),
            fault->code, fault->text);
    else
        account_call_fault(call, fault->pointer, fault->code, fault->text);
}

static void ran(void *ctx, const struct db_result *result)
{
    struct account_call *call = ctx;
    struct json_error error;
    struct value *outcome;

    if (result->code != 0) {
        service_log_failure("account", result);
        op_store_error(&call->op, result->code);
        return;
    }
    if (json_parse(call->op.arena, arena_slice(call->op.arena, db_json(result->rows)), DEPTH_MAX,
                   &outcome, &error) != 0) {
        op_store_error(&call->op, STORE_E_DATA);
    } else if (value_get(outcome, "fault") != NULL) {
        refuse(call, outcome);
    } else if (call->done != NULL) {
        call->done(call, outcome);
    } else {
        call->op.answer(call->op.ctx, &(struct answer){.kind = ANSWER_DONE, .etag = -1});
        op_end(&call->op);
    }
}

void account_call_run(struct account_call *call, const char *statement,
                      const struct db_param *params, size_t count)
{
    struct service *service = call->op.service;

    store_query(service->store, service_statement(service, statement), params, count,
                service_timeout(service), ran, call);
}

void account_call_answer(struct account_call *call, enum answer_kind kind, struct slice json)
{
    call->op.answer(call->op.ctx, &(struct answer){.kind = kind, .json = json, .etag = -1});
    op_end(&call->op);
}

struct slice account_call_digest(struct account_call *call, const char *act, struct slice whom,
                                 struct slice body)
{
    const char *head = arena_printf(call->op.arena, "%s\n%.*s\n", act, (int)whom.len,
                                    whom.ptr != NULL ? whom.ptr : "");
    struct sha256 inner = sha256_of(body);
    struct sha256 outer = hmac_sha256(
        slice_str(head), (struct slice){(const char *)inner.bytes, sizeof(inner.bytes)});

    return arena_slice(call->op.arena,
                       (struct slice){(const char *)outer.bytes, sizeof(outer.bytes)});
}
