/* check_spawn.h - what one procedure opens of another, proved before either is used: the other
 * exists (K180), what is named exists on both sides (K181), types fit (K182), what the other
 * requires is given (K183), nobody opens itself on a roundabout way (K184), and the other takes
 * such dossiers (K188). What a value is, is known only when the dossier is there: its form checks
 * it again then. */
#ifndef DVC_CONF_CHECK_SPAWN_H
#define DVC_CONF_CHECK_SPAWN_H

#include "conf/plugin_rule.h"

struct spawn_world {
    struct procedure *const *procedures;
    const char *const *files; /* of each, as in procedure_compile */
    size_t count;
    const struct agency_tree *agencies; /* may be NULL */
    bool whole; /* false: others were faulty, so that one missing here may exist */
};

/* Adds every breach of `of` (one of the world's, by its index). True when nothing was found. */
bool check_spawns(const struct spawn_world *world, size_t of, struct conf_errors *errors);

#endif
