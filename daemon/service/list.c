#include "service/list.h"

#include "base/jw.h"
#include "base/num.h"
#include "core/dossier.h"
#include "service/page.h"
#include "service/service.h"

#define ANSWER_MAX (16u << 20)

/* Its statement is also the list's name in page tokens. */
struct listing {
    struct op op;
    const char *statement;
};

static struct listing *begin(struct service *service, const char *statement, answer_fn answer,
                             void *ctx)
{
    struct listing *listing = op_new(service, sizeof(*listing), answer, ctx);

    listing->statement = statement;
    return listing;
}

static void listed(void *ctx, const struct db_result *result)
{
    struct listing *listing = ctx;
    struct op *op = &listing->op;
    struct buf buf = BUF_INIT(ANSWER_MAX);
    struct slice next;

    if (result->code != 0) {
        service_log_failure("list", result);
        op_store_error(op, result->code);
        return;
    }
    next = db_text_at(result->rows, 0, 1);
    page_write(op->service, listing->statement, db_text_at(result->rows, 0, 0), next, &buf);
    op_json(op, buf_slice(&buf));
    buf_release(&buf);
}

static void run(struct listing *listing, const struct db_param *params, size_t count)
{
    struct service *service = listing->op.service;

    store_query(service->store, service_statement(service, listing->statement), params, count,
                service_timeout(service), listed, listing);
}

static void bad_page(struct op *op)
{
    op_fault(op, ANSWER_MALFORMED, "page", "Mã trang không hợp lệ.");
}

/* {code: Vietnamese name}, so that a list names states as a view does. */
static struct db_param names(struct op *op, int count, const char *(*code)(int),
                             const char *(*name)(int))
{
    struct buf buf = BUF_INIT(8192);
    struct jw jw = JW_INIT(&buf);
    const char *text;

    jw_object(&jw);
    for (int i = 0; i < count; i++)
        jw_kv_str(&jw, code(i), name(i));
    jw_end_object(&jw);
    text = arena_slice_str(op->arena, buf_slice(&buf));
    buf_release(&buf);
    return db_str(text);
}

static const char *parcel_code(int state)
{
    return parcel_state_code((enum parcel_state)state);
}

static const char *parcel_name(int state)
{
    return parcel_state_name_vi((enum parcel_state)state);
}

static struct db_param filter(struct slice text)
{
    return text.len > 0 ? db_text(text) : db_null();
}

/* "<dossier>~<no>": a child row of a dossier. */
static bool child_place(struct slice rest, struct db_param place[2])
{
    struct slice part;
    int64_t dossier, no;

    if (!slice_next(&rest, '~', &part) || num_parse_i64(part, 0, INT64_MAX, &dossier) != 0 ||
        num_parse_i64(rest, 0, INT32_MAX, &no) != 0)
        return false;
    place[0] = db_int(dossier);
    place[1] = db_int(no);
    return true;
}

void list_parcels(struct service *service, struct member *who, const struct parcel_filter *ask,
                  struct page_ask page, answer_fn answer, void *ctx)
{
    struct listing *listing = begin(service, "parcels_list", answer, ctx);
    struct op *op = &listing->op;
    struct db_param place[2] = {db_null(), db_null()};
    enum parcel_direction direction;
    enum parcel_state state;
    struct slice rest;

    if ((ask->direction.len > 0 && parcel_direction_parse(ask->direction, &direction) != 0) ||
        (ask->state.len > 0 && parcel_state_parse(ask->state, &state) != 0)) {
        op_fault(op, ANSWER_MALFORMED, "filter",
                 "direction phải là collect hoặc return, state phải là trạng thái bưu gửi.");
        return;
    }
    if (page_open(service, listing->op.arena, listing->statement, page.token, &rest) != 0 ||
        (rest.ptr != NULL && !child_place(rest, place))) {
        bad_page(op);
        return;
    }
    run(listing,
        (struct db_param[]){db_int(who->actor.account), filter(ask->direction), filter(ask->state),
                            filter(ask->agency), filter(ask->office), place[0], place[1],
                            db_int(page.limit),
                            names(op, PARCEL_STATE_COUNT, parcel_code, parcel_name)},
        9);
}
