#include "base/idmap.h"

#include <stdlib.h>

/* An id is generation << 32 | slot + 1. Free slots form a list through `next_free`. */
struct slot {
    void *object; /* NULL when free */
    uint32_t generation;
    uint32_t next_free; /* slot + 1, 0 ends the list */
};

struct idmap {
    struct slot *slots;
    uint32_t max, cap, used; /* used: slots that were ever handed out */
    uint32_t first_free;     /* slot + 1 */
    uint32_t count;
};

struct idmap *idmap_new(uint32_t max)
{
    struct idmap *map = dvc_calloc(1, sizeof(*map));

    map->max = max;
    return map;
}

struct idmap *idmap_free(struct idmap *map)
{
    if (map != NULL)
        free(map->slots);
    free(map);
    return NULL;
}

static void grow(struct idmap *map)
{
    uint32_t cap = map->cap < 16 ? 16 : map->cap * 2;

    if (cap > map->max || cap < map->cap)
        cap = map->max;
    map->slots = dvc_realloc(map->slots, cap * sizeof(*map->slots));
    map->cap = cap;
}

uint64_t idmap_add(struct idmap *map, void *object)
{
    uint32_t index;
    struct slot *slot;

    DVC_REQUIRE(object != NULL);
    if (map->count >= map->max)
        return 0;
    if (map->first_free != 0) {
        index = map->first_free - 1;
        slot = &map->slots[index];
        map->first_free = slot->next_free;
    } else {
        if (map->used == map->cap)
            grow(map);
        index = map->used++;
        slot = &map->slots[index];
        slot->generation = 0;
    }
    slot->object = object;
    slot->generation++;
    slot->next_free = 0;
    map->count++;
    return (uint64_t)slot->generation << 32 | (index + UINT64_C(1));
}

static struct slot *find(const struct idmap *map, uint64_t id)
{
    uint32_t number = (uint32_t)id;
    struct slot *slot;

    if (number == 0 || number > map->used)
        return NULL;
    slot = &map->slots[number - 1];
    return slot->object != NULL && slot->generation == (uint32_t)(id >> 32) ? slot : NULL;
}

void *idmap_get(const struct idmap *map, uint64_t id)
{
    struct slot *slot = find(map, id);

    return slot != NULL ? slot->object : NULL;
}

void idmap_remove(struct idmap *map, uint64_t id)
{
    struct slot *slot = find(map, id);

    if (slot == NULL)
        return;
    slot->object = NULL;
    slot->next_free = map->first_free;
    map->first_free = (uint32_t)id;
    map->count--;
}

uint32_t idmap_count(const struct idmap *map)
{
    return map->count;
}
