#include "post.h"

#include "feed.h"
#include "base/json.h"
#include "base/jw.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_LIMIT ((size_t)64 << 20)
#define STATUS_CREATED 100
#define STATUS_DUPLICATE 101
#define STATUS_REFUSED 102
#define STATUS_BAD_FIELD 103
#define STATUS_WRONG_CUSTOMER 104
#define STATUS_NO_ORDER 105
#define STATUS_TOO_LATE 106
#define PAGE_MAX 1000

/* One call on its way through. */
struct call {
    struct sim *sim;
    struct evhttp_request *req;
    struct account *account;
    struct log_entry *log;
    struct slice key; /* of the fault draws */
    uint64_t count;   /* of the fault draws */
};

/* An order's answer that waits until the journal is on disk. */
struct unsynced {
    struct list link;
    struct call call;
    enum fault_kind fault;
    int status;
};

static void send_body(struct call *call, int http_status, struct slice body, bool slow)
{
    struct sim *sim = call->sim;
    bool untyped = fault_draw(&sim->plan, FAULT_NO_CONTENT_TYPE, call->key, call->count);
    struct web_answer answer = {http_status, untyped ? NULL : WEB_JSON, 0, body};

    call->log->http_status = http_status;
    if (slow)
        web_send_later(&sim->web, call->req, &answer, sim->slow_us);
    else
        web_send(call->req, &answer);
}

static const char *status_message(int status)
{
    switch (status) {
    case STATUS_CREATED:
        return "Tiếp nhận yêu cầu thành công";
    case STATUS_DUPLICATE:
        return "Mã đơn hàng đã được tiếp nhận trước đó";
    case STATUS_BAD_FIELD:
        return "Dữ liệu đơn hàng không hợp lệ";
    case STATUS_WRONG_CUSTOMER:
        return "Mã khách hàng không đúng";
    case STATUS_NO_ORDER:
        return "Không tìm thấy đơn hàng";
    case STATUS_TOO_LATE:
        return "Đơn hàng đã được thu gom, không thể huỷ";
    default:
        return "Bưu chính từ chối yêu cầu";
    }
}

/* {Status, Message}; the Status sometimes as text, which some gateways in front of the post do. */
static void send_status(struct call *call, int status, bool slow)
{
    struct buf body = BUF_INIT(1024), digits = BUF_INIT(16);
    struct jw jw = JW_INIT(&body);

    call->log->status = status;
    jw_object(&jw);
    if (fault_draw(&call->sim->plan, FAULT_STATUS_TEXT, call->key, call->count)) {
        buf_add_i64(&digits, status);
        jw_kv_str(&jw, "Status", digits.ptr);
    } else {
        jw_kv_int(&jw, "Status", status);
    }
    jw_kv_str(&jw, "Message", status_message(status));
    jw_end_object(&jw);
    send_body(call, 200, buf_slice(&body), slow);
    buf_release(&digits);
    buf_release(&body);
}

/* Answers that come from something in front of the post. */
static void send_http_error(struct call *call, int http_status)
{
    struct web_answer answer = {http_status, "text/html", 0,
                                SLICE_LIT("<html><body>Service error</body></html>")};

    if (http_status == 429)
        answer.retry_after_s = call->sim->retry_after_s;
    call->log->http_status = http_status;
    web_send(call->req, &answer);
}

static void reset(struct call *call)
{
    call->log->http_status = 0;
    web_reset(&call->sim->web, call->req);
}

/* Meets the faults that keep a call from being worked on. True: the call is over. */
static bool meet_early_fault(struct call *call)
{
    static const enum fault_kind kinds[] = {FAULT_TOKEN_EXPIRED, FAULT_TOO_MANY, FAULT_SERVER_ERROR,
                                            FAULT_RESET_BEFORE};
    /* Asking for a token needs none. */
    size_t first = strcmp(call->log->op, "token") == 0 ? 1 : 0;
    static const int errors[] = {500, 502, 503};
    struct fault_plan *plan = &call->sim->plan;
    enum fault_kind fault =
        fault_pick(plan, kinds + first, DVC_COUNT(kinds) - first, call->key, call->count);

    if (fault == FAULT_NONE)
        return false;
    call->log->fault = fault;
    if (fault == FAULT_TOKEN_EXPIRED) {
        account_token_revoke(&call->sim->book, call->account);
        send_http_error(call, 401);
    } else if (fault == FAULT_TOO_MANY) {
        send_http_error(call, 429);
    } else if (fault == FAULT_SERVER_ERROR) {
        send_http_error(call, errors[fault_number(plan, fault, call->key, call->count) % 3]);
    } else {
        reset(call);
    }
    return true;
}

static enum fault_kind draw_late_fault(struct call *call)
{
    static const enum fault_kind kinds[] = {FAULT_RESET_AFTER, FAULT_SLOW};

    call->log->fault =
        fault_pick(&call->sim->plan, kinds, DVC_COUNT(kinds), call->key, call->count);
    return call->log->fault;
}

/* Token and tracking answers: work done, then perhaps a fault on the way back. */
static void send_late(struct call *call, struct slice body)
{
    enum fault_kind fault = draw_late_fault(call);

    if (fault == FAULT_RESET_AFTER)
        reset(call);
    else
        send_body(call, 200, body, fault == FAULT_SLOW);
}

static void handle_token(struct call *call)
{
    struct account_book *book = &call->sim->book;
    struct buf body = BUF_INIT(1024);
    struct jw jw = JW_INIT(&body);

    call->account = account_by_basic(book, web_header(call->req, "Authorization"));
    if (call->account == NULL) {
        send_http_error(call, 401);
        return;
    }
    call->count = call->account->calls++;
    if (meet_early_fault(call))
        return;
    /* The content type is not looked at: the 2017 client misspells the header's name. */
    if (!slice_eq(slice_trim(web_body(call->req)), SLICE_LIT("grant_type=client_credentials"))) {
        send_http_error(call, 400);
        return;
    }
    jw_object(&jw);
    jw_kv_str(&jw, "access_token", account_token_new(book, call->account, sim_now_ms()));
    jw_kv_str(&jw, "token_type", "Bearer");
    jw_kv_int(&jw, "expires_in", book->token_ms / 1000);
    jw_end_object(&jw);
    send_late(call, buf_slice(&body));
    buf_release(&body);
}

/* After the fsync: the answers of this turn's orders, good or torn. */
static void sync_and_answer(void *ctx)
{
    struct sim *sim = ctx;
    bool durable = journal_sync(sim->office.journal) == 0;
    struct list *link;

    sim->sync_asked = false;
    while ((link = list_pop_front(&sim->unsynced)) != NULL) {
        struct unsynced *u = LIST_ENTRY(link, struct unsynced, link);

        if (!durable)
            send_http_error(&u->call, 500);
        else if (u->fault == FAULT_RESET_AFTER)
            reset(&u->call);
        else
            send_status(&u->call, u->status, u->fault == FAULT_SLOW);
        free(u);
    }
    sim_arm(sim);
}

static void answer_after_sync(struct call *call, int status)
{
    struct sim *sim = call->sim;
    struct unsynced *u = dvc_calloc(1, sizeof(*u));

    u->fault = draw_late_fault(call);
    u->call = *call;
    /* What the draws need must outlive the request's body. */
    u->call.key = slice_str(call->log->number);
    u->status = status;
    list_push_back(&sim->unsynced, &u->link);
    if (!sim->sync_asked) {
        sim->sync_asked = true;
        loop_defer(sim->loop, sync_and_answer, sim);
    }
}

/* STATUS_CREATED when the order can be taken, else the Status that says why not. */
static int check_order(const struct call *call, const struct value *body)
{
    static const char *const texts[] = {"CustomerCode",    "OrderNumber", "SenderAddress",
                                        "SenderName",      "SenderTel",   "ReceiverName",
                                        "ReceiverAddress", "ReceiverTel"};
    static const char *const numbers[] = {"SenderProvince", "SenderDistrict", "ReceiverProvince"};

    for (size_t i = 0; i < DVC_COUNT(texts); i++) {
        if (value_get_text(body, texts[i]).len == 0)
            return STATUS_BAD_FIELD;
    }
    for (size_t i = 0; i < DVC_COUNT(numbers); i++) {
        const struct value *number = value_get(body, numbers[i]);

        if (number == NULL || number->kind != VALUE_INT)
            return STATUS_BAD_FIELD;
    }
    if (call->account->customer != NULL &&
        !slice_is(value_get_text(body, "CustomerCode"), call->account->customer))
        return STATUS_WRONG_CUSTOMER;
    return STATUS_CREATED;
}

static void take_order(struct call *call, const struct value *body)
{
    struct sim *sim = call->sim;
    struct parcel *parcel = office_parcel(&sim->office, call->account, call->key);

    call->count = parcel->tries++;
    if (meet_early_fault(call))
        return;
    if (parcel->seq > 0) {
        sim->duplicates++;
        answer_after_sync(call, STATUS_DUPLICATE);
    } else if (fault_draw(&sim->plan, FAULT_REFUSED, call->key, call->count)) {
        call->log->fault = FAULT_REFUSED;
        send_status(call, STATUS_REFUSED, false);
    } else if (office_accept(&sim->office, parcel, body, sim_now_ms()) < 0) {
        send_http_error(call, 500);
    } else {
        answer_after_sync(call, STATUS_CREATED);
    }
}

static void handle_order(struct call *call)
{
    struct arena *arena = arena_new();
    struct json_error error;
    struct value *body;
    int status;

    if (json_parse(arena, web_body(call->req), 8, &body, &error) != 0) {
        send_http_error(call, 400);
        goto out;
    }
    status = check_order(call, body);
    call->key = value_get_text(body, "OrderNumber");
    if (call->key.len >= sizeof(call->log->number))
        status = STATUS_BAD_FIELD;
    memcpy(call->log->number, call->key.ptr,
           call->key.len < sizeof(call->log->number) ? call->key.len
                                                     : sizeof(call->log->number) - 1);
    if (status != STATUS_CREATED)
        send_status(call, status, false);
    else
        take_order(call, body);
out:
    arena_free(arena);
}

static int cancel_status(struct call *call, const char *customer, struct parcel *parcel)
{
    if (parcel == NULL || parcel->seq == 0)
        return STATUS_NO_ORDER;
    if (customer == NULL || strcmp(customer, parcel->customer) != 0)
        return STATUS_WRONG_CUSTOMER;
    if (parcel->code == PARCEL_CANCELLED)
        return STATUS_DUPLICATE;
    if (parcel->code > PARCEL_ORDERED)
        return STATUS_TOO_LATE;
    if (fault_draw(&call->sim->plan, FAULT_REFUSED, call->key, call->count)) {
        call->log->fault = FAULT_REFUSED;
        return STATUS_REFUSED;
    }
    if (office_cancel(&call->sim->office, parcel, sim_now_ms()) < 0)
        return STATUS_REFUSED;
    return STATUS_CREATED;
}

static void handle_cancel(struct call *call)
{
    struct evkeyvalq query;
    struct parcel *parcel;
    const char *number;
    int status;

    web_query(call->req, &query);
    number = web_param(&query, "OrderNumber");
    call->key = slice_sub(slice_str(number), 0, sizeof(call->log->number) - 1);
    if (number != NULL)
        memcpy(call->log->number, call->key.ptr, call->key.len);
    parcel = office_find(&call->sim->office, call->account, call->key);
    call->count = parcel == NULL ? call->account->calls++ : parcel->tries++;
    if (!meet_early_fault(call)) {
        status = cancel_status(call, web_param(&query, "CustomerCode"), parcel);
        if (status == STATUS_CREATED)
            answer_after_sync(call, status);
        else
            send_status(call, status, false);
    }
    web_query_release(&query);
}

static void handle_tracking(struct call *call)
{
    struct buf body = BUF_INIT(ANSWER_LIMIT);
    struct evkeyvalq query;
    int64_t page_size;
    uint64_t after;

    call->count = call->account->calls++;
    web_query(call->req, &query);
    if (meet_early_fault(call))
        goto out;
    if (web_param_int(&query, "pagesize", 100, 1, PAGE_MAX, &page_size) < 0 ||
        feed_parse_id(web_param(&query, "lastId"), &after) < 0) {
        send_http_error(call, 400);
        goto out;
    }
    feed_write_page(&body, call->account, after, page_size);
    send_late(call, buf_slice(&body));
out:
    buf_release(&body);
    web_query_release(&query);
}

/* True while the post is away; the call is then over. */
static bool meet_away(struct call *call)
{
    struct sim *sim = call->sim;
    int64_t left_ms = sim->away_until_ms - sim_now_ms();
    struct web_answer answer = {503, "text/html", 0, SLICE_LIT("Service unavailable")};

    if (left_ms <= 0)
        return false;
    switch (sim->away_how) {
    case AWAY_RESET:
        reset(call);
        break;
    case AWAY_503:
        send_http_error(call, 503);
        break;
    case AWAY_HANG:
        call->log->http_status = 503;
        web_send_later(&sim->web, call->req, &answer, left_ms * 1000);
        break;
    }
    return true;
}

static const struct route {
    const char *path, *op;
    enum evhttp_cmd_type method;
    void (*handle)(struct call *call);
} routes[] = {
    {"/token", "token", EVHTTP_REQ_POST, handle_token},
    {"/order/post", "order", EVHTTP_REQ_POST, handle_order},
    {"/order/cancel", "cancel", EVHTTP_REQ_GET, handle_cancel},
    {"/order/tracking", "tracking", EVHTTP_REQ_GET, handle_tracking},
};

static void run_route(struct sim *sim, struct evhttp_request *req, const struct route *route)
{
    struct call call = {.sim = sim, .req = req, .key = slice_str(route->op)};

    call.log = sim_log(sim, route->op);
    if (meet_away(&call))
        return;
    if (evhttp_request_get_command(req) != route->method) {
        send_http_error(&call, 405);
        return;
    }
    if (route->handle != handle_token) {
        call.account =
            account_by_bearer(&sim->book, web_header(req, "Authorization"), sim_now_ms());
        if (call.account == NULL) {
            send_http_error(&call, 401);
            return;
        }
    }
    route->handle(&call);
}

bool post_handle(struct sim *sim, struct evhttp_request *req)
{
    for (size_t i = 0; i < DVC_COUNT(routes); i++) {
        if (strcmp(web_path(req), routes[i].path) == 0) {
            run_route(sim, req, &routes[i]);
            return true;
        }
    }
    return false;
}
