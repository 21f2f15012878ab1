/* workflow_offer.h - what a person may do now: what the desks show as buttons. */
#ifndef DVC_CORE_WORKFLOW_OFFER_H
#define DVC_CORE_WORKFLOW_OFFER_H

#include "core/workflow.h"

/* What this actor may do on a task (or, with task NULL, on the dossier itself) right now: by the
 * same tests that workflow_apply makes. */
struct offer {
    const char *action;
    const char *name; /* Vietnamese */
    unsigned needs;   /* enum need */
};
size_t workflow_offers(struct arena *arena, const struct dossier *dossier, const struct task *task,
                       const struct actor *actor, const struct setting *setting,
                       struct offer **ret);

/* What the step of `task` has for this actor, as far as it can be told without the dossier's
 * contents: conditions are not looked at. `place` needs its procedure and agencies only. */
size_t workflow_step_offers(struct arena *arena, const struct dossier *place,
                            const struct task *task, const struct actor *actor,
                            const struct agency_order *agencies, struct offer **ret);

#endif
