/* dossier_read.h - a dossier out of the row that the database keeps of it. */
#ifndef DVC_CORE_DOSSIER_READ_H
#define DVC_CORE_DOSSIER_READ_H

#include "core/dossier.h"

/* The dossier as the statement dossier_load gives it (JSON, sql/functions/dossier_load.sql). It
 * lives in `arena` and borrows from `row`. 0, or -EINVAL when the row does not fit its procedure
 * version. */
int dossier_read(struct arena *arena, const struct procedure *procedure, const struct value *row,
                 struct dossier **ret) DVC_MUSTCHECK;

#endif
