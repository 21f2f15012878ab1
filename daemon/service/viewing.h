/* viewing.h - one dossier being shown to one caller: what this caller may see of it in the clear.
 */
#ifndef DVC_SERVICE_VIEWING_H
#define DVC_SERVICE_VIEWING_H

#include "base/jw.h"
#include "core/workflow.h"

struct service;

struct viewing {
    struct jw jw;
    struct arena *arena;
    struct service *service;
    const struct dossier *dossier;
    const struct value *row; /* what the dossier was read from */
    const struct actor *actor;
    struct setting setting;
    bool masked; /* viewing_masked */
    wall_t now;
};

/* Whether `actor` sees personal data masked: neither applicant nor staff of one of its agencies. */
bool viewing_masked(const struct service *service, const struct dossier *dossier,
                    const struct actor *actor);
/* A member with personal data. Masked, its first and last character stay, where they are plain
 * letters or digits of a longer text. */
void viewing_text(struct viewing *v, const char *key, const char *text);
/* A member with any JSON; masked, null. */
void viewing_value(struct viewing *v, const char *key, const struct value *tree);
/* The child row numbered `no` among what was loaded; NULL when this change made it. */
const struct value *viewing_row(const struct viewing *v, const char *list, int no);
/* NULL when `code` is, or no agency has it. */
const char *viewing_agency_name(const struct viewing *v, const char *code);

#endif
