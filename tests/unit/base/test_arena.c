#include "base/arena.h"

#include "dvc_test.h"

#include <string.h>

#include <signal.h>

DVC_TEST(arena, memory_is_zeroed_aligned_and_separate)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    unsigned char *pieces[2000];

    for (size_t i = 0; i < DVC_COUNT(pieces); i++) {
        size_t size = i * 7 % 400 + 1;

        pieces[i] = arena_alloc(arena, size);
        DVC_EQ_INT((uintptr_t)pieces[i] % 16, 0);
        for (size_t k = 0; k < size; k++)
            cr_assert(pieces[i][k] == 0, "piece %zu byte %zu is not zero", i, k);
        memset(pieces[i], (int)(i % 255 + 1), size);
    }
    for (size_t i = 0; i < DVC_COUNT(pieces); i++) {
        for (size_t k = 0; k < i * 7 % 400 + 1; k++)
            cr_assert(pieces[i][k] == i % 255 + 1, "piece %zu was overwritten", i);
    }
}

DVC_TEST(arena, large_pieces_leave_the_current_block_in_use)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    char *before = arena_alloc(arena, 16);
    char *large = arena_alloc(arena, 3 << 20);
    char *after = arena_alloc(arena, 16);

    large[(3 << 20) - 1] = 'x';
    cr_assert(after > before && after - before < 256, "the rest of the block is lost");
    DVC_EQ_INT(arena_used(arena), 32 + (3 << 20));
}

DVC_TEST(arena, grows_an_array)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    int *items = NULL;
    size_t cap = 0;

    for (int i = 0; i < 1000; i++) {
        items = arena_grow(arena, items, (size_t)i, &cap, sizeof(*items));
        cr_assert(cap > (size_t)i);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        DVC_EQ_INT(items[i], i);
}

DVC_TEST(arena, text)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    char source[] = "hồ sơ";
    char *copy = arena_str(arena, source);

    source[0] = 'X';
    DVC_EQ_STR(copy, "hồ sơ");
    cr_assert_null(arena_str(arena, NULL));
    DVC_EQ_STR(arena_slice_str(arena, SLICE_NULL), "");
    DVC_EQ_STR(arena_slice(arena, slice_sub(SLICE_LIT("abcdef"), 1, 2)).ptr, "bc");
    DVC_EQ_STR(arena_printf(arena, "%s-%04d", "H24", 7), "H24-0007");
    DVC_EQ_INT(strlen(arena_printf(arena, "%5000s", "x")), 5000);
}

DVC_TEST(arena, array_size_overflow_stops, .signal = SIGABRT)
{
    arena_array(arena_new(), SIZE_MAX / 4, 8);
}

DVC_TEST(arena, free_takes_null)
{
    cr_assert_null(arena_free(NULL));
    cr_assert_null(arena_free(arena_new()));
}

struct goodbye {
    int *order, *count;
    int mine;
};

static void say_goodbye(void *ctx)
{
    struct goodbye *goodbye = ctx;

    goodbye->order[(*goodbye->count)++] = goodbye->mine;
}

DVC_TEST(arena, what_is_kept_outside_is_told_when_it_goes)
{
    int order[2] = {0}, count = 0;
    struct arena *arena = arena_new();
    struct goodbye first = {order, &count, 1}, second = {order, &count, 2};

    arena_on_free(arena, say_goodbye, &first);
    arena_on_free(arena, say_goodbye, &second);
    DVC_EQ_INT(count, 0);
    arena_free(arena);
    DVC_EQ_INT(count, 2);
    DVC_EQ_INT(order[0], 2);
    DVC_EQ_INT(order[1], 1);
}

DVC_TEST(arena, widens_the_last_piece_where_it_is)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    char *text = arena_widen(arena, NULL, 0, 8), *other;

    memcpy(text, "abcdefg", 8);
    cr_assert(arena_widen(arena, text, 8, 500) == text);
    other = arena_alloc(arena, 16);
    cr_assert(text + 500 <= other || other + 16 <= text);
    other = arena_widen(arena, text, 500, 200000);
    cr_assert(other != text);
    DVC_EQ_STR(other, "abcdefg");
}

DVC_TEST(arena, copies)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    char text[] = "one";
    char *copy = arena_copy(arena, text, sizeof(text));

    text[0] = 'x';
    DVC_EQ_STR(copy, "one");
    cr_assert(arena_copy(arena, NULL, 0) != NULL);
}
