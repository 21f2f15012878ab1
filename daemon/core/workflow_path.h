/* workflow_path.h - the paths that conditions may name (plugins.md, Words), answered from a
 * dossier.
 *
 * fees.due is the sum still to be paid in đồng, fees.paid whether nothing is; clock.used is the
 * used share of the total limit in percent, null without a running limit; dossier.forwarded whether
 * another agency than the competent one received it. */
#ifndef DVC_CORE_WORKFLOW_PATH_H
#define DVC_CORE_WORKFLOW_PATH_H

#include "core/workflow_decision.h"

/* An expr_lookup_fn; ctx is a struct decision. */
const struct value *workflow_path(void *ctx, struct slice path);

#endif
