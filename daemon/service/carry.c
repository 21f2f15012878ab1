#include "service/carry.h"

#include "base/log.h"
#include "service/decide.h"
#include "service/service.h"

#define PAGE 200
#define IN_FLIGHT 16

struct item;

struct carrying {
    struct op op;
    struct item **items;
    size_t count, next, flying;
    struct carried result;
    carry_fn done;
    void *done_ctx;
};

/* One parcel. */
struct item {
    struct carrying *all;
    struct arena *arena;
    struct actor actor;
    struct decision decision;
    int64_t handover;
    int parcel_no;
};

static void pump(struct carrying *all);

static void sweep(void *arena)
{
    arena_free(arena);
}

static void landed(struct item *item, int store_code)
{
    struct carrying *all = item->all;

    if (store_code == 0) {
        all->result.done++;
    } else {
        all->result.failed++;
        all->result.store_code = store_code;
    }
    all->flying--;
    loop_defer(all->op.service->loop, sweep, item->arena);
    pump(all);
}

static void marked(void *ctx, const struct db_result *result)
{
    struct item *item = ctx;

    if (result->code != 0)
        service_log_failure("handover_done", result);
    landed(item, result->code);
}

static void mark(struct item *item, const char *outcome)
{
    struct service *service = item->all->op.service;

    store_query(service->store, service_statement(service, "handover_done"),
                (struct db_param[]){db_int(item->handover), db_int(item->decision.dossier_id),
                                    db_int(item->parcel_no), db_str(outcome)},
                4, service_timeout(service), marked, item);
}

static const char *became(const struct item *item, const struct decided *decided)
{
    const struct parcel *parcel =
        dossier_parcel(decided->outcome->after, item->decision.command.order_number);

    return parcel != NULL ? parcel_state_code(parcel->state) : "parcel_unknown";
}

static void decided(void *ctx, const struct decided *decided)
{
    struct item *item = ctx;

    switch (decided->kind) {
    case DECIDE_APPLIED:
        mark(item, became(item, decided));
        return;
    case DECIDE_DUPLICATE: /* done before, by a worker that did not come to say so */
    case DECIDE_FIRED:
        mark(item, parcel_state_code(PARCEL_HANDED_OVER));
        return;
    case DECIDE_GONE:
        mark(item, "not_found");
        return;
    case DECIDE_REFUSED:
        if (decided->wf != WF_E_STALE && decided->wf != WF_E_CALENDAR) {
            mark(item, decided->refusal.code);
            return;
        }
        break;
    case DECIDE_RULE:
    case DECIDE_UNSURE:
        break;
    }
    log_warn("handover_waits", "handover=%lld dossier=%lld", (long long)item->handover,
             (long long)item->decision.dossier_id);
    landed(item, decided->kind == DECIDE_UNSURE ? decided->store_code : STORE_E_BUSY);
}

/* The moment of the second signature is that of the hand-over, whenever it is carried out (QĐ
 * 45/2016/QĐ-TTg, Art 7.4). */
static struct item *item_of(struct carrying *all, const struct db_rows *rows, size_t row)
{
    struct arena *arena = arena_new();
    struct item *item = ARENA_NEW(arena, struct item);
    struct decision *decision = &item->decision;
    const char *order = arena_slice_str(arena, db_text_at(rows, row, 3));
    char hex[SHA256_HEX_SIZE];

    item->all = all;
    item->arena = arena;
    item->handover = db_int_at(rows, row, 0, 0);
    item->parcel_no = (int)db_int_at(rows, row, 2, 0);
    item->actor = (struct actor){
        .account = db_int_at(rows, row, 5, 0), .kind = ACCOUNT_SYSTEM, .party = ROLE_POST};
    decision->service = all->op.service;
    decision->arena = arena;
    decision->actor = &item->actor;
    decision->dossier_id = db_int_at(rows, row, 1, 0);
    decision->key =
        arena_printf(arena, "handover:%lld:%d", (long long)item->handover, item->parcel_no);
    decision->key_digest = sha256_of(slice_str(arena_printf(
        arena, "%s\n%lld\n%s", decision->key, (long long)decision->dossier_id, order)));
    sha256_hex(decision->key_digest, hex);
    decision->key = arena_printf(arena, "handover:%s", hex);
    decision->command = command_blank(CMD_POSTAL);
    decision->command.order_number = slice_str(order);
    decision->command.source = "handover";
    decision->command.parcel = (struct parcel_event){
        .source_id = arena_printf(arena, "handover:%lld", (long long)item->handover),
        .at = db_wall_at(rows, row, 4),
        .state = PARCEL_HANDED_OVER,
        .moves = true,
        .note = arena_printf(arena, "Biên bản giao nhận số %s",
                             arena_slice_str(arena, db_text_at(rows, row, 6)))};
    decision->done = decided;
    decision->ctx = item;
    return item;
}

static void finish(struct carrying *all)
{
    all->done(all->done_ctx, &all->result);
    op_end(&all->op);
}

static void pump(struct carrying *all)
{
    while (all->next < all->count && all->flying < IN_FLIGHT) {
        struct item *item = all->items[all->next++];

        all->flying++;
        decide(&item->decision);
    }
    if (all->flying == 0)
        finish(all);
}

static void found(void *ctx, const struct db_result *result)
{
    struct carrying *all = ctx;
    size_t count = result->code == 0 ? db_rows_count(result->rows) : 0;
    struct item **items = ARENA_ARRAY(all->op.arena, struct item *, count + 1);

    if (result->code != 0) {
        service_log_failure("handover_waiting", result);
        all->result.failed = 1;
        all->result.store_code = result->code;
    }
    for (size_t i = 0; i < count; i++)
        items[i] = item_of(all, result->rows, i);
    all->items = items;
    all->count = count;
    pump(all);
}

void carry_out(struct service *service, int64_t handover, carry_fn done, void *ctx)
{
    struct carrying *all = op_new(service, sizeof(*all), NULL, NULL);

    all->done = done;
    all->done_ctx = ctx;
    store_query(service->store, service_statement(service, "handover_waiting"),
                (struct db_param[]){db_int(handover), db_int(PAGE)}, 2, service_timeout(service),
                found, all);
}
