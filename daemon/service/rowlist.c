#include "service/rowlist.h"

#include "base/num.h"
#include "service/page.h"

#define ANSWER_MAX (16u << 20)

void rowlist_bad_page(struct rowlist *list)
{
    op_fault(&list->op, ANSWER_MALFORMED, "page", "Mã trang không hợp lệ.");
}

void *rowlist_begin(struct service *service, size_t size, const char *statement,
                    struct page_ask page, answer_fn answer, void *ctx, struct slice *ret_place)
{
    struct rowlist *list = op_new(service, size, answer, ctx);

    list->statement = statement;
    list->limit = page.limit;
    if (page_open(service, list->op.arena, statement, page.token, ret_place) != 0) {
        rowlist_bad_page(list);
        return NULL;
    }
    return list;
}

bool rowlist_number(struct rowlist *list, struct slice place, int64_t otherwise, int64_t *ret)
{
    *ret = otherwise;
    if (place.ptr == NULL || num_parse_i64(place, 0, INT64_MAX, ret) == 0)
        return true;
    rowlist_bad_page(list);
    return false;
}

struct db_param rowlist_filter(struct slice text)
{
    return text.len > 0 ? db_text(text) : db_null();
}

/* The object as SQL wrote it, without its last brace, so that members can follow. */
static void write_item(struct rowlist *list, const struct db_rows *rows, size_t row,
                       struct buf *out)
{
    struct slice item = db_text_at(rows, row, 0);
    struct buf added = BUF_INIT(ANSWER_MAX);
    struct jw jw = JW_INIT(&added);
    struct slice members;

    if (list->more == NULL) {
        buf_add_slice(out, item);
        return;
    }
    jw_object(&jw);
    list->more(list, rows, row, &jw);
    jw_end_object(&jw);
    members = slice_sub(buf_slice(&added), 1, added.len);
    buf_add_slice(out, slice_sub(item, 0, item.len - 1));
    if (members.len > 1)
        buf_addc(out, ',');
    buf_add_slice(out, members);
    buf_release(&added);
}

static void listed(void *ctx, const struct db_result *result)
{
    struct rowlist *list = ctx;
    struct op *op = &list->op;
    struct buf items = BUF_INIT(ANSWER_MAX), answer = BUF_INIT(ANSWER_MAX);
    size_t count, shown;

    if (result->code != 0) {
        service_log_failure("list", result);
        member_unref(list->who);
        op_store_error(op, result->code);
        return;
    }
    count = db_rows_count(result->rows);
    if (count == 0 && list->none_is_missing) {
        member_unref(list->who);
        answer_not_found(op->answer, op->ctx);
        op_end(op);
        return;
    }
    shown = count > (size_t)list->limit ? (size_t)list->limit : count;
    if (list->single && count > 0) {
        write_item(list, result->rows, 0, &answer);
        member_unref(list->who);
        op_json(op, buf_slice(&answer));
        buf_release(&answer);
        return;
    }
    buf_addc(&items, '[');
    for (size_t i = 0; i < shown; i++) {
        if (i > 0)
            buf_addc(&items, ',');
        write_item(list, result->rows, i, &items);
    }
    buf_addc(&items, ']');
    page_write(op->service, list->statement, buf_slice(&items),
               count > shown ? db_text_at(result->rows, shown - 1, 1) : SLICE_NULL, &answer);
    member_unref(list->who);
    op_json(op, buf_slice(&answer));
    buf_release(&items);
    buf_release(&answer);
}

void rowlist_run(struct rowlist *list, const struct db_param *params, size_t count)
{
    struct service *service = list->op.service;

    store_query(service->store, service_statement(service, list->statement), params, count,
                service_timeout(service), listed, list);
}
