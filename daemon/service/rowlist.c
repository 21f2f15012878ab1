#include "service/rowlist.h"

#include "base/num.h"
#include "service/page.h"
#include "service/registry.h"
#include "store/rows.h"

#define ANSWER_MAX (16u << 20)

void rowlist_bad_page(struct rowlist *list)
{
    op_fault_at(&list->op, ANSWER_MALFORMED, "page", "?page", "Mã trang không hợp lệ.");
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

static void give(struct rowlist *list, const struct db_rows *rows)
{
    struct op *op = &list->op;
    struct buf items = BUF_INIT(ANSWER_MAX), answer = BUF_INIT(ANSWER_MAX);
    size_t count = db_rows_count(rows);
    size_t shown = count > (size_t)list->limit ? (size_t)list->limit : count;

    if (list->single && count > 0) {
        write_item(list, rows, 0, &answer);
    } else {
        buf_addc(&items, '[');
        for (size_t i = 0; i < shown; i++) {
            if (i > 0)
                buf_addc(&items, ',');
            write_item(list, rows, i, &items);
        }
        buf_addc(&items, ']');
        page_write(op->service, list->statement, buf_slice(&items),
                   count > shown ? db_text_at(rows, shown - 1, 1) : SLICE_NULL, &answer);
    }
    member_unref(list->who);
    db_rows_free(list->kept);
    op_json(op, buf_slice(&answer));
    buf_release(&items);
    buf_release(&answer);
}

static void known(void *ctx);

/* True when every row's version is there or cannot be had; else `known` comes later. */
static bool versions_known(struct rowlist *list, const struct db_rows *rows)
{
    struct registry *registry = list->op.service->registry;

    while (list->procedure > 0 && list->looked < db_rows_count(rows)) {
        int64_t id = db_int_at(rows, list->looked++, (size_t)list->procedure, 0);

        if (id == 0 || registry_procedure(registry, id) != NULL)
            continue;
        if (list->kept == NULL)
            list->kept = db_rows_keep(rows);
        registry_await(registry, id, known, list);
        return false;
    }
    return true;
}

static void known(void *ctx)
{
    struct rowlist *list = ctx;

    if (versions_known(list, list->kept))
        give(list, list->kept);
}

static void listed(void *ctx, const struct db_result *result)
{
    struct rowlist *list = ctx;
    struct op *op = &list->op;

    if (result->code != 0) {
        service_log_failure("list", result);
        member_unref(list->who);
        op_store_error(op, result->code);
    } else if (db_rows_count(result->rows) == 0 && list->none_is_missing) {
        member_unref(list->who);
        answer_not_found(op->answer, op->ctx);
        op_end(op);
    } else if (versions_known(list, result->rows)) {
        give(list, result->rows);
    }
}

void rowlist_run(struct rowlist *list, const struct db_param *params, size_t count)
{
    struct service *service = list->op.service;

    store_query(service->store, service_statement(service, list->statement), params, count,
                service_timeout(service), listed, list);
}
