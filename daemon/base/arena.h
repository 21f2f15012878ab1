/* arena.h - one lifetime for all that a request, a change or a configuration generation allocates.
 */
#ifndef DVC_BASE_ARENA_H
#define DVC_BASE_ARENA_H

#include "base/slice.h"

struct arena;

struct arena *arena_new(void);
struct arena *arena_free(struct arena *arena); /* takes NULL, returns NULL */
void arena_freep(struct arena **arena);        /* for DVC_CLEANUP */
/* Calls fn(ctx) when the arena goes, the last one asked for first: for what a library keeps
 * outside. */
void arena_on_free(struct arena *arena, void (*fn)(void *ctx), void *ctx);
size_t arena_used(const struct arena *arena);  /* bytes handed out, for limits and metrics */

/* Zeroed memory, aligned for any type. Never NULL; exhaustion is DVC_REQUIRE. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));
void *arena_array(struct arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), (count), sizeof(type)))

/* Grows an array that lives in an arena: returns `items`, or a larger copy, with room for one more
 * than `count`; *cap is updated. The old copy stays until the arena goes. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *cap, size_t size);

/* A copy of `size` bytes. */
void *arena_copy(struct arena *arena, const void *data, size_t size)
    __attribute__((returns_nonnull));
/* A wider piece that begins with the `size` bytes of `piece` (NULL: with none): the piece itself
 * when it was the last one handed out, else a copy. What is new in it is not cleared. */
void *arena_widen(struct arena *arena, void *piece, size_t size, size_t wider)
    __attribute__((returns_nonnull));

char *arena_str(struct arena *arena, const char *text); /* NULL stays NULL */
char *arena_slice_str(struct arena *arena, struct slice text);
struct slice arena_slice(struct arena *arena, struct slice text);
char *arena_printf(struct arena *arena, const char *fmt, ...) DVC_PRINTF(2, 3);

#endif
