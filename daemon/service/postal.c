#include "service/postal.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "conf/targets.h"
#include "service/decide.h"
#include "service/outrows.h"
#include "service/service.h"

#define EVENTS_MAX 500

static const struct actor carrier = {.kind = ACCOUNT_SYSTEM, .party = ROLE_POST};

struct saving {
    struct op op;
    struct decision decision;
    const struct vnpost_target *target;
    struct postal_news news;
    postal_fn_saved done;
    void *done_ctx;
};

static void finish(struct saving *saving, bool saved)
{
    saving->done(saving->done_ctx, saved);
    op_end(&saving->op);
}

static void row_ended(void *ctx, bool ok)
{
    finish(ctx, ok);
}

static void unread_kept(void *ctx, const struct db_result *result)
{
    struct saving *saving = ctx;

    if (result->code != 0)
        service_log_failure("carrier_unread_add", result);
    finish(saving, result->code == 0);
}

static void keep_unread(struct saving *saving)
{
    struct service *service = saving->op.service;
    const struct command *command = &saving->decision.command;
    const struct parcel_event *event = &command->parcel;
    struct db_param params[] = {db_int(saving->decision.dossier_id),
                                db_text(command->order_number),
                                db_str(event->source_id),
                                db_int(event->status_code),
                                wall_is_none(event->at) ? db_null() : db_wall(event->at),
                                db_str(event->place),
                                db_str(event->note)};

    log_error("postal_news_unsaved", "order=%s event=%s", command->order_number.ptr,
              event->source_id);
    store_query(service->store, service_statement(service, "carrier_unread_add"), params,
                DVC_COUNT(params), service_timeout(service), unread_kept, saving);
}

static void decided(void *ctx, const struct decided *decided)
{
    struct saving *saving = ctx;
    bool saved = true;

    switch (decided->kind) {
    case DECIDE_APPLIED:
    case DECIDE_DUPLICATE:
    case DECIDE_FIRED:
        break;
    case DECIDE_GONE:
        log_warn("postal_unknown_order", "order=%s", saving->decision.command.order_number.ptr);
        break;
    case DECIDE_REFUSED: /* the dossier no longer takes this news; it will not do so later either */
        saved = decided->wf != WF_E_STALE;
        if (saved)
            log_info("postal_news_dropped", "order=%s reason=%s",
                     saving->decision.command.order_number.ptr, decided->refusal.code);
        break;
    case DECIDE_RULE:
        saved = false;
        break;
    case DECIDE_UNSURE:
        /* A dossier that cannot be read must not hold up all that its customer's feed still has to
         * tell: it is kept aside for an administrator. */
        saved = decided->store_code == STORE_E_DATA;
        if (saved && !saving->decision.command.order_answer) {
            keep_unread(saving);
            return;
        }
        break;
    }
    /* What the dossier did not take still ends the row, else it would be delivered for ever. */
    if (saved && decided->kind != DECIDE_APPLIED && saving->decision.settles_outbox != 0)
        outrows_done(saving->op.service, saving->decision.settles_outbox, row_ended, saving);
    else
        finish(saving, saved);
}

/* What the code means depends on the parcel's direction, known once the dossier is there. */
static int prepare_news(struct decision *decision, const struct dossier *dossier,
                        struct refusal *refusal)
{
    struct saving *saving = decision->ctx;
    const struct parcel *parcel = dossier_parcel(dossier, decision->command.order_number);
    struct parcel_event *event = &decision->command.parcel;

    if (parcel == NULL) {
        *refusal = (struct refusal){"parcel_unknown", "", "Không có bưu gửi này."};
        return WF_E_REFUSED;
    }
    event->moves =
        vnpost_target_state(saving->target, parcel->direction, event->status_code, &event->state);
    if (!event->moves)
        event->state = parcel->state;
    return 0;
}

/* Nobody's key: what is told by the feed and the webhook at once, or saved again after a lost
 * answer, happens once. */
static void name_fact(struct decision *decision, const char *kind, struct slice order_number,
                      const char *id)
{
    char hex[SHA256_HEX_SIZE];
    struct buf text = BUF_INIT(64u << 10);

    buf_addf(&text, "%s\n", kind);
    buf_add_slice(&text, order_number);
    buf_addf(&text, "\n%s", id);
    decision->key_digest = sha256_of(buf_slice(&text));
    buf_release(&text);
    sha256_hex(decision->key_digest, hex);
    decision->key = arena_printf(decision->arena, "%s:%s", kind, hex);
}

static struct saving *start(struct service *service, const char *order_number, postal_fn_saved done,
                            void *ctx)
{
    struct saving *saving = op_new(service, sizeof(*saving), NULL, NULL);
    struct decision *decision = &saving->decision;

    saving->done = done;
    saving->done_ctx = ctx;
    decision->service = service;
    decision->arena = saving->op.arena;
    decision->actor = &carrier;
    decision->command = command_blank(CMD_POSTAL);
    decision->command.order_number = slice_str(arena_str(saving->op.arena, order_number));
    decision->done = decided;
    decision->ctx = saving;
    return saving;
}

static void order_found(void *ctx, const struct db_result *result)
{
    struct saving *saving = ctx;

    if (result->code != 0) {
        finish(saving, false);
        return;
    }
    if (db_rows_count(result->rows) == 0) {
        log_warn("postal_unknown_order", "order=%s", saving->decision.command.order_number.ptr);
        finish(saving, true);
        return;
    }
    saving->decision.dossier_id = db_int_at(result->rows, 0, 0, 0);
    if (db_bool_at(result->rows, 0, 1)) { /* this very event is there already */
        finish(saving, true);
        return;
    }
    decide(&saving->decision);
}

void postal_news(struct service *service, const struct vnpost_target *target,
                 const struct postal_news *news, postal_fn_saved done, void *ctx)
{
    struct saving *saving = start(service, news->order_number, done, ctx);
    struct arena *arena = saving->op.arena;
    struct command *command = &saving->decision.command;
    struct db_param params[2];

    saving->target = target;
    saving->decision.prepare = prepare_news;
    command->parcel = (struct parcel_event){.source_id = arena_str(arena, news->source_id),
                                            .at = news->at,
                                            .status_code = news->status_code,
                                            .place = arena_str(arena, news->place),
                                            .note = arena_str(arena, news->note)};
    command->item_code = arena_str(arena, news->item_code);
    name_fact(&saving->decision, "news", command->order_number, command->parcel.source_id);
    params[0] = db_text(command->order_number);
    params[1] = db_str(command->parcel.source_id);
    store_query(service->store, service_statement(service, "parcel_find"), params, 2,
                service_timeout(service), order_found, saving);
}

void postal_order_answered(struct service *service, int64_t dossier_id, const char *order_number,
                           bool accepted, int64_t outbox_id, postal_fn_saved done, void *ctx)
{
    struct saving *saving = start(service, order_number, done, ctx);
    char id[24];

    snprintf(id, sizeof(id), "%lld", (long long)outbox_id);
    name_fact(&saving->decision, accepted ? "order_accepted" : "order_refused",
              saving->decision.command.order_number, id);
    saving->decision.dossier_id = dossier_id;
    saving->decision.settles_outbox = accepted ? outbox_id : 0;
    saving->decision.command.order_answer = true;
    saving->decision.command.order_accepted = accepted;
    decide(&saving->decision);
}

/* ---- webhook ---- */

struct hook {
    struct op op;
    size_t open;
    bool failed;
};

static const struct carrier_customer *customer_of(const struct service *service, struct slice code,
                                                  const struct vnpost_target **ret_target)
{
    const struct targets *targets = service->generation->targets;

    for (size_t i = 0; targets != NULL && i < targets->vnpost_count; i++) {
        const struct vnpost_target *target = targets->vnposts[i];

        for (size_t k = 0; k < target->customer_count; k++) {
            if (slice_is(code, target->customers[k].code)) {
                *ret_target = target;
                return &target->customers[k];
            }
        }
    }
    return NULL;
}

static bool signed_by(const struct carrier_customer *customer, struct slice signature,
                      struct slice body)
{
    struct sha256 right = hmac_sha256(slice_str(customer->secret), body), given;

    return slice_starts(signature, "sha256=") &&
           hex_parse(slice_sub(signature, 7, signature.len), given.bytes, SHA256_SIZE) == 0 &&
           hash_equal(&right, &given, SHA256_SIZE);
}

static void hook_saved(void *ctx, bool saved)
{
    struct hook *hook = ctx;

    hook->failed |= !saved;
    if (--hook->open > 0)
        return;
    if (hook->failed) {
        op_fault(&hook->op, ANSWER_UNAVAILABLE, "unavailable", "Chưa ghi được, hãy gửi lại.");
        return;
    }
    hook->op.answer(hook->op.ctx, &(struct answer){.kind = ANSWER_DONE, .etag = -1});
    op_end(&hook->op);
}

static bool fits(const char *text, size_t max)
{
    return text == NULL || (strlen(text) <= max && !utf8_has_control(slice_str(text), ""));
}

static bool news_of(const struct value *row, struct postal_news *news)
{
    int64_t code = value_get_int(row, "status_code", -1);

    *news = (struct postal_news){.source_id = value_get_str(row, "id"),
                                 .order_number = value_get_str(row, "order_number"),
                                 .status_code = (int)code,
                                 .place = value_get_str(row, "place"),
                                 .item_code = value_get_str(row, "item_code"),
                                 .note = value_get_str(row, "note")};
    return news->source_id != NULL && news->order_number != NULL && code >= 0 &&
           code <= TARGET_STATUS_MAX && fits(news->source_id, 100) &&
           fits(news->order_number, 100) && fits(news->item_code, 60) && fits(news->place, 300) &&
           fits(news->note, 1000) && wall_parse(value_get_text(row, "at"), &news->at) == 0;
}

void postal_webhook(struct service *service, struct slice customer_code, struct slice signature,
                    struct slice body, answer_fn answer, void *ctx)
{
    struct hook *hook = op_new(service, sizeof(*hook), answer, ctx);
    const struct vnpost_target *target = NULL;
    const struct carrier_customer *customer = customer_of(service, customer_code, &target);
    struct json_error error;
    struct value *tree = NULL;
    const struct value *events;
    struct postal_news *news;
    size_t count;

    if (customer == NULL || !signed_by(customer, signature, body)) {
        op_fault(&hook->op, ANSWER_UNAUTHENTICATED, "signature", "Chữ ký không đúng.");
        return;
    }
    events =
        json_parse(hook->op.arena, body, 8, &tree, &error) == 0 ? value_get(tree, "events") : NULL;
    count = events != NULL && events->kind == VALUE_LIST ? value_count(events) : 0;
    if (count == 0 || count > EVENTS_MAX) {
        op_fault(&hook->op, ANSWER_MALFORMED, "events", "events phải là danh sách từ 1 đến 500.");
        return;
    }
    news = ARENA_ARRAY(hook->op.arena, struct postal_news, count);
    for (size_t i = 0; i < count; i++) {
        if (!news_of(value_at(events, i), &news[i])) {
            op_fault(&hook->op, ANSWER_UNPROCESSABLE, "event",
                     arena_printf(hook->op.arena,
                                  "Sự kiện thứ %zu thiếu hoặc sai id, "
                                  "order_number, status_code, at, place, note.",
                                  i + 1));
            return;
        }
    }
    hook->open = count;
    for (size_t i = 0; i < count; i++)
        postal_news(service, target, &news[i], hook_saved, hook);
}
