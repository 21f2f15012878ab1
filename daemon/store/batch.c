#include "store/batch.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_key(int64_t account, const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)account;

    if (key == NULL)
        return 0;
    for (; *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return hash | 1;
}

struct pending *pending_new(const struct change *change)
{
    struct pending *pending = dvc_calloc(1, sizeof(*pending));

    list_init(&pending->link);
    pending->change = *change;
    pending->creates = change->outcome->creates;
    pending->dossier = pending->creates ? 0 : change->outcome->after->id;
    pending->key_hash = hash_key(change->account, change->key);
    return pending;
}

struct batch *batch_new(struct changes *changes, size_t room)
{
    struct batch *batch = dvc_calloc(1, sizeof(*batch) + room * sizeof(struct pending *));

    list_init(&batch->link);
    batch->changes = changes;
    return batch;
}

struct batch *batch_end(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        free(batch->items[i]);
    free(batch);
    return NULL;
}

struct batch *batch_halve(struct batch *batch)
{
    size_t half = batch->count / 2;
    struct batch *second = batch_new(batch->changes, batch->count - half);

    second->count = batch->count - half;
    memcpy(second->items, batch->items + half, second->count * sizeof(struct pending *));
    batch->count = half;
    return second;
}

static int by_lock_order(const void *a, const void *b)
{
    const struct outcome *left = (*(struct pending *const *)a)->change.outcome;
    const struct outcome *right = (*(struct pending *const *)b)->change.outcome;

    if (left->creates != right->creates)
        return left->creates ? -1 : 1;
    if (left->creates)
        return 0;
    return (left->after->id > right->after->id) - (left->after->id < right->after->id);
}

void batch_sort(struct batch *batch)
{
    qsort(batch->items, batch->count, sizeof(struct pending *), by_lock_order);
}

bool batch_collides(const struct batch *batch, const struct pending *candidate)
{
    for (size_t i = 0; batch != NULL && i < batch->count; i++) {
        const struct pending *other = batch->items[i];

        if (candidate->key_hash != 0 && candidate->key_hash == other->key_hash)
            return true;
        if (candidate->dossier != 0 && candidate->dossier == other->dossier)
            return true;
    }
    return false;
}

void batch_drop_answered(struct batch *batch)
{
    size_t kept = 0;

    for (size_t i = 0; i < batch->count; i++) {
        if (batch->items[i]->answered)
            free(batch->items[i]);
        else
            batch->items[kept++] = batch->items[i];
    }
    batch->count = kept;
}
