/* row.h - the dossier as the database would give it back: written as
 * sql/functions/dossier_row_v2.sql does, so that a scenario reloads what it saved, and forgets what
 * nobody keeps. */
#ifndef DVC_SCENARIO_ROW_H
#define DVC_SCENARIO_ROW_H

#include "core/dossier.h"

void row_write(struct buf *buf, const struct dossier *dossier);
/* Through the text and back. Stops the program when the dossier does not survive it. */
struct dossier *row_reload(struct arena *arena, const struct dossier *dossier);

#endif
