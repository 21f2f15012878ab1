/* changes.h - the batcher behind change.h, as the pool owns it. */
#ifndef DVC_STORE_CHANGES_H
#define DVC_STORE_CHANGES_H

#include "store/pool.h"

struct changes;

struct changes *changes_new(struct store *store, const struct store_settings *settings);
/* Answers every change that is not in flight with STORE_E_CANCELLED, and from then on every new
 * one. The one in flight is answered when its call is. */
void changes_close(struct changes *changes);
struct changes *changes_free(struct changes *changes); /* after all calls were answered */
/* Adds its counters to *stats. */
void changes_stats(const struct changes *changes, struct store_stats *stats);
/* The pool's batcher. */
struct changes *store_changes(const struct store *store);

#endif
