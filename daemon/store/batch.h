/* batch.h - the changes that go into one commit, and which of them must not meet there: the batcher
 * of changes.h only. */
#ifndef DVC_STORE_BATCH_H
#define DVC_STORE_BATCH_H

#include "base/list.h"
#include "store/change.h"

struct changes;

/* A change from submitting to answering. It is in the batcher's lists or in a batch. */
struct pending {
    struct list link;
    struct change change;
    uint64_t key_hash; /* of account and key; 0: no key */
    bool creates;
    int64_t dossier; /* 0: a new one */
    mono_t deadline;
    change_done_fn on_done;
    void *ctx;
    bool answered;
    bool unsure; /* was in a commit whose outcome we never heard */
    uint8_t tries;
    int error; /* refused before it was sent: what to answer */
};

struct batch {
    struct list link; /* while it waits to be sent again */
    struct changes *changes;
    size_t count;
    struct pending *items[]; /* owned */
};

/* A copy of `change`; free() it when it is in no batch. */
struct pending *pending_new(const struct change *change);
/* Empty, with room for `room` changes. */
struct batch *batch_new(struct changes *changes, size_t room);
/* Frees it with the changes in it, which must have been answered. Returns NULL. */
struct batch *batch_end(struct batch *batch);
/* Takes the second half out of a batch of two or more. */
struct batch *batch_halve(struct batch *batch);
/* New dossiers first, then existing ones by id: the order in which the SQL function locks. */
void batch_sort(struct batch *batch);
/* Whether the batch (NULL: none) holds the candidate's dossier or key. */
bool batch_collides(const struct batch *batch, const struct pending *candidate);
/* Those whose time ran out while the batch waited to be sent again are not sent any more: their
 * memory is no longer ours to read. */
void batch_drop_answered(struct batch *batch);

#endif
