/* generate.h - random procedure plugins, as the text that a clerk would write. Most are sound, some
 * are not: the checker decides. */
#ifndef DVC_SCENARIO_GENERATE_H
#define DVC_SCENARIO_GENERATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "dice.h"

/* The same dice give the same text. */
void plugin_generate(struct arena *arena, struct dice *dice, struct buf *ret);

#endif
