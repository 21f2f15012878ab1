/* changes.h - the batcher behind change.h, as the pool owns it. */
#ifndef DVC_STORE_CHANGES_H
#define DVC_STORE_CHANGES_H

#include "store/pool.h"

struct changes;

struct changes *changes_new(struct store *store, const struct store_settings *settings);
/* Answers every change with STORE_E_CANCELLED. */
struct changes *changes_free(struct changes *changes);
/* Adds its counters to *stats. */
void changes_stats(const struct changes *changes, struct store_stats *stats);
/* The pool's batcher. */
struct changes *store_changes(const struct store *store);

#endif
