#include "courier/port.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/mailer.h"
#include "courier/parcel_order.h"
#include "service/fetch.h"
#include "service/maildraft.h"
#include "service/outrows.h"
#include "service/postal.h"
#include "service/service.h"

#define BODY_MAX (64u << 10)
#define LIVES_US (2 * US_PER_SECOND) /* a killed courier's rows are free again after this */

struct port {
    struct service *service;
    struct outbox *outbox;
    char *name;
    int64_t heartbeat_us;
    int64_t *held; /* ids of the rows that the loop has: what else bears our name got lost */
    size_t held_count, held_cap;
};

struct port *port_new(struct service *service, const char *name, int64_t heartbeat_us)
{
    struct port *port = dvc_calloc(1, sizeof(*port));

    port->service = service;
    port->name = dvc_strdup(name);
    port->heartbeat_us = heartbeat_us;
    return port;
}

struct port *port_free(struct port *port)
{
    if (port == NULL)
        return NULL;
    free(port->name);
    free(port->held);
    free(port);
    return NULL;
}

static void hold(struct port *port, int64_t id)
{
    if (port->held_count == port->held_cap) {
        port->held_cap = port->held_cap > 0 ? port->held_cap * 2 : 64;
        port->held = dvc_realloc(port->held, port->held_cap * sizeof(*port->held));
    }
    port->held[port->held_count++] = id;
}

static void let_go(struct port *port, int64_t id)
{
    for (size_t i = 0; i < port->held_count; i++) {
        if (port->held[i] == id) {
            port->held[i] = port->held[--port->held_count];
            return;
        }
    }
}

void port_serve_outbox(struct port *port, struct outbox *outbox)
{
    port->outbox = outbox;
}

/* ---- claiming ---- */

/* Rows on their way from the table to the loop: each order needs its dossier first. */
struct claim {
    struct port *port;
    struct arena *arena;
    uint64_t ticket;
    struct outbox_item *items;
    size_t count, open;
    bool failed;
};

struct claim_row {
    struct claim *claim;
    size_t index;
    int parcel_no;
};

/* A row whose dossier could not be read now stays in the table with our name; the next claim brings
 * it again, for the loop does not have it. */
static void claim_end(struct claim *claim)
{
    size_t kept = 0;

    if (claim->open > 0)
        return;
    for (size_t i = 0; i < claim->count; i++) {
        if (claim->items[i].id == 0)
            continue;
        hold(claim->port, claim->items[i].id);
        claim->items[kept++] = claim->items[i];
    }
    outbox_claimed(claim->port->outbox, claim->ticket, !claim->failed, claim->items, kept);
    arena_free(claim->arena);
}

static const struct parcel *parcel_no(const struct dossier *dossier, int no)
{
    for (size_t i = 0; i < dossier->parcel_count; i++)
        if (dossier->parcels[i].no == no)
            return &dossier->parcels[i];
    return NULL;
}

static struct parcel_place place_of(const struct service *service, const struct dossier *dossier,
                                    const struct parcel *parcel)
{
    const struct commune_list *list = service->generation->communes;
    const char *province, *commune;
    const struct province *p;
    const struct commune *c;

    parcel_order_place(dossier, parcel, &province, &commune);
    p = province_find(list, slice_str(province));
    c = commune_find(list, slice_str(commune));
    return (struct parcel_place){.province = p != NULL ? p->name : NULL,
                                 .commune = c != NULL ? c->name : NULL};
}

static void dossier_there(void *ctx, const struct fetched *fetched)
{
    struct claim_row *row = ctx;
    struct claim *claim = row->claim;
    struct outbox_item *item = &claim->items[row->index];
    const struct parcel *parcel =
        fetched->dossier != NULL ? parcel_no(fetched->dossier, row->parcel_no) : NULL;
    struct buf buf = BUF_INIT(BODY_MAX);
    struct parcel_place place;

    /* A dossier that nobody can read must not hold up all others: its order goes on without a
     * body, the channel calls that invalid, and a person is told. */
    if (fetched->code != 0 && fetched->code != STORE_E_DATA)
        item->id = 0;
    if (parcel != NULL && strcmp(item->topic, "order") == 0) {
        place = place_of(claim->port->service, fetched->dossier, parcel);
        parcel_order_write(&buf, fetched->dossier, parcel, &place);
        item->body = arena_slice(claim->arena, buf_slice(&buf));
    } else if (parcel != NULL) {
        parcel_cancel_write(&buf, fetched->dossier, parcel);
        item->body = arena_slice(claim->arena, buf_slice(&buf));
    }
    buf_release(&buf);
    claim->open--;
    claim_end(claim);
}

static void mail_there(void *ctx, int code, struct slice json)
{
    struct claim_row *row = ctx;
    struct claim *claim = row->claim;
    struct outbox_item *item = &claim->items[row->index];

    if (code != 0)
        item->id = 0;
    item->body = arena_slice(claim->arena, json);
    claim->open--;
    claim_end(claim);
}

static int parcel_of(struct arena *arena, struct slice body)
{
    struct json_error error;
    struct value *tree;

    if (json_parse(arena, body, 8, &tree, &error) != 0)
        return 0;
    return (int)value_get_int(tree, "parcel", 0);
}

static void rows_claimed(void *ctx, bool ok, const struct outrow *rows, size_t count)
{
    struct claim *claim = ctx;

    claim->failed = !ok;
    claim->items = ARENA_ARRAY(claim->arena, struct outbox_item, count + 1);
    claim->count = count;
    claim->open = 1;
    for (size_t i = 0; i < count; i++) {
        struct claim_row *row = ARENA_NEW(claim->arena, struct claim_row);

        claim->items[i] = (struct outbox_item){
            .id = rows[i].id,
            .dossier_id = rows[i].dossier_id,
            .channel = arena_str(claim->arena, rows[i].channel),
            .topic = arena_str(claim->arena, rows[i].topic),
            .key = arena_str(claim->arena, rows[i].key),
            .body = arena_slice(claim->arena, rows[i].body),
            .code = arena_str(claim->arena, rows[i].code),
            .attempts = rows[i].attempts,
            .strikes = rows[i].strikes,
            .created_at = rows[i].created_at,
        };
        *row = (struct claim_row){
            .claim = claim, .index = i, .parcel_no = parcel_of(claim->arena, rows[i].body)};
        if (strcmp(rows[i].channel, MAILER_CHANNEL) == 0) {
            claim->open++;
            maildraft(claim->port->service, rows[i].dossier_id, rows[i].topic, rows[i].body,
                      mail_there, row);
        } else if (row->parcel_no > 0) {
            claim->open++;
            fetch_dossier(claim->port->service, claim->arena, NULL, rows[i].dossier_id,
                          dossier_there, row);
        }
    }
    claim->open--;
    claim_end(claim);
}

static void claim(void *ctx, int max, uint64_t ticket)
{
    struct port *port = ctx;
    struct arena *arena = arena_new();
    struct claim *one = ARENA_NEW(arena, struct claim);

    *one = (struct claim){.port = port, .arena = arena, .ticket = ticket};
    outrows_claim(port->service, port->name, port->held, port->held_count, max, rows_claimed, one);
}

/* ---- what became of an attempt ---- */

struct settle {
    struct port *port;
    int64_t id;
    uint64_t ticket;
};

static void settled(void *ctx, bool ok)
{
    struct settle *settle = ctx;

    if (ok)
        let_go(settle->port, settle->id);
    outbox_saved(settle->port->outbox, settle->ticket, ok);
    free(settle);
}

static struct settle *settle_new(struct port *port, const struct outbox_item *item, uint64_t ticket)
{
    struct settle *settle = dvc_malloc(sizeof(*settle));

    *settle = (struct settle){.port = port, .id = item->id, .ticket = ticket};
    return settle;
}

/* NULL when the item orders no parcel. */
static const char *order_number_of(struct arena *arena, const struct outbox_item *item)
{
    struct json_error error;
    struct value *tree;

    if (strcmp(item->topic, "order") != 0 || json_parse(arena, item->body, 8, &tree, &error) != 0)
        return NULL;
    return value_get_str(tree, "order_number");
}

/* That the carrier has our order is a fact about the dossier: recorded and settled in one commit.
 */
static void done(void *ctx, const struct outbox_item *item, const struct attempt *attempt,
                 uint64_t ticket)
{
    struct port *port = ctx;
    struct settle *settle = settle_new(port, item, ticket);
    struct arena *arena = arena_new();
    const char *order_number = order_number_of(arena, item);

    (void)attempt;
    if (order_number != NULL)
        postal_order_answered(port->service, item->dossier_id, order_number, true, item->id,
                              settled, settle);
    else
        outrows_done(port->service, item->id, settled, settle);
    arena_free(arena);
}

static void retry(void *ctx, const struct outbox_item *item, wall_t at,
                  const struct attempt *attempt, uint64_t ticket)
{
    struct port *port = ctx;

    outrows_retry(port->service, item->id, at, attempt->detail, retry_strike(attempt->result),
                  settled, settle_new(port, item, ticket));
}

/* An order that is put aside: the desk is told first, so that no parcel waits unseen for a carrier
 * that will not come. */
struct burial {
    struct settle *settle;
    char *detail;
};

static void desk_told(void *ctx, bool ok)
{
    struct burial *burial = ctx;
    struct settle *settle = burial->settle;

    if (ok)
        outrows_dead(settle->port->service, settle->id, burial->detail, settled, settle);
    else
        settled(settle, false);
    free(burial->detail);
    free(burial);
}

static void dead(void *ctx, const struct outbox_item *item, const struct attempt *attempt,
                 uint64_t ticket)
{
    struct port *port = ctx;
    struct settle *settle = settle_new(port, item, ticket);
    struct arena *arena = arena_new();
    const char *order_number = order_number_of(arena, item);
    struct burial *burial;

    /* A mail only repeats what the application tells anyway, and the next one does not rest on it:
     * one address that is wrong must not keep all later mails of its dossier waiting for a person.
     */
    if (strcmp(item->channel, MAILER_CHANNEL) == 0 &&
        (attempt->result == ATTEMPT_REFUSED || attempt->result == ATTEMPT_INVALID)) {
        outrows_give_up(port->service, item->id, attempt->detail, settled, settle);
    } else if (order_number != NULL) {
        burial = dvc_malloc(sizeof(*burial));
        *burial = (struct burial){
            .settle = settle, .detail = dvc_strdup(attempt->detail != NULL ? attempt->detail : "")};
        postal_order_answered(port->service, item->dossier_id, order_number, false, item->id,
                              desk_told, burial);
    } else {
        outrows_dead(port->service, item->id, attempt->detail, settled, settle);
    }
    arena_free(arena);
}

static void release(void *ctx, const struct outbox_item *item, uint64_t ticket)
{
    struct port *port = ctx;

    outrows_release(port->service, item->id, settled, settle_new(port, item, ticket));
}

static void heartbeat(void *ctx)
{
    struct port *port = ctx;

    outrows_heartbeat(port->service, port->name, port->heartbeat_us + LIVES_US);
}

struct outbox_port port_outbox(struct port *port)
{
    return (struct outbox_port){.ctx = port,
                                .claim = claim,
                                .done = done,
                                .retry = retry,
                                .dead = dead,
                                .release = release,
                                .heartbeat = heartbeat};
}

/* ---- tracking ---- */

struct port_feed {
    struct port *port;
    const struct vnpost_target *target;
    struct tracking *tracking;
};

struct feed_call {
    struct port_feed *feed;
    uint64_t ticket;
};

static struct feed_call *call_new(struct port_feed *feed, uint64_t ticket)
{
    struct feed_call *call = dvc_malloc(sizeof(*call));

    *call = (struct feed_call){.feed = feed, .ticket = ticket};
    return call;
}

static void cursor_there(void *ctx, bool ok, const char *last_id)
{
    struct feed_call *call = ctx;

    tracking_loaded(call->feed->tracking, call->ticket, ok, last_id);
    free(call);
}

static void feed_saved(void *ctx, bool ok)
{
    struct feed_call *call = ctx;

    tracking_saved(call->feed->tracking, call->ticket, ok);
    free(call);
}

static void load_cursor(void *ctx, const char *customer_code, uint64_t ticket)
{
    struct port_feed *feed = ctx;

    cursor_load(feed->port->service, customer_code, cursor_there, call_new(feed, ticket));
}

static void save_cursor(void *ctx, const char *customer_code, const char *last_id, uint64_t ticket)
{
    struct port_feed *feed = ctx;

    cursor_save(feed->port->service, customer_code, last_id, feed_saved, call_new(feed, ticket));
}

static void post_event(void *ctx, const struct vnpost_event *event, uint64_t ticket)
{
    struct port_feed *feed = ctx;
    struct postal_news news = {.source_id = event->id,
                               .order_number = event->order_number,
                               .status_code = event->status_code,
                               .at = event->at,
                               .place = event->pos_id,
                               .item_code = event->item_code,
                               .note = event->message};

    postal_news(feed->port->service, feed->target, &news, feed_saved, call_new(feed, ticket));
}

struct port_feed *port_feed_new(struct port *port, const struct vnpost_target *target)
{
    struct port_feed *feed = dvc_calloc(1, sizeof(*feed));

    feed->port = port;
    feed->target = target;
    return feed;
}

struct port_feed *port_feed_free(struct port_feed *feed)
{
    free(feed);
    return NULL;
}

void port_serve_tracking(struct port_feed *feed, struct tracking *tracking)
{
    feed->tracking = tracking;
}

struct tracking_port port_tracking(struct port_feed *feed)
{
    return (struct tracking_port){.ctx = feed,
                                  .load_cursor = load_cursor,
                                  .post_event = post_event,
                                  .save_cursor = save_cursor};
}
