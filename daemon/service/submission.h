/* submission.h - a submission as it was sent, read and checked against the procedure: every fault
 * at once, none of them fatal. */
#ifndef DVC_SERVICE_SUBMISSION_H
#define DVC_SERVICE_SUBMISSION_H

#include "core/access.h"
#include "core/form.h"

struct service;

/* Reads `body` (the JSON object of POST /dossiers) into a new dossier, as far as it can be read.
 * Uploads are named, not yet looked up. `now` gives today and the version in force.
 * False when there are faults; *ret may be NULL then. */
bool submission_read(struct service *service, struct arena *arena, const struct actor *actor,
                     const struct value *body, wall_t now, struct form_faults *faults,
                     struct dossier **ret);
/* Applicant's and owner's names for the search. */
struct slice submission_names(struct arena *arena, const struct dossier *dossier);

#endif
