/* places.h - all the ways in which a dossier of one version can stand: tokens, branches, clock.
 * Asked when a dossier comes over from another version, which led it there by other ways. */
#ifndef DVC_CONF_PLACES_H
#define DVC_CONF_PLACES_H

#include "base/arena.h"
#include "core/dossier.h"

struct places;

/* Explores the workflow, as the checker does. NULL when it has too many markings; a published
 * version never has. Lives in `arena`. */
struct places *places_new(struct arena *arena, const struct procedure *procedure);
size_t places_count(const struct places *places);
/* Whether the workflow leads to where the dossier stands, by whatever way; its procedure is the one
 * that was explored. A suspension by the office is no place: before it the clock ran. */
bool places_have(const struct places *places, const struct dossier *dossier);

#endif
