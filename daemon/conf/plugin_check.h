/* plugin_check.h - what must be proved of a procedure before it may be used. Each rule has a
 * number, shown at the end of its message and explained in plugins/README.md. */
#ifndef DVC_CONF_PLUGIN_CHECK_H
#define DVC_CONF_PLUGIN_CHECK_H

#include "conf/agencies.h"
#include "conf/errors.h"
#include "core/procedure.h"

#define PLUGIN_CHECK_MAX_MARKINGS 20000 /* states explored; a flow with more is refused (K119) */
#define PLUGIN_CHECK_MAX_CASES 20000    /* assignments tried for one step's conditions (K150) */

/* Adds every breach to `errors`. `agencies` NULL: the functions named by `agency:` are not looked
 * up. `file` as in procedure_compile. True when nothing was found. */
bool procedure_check(const struct procedure *procedure, const struct agency_tree *agencies,
                     const char *file, struct conf_errors *errors);

#endif
