/* view.h - a dossier as one caller sees it (api.md, Shapes): masked for an auditor, with what this
 * caller may do next. */
#ifndef DVC_SERVICE_VIEW_H
#define DVC_SERVICE_VIEW_H

#include "base/buf.h"
#include "core/workflow.h"

struct service;

/* `dossier` as loaded or as a change left it; open tasks only are shown. `row` is what it was read
 * from: it knows file names and the parcels' history, which the engine does not need. */
void view_dossier(struct buf *buf, struct arena *arena, struct service *service,
                  const struct dossier *dossier, const struct value *row, const struct actor *actor,
                  wall_t now);
/* A task got a holder whose name the row does not know: it has to be read again before it is
 * shown. */
bool view_lacks_names(const struct dossier *dossier, const struct value *row);

#endif
