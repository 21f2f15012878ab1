#include "store/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "store/anchor.h"
#include "store/changes.h"
#include "store/dblink.h"

#define LINKS_MAX 20
#define CONFLICT_ATTEMPTS 3
#define LOST_ATTEMPTS 8
/* Deadlines are looked at this often while anything is outstanding. */
#define SWEEP_US (100 * INT64_C(1000))
/* A server that says nothing this long after its own timeout had to end the statement is gone. */
#define SILENCE_US (5 * US_PER_SECOND)

struct queue {
    struct list ops;
    size_t count;
};

struct store {
    struct loop *loop;
    struct store_settings settings;
    char *conninfo, *application;
    const struct statements *statements;
    struct dblink *links[LINKS_MAX];
    size_t link_count;
    struct queue waiting[2]; /* [0] for readers, [1] for writers */
    struct list refused;     /* answered by the next turn: their error is set */
    struct idmap *ops;
    struct loop_timer *kick;  /* dispatches and answers the refused, once per turn */
    struct loop_timer *sweep; /* runs only while something is outstanding */
    bool sweeping;
    struct anchor *anchor;
    struct changes *changes;
    struct store_stats stats;
    struct db_error last_fault;
};

struct store_settings store_settings_default(void)
{
    return (struct store_settings){
        .application = "dvcd",
        .readers = 2,
        .writers = 2,
        .pipeline_depth = 16,
        .queue_max = 4096,
        .batch_max = 256,
        .change_queue_max = 4096,
        .connect_timeout_us = 10 * US_PER_SECOND,
        .statement_timeout_us = 10 * US_PER_SECOND,
        .anchor_every_us = 10 * US_PER_SECOND,
    };
}

static void queue_put(struct queue *queue, struct db_op *op, bool front)
{
    /* Pushing behind the list's first neighbour is pushing before all. */
    list_push_back(front ? queue->ops.next : &queue->ops, &op->link);
    queue->count++;
}

static struct queue *queue_of(struct store *store, const struct db_op *op)
{
    return &store->waiting[op->statement->write];
}

/* The one place where an op ends. */
static void finish(struct store *store, struct db_op *op)
{
    if (!op->answered) {
        idmap_remove(store->ops, op->id);
        store->stats.errors += op->error.code != 0;
        store->stats.timeouts += op->error.code == STORE_E_TIMEOUT;
        store->stats.refused += op->error.code == STORE_E_BUSY;
        store->stats.lost += op->error.code == STORE_E_LOST;
    }
    db_op_finish(op);
}

static void finish_free(struct store *store, struct db_op *op)
{
    finish(store, op);
    db_op_free(op);
}

static struct dblink *least_loaded(struct store *store, bool writer)
{
    struct dblink *best = NULL;

    for (size_t i = 0; i < store->link_count; i++) {
        struct dblink *link = store->links[i];

        if (dblink_writes(link) != writer || !dblink_ready(link) ||
            dblink_load(link) >= store->settings.pipeline_depth)
            continue;
        if (best == NULL || dblink_load(link) < dblink_load(best))
            best = link;
    }
    return best;
}

static struct dblink *anchor_link(void *ctx)
{
    return least_loaded(ctx, false);
}

static void dispatch(struct store *store, bool writer)
{
    struct queue *queue = &store->waiting[writer];

    while (queue->count > 0) {
        struct dblink *link = least_loaded(store, writer);
        struct db_op *op;

        if (link == NULL)
            return;
        op = LIST_ENTRY(list_pop_front(&queue->ops), struct db_op, link);
        queue->count--;
        if (op->answered) /* cancelled or out of time while it waited: not even a write is sent */
            finish_free(store, op);
        else
            dblink_send(link, op);
    }
}

static void on_kick(void *ctx)
{
    struct store *store = ctx;
    struct list refused = LIST_INIT(refused);
    struct list *link;

    while ((link = list_pop_front(&store->refused)) != NULL)
        list_push_back(&refused, link);
    while ((link = list_pop_front(&refused)) != NULL)
        finish_free(store, LIST_ENTRY(link, struct db_op, link));
    dispatch(store, false);
    dispatch(store, true);
}

static void kick(struct store *store)
{
    loop_timer_start(store->kick, 0);
}

static void requeue(struct store *store, struct db_op *op)
{
    queue_put(queue_of(store, op), op, true);
    kick(store);
}

/* A statement that the link no longer knows, or knows under an older schema. */
static bool is_outdated(const struct db_error *error)
{
    return strcmp(error->sqlstate, "26000") == 0 || strcmp(error->sqlstate, "0A000") == 0;
}

static void on_completed(void *ctx, struct dblink *link, struct db_op *op)
{
    struct store *store = ctx;
    const struct db_error *error = &op->error;
    bool again = false;

    if (error->code == STORE_E_CONFLICT)
        again = op->attempts < CONFLICT_ATTEMPTS;
    else if (error->code == STORE_E_READONLY && dblink_writes(link)) {
        dblink_drop(link, "the server is a standby now");
        again = true;
    } else if (error->code != 0 && is_outdated(error)) {
        dblink_drop(link, "the schema changed");
        again = op->attempts < CONFLICT_ATTEMPTS;
    }
    if (again && !op->answered)
        requeue(store, op);
    else
        finish_free(store, op);
    if (store->waiting[0].count + store->waiting[1].count > 0)
        kick(store);
}

static void on_returned(void *ctx, struct dblink *link, struct db_op *op)
{
    struct store *store = ctx;

    (void)link;
    if (!op->answered && (!op->statement->write || op->statement->repeatable) &&
        op->attempts < LOST_ATTEMPTS) {
        requeue(store, op);
        return;
    }
    db_error_set(&op->error, STORE_E_LOST, "the link broke before the answer");
    finish_free(store, op);
}

static void on_link_ready(void *ctx, struct dblink *link)
{
    struct store *store = ctx;

    (void)link;
    anchor_hurry(store->anchor);
    kick(store);
}

static void on_link_lost(void *ctx, struct dblink *link, const struct db_error *error)
{
    struct store *store = ctx;

    (void)link;
    store->last_fault = *error;
    store->stats.links_lost++;
}

static void sweep_queue(struct store *store, struct queue *queue, int64_t now)
{
    struct list expired = LIST_INIT(expired);
    struct list *link = queue->ops.next, *next;

    for (; link != &queue->ops; link = next) {
        next = link->next;
        if (LIST_ENTRY(link, struct db_op, link)->deadline.us > now)
            continue;
        list_remove(link);
        queue->count--;
        list_push_back(&expired, link);
    }
    while ((link = list_pop_front(&expired)) != NULL) {
        struct db_op *op = LIST_ENTRY(link, struct db_op, link);

        db_error_set(&op->error, STORE_E_TIMEOUT, "no connection in time");
        finish_free(store, op);
    }
}

struct sweeping {
    struct store *store;
    struct dblink *link;
    int64_t now;
    bool first;
};

static bool sweep_op(void *ctx, struct db_op *op)
{
    struct sweeping *sweeping = ctx;
    struct store *store = sweeping->store;
    int64_t silence = store->settings.statement_timeout_us + SILENCE_US;

    if (sweeping->first && sweeping->now > op->deadline.us + silence)
        dblink_drop(sweeping->link, "no answer");
    sweeping->first = false;
    if (!op->answered && sweeping->now >= op->deadline.us) {
        struct db_error before = op->error;

        db_error_set(&op->error, STORE_E_TIMEOUT, "no answer in time");
        finish(store, op);
        op->error = before;
    }
    return true;
}

static void start_sweep(struct store *store)
{
    if (!store->sweeping) {
        store->sweeping = true;
        loop_timer_start(store->sweep, SWEEP_US);
    }
}

static uint64_t in_flight(const struct store *store)
{
    uint64_t count = 0;

    for (size_t i = 0; i < store->link_count; i++)
        count += dblink_load(store->links[i]);
    return count;
}

static void on_sweep(void *ctx)
{
    struct store *store = ctx;
    int64_t now = loop_mono(store->loop).us;

    store->sweeping = false;
    for (size_t i = 0; i < store->link_count; i++) {
        struct sweeping sweeping = {store, store->links[i], now, true};

        dblink_each(store->links[i], sweep_op, &sweeping);
    }
    sweep_queue(store, &store->waiting[0], now);
    sweep_queue(store, &store->waiting[1], now);
    if (in_flight(store) + store->waiting[0].count + store->waiting[1].count > 0)
        start_sweep(store);
}

static void open_links(struct store *store)
{
    static const struct dblink_hooks hooks = {on_link_ready, on_link_lost, on_completed,
                                              on_returned};
    struct dblink_config config = {
        .loop = store->loop,
        .conninfo = store->conninfo,
        .application = store->application,
        .statements = store->statements,
        .session_start = statements_find(store->statements, "session_start"),
        .connect_timeout_us = store->settings.connect_timeout_us,
        .statement_timeout_us = store->settings.statement_timeout_us,
    };
    uint32_t all = store->settings.readers + store->settings.writers;

    for (uint32_t i = 0; i < all && store->link_count < LINKS_MAX; i++) {
        config.writer = i >= store->settings.readers;
        store->links[store->link_count++] = dblink_new(&config, &hooks, store);
    }
}

int store_new(struct loop *loop, const struct store_settings *settings,
              const struct statements *statements, struct store **ret)
{
    static const char *const needed[] = {"session_start", "clock_read", "change_batch",
                                         "session_types"};
    struct store *store;

    for (size_t i = 0; i < DVC_COUNT(needed); i++)
        if (statements_find(statements, needed[i]) == NULL)
            return -ENOENT;
    if (settings->readers == 0 || settings->writers == 0 || settings->pipeline_depth == 0 ||
        settings->batch_max == 0)
        return -EINVAL;
    store = dvc_calloc(1, sizeof(*store));
    store->loop = loop;
    store->settings = *settings;
    store->conninfo = dvc_strdup(settings->conninfo);
    store->application = dvc_strdup(settings->application);
    store->statements = statements;
    list_init(&store->waiting[0].ops);
    list_init(&store->waiting[1].ops);
    list_init(&store->refused);
    store->ops = idmap_new(settings->queue_max + LINKS_MAX * settings->pipeline_depth);
    store->kick = loop_timer_new(loop, on_kick, store);
    store->sweep = loop_timer_new(loop, on_sweep, store);
    store->anchor =
        anchor_new(loop, statements_find(statements, "clock_read"), settings->anchor_every_us,
                   settings->statement_timeout_us, anchor_link, store);
    store->changes = changes_new(store, settings);
    open_links(store);
    *ret = store;
    return 0;
}

static bool cancel_op(void *ctx, struct db_op *op)
{
    db_error_set(&op->error, STORE_E_CANCELLED, NULL);
    finish(ctx, op);
    return true;
}

static void cancel_list(struct store *store, struct list *ops)
{
    struct list *link;

    while ((link = list_pop_front(ops)) != NULL) {
        struct db_op *op = LIST_ENTRY(link, struct db_op, link);

        cancel_op(store, op);
        db_op_free(op);
    }
}

struct store *store_free(struct store *store)
{
    if (store == NULL)
        return NULL;
    changes_close(store->changes);
    for (size_t i = 0; i < store->link_count; i++)
        dblink_each(store->links[i], cancel_op, store);
    /* In a loop, for an answer may ask something new. */
    while (!list_empty(&store->waiting[0].ops) || !list_empty(&store->waiting[1].ops) ||
           !list_empty(&store->refused)) {
        cancel_list(store, &store->waiting[0].ops);
        cancel_list(store, &store->waiting[1].ops);
        cancel_list(store, &store->refused);
    }
    changes_free(store->changes);
    for (size_t i = 0; i < store->link_count; i++)
        dblink_free(store->links[i]);
    loop_timer_free(store->kick);
    loop_timer_free(store->sweep);
    anchor_free(store->anchor);
    idmap_free(store->ops);
    free(store->conninfo);
    free(store->application);
    free(store);
    return NULL;
}

const struct statement *store_statement(const struct store *store, const char *name)
{
    return statements_find(store->statements, name);
}

/* Ops that cannot even be queued still get their one answer, from the next turn. */
static void refuse(struct store *store, struct db_op *op, int code, const char *message)
{
    db_error_set(&op->error, code, message);
    list_push_back(&store->refused, &op->link);
}

uint64_t store_query(struct store *store, const struct statement *statement,
                     const struct db_param *params, size_t count, int64_t timeout_us,
                     db_done_fn on_done, void *ctx)
{
    struct db_op *op;
    int rc = db_op_new(statement, params, count, &op);

    store->stats.queries++;
    if (rc != 0) {
        op = dvc_calloc(1, sizeof(*op));
        list_init(&op->link);
        op->statement = statement;
    }
    op->on_done = on_done;
    op->ctx = ctx;
    op->deadline = (mono_t){loop_mono(store->loop).us + timeout_us};
    op->id = idmap_add(store->ops, op);
    if (rc != 0)
        refuse(store, op, STORE_E_STATEMENT, "parameters differ from the statement's");
    else if (op->id == 0 || queue_of(store, op)->count >= store->settings.queue_max)
        refuse(store, op, STORE_E_BUSY, "too many calls wait for the database");
    else
        queue_put(queue_of(store, op), op, false);
    kick(store);
    start_sweep(store);
    return op->id;
}

void store_cancel(struct store *store, uint64_t id)
{
    struct db_op *op = idmap_get(store->ops, id);

    if (op == NULL)
        return;
    /* In flight its place is kept, and the answer is dropped when it comes; waiting, it is dropped
     * when its turn comes. */
    db_error_set(&op->error, STORE_E_CANCELLED, NULL);
    finish(store, op);
}

struct loop *store_loop(struct store *store)
{
    return store->loop;
}

bool store_up(const struct store *store)
{
    struct store_stats stats = store_stats(store);

    return stats.readers_up > 0 && stats.writers_up > 0;
}

int64_t store_skew_us(const struct store *store)
{
    return clock_skew(loop_clock(store->loop));
}

struct changes *store_changes(const struct store *store)
{
    return store->changes;
}

struct store_stats store_stats(const struct store *store)
{
    struct store_stats stats = store->stats;

    for (size_t i = 0; i < store->link_count; i++) {
        if (!dblink_ready(store->links[i]))
            continue;
        stats.writers_up += dblink_writes(store->links[i]);
        stats.readers_up += !dblink_writes(store->links[i]);
    }
    stats.queued = store->waiting[0].count + store->waiting[1].count;
    stats.in_flight = in_flight(store);
    changes_stats(store->changes, &stats);
    return stats;
}

struct db_error store_last_fault(const struct store *store)
{
    return store->last_fault;
}
