#include "service/paperorder.h"

#include <string.h>

#include "base/json.h"
#include "base/jw.h"
#include "service/fields.h"
#include "service/paperjob.h"
#include "service/service.h"

#define DEPTH 8 /* of a body */

struct ordering {
    struct op op;
    int64_t account;
    const char *key; /* the order's: whose and which Idempotency-Key */
    const char *agency, *procedure;
    day_t from, to;
};

static void put(void *ctx, const struct db_result *result)
{
    struct ordering *ordering = ctx;

    if (result->code != 0 || db_rows_count(result->rows) == 0) {
        service_log_failure("paper_order_put", result);
        op_store_error(&ordering->op, result->code != 0 ? result->code : STORE_E_DATA);
        return;
    }
    if (db_bool_at(result->rows, 0, 1)) {
        op_key_reused(&ordering->op);
        return;
    }
    op_json(&ordering->op,
            slice_str(arena_printf(ordering->op.arena, "{\"id\":%lld,\"state\":\"waiting\"}",
                                   (long long)db_int_at(result->rows, 0, 0, 0))));
}

static void order(struct ordering *ordering, bool masked)
{
    struct service *service = ordering->op.service;
    struct buf args = BUF_INIT(2000);
    struct jw jw = JW_INIT(&args);
    struct db_param params[6];

    jw_object(&jw);
    jw_kv_day(&jw, "from", ordering->from);
    jw_kv_day(&jw, "to", ordering->to);
    jw_kv_str(&jw, "procedure", ordering->procedure);
    jw_kv_bool(&jw, "masked", masked);
    jw_end_object(&jw);
    params[0] = db_str("register");
    params[1] = db_str(ordering->key);
    params[2] = db_int(0);
    params[3] = db_str(ordering->agency);
    params[4] = db_int(ordering->account);
    params[5] = db_text(buf_slice(&args));
    store_query(service->store, service_statement(service, "paper_order_put"), params, 6,
                service_timeout(service), put, ordering);
    buf_release(&args);
}

static void judged(void *ctx, const struct db_result *result)
{
    struct ordering *ordering = ctx;

    if (result->code != 0 || db_rows_count(result->rows) == 0) {
        service_log_failure("register_allowed", result);
        op_store_error(&ordering->op, result->code != 0 ? result->code : STORE_E_DATA);
    } else if (!db_bool_at(result->rows, 0, 1)) {
        op_fault(&ordering->op, ANSWER_FORBIDDEN, "forbidden",
                 "Sổ theo dõi chỉ dành cho cán bộ của cơ quan đó và người kiểm soát.");
    } else if (db_int_at(result->rows, 0, 2, 0) > PAPERJOB_REGISTER_ROWS) {
        op_fault(&ordering->op, ANSWER_UNPROCESSABLE, "too_many",
                 "Một sổ có nhiều nhất 20.000 hồ sơ, hãy chọn khoảng ngày ngắn hơn.");
    } else {
        order(ordering, db_bool_at(result->rows, 0, 0));
    }
}

static day_t read_day(struct fields *fields, const struct value *map, const char *key)
{
    const char *text = fields_text(fields, map, key, "", 10, FIELDS_REQUIRED);
    day_t day = DAY_NONE;

    if (text != NULL && day_parse(slice_str(text), &day) != 0)
        fields_fault(fields, arena_printf(fields->arena, "/%s", key), "date",
                     "Phải là ngày dạng YYYY-MM-DD.");
    return day;
}

static void read_order(struct ordering *ordering, struct fields *fields, const struct value *map)
{
    static const char *const members[] = {"agency", "from", "to", "procedure"};

    if (!fields_members(fields, map, "", members, DVC_COUNT(members)))
        return;
    ordering->agency = fields_text(fields, map, "agency", "", 40, FIELDS_REQUIRED);
    ordering->procedure = fields_text(fields, map, "procedure", "", 40, 0);
    ordering->from = read_day(fields, map, "from");
    ordering->to = read_day(fields, map, "to");
    if (day_is_none(ordering->from) || day_is_none(ordering->to))
        return;
    if (ordering->to.n < ordering->from.n ||
        ordering->to.n - ordering->from.n > PAPERORDER_DAYS_MAX)
        fields_fault(fields, "/to", "range",
                     "Ngày cuối phải từ ngày đầu trở đi và cách ngày đầu nhiều nhất 366 ngày.");
}

void paperorder_register(struct service *service, struct member *who, struct slice body,
                         struct slice key, answer_fn answer, void *ctx)
{
    struct ordering *ordering = op_new(service, sizeof(*ordering), answer, ctx);
    struct form_faults faults = {0};
    struct fields fields = {ordering->op.arena, &faults};
    struct json_error error;
    struct value *map;
    int rc = json_parse(ordering->op.arena, body, DEPTH, &map, &error);

    if (rc != 0 || map->kind != VALUE_MAP) {
        op_not_json(&ordering->op, rc, &error, DEPTH);
        return;
    }
    ordering->account = who->actor.account;
    ordering->key = arena_printf(ordering->op.arena, "register:%lld:%.*s",
                                 (long long)ordering->account, (int)key.len, key.ptr);
    read_order(ordering, &fields, map);
    if (faults.count > 0) {
        answer_faults(answer, ctx, &faults);
        op_end(&ordering->op);
        return;
    }
    store_query(service->store, service_statement(service, "register_allowed"),
                (struct db_param[]){db_int(ordering->account), db_str(ordering->agency),
                                    db_day(ordering->from), db_day(ordering->to),
                                    db_str(ordering->procedure), db_int(PAPERJOB_REGISTER_ROWS)},
                6, service_timeout(service), judged, ordering);
}
