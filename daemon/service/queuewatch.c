#include "service/queuewatch.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "service/service.h"

#define IDLE_US US_PER_SECOND
#define BUSY_US (US_PER_SECOND / 4) /* between looks while things change */
#define BUSY_LOOKS 8                /* of them after the last change */
#define SHARE 20 /* a look's time is at most this part of the time between looks */
#define SLOWEST_US (10 * US_PER_SECOND)

/* One queue that somebody watches. */
struct queue {
    struct list link;
    char *agency, *role;
    size_t followers;
    bool known;
    int64_t version;
};

struct following {
    struct queue *queue;
    bool told;
    int64_t version; /* told last */
};

struct queuewatcher {
    struct list link;
    struct queuewatch *watch;
    queuewatch_fn fn;
    void *ctx;
    struct following *queues;
    size_t count, cap;
};

struct queuewatch {
    struct service *service;
    struct list queues, watchers;
    size_t queue_count;
    struct loop_timer *timer;
    uint64_t removals; /* of watchers, ever */
    bool asking;
    mono_t asked_at;
    int busy_looks;
    struct queue **asked; /* in the order of the statement's places; NULL when it went meanwhile */
    size_t asked_count;
};

static void look(void *ctx);

struct queuewatch *queuewatch_new(struct service *service)
{
    struct queuewatch *watch = dvc_calloc(1, sizeof(*watch));

    watch->service = service;
    list_init(&watch->queues);
    list_init(&watch->watchers);
    watch->timer = loop_timer_new(service->loop, look, watch);
    return watch;
}

struct queuewatch *queuewatch_free(struct queuewatch *watch)
{
    if (watch == NULL)
        return NULL;
    DVC_REQUIRE(list_empty(&watch->watchers));
    loop_timer_free(watch->timer);
    free(watch->asked);
    free(watch);
    return NULL;
}

static char *copy(struct slice text)
{
    char *made = dvc_malloc(text.len + 1);

    memcpy(made, text.ptr, text.len);
    made[text.len] = '\0';
    return made;
}

static struct queue *queue_of(struct queuewatch *watch, struct slice agency, struct slice role)
{
    struct queue *queue;

    for (struct list *at = watch->queues.next; at != &watch->queues; at = at->next) {
        queue = LIST_ENTRY(at, struct queue, link);
        if (slice_is(agency, queue->agency) && slice_is(role, queue->role))
            return queue;
    }
    queue = dvc_calloc(1, sizeof(*queue));
    queue->agency = copy(agency);
    queue->role = copy(role);
    list_push_back(&watch->queues, &queue->link);
    watch->queue_count++;
    return queue;
}

static void leave(struct queuewatch *watch, struct queue *queue)
{
    if (--queue->followers > 0)
        return;
    for (size_t i = 0; i < watch->asked_count; i++)
        if (watch->asked[i] == queue)
            watch->asked[i] = NULL;
    list_remove(&queue->link);
    watch->queue_count--;
    free(queue->agency);
    free(queue->role);
    free(queue);
}

struct queuewatcher *queuewatch_add(struct queuewatch *watch, queuewatch_fn fn, void *ctx)
{
    struct queuewatcher *watcher = dvc_calloc(1, sizeof(*watcher));

    *watcher = (struct queuewatcher){.watch = watch, .fn = fn, .ctx = ctx};
    list_push_back(&watch->watchers, &watcher->link);
    return watcher;
}

void queuewatch_follow(struct queuewatcher *watcher, struct slice agency, struct slice role)
{
    struct queuewatch *watch = watcher->watch;
    struct queue *queue = queue_of(watch, agency, role);

    for (size_t i = 0; i < watcher->count; i++)
        if (watcher->queues[i].queue == queue)
            return;
    if (watcher->count == watcher->cap) {
        watcher->cap = watcher->cap * 2 + 4;
        watcher->queues = dvc_realloc(watcher->queues, watcher->cap * sizeof(*watcher->queues));
    }
    watcher->queues[watcher->count++] = (struct following){.queue = queue};
    queue->followers++;
    if (!watch->asking)
        loop_timer_start(watch->timer, 0);
    else
        watch->busy_looks = BUSY_LOOKS; /* so that the next look comes soon */
}

struct queuewatcher *queuewatch_remove(struct queuewatcher *watcher)
{
    if (watcher == NULL)
        return NULL;
    for (size_t i = 0; i < watcher->count; i++)
        leave(watcher->watch, watcher->queues[i].queue);
    watcher->watch->removals++;
    list_remove(&watcher->link);
    free(watcher->queues);
    free(watcher);
    return NULL;
}

/* True when somebody left meanwhile: then the lists are other ones. */
static bool tell_watcher(struct queuewatch *watch, struct queuewatcher *watcher)
{
    uint64_t before = watch->removals;

    for (size_t i = 0; i < watcher->count; i++) {
        struct following *one = &watcher->queues[i];
        const struct queue *queue = one->queue;

        if (!queue->known || (one->told && one->version == queue->version))
            continue;
        one->told = true;
        one->version = queue->version;
        watcher->fn(watcher->ctx, queue->agency, queue->role, queue->version);
        if (watch->removals != before)
            return true;
    }
    return false;
}

static void tell(struct queuewatch *watch)
{
    struct list *at = watch->watchers.next;

    while (at != &watch->watchers)
        at = tell_watcher(watch, LIST_ENTRY(at, struct queuewatcher, link)) ? watch->watchers.next
                                                                            : at->next;
}

/* True when a queue that was known is another now. */
static bool take(struct queuewatch *watch, const struct db_rows *rows)
{
    bool changed = false;

    for (size_t i = 0; i < db_rows_count(rows); i++) {
        int64_t place = db_int_at(rows, i, 0, 0), version = db_int_at(rows, i, 1, 0);
        struct queue *queue =
            place >= 1 && place <= (int64_t)watch->asked_count ? watch->asked[place - 1] : NULL;

        if (queue == NULL)
            continue;
        changed = changed || (queue->known && queue->version != version);
        queue->known = true;
        queue->version = version;
    }
    return changed;
}

static int64_t pause(const struct queuewatch *watch, int64_t took)
{
    int64_t pause = watch->busy_looks > 0 ? BUSY_US : IDLE_US;

    if (pause < took * SHARE)
        pause = took * SHARE;
    return pause < SLOWEST_US ? pause : SLOWEST_US;
}

static void looked(void *ctx, const struct db_result *result)
{
    struct queuewatch *watch = ctx;
    int64_t took = loop_mono(watch->service->loop).us - watch->asked_at.us;

    watch->asking = false;
    if (watch->busy_looks > 0)
        watch->busy_looks--;
    if (result->code == STORE_E_CANCELLED)
        return; /* the worker ends */
    if (result->code != 0)
        service_log_failure("queue_versions", result);
    else if (take(watch, result->rows))
        watch->busy_looks = BUSY_LOOKS;
    watch->asked_count = 0;
    tell(watch);
    if (watch->queue_count > 0)
        loop_timer_start(watch->timer, pause(watch, took));
}

static void look(void *ctx)
{
    struct queuewatch *watch = ctx;
    struct service *service = watch->service;
    struct slice *texts;
    size_t count = 0;

    if (watch->asking || watch->queue_count == 0)
        return;
    texts = dvc_calloc(2 * watch->queue_count, sizeof(*texts));
    watch->asked = dvc_realloc(watch->asked, watch->queue_count * sizeof(struct queue *));
    for (struct list *at = watch->queues.next; at != &watch->queues; at = at->next) {
        struct queue *queue = LIST_ENTRY(at, struct queue, link);

        texts[count] = slice_str(queue->agency);
        texts[watch->queue_count + count] = slice_str(queue->role);
        watch->asked[count++] = queue;
    }
    watch->asked_count = count;
    watch->asking = true;
    watch->asked_at = loop_mono(service->loop);
    store_query(
        service->store, service_statement(service, "queue_versions"),
        (struct db_param[]){db_text_array(texts, count), db_text_array(texts + count, count)}, 2,
        service_timeout(service), looked, watch);
    free(texts);
}
