#include "courier/outbox.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/idmap.h"
#include "base/list.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

#define CHANNELS_MAX 24

enum held_state {
    HELD_WAITING,    /* for its lane or its channel; schedule() ends it */
    HELD_IN_FLIGHT,  /* with the channel; outbox_delivered() ends it */
    HELD_SAVING,     /* with the port; outbox_saved() ends it */
    HELD_SAVE_AGAIN, /* the port failed; the save timer ends it */
};

enum held_verdict { VERDICT_DONE, VERDICT_RETRY, VERDICT_DEAD, VERDICT_RELEASE };

struct channel {
    struct outbox_channel out;
    int in_flight;
};

/* One claimed item. In outbox->held, in the order of claiming, until it is saved. */
struct held {
    struct list link;
    struct arena *arena;
    uint64_t ticket;
    struct outbox_item item;
    struct channel *channel; /* NULL: nobody delivers there */
    enum held_state state;
    enum held_verdict verdict;
    struct attempt attempt;
    wall_t retry_at;
};

struct outbox {
    struct loop *loop;
    struct outbox_port port;
    struct channel channels[CHANNELS_MAX];
    size_t channel_count;
    struct outbox_options options;
    struct list held;
    int held_count;
    struct idmap *tickets;
    struct loop_timer *poll_timer, *work_timer, *save_timer, *heartbeat_timer;
    int64_t poll_us;
    uint64_t claim_ticket; /* 0: no claim is under way */
    uint64_t claim_count;
    int claim_max;
    bool claim_full; /* the last one brought all that was asked for */
    bool draining;
    void (*drained)(void *ctx);
    void *drained_ctx;
    struct outbox_counts counts;
};

/* All work is done from here, never from inside an answer: ports and channels may answer at once.
 */
static void kick(struct outbox *outbox)
{
    loop_timer_start(outbox->work_timer, 0);
}

static void held_free(void *ctx)
{
    struct held *held = ctx;

    arena_free(held->arena);
    free(held);
}

static bool same_lane(const struct held *a, const struct held *b)
{
    return a->item.dossier_id == b->item.dossier_id &&
           strcmp(a->item.channel, b->item.channel) == 0;
}

static bool lane_is_free(const struct outbox *outbox, const struct held *held)
{
    for (struct list *l = outbox->held.next; l != &held->link; l = l->next) {
        if (same_lane(LIST_ENTRY(l, struct held, link), held))
            return false;
    }
    return true;
}

static void save(struct outbox *outbox, struct held *held)
{
    const struct outbox_port *port = &outbox->port;

    held->state = HELD_SAVING;
    switch (held->verdict) {
    case VERDICT_DONE:
        port->done(port->ctx, &held->item, &held->attempt, held->ticket);
        break;
    case VERDICT_RETRY:
        port->retry(port->ctx, &held->item, held->retry_at, &held->attempt, held->ticket);
        break;
    case VERDICT_DEAD:
        port->dead(port->ctx, &held->item, &held->attempt, held->ticket);
        break;
    case VERDICT_RELEASE:
        port->release(port->ctx, &held->item, held->ticket);
        break;
    }
}

static enum held_verdict judge(struct outbox *outbox, struct held *held)
{
    const struct attempt *attempt = &held->attempt;
    uint64_t draw;

    if (attempt->result == ATTEMPT_CANCELLED)
        return VERDICT_RELEASE;
    random_bytes(&draw, sizeof(draw));
    switch (retry_decide(&outbox->options.retry, attempt->result, held->item.attempts + 1,
                         held->item.strikes + retry_strike(attempt->result), held->item.created_at,
                         loop_now(outbox->loop), attempt->retry_after_s, draw, &held->retry_at)) {
    case RETRY_DONE:
        return VERDICT_DONE;
    case RETRY_LATER:
        return VERDICT_RETRY;
    case RETRY_DEAD:
        break;
    }
    return VERDICT_DEAD;
}

static void log_verdict(const struct held *held)
{
    long long id = (long long)held->item.id;
    const char *result = attempt_code(held->attempt.result);
    int attempt = held->item.attempts + 1;

    if (held->verdict == VERDICT_RETRY)
        log_info("outbox_retry", "id=%lld channel=%s topic=%s attempt=%d reason=%s status=%lld", id,
                 held->item.channel, held->item.topic, attempt, result,
                 (long long)held->attempt.status);
    else if (held->verdict == VERDICT_DEAD)
        log_warn("outbox_dead", "id=%lld channel=%s topic=%s attempt=%d reason=%s status=%lld", id,
                 held->item.channel, held->item.topic, attempt, result,
                 (long long)held->attempt.status);
}

static void settle(struct outbox *outbox, struct held *held, const struct attempt *attempt)
{
    held->attempt = *attempt;
    held->attempt.detail = arena_str(held->arena, attempt->detail);
    held->verdict = judge(outbox, held);
    log_verdict(held);
    save(outbox, held);
}

/* What waits behind an item that did not get through must not overtake it. */
static void release_lane(struct outbox *outbox, const struct held *head)
{
    for (struct list *l = outbox->held.next; l != &outbox->held;) {
        struct held *held = LIST_ENTRY(l, struct held, link);

        l = l->next;
        if (held->state == HELD_WAITING && same_lane(held, head)) {
            held->verdict = VERDICT_RELEASE;
            held->state = HELD_SAVE_AGAIN; /* saved by the next work() */
        }
    }
}

static void count_saved(struct outbox *outbox, const struct held *held)
{
    switch (held->verdict) {
    case VERDICT_DONE:
        outbox->counts.delivered++;
        break;
    case VERDICT_RETRY:
        outbox->counts.retried++;
        break;
    case VERDICT_DEAD:
        outbox->counts.dead++;
        break;
    case VERDICT_RELEASE:
        outbox->counts.released++;
        break;
    }
}

void outbox_saved(struct outbox *outbox, uint64_t ticket, bool ok)
{
    struct held *held = idmap_get(outbox->tickets, ticket);

    if (held == NULL || held->state != HELD_SAVING)
        return;
    if (!ok) {
        held->state = HELD_SAVE_AGAIN;
        loop_timer_start(outbox->save_timer, outbox->options.save_again_us);
        return;
    }
    count_saved(outbox, held);
    if (held->verdict != VERDICT_DONE)
        release_lane(outbox, held);
    idmap_remove(outbox->tickets, ticket);
    list_remove(&held->link);
    outbox->held_count--;
    /* The port may still be reading the item up the stack. */
    loop_defer(outbox->loop, held_free, held);
    kick(outbox);
}

void outbox_delivered(struct outbox *outbox, uint64_t ticket, const struct attempt *attempt)
{
    struct held *held = idmap_get(outbox->tickets, ticket);

    if (held == NULL || held->state != HELD_IN_FLIGHT)
        return;
    held->channel->in_flight--;
    settle(outbox, held, attempt);
    kick(outbox);
}

static struct held *next_to_deliver(struct outbox *outbox)
{
    for (struct list *l = outbox->held.next; l != &outbox->held; l = l->next) {
        struct held *held = LIST_ENTRY(l, struct held, link);

        if (held->state == HELD_WAITING && lane_is_free(outbox, held) &&
            (held->channel == NULL || held->channel->in_flight < held->channel->out.max_in_flight))
            return held;
    }
    return NULL;
}

static void schedule(struct outbox *outbox)
{
    static const struct attempt nobody = {
        .result = ATTEMPT_INVALID, .retry_after_s = -1, .detail = "no channel of this name"};
    struct held *held;

    while ((held = next_to_deliver(outbox)) != NULL) {
        if (held->channel == NULL) {
            settle(outbox, held, &nobody);
            continue;
        }
        held->state = HELD_IN_FLIGHT;
        held->channel->in_flight++;
        held->channel->out.deliver(held->channel->out.ctx, outbox, &held->item, held->ticket);
    }
}

static void save_pending(struct outbox *outbox, bool released_only)
{
    bool again = true;

    /* From the start after each: a port that answers at once changes the list. */
    while (again) {
        again = false;
        for (struct list *l = outbox->held.next; l != &outbox->held && !again; l = l->next) {
            struct held *held = LIST_ENTRY(l, struct held, link);

            if (held->state == HELD_SAVE_AGAIN &&
                (!released_only || held->verdict == VERDICT_RELEASE)) {
                save(outbox, held);
                again = held->state == HELD_SAVING;
            }
        }
    }
}

static void release_waiting(struct outbox *outbox)
{
    for (struct list *l = outbox->held.next; l != &outbox->held; l = l->next) {
        struct held *held = LIST_ENTRY(l, struct held, link);

        if (held->state == HELD_WAITING) {
            held->verdict = VERDICT_RELEASE;
            held->state = HELD_SAVE_AGAIN;
        }
    }
}

static void on_save_again(void *ctx)
{
    save_pending(ctx, false);
}

static void claim(struct outbox *outbox)
{
    int max = outbox->options.items_max - outbox->held_count;

    if (outbox->claim_ticket != 0 || outbox->draining || max <= 0)
        return;
    outbox->claim_ticket = ++outbox->claim_count;
    outbox->claim_max = max;
    outbox->port.claim(outbox->port.ctx, max, outbox->claim_ticket);
}

static void on_poll(void *ctx)
{
    claim(ctx);
}

static void on_work(void *ctx)
{
    struct outbox *outbox = ctx;
    void (*drained)(void *ctx) = outbox->drained;

    if (outbox->draining)
        release_waiting(outbox);
    save_pending(outbox, true);
    if (!outbox->draining) {
        schedule(outbox);
        /* More waits there for sure. Half a load at a time, not a claim for each item delivered. */
        if (outbox->claim_full && outbox->held_count <= outbox->options.items_max / 2)
            claim(outbox);
    } else if (outbox->held_count == 0 && outbox->claim_ticket == 0 && drained != NULL) {
        outbox->drained = NULL;
        drained(outbox->drained_ctx);
    }
}

static void on_heartbeat(void *ctx)
{
    struct outbox *outbox = ctx;

    outbox->port.heartbeat(outbox->port.ctx);
    loop_timer_start(outbox->heartbeat_timer, outbox->options.heartbeat_us);
}

static void hold(struct outbox *outbox, const struct outbox_item *item)
{
    struct held *held = dvc_calloc(1, sizeof(*held));

    held->arena = arena_new();
    held->item = *item;
    held->item.channel = arena_str(held->arena, item->channel);
    held->item.topic = arena_str(held->arena, item->topic);
    held->item.key = arena_str(held->arena, item->key);
    held->item.code = arena_str(held->arena, item->code);
    held->item.body = arena_slice(held->arena, item->body);
    held->ticket = idmap_add(outbox->tickets, held);
    for (size_t i = 0; i < outbox->channel_count; i++) {
        if (strcmp(outbox->channels[i].out.name, item->channel) == 0)
            held->channel = &outbox->channels[i];
    }
    list_push_back(&outbox->held, &held->link);
    outbox->held_count++;
    outbox->counts.claimed++;
}

void outbox_claimed(struct outbox *outbox, uint64_t ticket, bool ok,
                    const struct outbox_item *items, size_t count)
{
    if (ticket == 0 || ticket != outbox->claim_ticket)
        return;
    DVC_REQUIRE(count <= (size_t)outbox->claim_max);
    outbox->claim_ticket = 0;
    outbox->claim_full = ok && count == (size_t)outbox->claim_max;
    for (size_t i = 0; ok && i < count; i++)
        hold(outbox, &items[i]);
    if (ok && count > 0)
        outbox->poll_us = outbox->options.busy_us;
    else
        outbox->poll_us *= 2;
    if (outbox->poll_us > outbox->options.idle_us)
        outbox->poll_us = outbox->options.idle_us;
    if (!outbox->draining)
        loop_timer_start(outbox->poll_timer, outbox->poll_us);
    kick(outbox);
}

struct outbox *outbox_new(struct loop *loop, const struct outbox_port *port,
                          const struct outbox_channel *channels, size_t channel_count,
                          const struct outbox_options *options)
{
    struct outbox *outbox = dvc_calloc(1, sizeof(*outbox));

    DVC_REQUIRE(channel_count <= CHANNELS_MAX && options->items_max > 0);
    outbox->loop = loop;
    outbox->port = *port;
    outbox->options = *options;
    outbox->channel_count = channel_count;
    for (size_t i = 0; i < channel_count; i++)
        outbox->channels[i].out = channels[i];
    list_init(&outbox->held);
    outbox->tickets = idmap_new((uint32_t)options->items_max);
    outbox->poll_us = options->busy_us;
    outbox->poll_timer = loop_timer_new(loop, on_poll, outbox);
    outbox->work_timer = loop_timer_new(loop, on_work, outbox);
    outbox->save_timer = loop_timer_new(loop, on_save_again, outbox);
    outbox->heartbeat_timer = loop_timer_new(loop, on_heartbeat, outbox);
    return outbox;
}

void outbox_start(struct outbox *outbox)
{
    on_heartbeat(outbox);
    loop_timer_start(outbox->poll_timer, 0);
}

void outbox_drain(struct outbox *outbox, void (*fn)(void *ctx), void *ctx)
{
    outbox->draining = true;
    outbox->drained = fn;
    outbox->drained_ctx = ctx;
    loop_timer_stop(outbox->poll_timer);
    kick(outbox);
}

struct outbox *outbox_free(struct outbox *outbox)
{
    struct list *link;

    if (outbox == NULL)
        return NULL;
    while ((link = list_pop_front(&outbox->held)) != NULL)
        held_free(LIST_ENTRY(link, struct held, link));
    loop_timer_free(outbox->poll_timer);
    loop_timer_free(outbox->work_timer);
    loop_timer_free(outbox->save_timer);
    loop_timer_free(outbox->heartbeat_timer);
    idmap_free(outbox->tickets);
    free(outbox);
    return NULL;
}

struct outbox_counts outbox_counts(const struct outbox *outbox)
{
    struct outbox_counts counts = outbox->counts;

    counts.held = outbox->held_count;
    for (size_t i = 0; i < outbox->channel_count; i++)
        counts.in_flight += outbox->channels[i].in_flight;
    return counts;
}
