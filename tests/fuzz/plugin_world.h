/* plugin_world.h - what stands around a plugin under test: the agencies, the shared workflows and
 * the procedures that it may open, read once. Afterwards no file is touched. */
#ifndef DVC_TEST_FUZZ_PLUGIN_WORLD_H
#define DVC_TEST_FUZZ_PLUGIN_WORLD_H

#include "conf/agencies.h"
#include "core/procedure.h"

#define WORLD_DIR "memory:" /* the folder of shared workflows that plugin_expand is given */
#define WORLD_PARTNERS_MAX 32

struct plugin_world {
    const struct agency_tree *agencies;
    /* [0] is left for the plugin under test; the others are sound. */
    struct procedure *procedures[WORLD_PARTNERS_MAX];
    const char *files[WORLD_PARTNERS_MAX];
    size_t count;
};

/* From the source tree that DVC_SOURCE_ROOT names. Ends the process when a file is missing. */
void plugin_world_load(struct plugin_world *world);

#endif
