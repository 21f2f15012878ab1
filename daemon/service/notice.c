#include "service/notice.h"

#include <string.h>

#include "base/json.h"
#include "base/jw.h"
#include "base/num.h"
#include "service/fields.h"
#include "service/notice_text.h"
#include "service/page.h"
#include "service/service.h"

#define LIST "notices_list"
#define ANSWER_MAX (4u << 20)
#define TEXT_MAX 4096
#define DEPTH 4 /* of a body */

static void write_item(struct jw *jw, const struct value *row)
{
    const char *kind = value_get_str(row, "kind");
    struct notice_facts facts = {.code = value_get_str(row, "dossier"),
                                 .procedure = value_get_str(row, "procedure"),
                                 .body = value_get(row, "body")};
    struct buf text = BUF_INIT(TEXT_MAX);

    notice_text(&text, kind, &facts);
    jw_object(jw);
    jw_kv_int(jw, "id", value_get_int(row, "id", 0));
    jw_kv_str(jw, "at", value_get_str(row, "at"));
    jw_kv_str(jw, "kind", kind);
    jw_kv_str(jw, "title", notice_title(kind));
    jw_kv_slice(jw, "text", buf_slice(&text));
    jw_kv_str(jw, "dossier", facts.code);
    jw_kv_bool(jw, "read", value_get_bool(row, "read", false));
    jw_end_object(jw);
    buf_release(&text);
}

static void write(const struct service *service, const struct value *rows, struct slice next,
                  int64_t unread, struct buf *buf)
{
    struct jw jw = JW_INIT(buf);
    struct buf token = BUF_INIT(1024);

    jw_object(&jw);
    jw_key(&jw, "items");
    jw_array(&jw);
    for (size_t i = 0; i < value_count(rows); i++)
        write_item(&jw, value_at(rows, i));
    jw_end_array(&jw);
    jw_key(&jw, "next");
    if (next.ptr != NULL) {
        page_seal(service, LIST, next, &token);
        jw_slice(&jw, buf_slice(&token));
    } else {
        jw_null(&jw);
    }
    jw_kv_int(&jw, "unread", unread);
    jw_end_object(&jw);
    buf_release(&token);
}

static void listed(void *ctx, const struct db_result *result)
{
    struct op *op = ctx;
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct json_error error;
    struct value *rows;

    if (result->code != 0) {
        service_log_failure("notices", result);
        op_store_error(op, result->code);
        return;
    }
    if (json_parse(op->arena, db_text_at(result->rows, 0, 0), 8, &rows, &error) != 0) {
        op_store_error(op, STORE_E_DATA);
        return;
    }
    write(op->service, rows, db_text_at(result->rows, 0, 1), db_int_at(result->rows, 0, 2, 0),
          &buf);
    op_json(op, buf_slice(&buf));
    buf_release(&buf);
}

void notice_list(struct service *service, struct member *who, struct page_ask page,
                 answer_fn answer, void *ctx)
{
    struct op *op = op_new(service, sizeof(*op), answer, ctx);
    int64_t before = INT64_MAX;
    struct slice place;

    if (page_open(service, op->arena, LIST, page.token, &place) != 0 ||
        (place.ptr != NULL && num_parse_i64(place, 0, INT64_MAX, &before) != 0)) {
        op_fault_at(op, ANSWER_MALFORMED, "page", "?page", "Mã trang không hợp lệ.");
        return;
    }
    store_query(service->store, service_statement(service, LIST),
                (struct db_param[]){db_int(who->actor.account), db_int(before), db_int(page.limit)},
                3, service_timeout(service), listed, op);
}

static void marked(void *ctx, const struct db_result *result)
{
    struct op *op = ctx;

    if (result->code != 0) {
        service_log_failure("notices_read", result);
        op_store_error(op, result->code);
        return;
    }
    if (db_bool_at(result->rows, 0, 0)) {
        op_key_reused(op);
        return;
    }
    op->answer(op->ctx, &(struct answer){.kind = ANSWER_DONE, .etag = -1});
    op_end(op);
}

void notice_read(struct service *service, struct member *who, struct slice body, struct slice key,
                 answer_fn answer, void *ctx)
{
    static const char *const members[] = {"up_to"};
    struct op *op = op_new(service, sizeof(*op), answer, ctx);
    struct form_faults faults = {0};
    struct fields fields = {op->arena, &faults};
    struct json_error error;
    struct value *tree;
    int64_t up_to;
    int rc = json_parse(op->arena, body, DEPTH, &tree, &error);

    if (rc != 0 || tree->kind != VALUE_MAP) {
        op_not_json(op, rc, &error, DEPTH);
        return;
    }
    (void)fields_members(&fields, tree, "", members, DVC_COUNT(members)); /* it is a map */
    up_to = fields_int(&fields, tree, "up_to", "", 1, INT64_MAX, 0);
    if (up_to == 0 && faults.count == 0)
        fields_fault(&fields, "/up_to", "required", "Cần số của thông báo mới nhất đã đọc.");
    if (faults.count > 0) {
        answer_faults(op->answer, op->ctx, &faults);
        op_end(op);
        return;
    }
    store_query(service->store, service_statement(service, "notices_read"),
                (struct db_param[]){db_int(who->actor.account), db_int(up_to), db_text(key)}, 3,
                service_timeout(service), marked, op);
}
