#include "store/changes.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/batch.h"
#include "store/changerows.h"

#define SWEEP_US (100 * INT64_C(1000))
/* After a fault that may pass: long enough not to spin, short enough that nobody notices. */
#define AGAIN_US (50 * INT64_C(1000))
/* How often a change is tried again when the statement itself was refused: once after the row types
 * were looked up anew (a restored database numbers them differently). */
#define STATEMENT_TRIES 2

/* Two commits at a time: one works while the other waits for the disk. They hold different dossiers
 * and keys, so all they may contend for is a counter, and those are locked in order. */
#define FLYING_MAX 2

struct changes {
    struct store *store;
    size_t batch_max, queue_max;
    int64_t timeout_us;
    const struct statement *batch_statement, *types_statement;
    uint32_t oids[ROWS_KIND_COUNT];
    bool oids_known, oids_asked, closing;
    struct list waiting; /* struct pending */
    struct list refused; /* struct pending */
    struct list redo;    /* struct batch: halves of a failed one, or one to be sent again */
    struct batch *flying[FLYING_MAX]; /* being committed: what comes meanwhile is the next */
    size_t flying_max;
    size_t load;
    struct loop_timer *kick, *sweep;
    bool sweeping;
    uint64_t batches, applied, duplicate, stale, split;
};

static void answer(struct changes *changes, struct pending *pending,
                   const struct change_result *result)
{
    if (pending->answered)
        return;
    pending->answered = true;
    changes->load--;
    changes->applied += result->verdict == CHANGE_APPLIED;
    changes->duplicate += result->verdict == CHANGE_DUPLICATE;
    changes->stale += result->verdict == CHANGE_STALE;
    pending->on_done(pending->ctx, result);
}

static void answer_error(struct changes *changes, struct pending *pending,
                         const struct db_error *error)
{
    struct change_result result = {.verdict = CHANGE_FAILED, .error = *error};

    if (error->code == STORE_E_UNIQUE)
        result.verdict = CHANGE_REFUSED;
    answer(changes, pending, &result);
}

static void answer_code(struct changes *changes, struct pending *pending, int code)
{
    struct db_error error;

    db_error_set(&error, code, NULL);
    answer_error(changes, pending, &error);
}

static bool collides_any(const struct changes *changes, const struct batch *batch,
                         const struct pending *candidate)
{
    for (size_t i = 0; i < changes->flying_max; i++)
        if (batch_collides(changes->flying[i], candidate))
            return true;
    return batch_collides(batch, candidate);
}

/* A free place for one more commit, or NULL. */
static struct batch **free_place(struct changes *changes)
{
    for (size_t i = 0; i < changes->flying_max; i++)
        if (changes->flying[i] == NULL)
            return &changes->flying[i];
    return NULL;
}

/* What collides stays in its place for the next batch. */
static struct batch *gather(struct changes *changes)
{
    struct batch *batch = batch_new(changes, changes->batch_max);
    struct list *link, *next;

    for (link = changes->waiting.next; link != &changes->waiting; link = next) {
        struct pending *pending = LIST_ENTRY(link, struct pending, link);

        next = link->next;
        if (batch->count == changes->batch_max)
            break;
        if (collides_any(changes, batch, pending))
            continue;
        list_remove(link);
        batch->items[batch->count++] = pending;
    }
    if (batch->count == 0)
        batch = batch_end(batch);
    return batch;
}

static void send_next(struct changes *changes);

static void kick_later(struct changes *changes, int64_t us)
{
    loop_timer_start(changes->kick, us);
}

/* The batch goes before all others, the same changes or in two halves. */
static void redo(struct changes *changes, struct batch *batch)
{
    list_push_back(changes->redo.next, &batch->link);
}

static void split(struct changes *changes, struct batch *batch)
{
    struct batch *second = batch_halve(batch);

    changes->split++;
    redo(changes, second);
    redo(changes, batch);
}

static void answer_row(struct changes *changes, struct pending *pending, const struct db_rows *rows,
                       size_t row)
{
    static const struct {
        const char *word;
        enum change_verdict verdict;
    } words[] = {
        {"applied", CHANGE_APPLIED}, {"duplicate", CHANGE_DUPLICATE}, {"stale", CHANGE_STALE},
        {"fired", CHANGE_FIRED},     {"refused", CHANGE_REFUSED},
    };
    struct change_result result = {.verdict = CHANGE_FAILED};
    struct slice digest = db_text_at(rows, row, 8);

    for (size_t i = 0; i < DVC_COUNT(words); i++)
        if (slice_is(db_text_at(rows, row, 1), words[i].word))
            result.verdict = words[i].verdict;
    result.dossier = db_int_at(rows, row, 3, 0);
    result.code = db_text_at(rows, row, 4).ptr;
    result.version = db_int_at(rows, row, 5, 0);
    result.decision = db_int_at(rows, row, 6, 0);
    result.seq = db_int_at(rows, row, 7, 0);
    if (digest.len == 2 + 2 * SHA256_SIZE &&
        hex_parse(slice_sub(digest, 2, digest.len), result.key_digest.bytes, SHA256_SIZE) != 0)
        result.verdict = CHANGE_FAILED;
    /* Ours, from the commit whose answer was lost. */
    if (result.verdict == CHANGE_DUPLICATE && pending->unsure &&
        hash_equal(&result.key_digest, &pending->change.key_digest, sizeof(struct sha256)))
        result.verdict = CHANGE_APPLIED;
    if (result.verdict == CHANGE_REFUSED || result.verdict == CHANGE_FAILED) {
        db_error_set(&result.error, STORE_E_CONSTRAINT, NULL);
        snprintf(result.error.constraint, sizeof(result.error.constraint), "%.60s",
                 db_null_at(rows, row, 2) ? "" : db_text_at(rows, row, 2).ptr);
    }
    answer(changes, pending, &result);
}

static void batch_answered(struct changes *changes, struct batch *batch, const struct db_rows *rows)
{
    size_t count = db_rows_count(rows);

    for (size_t i = 0; i < count; i++) {
        int64_t place = db_int_at(rows, i, 0, 0);

        if (place >= 1 && place <= (int64_t)batch->count)
            answer_row(changes, batch->items[place - 1], rows, i);
    }
    for (size_t i = 0; i < batch->count; i++)
        answer_code(changes, batch->items[i], STORE_E_STATEMENT);
    batch_end(batch);
}

static void batch_failed(struct changes *changes, struct batch *batch, const struct db_error *error)
{
    for (size_t i = 0; i < batch->count; i++)
        answer_error(changes, batch->items[i], error);
    batch_end(batch);
}

/* A new dossier without a key is the one thing that sending again could save twice. */
static void batch_again(struct changes *changes, struct batch *batch, bool unsure)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct pending *pending = batch->items[i];

        pending->unsure |= unsure;
        if (unsure && !pending->answered && pending->creates && pending->change.key == NULL)
            answer_code(changes, pending, STORE_E_LOST);
    }
    redo(changes, batch);
}

/* Never a guess: what may have been committed is sent again and finds its key or its version. */
static void batch_fault(struct changes *changes, struct batch *batch, const struct db_error *error)
{
    switch ((enum store_error)error->code) {
    case STORE_E_LOST:
    case STORE_E_TIMEOUT:
    case STORE_E_DOWN:
    case STORE_E_READONLY:
        batch_again(changes, batch, true);
        break;
    case STORE_E_BUSY:
    case STORE_E_CONFLICT:
        batch_again(changes, batch, false);
        break;
    case STORE_E_STATEMENT:
        changes->oids_known = false;
        if (++batch->items[0]->tries < STATEMENT_TRIES)
            batch_again(changes, batch, false);
        else
            batch_failed(changes, batch, error);
        break;
    case STORE_E_UNIQUE:
    case STORE_E_CONSTRAINT:
    case STORE_E_DATA:
        if (batch->count > 1)
            split(changes, batch);
        else
            batch_failed(changes, batch, error);
        break;
    case STORE_OK:
    case STORE_E_CANCELLED:
    case STORE_E_DENIED:
    case STORE_E_RESOURCE:
        batch_failed(changes, batch, error);
        break;
    }
}

static bool data_fault(int code)
{
    return code == STORE_E_DATA || code == STORE_E_UNIQUE || code == STORE_E_CONSTRAINT;
}

/* The next batch goes off before the answers of this one are given out, so that the server works
 * while we write replies. */
static void on_batch(void *ctx, const struct db_result *result)
{
    struct batch *batch = ctx;
    struct changes *changes = batch->changes;

    for (size_t i = 0; i < changes->flying_max; i++)
        if (changes->flying[i] == batch)
            changes->flying[i] = NULL;
    if (result->code == 0) {
        send_next(changes);
        batch_answered(changes, batch, result->rows);
        if (free_place(changes) != NULL && !changes->closing)
            kick_later(changes, 0);
        return;
    }
    batch_fault(changes, batch, result->error);
    if (!changes->closing && result->code != STORE_E_CANCELLED)
        kick_later(changes, data_fault(result->code) ? 0 : AGAIN_US);
}

static void on_types(void *ctx, const struct db_result *result)
{
    struct changes *changes = ctx;
    size_t known = 0;

    changes->oids_asked = false;
    for (size_t i = 0; result->code == 0 && i < db_rows_count(result->rows); i++)
        for (size_t kind = 0; kind < ROWS_KIND_COUNT; kind++)
            if (slice_is(db_text_at(result->rows, i, 0), row_kind_type((enum row_kind)kind))) {
                changes->oids[kind] = (uint32_t)db_int_at(result->rows, i, 1, 0);
                known++;
            }
    changes->oids_known = known == ROWS_KIND_COUNT;
    if (!changes->closing && result->code != STORE_E_CANCELLED)
        kick_later(changes, changes->oids_known ? 0 : AGAIN_US);
}

static void ask_types(struct changes *changes)
{
    if (changes->oids_asked)
        return;
    changes->oids_asked = true;
    store_query(changes->store, changes->types_statement, NULL, 0, changes->timeout_us, on_types,
                changes);
}

static void send_batch(struct changes *changes, struct batch *batch)
{
    struct change_rows rows;
    struct db_param params[CHANGE_PARAMS];
    bool fits;

    batch_sort(batch);
    change_rows_init(&rows, changes->oids);
    for (size_t i = 0; i < batch->count; i++)
        change_rows_add(&rows, &batch->items[i]->change);
    fits = change_rows_params(&rows, params);
    if (fits) {
        changes->batches++;
        *free_place(changes) = batch;
        store_query(changes->store, changes->batch_statement, params, CHANGE_PARAMS,
                    changes->timeout_us, on_batch, batch);
    } else if (batch->count > 1) {
        split(changes, batch);
        kick_later(changes, 0);
    } else {
        answer_code(changes, batch->items[0], STORE_E_DATA);
        batch_end(batch);
        kick_later(changes, 0);
    }
    change_rows_release(&rows);
}

static void send_next(struct changes *changes)
{
    struct list *link;
    struct batch *batch;

    if (free_place(changes) == NULL)
        return;
    if (!changes->oids_known) {
        if (changes->load > 0)
            ask_types(changes);
        return;
    }
    while ((link = list_pop_front(&changes->redo)) != NULL) {
        batch = LIST_ENTRY(link, struct batch, link);
        batch_drop_answered(batch);
        if (batch->count > 0) {
            send_batch(changes, batch);
            return;
        }
        batch_end(batch);
    }
    batch = gather(changes);
    if (batch != NULL)
        send_batch(changes, batch);
}

static void on_kick(void *ctx)
{
    struct changes *changes = ctx;
    struct list refused = LIST_INIT(refused);
    struct list *link;

    while ((link = list_pop_front(&changes->refused)) != NULL)
        list_push_back(&refused, link);
    while ((link = list_pop_front(&refused)) != NULL) {
        struct pending *pending = LIST_ENTRY(link, struct pending, link);

        answer_code(changes, pending, pending->error);
        free(pending);
    }
    send_next(changes);
}

static void expire_batch(struct changes *changes, struct batch *batch, int64_t now)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->items[i]->deadline.us <= now)
            answer_code(changes, batch->items[i], STORE_E_TIMEOUT);
}

static void expire_waiting(struct changes *changes, int64_t now)
{
    struct list *link = changes->waiting.next, *next;

    for (; link != &changes->waiting; link = next) {
        struct pending *pending = LIST_ENTRY(link, struct pending, link);

        next = link->next;
        if (pending->deadline.us > now)
            continue;
        list_remove(link);
        pending->error = STORE_E_TIMEOUT;
        list_push_back(&changes->refused, link);
        kick_later(changes, 0);
    }
}

static void on_sweep(void *ctx)
{
    struct changes *changes = ctx;
    int64_t now = loop_mono(store_loop(changes->store)).us;

    changes->sweeping = false;
    expire_waiting(changes, now);
    for (size_t i = 0; i < changes->flying_max; i++)
        if (changes->flying[i] != NULL)
            expire_batch(changes, changes->flying[i], now);
    for (struct list *link = changes->redo.next; link != &changes->redo; link = link->next)
        expire_batch(changes, LIST_ENTRY(link, struct batch, link), now);
    if (changes->load > 0) {
        changes->sweeping = true;
        loop_timer_start(changes->sweep, SWEEP_US);
    }
}

struct changes *changes_new(struct store *store, const struct store_settings *settings)
{
    struct changes *changes = dvc_calloc(1, sizeof(*changes));

    changes->store = store;
    changes->batch_max = settings->batch_max;
    changes->queue_max = settings->change_queue_max;
    changes->flying_max = settings->writers < FLYING_MAX ? settings->writers : FLYING_MAX;
    changes->timeout_us = settings->statement_timeout_us + 2 * US_PER_SECOND;
    changes->batch_statement = store_statement(store, "change_batch");
    changes->types_statement = store_statement(store, "session_types");
    list_init(&changes->waiting);
    list_init(&changes->refused);
    list_init(&changes->redo);
    changes->kick = loop_timer_new(store_loop(store), on_kick, changes);
    changes->sweep = loop_timer_new(store_loop(store), on_sweep, changes);
    return changes;
}

static void cancel_list(struct changes *changes, struct list *list)
{
    struct list *link;

    while ((link = list_pop_front(list)) != NULL) {
        struct pending *pending = LIST_ENTRY(link, struct pending, link);

        answer_code(changes, pending, STORE_E_CANCELLED);
        free(pending);
    }
}

void changes_close(struct changes *changes)
{
    struct list *link;
    struct db_error error;

    changes->closing = true;
    db_error_set(&error, STORE_E_CANCELLED, NULL);
    while ((link = list_pop_front(&changes->redo)) != NULL)
        batch_failed(changes, LIST_ENTRY(link, struct batch, link), &error);
    cancel_list(changes, &changes->waiting);
    cancel_list(changes, &changes->refused);
}

struct changes *changes_free(struct changes *changes)
{
    if (changes == NULL)
        return NULL;
    changes_close(changes);
    loop_timer_free(changes->kick);
    loop_timer_free(changes->sweep);
    free(changes);
    return NULL;
}

void changes_stats(const struct changes *changes, struct store_stats *stats)
{
    stats->batches = changes->batches;
    stats->changes = changes->applied;
    stats->changes_duplicate = changes->duplicate;
    stats->changes_stale = changes->stale;
    stats->changes_split = changes->split;
}

void store_change_submit(struct store *store, const struct change *change, int64_t timeout_us,
                         change_done_fn on_done, void *ctx)
{
    struct changes *changes = store_changes(store);
    struct pending *pending = pending_new(change);

    pending->deadline = (mono_t){loop_mono(store_loop(store)).us + timeout_us};
    pending->on_done = on_done;
    pending->ctx = ctx;
    if (changes->closing)
        pending->error = STORE_E_CANCELLED;
    else if (changes->load >= changes->queue_max)
        pending->error = STORE_E_BUSY;
    changes->load++;
    list_push_back(pending->error != 0 ? &changes->refused : &changes->waiting, &pending->link);
    if (free_place(changes) != NULL || pending->error != 0)
        kick_later(changes, 0);
    if (!changes->sweeping) {
        changes->sweeping = true;
        loop_timer_start(changes->sweep, SWEEP_US);
    }
}

size_t store_change_load(const struct store *store)
{
    return store_changes(store)->load;
}
