/* import_flow.h - the template's form and workflow for an imported plugin, with limits of the steps
 * that fit the procedure's (K171). */
#ifndef DVC_CTL_IMPORT_FLOW_H
#define DVC_CTL_IMPORT_FLOW_H

#include "base/buf.h"
#include "core/limit.h"
#include "core/state.h"

void import_form(struct slice template, struct buf *out);
/* `limits` by channel; those without a limit do not count. */
void import_workflow(struct slice template, const struct limit limits[CHANNEL_SLOTS],
                     struct buf *out);

#endif
