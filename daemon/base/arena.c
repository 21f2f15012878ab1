#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if DVC_ASAN
#include <sanitizer/asan_interface.h>
/* A gap after each piece, and everything not yet handed out, is poisoned: overruns inside a block
 * are then seen as if each piece came from malloc. */
#define RED_ZONE 16
#else
#define RED_ZONE 0
#define ASAN_POISON_MEMORY_REGION(ptr, size) ((void)(ptr), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(ptr, size) ((void)(ptr), (void)(size))
#endif

enum {
    ALIGNMENT = 16,
    BLOCK_FIRST = 16 * 1024,
    BLOCK_MOST = 256 * 1024,
};

struct block {
    struct block *next;
    size_t size; /* of data */
    _Alignas(ALIGNMENT) char data[];
};

/* The first block holds the arena itself, so that a short request costs one allocation. */
struct arena {
    struct block *blocks; /* newest first; pieces come from the newest */
    char *at, *end;       /* what is left of it */
    size_t next_size;
    size_t used;
    struct farewell *farewells;
};

struct farewell {
    struct farewell *next;
    void (*fn)(void *ctx);
    void *ctx;
};

static struct block *block_new(size_t size)
{
    struct block *block = dvc_malloc(sizeof(*block) + size);

    block->next = NULL;
    block->size = size;
    return block;
}

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

struct arena *arena_new(void)
{
    struct block *block = block_new(BLOCK_FIRST - sizeof(struct block));
    struct arena *arena = (struct arena *)(void *)block->data;

    *arena = (struct arena){
        .blocks = block,
        .at = block->data + round_up(sizeof(*arena)),
        .end = block->data + block->size,
        .next_size = BLOCK_FIRST * 2,
    };
    ASAN_POISON_MEMORY_REGION(arena->at, (size_t)(arena->end - arena->at));
    return arena;
}

struct arena *arena_free(struct arena *arena)
{
    struct block *block, *next;

    if (arena == NULL)
        return NULL;
    for (struct farewell *f = arena->farewells; f != NULL; f = f->next)
        f->fn(f->ctx);
    for (block = arena->blocks; block != NULL; block = next) {
        next = block->next;
        ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
        free(block);
    }
    return NULL;
}

void arena_on_free(struct arena *arena, void (*fn)(void *ctx), void *ctx)
{
    struct farewell *farewell = ARENA_NEW(arena, struct farewell);

    *farewell = (struct farewell){arena->farewells, fn, ctx};
    arena->farewells = farewell;
}

void arena_freep(struct arena **arena)
{
    *arena = arena_free(*arena);
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

/* A piece larger than a quarter of the next block gets a block of its own behind the current one,
 * so that the rest of the current block stays in use. */
static void *alloc_slow(struct arena *arena, size_t need)
{
    struct block *block;

    if (need > arena->next_size / 4) {
        block = block_new(need);
        block->next = arena->blocks->next;
        arena->blocks->next = block;
        return block->data;
    }
    block = block_new(arena->next_size - sizeof(*block));
    block->next = arena->blocks;
    arena->blocks = block;
    arena->at = block->data + need;
    arena->end = block->data + block->size;
    if (arena->next_size < BLOCK_MOST)
        arena->next_size *= 2;
    ASAN_POISON_MEMORY_REGION(block->data, block->size);
    return block->data;
}

static size_t room_for(size_t size)
{
    DVC_REQUIRE(size <= SIZE_MAX / 2);
    return round_up(size > 0 ? size : 1) + RED_ZONE;
}

/* Whatever was in it before. */
static void *take(struct arena *arena, size_t size)
{
    size_t need = room_for(size);
    char *piece;

    if (need <= (size_t)(arena->end - arena->at)) {
        piece = arena->at;
        arena->at += need;
    } else {
        piece = alloc_slow(arena, need);
    }
    arena->used += size;
    ASAN_UNPOISON_MEMORY_REGION(piece, size);
    return piece;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *copy = take(arena, size);

    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

void *arena_widen(struct arena *arena, void *piece, size_t size, size_t wider)
{
    char *start = piece;
    void *copy;

    DVC_REQUIRE(wider >= size);
    if (start != NULL && start + room_for(size) == arena->at &&
        room_for(wider) <= (size_t)(arena->end - start)) {
        arena->at = start + room_for(wider);
        arena->used += wider - size;
        ASAN_UNPOISON_MEMORY_REGION(start, wider);
        return start;
    }
    copy = take(arena, wider);
    if (start != NULL)
        memcpy(copy, start, size);
    return copy;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;

    DVC_REQUIRE(!__builtin_mul_overflow(count, size, &total));
    return arena_alloc(arena, total);
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *cap, size_t size)
{
    size_t wider;
    void *moved;

    if (count < *cap)
        return items;
    wider = *cap < 8 ? 8 : *cap * 2;
    moved = arena_array(arena, wider, size);
    if (count > 0)
        memcpy(moved, items, count * size);
    *cap = wider;
    return moved;
}

char *arena_str(struct arena *arena, const char *text)
{
    return text != NULL ? arena_slice_str(arena, slice_str(text)) : NULL;
}

char *arena_slice_str(struct arena *arena, struct slice text)
{
    char *copy = take(arena, text.len + 1);

    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

struct slice arena_slice(struct arena *arena, struct slice text)
{
    return (struct slice){arena_slice_str(arena, text), text.len};
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    char small[256];
    char *text;
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);
    DVC_REQUIRE(len >= 0);
    if ((size_t)len < sizeof(small))
        return arena_slice_str(arena, (struct slice){small, (size_t)len});
    text = arena_alloc(arena, (size_t)len + 1);
    va_start(args, fmt);
    vsnprintf(text, (size_t)len + 1, fmt, args);
    va_end(args);
    return text;
}
