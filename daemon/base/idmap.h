/* idmap.h - ids across waits instead of pointers: an id looked up later is either the same object
 * or gone, never another object in its place. */
#ifndef DVC_BASE_IDMAP_H
#define DVC_BASE_IDMAP_H

#include "base/check.h"

struct idmap;

struct idmap *idmap_new(uint32_t max); /* at most `max` live entries */
struct idmap *idmap_free(struct idmap *map);
/* A new id for an object (not NULL): never 0, and not reused before 2^32 generations of its slot.
 * 0 when `max` are live. */
uint64_t idmap_add(struct idmap *map, void *object);
void *idmap_get(const struct idmap *map, uint64_t id); /* NULL when gone */
void idmap_remove(struct idmap *map, uint64_t id);     /* gone already: nothing */
uint32_t idmap_count(const struct idmap *map);

#endif
