/* invariant.h - what holds of every dossier, and of every change of one. */
#ifndef DVC_SCENARIO_INVARIANT_H
#define DVC_SCENARIO_INVARIANT_H

#include "walk.h"

/* Of the change from `before` that `outcome` is; the figures are kept in walk->stock. */
void invariant_change(struct walk *walk, const struct dossier *before,
                      const struct command *command, const struct outcome *outcome);
/* Of walk->dossier and the timers as they are now. */
void invariant_state(struct walk *walk);

#endif
