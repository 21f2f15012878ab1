/* bookkeeping.h - what the engine knows of a dossier and no column of the database holds: visits
 * and budgets of the steps, counters, groups, links, the promise. One JSON map, `engine` of the
 * row; keyed by step ids and task numbers, so that it survives another numbering of the steps. */
#ifndef DVC_CORE_BOOKKEEPING_H
#define DVC_CORE_BOOKKEEPING_H

#include "core/dossier.h"
#include "core/rowread.h"

/* Reads it into a dossier whose columns and open tasks are read already; marks the reader when it
 * does not fit. Texts are borrowed from `book`. */
void bookkeeping_read(struct rowread *reader, const struct value *book, struct dossier *dossier);
/* Appends the map that bookkeeping_read takes. */
void bookkeeping_write(struct buf *buf, const struct dossier *dossier);

#endif
