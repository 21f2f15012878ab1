#include "service/delegation.h"

#include "base/num.h"
#include "core/role.h"
#include "service/account_call.h"
#include "service/account_fields.h"
#include "service/rowlist.h"

#define BASIS_MAX 300 /* code points */

void delegation_list(struct service *service, struct member *who, struct page_ask page,
                     answer_fn answer, void *ctx)
{
    struct slice place;
    struct rowlist *list =
        rowlist_begin(service, sizeof(*list), "delegations_list", page, answer, ctx, &place);
    int64_t before;

    if (list == NULL || !rowlist_number(list, place, INT64_MAX, &before))
        return;
    list->limit = page.limit;
    rowlist_run(list,
                (struct db_param[]){db_int(who->actor.account), db_int(before), db_int(page.limit)},
                3);
}

static void given(struct account_call *call, const struct value *outcome)
{
    struct buf buf = BUF_INIT(64);

    buf_addf(&buf, "{\"id\":%lld}", (long long)value_get_int(outcome, "id", 0));
    account_call_answer(call, ANSWER_CREATED, buf_slice(&buf));
    buf_release(&buf);
}

static void put_moment(struct account_call *call, const struct value *map, const char *key,
                       struct value *out)
{
    wall_t at = fields_moment(&call->fields, map, key, "");
    struct buf text = BUF_INIT(64);

    if (!wall_is_none(at)) {
        buf_add_wall(&text, at);
        account_put(call->op.arena, out, key, text.ptr);
    }
    buf_release(&text);
}

static struct value *read(struct account_call *call, const struct value *map)
{
    struct fields *fields = &call->fields;
    struct arena *arena = call->op.arena;
    struct value *out = value_new(arena, VALUE_MAP);
    const char *role = fields_text(fields, map, "role", "", 20, FIELDS_REQUIRED);
    enum role parsed;

    if (role != NULL && (role_parse(slice_str(role), &parsed) != 0 || !role_is_staff(parsed)))
        fields_fault(fields, "/role", "option", "Không có vai trò này.");
    account_put(arena, out, "role", role);
    account_put(arena, out, "to", fields_text(fields, map, "to", "", 100, FIELDS_REQUIRED));
    account_put(arena, out, "from", fields_text(fields, map, "from", "", 100, 0));
    account_put(arena, out, "agency", fields_text(fields, map, "agency", "", 40, FIELDS_REQUIRED));
    account_put(arena, out, "procedure", fields_text(fields, map, "procedure", "", 40, 0));
    account_put(arena, out, "legal_basis",
                fields_text(fields, map, "legal_basis", "", BASIS_MAX, FIELDS_REQUIRED));
    put_moment(call, map, "valid_from", out);
    put_moment(call, map, "valid_to", out);
    if (value_is_null(value_get(map, "valid_to")))
        fields_fault(fields, "/valid_to", "required", "Bắt buộc phải có.");
    return out;
}

void delegation_give(struct service *service, struct member *who, struct slice body,
                     struct slice key, answer_fn answer, void *ctx)
{
    static const char *const keys[] = {"to",        "from",       "role",     "agency",
                                       "procedure", "valid_from", "valid_to", "legal_basis"};
    struct account_call *call = account_call_new(service, sizeof(*call), answer, ctx);
    struct value *map = account_call_body(call, body, keys, DVC_COUNT(keys)), *out;
    struct buf text = BUF_INIT(8192);

    if (map == NULL)
        return;
    call->done = given;
    out = read(call, map);
    if (account_call_refused(call))
        return;
    value_write(&text, out, false);
    account_call_run(
        call, "delegation_give",
        (struct db_param[]){db_int(who->actor.account), db_text(buf_slice(&text)), db_text(key),
                            db_bytes(account_call_digest(call, "delegate", SLICE_NULL, body))},
        4);
    buf_release(&text);
}

void delegation_end(struct service *service, struct member *who, struct slice id, answer_fn answer,
                    void *ctx)
{
    struct account_call *call = account_call_new(service, sizeof(*call), answer, ctx);
    int64_t number;

    if (num_parse_i64(id, 1, INT64_MAX, &number) != 0) {
        answer_not_found(answer, ctx);
        op_end(&call->op);
        return;
    }
    account_call_run(call, "delegation_end",
                     (struct db_param[]){db_int(who->actor.account), db_int(number)}, 2);
}
