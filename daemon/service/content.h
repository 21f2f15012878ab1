/* content.h - what a dossier holds, its form and its papers, against what its procedure asks for.
 */
#ifndef DVC_SERVICE_CONTENT_H
#define DVC_SERVICE_CONTENT_H

#include "core/access.h"
#include "core/form_paper.h"
#include "service/fields.h"

struct service;

/* The form as it was sent, NULL for none: its texts are brought into NFC in place, and
 * dossier->form is filled in, as form_check has it. All else that conditions may ask for is read
 * already. */
void content_read_form(const struct service *service, struct fields *fields,
                       struct dossier *dossier, struct value *form, day_t today);
/* The papers against the composition of the dossier, once the uploads they name are known: rows of
 * statement uploads_find, the caller's own. Fills in the papers' digests, which borrow from
 * `uploads`. */
void content_check_papers(struct arena *arena, const struct actor *actor, struct dossier *dossier,
                          const struct value *uploads, struct form_faults *faults);
/* Both for a dossier that the house makes itself of another one (liên thông): its form as it was
 * put together, and what there is of each of its papers, in their order. Fills in dossier->form. */
void content_check_made(const struct service *service, struct arena *arena,
                        struct dossier *dossier, const struct value *form,
                        const struct form_paper *given, day_t today, struct form_faults *faults);
/* Salted digest of form and papers for the first event, hex: proves later what was filed without
 * saying it. */
const char *content_digest(const struct service *service, struct arena *arena,
                           const struct dossier *dossier);

#endif
