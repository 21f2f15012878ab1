#include "courier/postal.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

#define URL_MAX_BYTES 4096
#define BODY_MAX_BYTES 65536

/* A contract's token, and who waits for it. */
struct contract {
    struct postal *postal;
    const struct carrier_customer *customer;
    struct buf header; /* "Authorization: Bearer ...", empty: none is held */
    mono_t ends;
    uint64_t generation; /* of the token: counts the tokens held so far */
    uint64_t asking;     /* curlmux id of the question for a token, 0 none */
    struct list waiting; /* struct call */
};

enum call_kind { CALL_ORDER, CALL_CANCEL, CALL_TRACKING };

struct call {
    struct list link; /* in contract->waiting or postal->running */
    struct contract *contract;
    enum call_kind kind;
    struct buf url, body;
    uint64_t generation; /* of the token it was sent with */
    bool renewed;        /* a 401 was met once already */
    uint64_t mux_id;
    postal_fn fn;
    void *ctx;
};

struct postal {
    struct loop *loop;
    struct curlmux *mux;
    const struct vnpost_target *target;
    struct contract *contracts; /* as target->customers */
    struct list running;        /* struct call that are with curlmux */
};

static void call_end(struct call *call, const struct postal_answer *answer)
{
    list_remove(&call->link);
    call->fn(call->ctx, answer);
    buf_release(&call->url);
    buf_release(&call->body);
    free(call);
}

static struct attempt attempt_of_failure(const struct mux_answer *answer)
{
    struct attempt attempt = {.result = ATTEMPT_TRANSPORT,
                              .status = answer->status,
                              .retry_after_s = answer->retry_after_s,
                              .detail = answer->detail};

    switch (answer->result) {
    case MUX_ANSWERED:
        attempt.result = attempt_of_status(answer->status);
        break;
    case MUX_UNREACHED:
    case MUX_UNTRUSTED:
    case MUX_TIMEOUT:
    case MUX_BROKEN:
        break;
    case MUX_TOO_LARGE:
    case MUX_BAD_CALL:
        attempt.result = ATTEMPT_STRANGE;
        break;
    case MUX_CANCELLED:
        attempt.result = ATTEMPT_CANCELLED;
        break;
    }
    return attempt;
}

static bool answered_well(const struct mux_answer *answer)
{
    return answer->result == MUX_ANSWERED && answer->status >= 200 && answer->status < 300;
}

static void call_start(struct call *call);

/* Reads the token into the contract; the failure when there is none. */
static bool take_token(struct contract *contract, const struct mux_answer *answer,
                       struct attempt *ret_failure)
{
    struct arena *arena = arena_new();
    struct vnpost_token token;
    bool good = false;

    if (!answered_well(answer)) {
        *ret_failure = attempt_of_failure(answer);
        /* Whatever a refusal of the keys is called, it concerns no order. */
        if (ret_failure->result == ATTEMPT_REFUSED)
            ret_failure->result = ATTEMPT_DENIED;
    } else if (vnpost_token_read(arena, answer->body, &token) != 0) {
        *ret_failure = (struct attempt){.result = ATTEMPT_STRANGE,
                                        .status = answer->status,
                                        .retry_after_s = -1,
                                        .detail = "token answer cannot be read"};
    } else {
        buf_clear(&contract->header);
        buf_adds(&contract->header, token.header);
        contract->generation++;
        /* Used up a tenth earlier, so that it does not die on the way. */
        contract->ends.us = loop_mono(contract->postal->loop).us +
                            token.seconds * (US_PER_SECOND - US_PER_SECOND / 10);
        good = !contract->header.overflow;
    }
    arena_free(arena);
    return good;
}

static void on_token(void *ctx, const struct mux_answer *answer)
{
    struct contract *contract = ctx;
    struct postal_answer failure = {.attempt = {.result = ATTEMPT_STRANGE, .retry_after_s = -1}};
    struct list waiting = LIST_INIT(waiting);
    struct list *link;
    bool good;

    contract->asking = 0;
    good = take_token(contract, answer, &failure.attempt);
    while ((link = list_pop_front(&contract->waiting)) != NULL)
        list_push_back(&waiting, link);
    while ((link = list_pop_front(&waiting)) != NULL) {
        if (good)
            call_start(LIST_ENTRY(link, struct call, link));
        else
            call_end(LIST_ENTRY(link, struct call, link), &failure);
    }
}

static void ask_token(struct contract *contract)
{
    const struct vnpost_target *target = contract->postal->target;
    struct buf basic = BUF_INIT(2048);
    struct mux_request request = {
        .post = true,
        .url = target->token_url,
        .headers = {"Content-Type: application/x-www-form-urlencoded"},
        .body = SLICE_LIT("grant_type=client_credentials"),
        .ca_file = target->ca_file,
        .connect_timeout_ms = target->connect_timeout_ms,
        .timeout_ms = target->request_timeout_ms,
    };

    vnpost_basic_header(&basic, contract->customer->key, contract->customer->secret);
    request.headers[1] = basic.ptr;
    contract->asking = curlmux_start(contract->postal->mux, &request, on_token, contract);
    buf_release(&basic);
}

/* Status and Message decide, not that something came back. */
static struct attempt read_status(struct arena *arena, const struct mux_answer *answer)
{
    struct attempt attempt = {.result = ATTEMPT_STRANGE,
                              .status = answer->status,
                              .retry_after_s = -1,
                              .detail = "answer cannot be read"};
    struct vnpost_answer said;

    if (vnpost_answer_read(arena, answer->body, &said) == 0) {
        attempt.result = said.good ? ATTEMPT_DONE : ATTEMPT_REFUSED;
        attempt.status = said.status;
        attempt.detail = said.message;
    }
    return attempt;
}

/* True when the call goes once more, with a new token. */
static bool renew(struct call *call, const struct mux_answer *answer)
{
    struct contract *contract = call->contract;

    if (answer->result != MUX_ANSWERED || answer->status != 401 || call->renewed)
        return false;
    call->renewed = true;
    /* Others may have renewed it since. */
    if (call->generation == contract->generation)
        buf_clear(&contract->header);
    call_start(call);
    return true;
}

static void on_answer(void *ctx, const struct mux_answer *answer)
{
    struct call *call = ctx;
    struct postal_answer out = {.attempt = {.result = ATTEMPT_DONE, .retry_after_s = -1}};
    struct arena *arena;

    list_remove(&call->link);
    call->mux_id = 0;
    if (renew(call, answer))
        return;
    arena = arena_new();
    if (!answered_well(answer))
        out.attempt = attempt_of_failure(answer);
    else if (call->kind == CALL_TRACKING)
        out.body = answer->body;
    else
        out.attempt = read_status(arena, answer);
    call_end(call, &out);
    arena_free(arena);
}

static void call_start(struct call *call)
{
    struct contract *contract = call->contract;
    struct postal *postal = contract->postal;
    bool post = call->kind == CALL_ORDER;
    struct mux_request request = {
        .post = post,
        .url = call->url.ptr,
        .headers = {contract->header.ptr, post ? "Content-Type: application/json" : NULL},
        .body = buf_slice(&call->body),
        .ca_file = postal->target->ca_file,
        .connect_timeout_ms = postal->target->connect_timeout_ms,
        .timeout_ms = postal->target->request_timeout_ms,
    };

    if (contract->header.len == 0 || loop_mono(postal->loop).us >= contract->ends.us) {
        list_push_back(&contract->waiting, &call->link);
        if (contract->asking == 0)
            ask_token(contract);
        return;
    }
    call->generation = contract->generation;
    list_push_back(&postal->running, &call->link);
    call->mux_id = curlmux_start(postal->mux, &request, on_answer, call);
}

static struct call *call_new(struct postal *postal, const struct carrier_customer *customer,
                             enum call_kind kind, postal_fn fn, void *ctx)
{
    ptrdiff_t index = customer - postal->target->customers;
    struct call *call = dvc_calloc(1, sizeof(*call));

    DVC_REQUIRE(index >= 0 && (size_t)index < postal->target->customer_count);
    list_init(&call->link);
    call->contract = &postal->contracts[index];
    call->kind = kind;
    call->url = BUF_INIT(URL_MAX_BYTES);
    call->body = BUF_INIT(BODY_MAX_BYTES);
    call->fn = fn;
    call->ctx = ctx;
    return call;
}

void postal_order(struct postal *postal, const struct carrier_customer *customer,
                  const struct vnpost_order *order, postal_fn fn, void *ctx)
{
    struct call *call = call_new(postal, customer, CALL_ORDER, fn, ctx);

    buf_adds(&call->url, postal->target->order_url);
    vnpost_order_write(&call->body, order);
    call_start(call);
}

void postal_cancel(struct postal *postal, const struct carrier_customer *customer,
                   const char *order_number, postal_fn fn, void *ctx)
{
    struct call *call = call_new(postal, customer, CALL_CANCEL, fn, ctx);

    vnpost_cancel_url(&call->url, postal->target->cancel_url, customer->code, order_number);
    call_start(call);
}

void postal_tracking(struct postal *postal, const struct carrier_customer *customer,
                     const char *last_id, postal_fn fn, void *ctx)
{
    struct call *call = call_new(postal, customer, CALL_TRACKING, fn, ctx);

    vnpost_tracking_url(&call->url, postal->target->tracking_url, postal->target->page_size,
                        last_id);
    call_start(call);
}

struct postal *postal_new(struct loop *loop, struct curlmux *mux,
                          const struct vnpost_target *target)
{
    struct postal *postal = dvc_calloc(1, sizeof(*postal));

    postal->loop = loop;
    postal->mux = mux;
    postal->target = target;
    postal->contracts = dvc_calloc(target->customer_count, sizeof(struct contract));
    list_init(&postal->running);
    for (size_t i = 0; i < target->customer_count; i++) {
        postal->contracts[i].postal = postal;
        postal->contracts[i].customer = &target->customers[i];
        postal->contracts[i].header = BUF_INIT(8192);
        list_init(&postal->contracts[i].waiting);
    }
    return postal;
}

struct postal *postal_free(struct postal *postal)
{
    if (postal == NULL)
        return NULL;
    for (size_t i = 0; i < postal->target->customer_count; i++)
        curlmux_cancel(postal->mux, postal->contracts[i].asking);
    while (!list_empty(&postal->running))
        curlmux_cancel(postal->mux, LIST_ENTRY(postal->running.next, struct call, link)->mux_id);
    for (size_t i = 0; i < postal->target->customer_count; i++)
        buf_release(&postal->contracts[i].header);
    free(postal->contracts);
    free(postal);
    return NULL;
}

const struct vnpost_target *postal_target(const struct postal *postal)
{
    return postal->target;
}

/* A delivery between the outbox and the post. */
struct errand {
    struct outbox *outbox;
    uint64_t ticket;
};

static void on_errand_done(void *ctx, const struct postal_answer *answer)
{
    struct errand *errand = ctx;

    outbox_delivered(errand->outbox, errand->ticket, &answer->attempt);
    free(errand);
}

/* NULL when it is on its way, else why it cannot be. */
static const char *run_errand(struct postal *postal, const struct outbox_item *item,
                              struct errand *errand)
{
    const struct vnpost_target *target = postal->target;
    const struct carrier_customer *customer;
    struct arena *arena = arena_new();
    const char *wrong = "body cannot be read";
    struct vnpost_order order;
    const char *number;
    int r;

    customer = vnpost_customer_of(arena, target, item->body);
    if (customer == NULL) {
        wrong = "no contract for this agency";
    } else if (strcmp(item->topic, "order") == 0) {
        r = vnpost_order_read(arena, target, item->body, &order);
        if (r == 0) {
            postal_order(postal, customer, &order, on_errand_done, errand);
            wrong = NULL;
        } else if (r == VNPOST_E_INCOMPLETE) {
            wrong = "name, address, telephone or province is missing";
        }
    } else if (strcmp(item->topic, "cancel") == 0) {
        number = vnpost_cancel_read(arena, item->body);
        if (number != NULL) {
            postal_cancel(postal, customer, number, on_errand_done, errand);
            wrong = NULL;
        }
    } else {
        wrong = "unknown topic";
    }
    arena_free(arena);
    return wrong;
}

static void deliver(void *ctx, struct outbox *outbox, const struct outbox_item *item,
                    uint64_t ticket)
{
    struct errand *errand = dvc_calloc(1, sizeof(*errand));
    const char *wrong;

    errand->outbox = outbox;
    errand->ticket = ticket;
    wrong = run_errand(ctx, item, errand);
    if (wrong != NULL) {
        struct attempt attempt = {.result = ATTEMPT_INVALID, .retry_after_s = -1, .detail = wrong};

        outbox_delivered(outbox, ticket, &attempt);
        free(errand);
    }
}

struct outbox_channel postal_channel(struct postal *postal)
{
    return (struct outbox_channel){.name = postal->target->id,
                                   .ctx = postal,
                                   .max_in_flight = (int)postal->target->max_in_flight,
                                   .deliver = deliver};
}
