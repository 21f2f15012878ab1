#include "service/handover.h"

#include <string.h>

#include "base/json.h"
#include "service/carry.h"
#include "service/fields.h"
#include "service/parcelnames.h"
#include "service/rowlist.h"

#define DEPTH 8
#define COUNT_MAX 100000
#define NOTE_MAX 1000

static const char side_agency[] = "agency", side_office[] = "office";

struct hand {
    struct op op;
    struct member *who;
    int64_t id;
    bool made; /* answers CREATED */
    bool signing, cancelling;
    struct form_faults faults;
    struct fields fields;
    const char *agency, *office, *direction, *note;
    struct slice *orders;
    size_t order_count;
    int64_t originals, copies;
};

static struct hand *begin(struct service *service, struct member *who, int64_t id, answer_fn answer,
                          void *ctx)
{
    struct hand *hand = op_new(service, sizeof(*hand), answer, ctx);

    hand->who = member_ref(who);
    hand->id = id;
    hand->fields = (struct fields){hand->op.arena, &hand->faults};
    return hand;
}

static void fault(struct hand *hand, enum answer_kind kind, const char *code, const char *detail)
{
    member_unref(hand->who);
    op_fault(&hand->op, kind, code, detail);
}

static void store_failed(struct hand *hand, const char *what, const struct db_result *result)
{
    service_log_failure(what, result);
    member_unref(hand->who);
    op_store_error(&hand->op, result->code);
}

static bool at_desk(const struct hand *hand, const char *agency)
{
    const struct actor *actor = &hand->who->actor;
    const struct agency_order *order = &hand->op.service->order;

    return access_holds(actor, ROLE_RECEIVER, agency, order) ||
           access_holds(actor, ROLE_CLERK, agency, order);
}

static bool at_post(const struct hand *hand, const char *office)
{
    return access_holds(&hand->who->actor, ROLE_POSTAL, office, &hand->op.service->order);
}

/* ---- looking, and what is done with what is found ---- */

static void look(struct hand *hand);

static void end_with(struct hand *hand, struct slice json)
{
    hand->op.answer(hand->op.ctx, &(struct answer){.kind = hand->made ? ANSWER_CREATED : ANSWER_OK,
                                                   .json = json,
                                                   .etag = -1});
    member_unref(hand->who);
    op_end(&hand->op);
}

static void carried(void *ctx, const struct carried *carried)
{
    (void)carried; /* what failed waits in durable rows, and the record says which */
    look(ctx);
}

static const struct {
    const char *code, *detail;
} refusals[] = {
    {"cancelled", "Biên bản đã bị huỷ."},
    {"signed", "Biên bản đã có đủ hai chữ ký, không huỷ được."},
    {"same_signer", "Hai bên phải do hai người khác nhau ký."},
    {"signed_already", "Bên này đã ký."},
    {"idempotency_key_reused", "Idempotency-Key này đã dùng cho một yêu cầu có nội dung khác."},
    {"parcel_unknown", "Không có bưu gửi này giữa cơ quan và bưu cục đã nêu."},
    {"parcel_direction", "Bưu gửi không đi theo chiều của biên bản."},
    {"parcel_state", "Bưu gửi không còn ở trạng thái bàn giao được."},
    {"parcel_taken", "Bưu gửi đã nằm trong một biên bản khác."},
};

static const char *detail_of(const char *code)
{
    for (size_t i = 0; i < DVC_COUNT(refusals); i++)
        if (strcmp(refusals[i].code, code) == 0)
            return refusals[i].detail;
    return "Không thực hiện được.";
}

/* What a writing statement said: false when it refused, and the answer was given. */
static bool wrote(struct hand *hand, const char *what, const struct db_result *result)
{
    struct json_error error;
    struct value *said;
    const char *code;

    if (result->code != 0) {
        store_failed(hand, what, result);
        return false;
    }
    if (json_parse(hand->op.arena, db_json(result->rows), DEPTH, &said, &error) != 0)
        said = NULL;
    code = value_get_str(said, "fault");
    if (code == NULL) {
        hand->id = value_get_int(said, "id", 0);
        return true;
    }
    if (value_get(said, "place") != NULL) {
        fields_fault(&hand->fields,
                     arena_printf(hand->op.arena, "/parcels/%lld",
                                  (long long)value_get_int(said, "place", 0)),
                     code, detail_of(code));
        answer_faults(hand->op.answer, hand->op.ctx, &hand->faults);
        member_unref(hand->who);
        op_end(&hand->op);
    } else {
        fault(hand, ANSWER_UNPROCESSABLE, code, detail_of(code));
    }
    return false;
}

static void signed_now(void *ctx, const struct db_result *result)
{
    struct hand *hand = ctx;

    hand->signing = false;
    if (wrote(hand, "handover_sign", result))
        carry_out(hand->op.service, hand->id, carried, hand);
}

static void sign(struct hand *hand, const struct value *record)
{
    struct service *service = hand->op.service;
    const char *side =
        value_is_null(value_get(record, "agency_signed")) ? side_agency : side_office;
    bool open = strcmp(value_get_str(record, "state"), "open") == 0;
    bool may = side == side_agency ? at_desk(hand, value_get_str(record, "agency"))
                                   : at_post(hand, value_get_str(record, "office"));

    if (open && !may) {
        fault(hand, ANSWER_FORBIDDEN, "forbidden", "Bên còn lại phải ký biên bản này.");
        return;
    }
    store_query(service->store, service_statement(service, "handover_sign"),
                (struct db_param[]){db_int(hand->id), db_int(hand->who->actor.account),
                                    db_str(hand->who->name), db_str(side),
                                    db_wall(loop_now(service->loop))},
                5, service_timeout(service), signed_now, hand);
}

static void cancelled(void *ctx, const struct db_result *result)
{
    struct hand *hand = ctx;

    if (!wrote(hand, "handover_cancel", result))
        return;
    hand->op.answer(hand->op.ctx, &(struct answer){.kind = ANSWER_DONE, .etag = -1});
    member_unref(hand->who);
    op_end(&hand->op);
}

static void cancel(struct hand *hand, const struct value *record)
{
    struct service *service = hand->op.service;

    if (!at_desk(hand, value_get_str(record, "agency")) &&
        !at_post(hand, value_get_str(record, "office"))) {
        fault(hand, ANSWER_FORBIDDEN, "forbidden", "Chỉ hai bên của biên bản được huỷ.");
        return;
    }
    store_query(service->store, service_statement(service, "handover_cancel"),
                (struct db_param[]){db_int(hand->id), db_int(hand->who->actor.account)}, 2,
                service_timeout(service), cancelled, hand);
}

static void looked(void *ctx, const struct db_result *result)
{
    struct hand *hand = ctx;
    struct json_error error;
    struct value *record;
    struct slice json;

    if (result->code != 0) {
        store_failed(hand, "handover_get", result);
        return;
    }
    json = db_json(result->rows);
    if (json.ptr == NULL) {
        answer_not_found(hand->op.answer, hand->op.ctx);
        member_unref(hand->who);
        op_end(&hand->op);
    } else if (!hand->signing && !hand->cancelling) {
        end_with(hand, json);
    } else if (json_parse(hand->op.arena, json, DEPTH, &record, &error) != 0) {
        fault(hand, ANSWER_FAILED, "internal", "Lỗi hệ thống.");
    } else if (hand->signing) {
        sign(hand, record);
    } else {
        cancel(hand, record);
    }
}

static void look(struct hand *hand)
{
    struct service *service = hand->op.service;

    store_query(service->store, service_statement(service, "handover_get"),
                (struct db_param[]){db_int(hand->who->actor.account), db_int(hand->id),
                                    parcelnames(hand->op.arena)},
                3, service_timeout(service), looked, hand);
}

void handover_view(struct service *service, struct member *who, int64_t id, answer_fn answer,
                   void *ctx)
{
    look(begin(service, who, id, answer, ctx));
}

void handover_sign(struct service *service, struct member *who, int64_t id, answer_fn answer,
                   void *ctx)
{
    struct hand *hand = begin(service, who, id, answer, ctx);

    hand->signing = true;
    look(hand);
}

void handover_cancel(struct service *service, struct member *who, int64_t id, answer_fn answer,
                     void *ctx)
{
    struct hand *hand = begin(service, who, id, answer, ctx);

    hand->cancelling = true;
    look(hand);
}

/* ---- making ---- */

static void read_parcels(struct hand *hand, const struct value *body)
{
    const struct value *list = value_get(body, "parcels");
    size_t count = list != NULL && list->kind == VALUE_LIST ? value_count(list) : 0;

    if (count == 0 || count > HANDOVER_PARCELS_MAX) {
        fields_fault(&hand->fields, "/parcels", "count",
                     "Phải là danh sách từ 1 đến 200 số hiệu bưu gửi.");
        return;
    }
    hand->orders = ARENA_ARRAY(hand->op.arena, struct slice, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_at(list, i);
        const char *at = arena_printf(hand->op.arena, "/parcels/%zu", i);

        if (item->kind != VALUE_STRING || item->string.len == 0 || item->string.len > 100) {
            fields_fault(&hand->fields, at, "type", "Phải là số hiệu bưu gửi.");
            return;
        }
        for (size_t k = 0; k < i; k++)
            if (slice_eq(hand->orders[k], item->string))
                fields_fault(&hand->fields, at, "twice", "Bưu gửi được nêu hai lần.");
        hand->orders[hand->order_count++] = item->string;
    }
}

static void read_body(struct hand *hand, const struct value *body)
{
    static const char *const members[] = {"agency",    "office", "direction", "parcels",
                                          "originals", "copies", "note"};
    struct fields *fields = &hand->fields;
    enum parcel_direction direction;

    if (!fields_members(fields, body, "", members, DVC_COUNT(members)))
        return;
    hand->agency = fields_text(fields, body, "agency", "", 60, FIELDS_REQUIRED);
    hand->office = fields_text(fields, body, "office", "", 60, FIELDS_REQUIRED);
    hand->direction = fields_text(fields, body, "direction", "", 20, FIELDS_REQUIRED);
    if (hand->direction != NULL &&
        parcel_direction_parse(slice_str(hand->direction), &direction) != 0)
        fields_fault(fields, "/direction", "choice", "Phải là collect hoặc return.");
    hand->originals = fields_int(fields, body, "originals", "", 0, COUNT_MAX, -1);
    hand->copies = fields_int(fields, body, "copies", "", 0, COUNT_MAX, -1);
    if (value_is_null(value_get(body, "originals")))
        fields_fault(fields, "/originals", "required", "Phải đếm số bản chính.");
    if (value_is_null(value_get(body, "copies")))
        fields_fault(fields, "/copies", "required", "Phải đếm số bản sao.");
    hand->note = fields_text(fields, body, "note", "", NOTE_MAX, FIELDS_LINES);
    read_parcels(hand, body);
}

static void made(void *ctx, const struct db_result *result)
{
    struct hand *hand = ctx;

    hand->made = true;
    if (wrote(hand, "handover_make", result))
        look(hand);
}

static void make(struct hand *hand, const char *side, struct slice body, struct slice key)
{
    struct service *service = hand->op.service;
    enum parcel_direction direction = PARCEL_COLLECT;
    struct slice states[PARCEL_STATE_COUNT];
    struct sha256 digest = sha256_of(body);
    size_t count = 0;

    (void)!parcel_direction_parse(slice_str(hand->direction), &direction); /* it was checked */
    for (int state = 0; state < PARCEL_STATE_COUNT; state++)
        if (parcel_may_move(direction, (enum parcel_state)state, PARCEL_HANDED_OVER))
            states[count++] = slice_str(parcel_state_code((enum parcel_state)state));
    store_query(
        service->store, service_statement(service, "handover_make"),
        (struct db_param[]){db_int(hand->who->actor.account), db_str(hand->who->name), db_str(side),
                            db_str(hand->agency), db_str(hand->office), db_str(hand->direction),
                            db_text_array(hand->orders, hand->order_count), db_int(hand->originals),
                            db_int(hand->copies), db_str(hand->note), db_text_array(states, count),
                            db_text(key),
                            db_bytes((struct slice){(const char *)digest.bytes, SHA256_SIZE})},
        13, service_timeout(service), made, hand);
}

void handover_make(struct service *service, struct member *who, struct slice body, struct slice key,
                   answer_fn answer, void *ctx)
{
    struct hand *hand = begin(service, who, 0, answer, ctx);
    struct json_error error;
    struct value *tree;
    int rc = json_parse(hand->op.arena, body, DEPTH, &tree, &error);

    if (rc != 0 || tree->kind != VALUE_MAP) {
        member_unref(hand->who);
        op_not_json(&hand->op, rc, &error, DEPTH);
        return;
    }
    read_body(hand, tree);
    if (hand->faults.count > 0) {
        answer_faults(answer, ctx, &hand->faults);
        member_unref(hand->who);
        op_end(&hand->op);
    } else if (at_desk(hand, hand->agency)) {
        make(hand, side_agency, body, key);
    } else if (at_post(hand, hand->office)) {
        make(hand, side_office, body, key);
    } else {
        fault(hand, ANSWER_FORBIDDEN, "forbidden",
              "Chỉ người tiếp nhận, văn thư của cơ quan hoặc nhân viên của bưu cục lập biên bản.");
    }
}

/* ---- the list ---- */

void handover_list(struct service *service, struct member *who, const struct handover_filter *ask,
                   struct page_ask page, answer_fn answer, void *ctx)
{
    struct slice from;
    struct rowlist *list =
        rowlist_begin(service, sizeof(*list), "handovers_list", page, answer, ctx, &from);
    int64_t before;

    if (list == NULL || !rowlist_number(list, from, INT64_MAX, &before))
        return;
    if (ask->state.len > 0 && !slice_is(ask->state, "open") && !slice_is(ask->state, "signed") &&
        !slice_is(ask->state, "cancelled")) {
        op_fault_at(&list->op, ANSWER_MALFORMED, "filter", "?state",
                    "state phải là open, signed hoặc cancelled.");
        return;
    }
    rowlist_run(list,
                (struct db_param[]){db_int(who->actor.account), rowlist_filter(ask->agency),
                                    rowlist_filter(ask->office), rowlist_filter(ask->state),
                                    db_int(before), db_int(page.limit),
                                    parcelnames(list->op.arena)},
                7);
}
