/* childrows.h - what a dossier has many of (tasks, holds, papers, fees, parcels and the like), as
 * rows of a change. */
#ifndef DVC_STORE_CHILDROWS_H
#define DVC_STORE_CHILDROWS_H

#include "store/changerows.h"

/* Those that the newest change of the batch marked as changed, and its parcels' new events. */
void child_rows_add(struct change_rows *rows, const struct dossier *after);

#endif
