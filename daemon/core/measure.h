/* measure.h - what a change adds to the figures, from the dossier before and after it. Every
 * accepted dossier is in one of open and held until it is in one of resolved and withdrawn:
 * received always equals their sum (report II.06a, identities of law-and-practice, 7.1). */
#ifndef DVC_CORE_MEASURE_H
#define DVC_CORE_MEASURE_H

#include "core/outcome.h"

/* `before` is NULL for the change that creates. `day` is the event's. */
void measure_change(struct arena *arena, const struct dossier *before, day_t day,
                    struct outcome *outcome);

#endif
