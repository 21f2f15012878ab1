/* parcelnames.h - the names of a parcel's states, for statements that write JSON. */
#ifndef DVC_SERVICE_PARCELNAMES_H
#define DVC_SERVICE_PARCELNAMES_H

#include "base/arena.h"
#include "store/param.h"

/* {"collect/ordered": "...", "return/ordered": "...", ...}, in the arena. */
struct db_param parcelnames(struct arena *arena);

#endif
