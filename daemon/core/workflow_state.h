/* workflow_state.h - which of the canonical states a dossier is in, from its tokens and facts
 * (glossary, section 3). */
#ifndef DVC_CORE_WORKFLOW_STATE_H
#define DVC_CORE_WORKFLOW_STATE_H

#include "core/workflow_decision.h"

/* Sets after->state and after->state_before. A terminal state stays. The pending withdrawal is
 * known by after->state itself, the suspension by its open hold. */
void workflow_settle_state(struct decision *d);
bool workflow_suspended(const struct dossier *dossier);
/* A supplement request of the appraisal stage that is not closed, or NULL. */
struct dossier_supplement *workflow_open_supplement(const struct dossier *dossier, bool intake);

#endif
