/* dossierlist.h - lists of dossiers: a person's own, and those of the caller's agencies. */
#ifndef DVC_SERVICE_DOSSIERLIST_H
#define DVC_SERVICE_DOSSIERLIST_H

#include "service/list.h"

void dossierlist_mine(struct service *service, struct member *who, struct page_ask page,
                      answer_fn answer, void *ctx);

/* Empty slices do not filter. */
struct dossier_filter {
    struct slice q, state, agency, procedure;
};
void dossierlist_staff(struct service *service, struct member *who,
                       const struct dossier_filter *filter, struct page_ask page, answer_fn answer,
                       void *ctx);

#endif
