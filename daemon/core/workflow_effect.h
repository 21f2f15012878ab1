/* workflow_effect.h - what an action does beside moving its token: the closed list of plugins.md.
 */
#ifndef DVC_CORE_WORKFLOW_EFFECT_H
#define DVC_CORE_WORKFLOW_EFFECT_H

#include "core/workflow_decision.h"

/* All effects in order. `target` tells a pause whom it waits for. */
int workflow_effects(struct decision *d, const struct effect *effects, size_t count,
                     const struct target *target);
/* A printable form with its number and what it says; tells the applicant. `more` adds to the
 * content (map or NULL). */
void workflow_issue(struct decision *d, enum form_id form, const struct value *more);
/* The command's result as the next version. */
void workflow_add_result(struct decision *d);

#endif
