/* submission.h - a submission as it was sent, read and checked against the procedure: every fault at
 * once, none of them fatal. */
#ifndef DVC_SERVICE_SUBMISSION_H
#define DVC_SERVICE_SUBMISSION_H

#include "core/access.h"
#include "core/form_paper.h"

struct service;

/* Reads `body` (the JSON object of POST /dossiers) into a new dossier, as far as it can be read.
 * Uploads are named, not yet looked up. `now` gives today and the version in force.
 * False when there are faults; *ret may be NULL then. */
bool submission_read(struct service *service, struct arena *arena, const struct actor *actor,
                     const struct value *body, wall_t now, struct form_faults *faults,
                     struct dossier **ret);
/* The papers against the composition of the dossier, once the uploads they name are known: rows of
 * statement uploads_find, the caller's own. Fills in the papers' digests. */
void submission_check_papers(struct service *service, struct arena *arena,
                             const struct actor *actor, struct dossier *dossier,
                             const struct value *uploads, struct form_faults *faults);
/* The same for a dossier that the house makes itself of another one (liên thông): its form as it was put
 * together, and what there is of each of its papers, in their order. Fills in dossier->form. */
void submission_check_made(struct service *service, struct arena *arena, struct dossier *dossier,
                           const struct value *form, const struct form_paper *given, day_t today,
                           struct form_faults *faults);

/* Salted digest of form and papers for the first event, hex: proves later what was filed without
 * saying it. */
const char *submission_digest(struct service *service, struct arena *arena,
                              const struct dossier *dossier);
/* Applicant's and owner's names for the search. */
struct slice submission_names(struct arena *arena, const struct dossier *dossier);

#endif
