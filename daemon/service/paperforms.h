/* paperforms.h - one issued form as the JSON that papers/job.h prints: what it says was written
 * down when it was issued (form_issued.content), who it speaks of stands in the dossier and never
 * changes. It only reads. */
#ifndef DVC_SERVICE_PAPERFORMS_H
#define DVC_SERVICE_PAPERFORMS_H

#include "base/buf.h"
#include "core/dossier.h"

struct service;

/* Who issued it; NULL: nobody, the daemon or a portal. */
struct paper_issuer {
    const char *name, *phone;
};

void paperforms_write(struct buf *out, struct arena *arena, const struct service *service,
                      const struct dossier *dossier, const struct dossier_form *form,
                      const struct paper_issuer *issuer);
/* The way over the desks as it is now; `steps` as control_rows gives them. */
void paperforms_control(struct buf *out, struct arena *arena, const struct service *service,
                        const struct dossier *dossier, const struct value *steps, bool masked,
                        wall_t now);

#endif
