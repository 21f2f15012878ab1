/* marks.h - where the tokens of a dossier may stand, by the checker's own exploration, and whether
 * one change leads from one place to another. Places are compared whatever their numbers are. */
#ifndef DVC_SCENARIO_MARKS_H
#define DVC_SCENARIO_MARKS_H

#include "core/dossier.h"

struct marks;

#define MARKS_ENDED UINT64_C(1) /* the place of every dossier that came to an end */

/* NULL when there are too many. */
struct marks *marks_new(struct arena *arena, const struct procedure *procedure);
/* The place in which a dossier is. A suspended clock counts as running, as it does for the checker.
 */
uint64_t marks_place(const struct dossier *dossier);
/* The place of a dossier that was just filed, before anything happened by itself. */
uint64_t marks_first(const struct marks *marks);
bool marks_known(const struct marks *marks, uint64_t place);
/* Whether `moves` actions or timeouts, neither more nor fewer, can lead from one to the other. */
bool marks_lead(struct marks *marks, uint64_t from, uint64_t to, size_t moves);
/* The fewest moves to an end, conditions taken as free; -1: none. */
int marks_distance(const struct marks *marks, uint64_t place);

#endif
