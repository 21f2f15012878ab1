/* procview.h - what a dossier's page shows of its procedure: the steps and where it stands, the
 * papers that can be asked for, the results that can be given. */
#ifndef DVC_SERVICE_PROCVIEW_H
#define DVC_SERVICE_PROCVIEW_H

#include "base/jw.h"
#include "core/dossier.h"

/* The members steps: [{id, name, role, current, visited}], documents: [{id, name, required}] and
 * results: [{code, name, electronic}] of an object that is open. */
void procview_members(struct jw *jw, const struct dossier *dossier);
/* The member results: [{code, name, electronic}] alone. */
void procview_results(struct jw *jw, const struct procedure *procedure);
/* The paper's name; its id when the procedure knows none of that id. */
const char *procview_paper_name(const struct procedure *procedure, const char *id);

#endif
