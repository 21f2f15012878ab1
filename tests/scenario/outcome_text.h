/* outcome_text.h - everything that a change consists of, as one text: two outcomes are the same
 * when their texts are. */
#ifndef DVC_SCENARIO_OUTCOME_TEXT_H
#define DVC_SCENARIO_OUTCOME_TEXT_H

#include "core/outcome.h"

void outcome_text(struct buf *buf, const struct outcome *outcome);

#endif
