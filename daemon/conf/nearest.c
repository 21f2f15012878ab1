#include "conf/nearest.h"

#define WORD_MAX 40

static size_t least(size_t a, size_t b, size_t c)
{
    size_t low = a < b ? a : b;

    return low < c ? low : c;
}

/* Levenshtein over bytes, one row; both at most WORD_MAX long. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[WORD_MAX + 1];

    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t above = row[j];
            size_t change = a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1;

            row[j] = least(above + 1, row[j - 1] + 1, diagonal + change);
            diagonal = above;
        }
    }
    return row[b.len];
}

const char *nearest_word(struct slice text, const char *const *names, size_t count)
{
    size_t best = SIZE_MAX;
    const char *name = NULL;

    if (text.len == 0 || text.len > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct slice known = slice_str(names[i]);
        size_t steps;

        if (known.len > WORD_MAX)
            continue;
        steps = distance(text, known);
        if (steps < best && steps <= (known.len + 2) / 3) {
            best = steps;
            name = names[i];
        }
    }
    return name;
}
