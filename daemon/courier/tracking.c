#include "courier/tracking.h"

#include "base/hash.h"
#include "base/idmap.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

#define ID_SIZE 25

enum feed_state {
    FEED_WAITING,  /* for its timer */
    FEED_LOADING,  /* its cursor; tracking_loaded() ends it */
    FEED_FETCHING, /* a page; on_page() ends it */
    FEED_POSTING,  /* the page's events; the last tracking_saved() ends it */
    FEED_SAVING,   /* its cursor; tracking_saved() ends it */
};

enum posting { POSTING_TODO, POSTING_SENT, POSTING_WRITTEN };

/* What a ticket stands for. */
struct note {
    struct feed *feed;
    size_t event; /* index in the page; of a cursor: unused */
};

struct feed {
    struct tracking *tracking;
    const struct carrier_customer *customer;
    struct loop_timer *timer, *work_timer;
    enum feed_state state;
    char cursor[ID_SIZE];
    int failures; /* in a row */
    struct arena *page_arena;
    struct vnpost_page page;
    enum posting *posting; /* by event */
    struct note *notes;    /* by event */
    struct note cursor_note;
    size_t written;
    int sent;
    bool broken; /* the port could not write one: the page is read again */
};

struct tracking {
    struct loop *loop;
    struct postal *postal;              /* may end before us */
    const struct vnpost_target *target; /* outlives both: answers still come after postal_free */
    struct tracking_port port;
    struct tracking_options options;
    struct idmap *tickets;
    struct feed *feeds;
    size_t feed_count;
    struct tracking_counts counts;
};

static void wait_us(struct feed *feed, int64_t us)
{
    feed->state = FEED_WAITING;
    feed->page_arena = arena_free(feed->page_arena);
    loop_timer_start(feed->timer, us);
}

static void wait_after_failure(struct feed *feed, const char *what, int64_t retry_after_s)
{
    struct tracking *tracking = feed->tracking;
    uint64_t draw;
    int64_t us;

    random_bytes(&draw, sizeof(draw));
    tracking->counts.failures++;
    /* Once when it begins: a post that is away for an hour is one line, not hundreds. */
    if (feed->failures == 0)
        log_warn("tracking_failed", "target=%s customer=%s reason=%s", tracking->target->id,
                 feed->customer->code, what);
    feed->failures++;
    us = retry_delay_us(&tracking->options.retry, feed->failures, draw);
    if (retry_after_s > 0)
        us += retry_after_s * US_PER_SECOND;
    wait_us(feed, us);
}

static void wait_for_news(struct feed *feed)
{
    int64_t us = feed->tracking->options.interval_us;

    if (us <= 0)
        us = feed->tracking->target->tracking_ms * 1000;
    if (feed->failures > 0)
        log_info("tracking_recovered", "target=%s customer=%s failures=%d",
                 feed->tracking->target->id, feed->customer->code, feed->failures);
    feed->failures = 0;
    wait_us(feed, us);
}

/* The first event that may go to the port now; `count` when there is none. Events of one order keep
 * the feed's order, so none goes while an earlier one of its order is not written. */
static size_t next_event(const struct feed *feed)
{
    size_t i, j;

    for (i = 0; i < feed->page.count; i++) {
        if (feed->posting[i] != POSTING_TODO)
            continue;
        for (j = 0; j < i; j++) {
            if (feed->posting[j] != POSTING_WRITTEN &&
                strcmp(feed->page.events[j].order_number, feed->page.events[i].order_number) == 0)
                break;
        }
        if (j == i)
            return i;
    }
    return feed->page.count;
}

static void post_some(struct feed *feed)
{
    struct tracking *tracking = feed->tracking;

    while (!feed->broken && feed->sent < tracking->options.events_max) {
        size_t i = next_event(feed);

        if (i == feed->page.count)
            return;
        feed->posting[i] = POSTING_SENT;
        feed->sent++;
        feed->notes[i] = (struct note){feed, i};
        tracking->port.post_event(tracking->port.ctx, &feed->page.events[i],
                                  idmap_add(tracking->tickets, &feed->notes[i]));
    }
}

static void save_cursor(struct feed *feed)
{
    struct tracking *tracking = feed->tracking;

    feed->state = FEED_SAVING;
    feed->cursor_note = (struct note){.feed = feed};
    tracking->port.save_cursor(tracking->port.ctx, feed->customer->code, feed->page.last_id,
                               idmap_add(tracking->tickets, &feed->cursor_note));
}

/* A page that brings nothing beyond the cursor, or one that is not full, is the last one. */
static void page_written(struct feed *feed)
{
    if (feed->page.last_id == NULL || strcmp(feed->page.last_id, feed->cursor) <= 0)
        wait_for_news(feed);
    else
        save_cursor(feed);
}

static void fetch(struct feed *feed);

static void cursor_written(struct feed *feed, bool ok)
{
    bool full = feed->page.returned >= feed->tracking->target->page_size;

    if (!ok) {
        wait_after_failure(feed, "cursor_not_saved", -1);
        return;
    }
    memcpy(feed->cursor, feed->page.last_id, ID_SIZE);
    if (full)
        fetch(feed);
    else
        wait_for_news(feed);
}

/* Goes on with the page outside of the port's answers, which may come at once. */
static void on_work(void *ctx)
{
    struct feed *feed = ctx;

    if (feed->state != FEED_POSTING)
        return;
    post_some(feed);
    if (feed->broken && feed->sent == 0)
        wait_after_failure(feed, "event_not_saved", -1);
    else if (feed->written == feed->page.count)
        page_written(feed);
}

void tracking_saved(struct tracking *tracking, uint64_t ticket, bool ok)
{
    struct note *note = idmap_get(tracking->tickets, ticket);
    struct feed *feed;

    if (note == NULL)
        return;
    feed = note->feed;
    idmap_remove(tracking->tickets, ticket);
    if (note == &feed->cursor_note) {
        cursor_written(feed, ok);
        return;
    }
    feed->sent--;
    if (ok) {
        feed->posting[note->event] = POSTING_WRITTEN;
        feed->written++;
        tracking->counts.events++;
    } else {
        feed->broken = true;
    }
    loop_timer_start(feed->work_timer, 0);
}

static void take_page(struct feed *feed, struct slice body)
{
    struct tracking *tracking = feed->tracking;

    feed->page_arena = arena_new();
    if (vnpost_page_read(feed->page_arena, body, tracking->target->event_time, &feed->page) != 0) {
        wait_after_failure(feed, "page_cannot_be_read", -1);
        return;
    }
    tracking->counts.pages++;
    tracking->counts.unreadable += (int64_t)feed->page.unreadable;
    feed->posting = ARENA_ARRAY(feed->page_arena, enum posting, feed->page.count);
    feed->notes = ARENA_ARRAY(feed->page_arena, struct note, feed->page.count);
    feed->written = 0;
    feed->sent = 0;
    feed->broken = false;
    feed->state = FEED_POSTING;
    loop_timer_start(feed->work_timer, 0);
}

static void on_page(void *ctx, const struct postal_answer *answer)
{
    struct feed *feed = ctx;

    if (answer->attempt.result == ATTEMPT_DONE)
        take_page(feed, answer->body);
    else if (answer->attempt.result == ATTEMPT_CANCELLED)
        feed->state = FEED_WAITING; /* stopping: the timer stays off */
    else
        wait_after_failure(feed, attempt_code(answer->attempt.result),
                           answer->attempt.retry_after_s);
}

static void fetch(struct feed *feed)
{
    feed->page_arena = arena_free(feed->page_arena);
    feed->state = FEED_FETCHING;
    postal_tracking(feed->tracking->postal, feed->customer, feed->cursor, on_page, feed);
}

void tracking_loaded(struct tracking *tracking, uint64_t ticket, bool ok, const char *last_id)
{
    struct note *note = idmap_get(tracking->tickets, ticket);
    struct feed *feed;

    if (note == NULL)
        return;
    feed = note->feed;
    idmap_remove(tracking->tickets, ticket);
    if (!ok) {
        wait_after_failure(feed, "cursor_not_loaded", -1);
        return;
    }
    if (last_id == NULL || strlen(last_id) != ID_SIZE - 1)
        last_id = VNPOST_FIRST_ID;
    memcpy(feed->cursor, last_id, ID_SIZE);
    fetch(feed);
}

/* The cursor is read again each time: another courier may have moved it on. */
static void on_timer(void *ctx)
{
    struct feed *feed = ctx;
    struct tracking *tracking = feed->tracking;

    feed->state = FEED_LOADING;
    feed->cursor_note = (struct note){.feed = feed};
    tracking->port.load_cursor(tracking->port.ctx, feed->customer->code,
                               idmap_add(tracking->tickets, &feed->cursor_note));
}

struct tracking *tracking_new(struct loop *loop, struct postal *postal,
                              const struct tracking_port *port,
                              const struct tracking_options *options)
{
    const struct vnpost_target *target = postal_target(postal);
    struct tracking *tracking = dvc_calloc(1, sizeof(*tracking));

    tracking->loop = loop;
    tracking->postal = postal;
    tracking->target = target;
    tracking->port = *port;
    tracking->options = *options;
    tracking->feed_count = target->customer_count;
    tracking->feeds = dvc_calloc(tracking->feed_count, sizeof(struct feed));
    tracking->tickets =
        idmap_new((uint32_t)tracking->feed_count * (uint32_t)(options->events_max + 1));
    for (size_t i = 0; i < tracking->feed_count; i++) {
        struct feed *feed = &tracking->feeds[i];

        feed->tracking = tracking;
        feed->customer = &target->customers[i];
        feed->timer = loop_timer_new(loop, on_timer, feed);
        feed->work_timer = loop_timer_new(loop, on_work, feed);
    }
    return tracking;
}

void tracking_start(struct tracking *tracking)
{
    for (size_t i = 0; i < tracking->feed_count; i++)
        loop_timer_start(tracking->feeds[i].timer, 0);
}

struct tracking *tracking_free(struct tracking *tracking)
{
    if (tracking == NULL)
        return NULL;
    for (size_t i = 0; i < tracking->feed_count; i++) {
        loop_timer_free(tracking->feeds[i].timer);
        loop_timer_free(tracking->feeds[i].work_timer);
        arena_free(tracking->feeds[i].page_arena);
    }
    idmap_free(tracking->tickets);
    free(tracking->feeds);
    free(tracking);
    return NULL;
}

struct tracking_counts tracking_counts(const struct tracking *tracking)
{
    return tracking->counts;
}
