/* plugin_mutator.c - changes that keep the shape of YAML: lines are moved, doubled, dropped,
 * indented anew, taken from the other plugins, and one word takes the place of another. Half of the
 * changes stay libFuzzer's own, which know no shape. */
#include "fuzz_target.h"

#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
                                 size_t two_size, uint8_t *out, size_t max, unsigned int seed);

#define LINES_MAX 512
#define RUN_MAX 12 /* lines moved at once */

struct lines {
    size_t at[LINES_MAX + 1]; /* the last one is the end of the text */
    size_t count;
};

static uint64_t state;

/* xorshift: the same seed gives the same changes, which is what the fuzzer replays. */
static size_t below(size_t count)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return count == 0 ? 0 : (size_t)(state % count);
}

static void seeded(unsigned int seed)
{
    state = ((uint64_t)seed << 20) ^ UINT64_C(0x9E3779B97F4A7C15);
}

static void lines_of(const uint8_t *data, size_t size, struct lines *lines)
{
    lines->count = 0;
    lines->at[0] = 0;
    for (size_t i = 0; i < size && lines->count < LINES_MAX; i++) {
        if (data[i] == '\n' || i + 1 == size)
            lines->at[++lines->count] = i + 1;
    }
}

/* Puts `len` bytes of `from` where `cut` bytes stood. The size is as before when it does not fit.
 */
static size_t replace(uint8_t *data, size_t size, size_t max, size_t at, size_t cut,
                      const uint8_t *from, size_t len)
{
    static uint8_t copy[1 << 16];

    if (len > sizeof(copy) || size - cut + len > max)
        return size;
    memcpy(copy, from, len);
    memmove(data + at + len, data + at + cut, size - at - cut);
    memcpy(data + at, copy, len);
    return size - cut + len;
}

/* A run of lines: where it begins, and its length in bytes. */
static size_t run(const struct lines *lines, size_t *ret_len)
{
    size_t first = below(lines->count);
    size_t count = 1 + below(below(2) == 0 ? 1 : RUN_MAX);
    size_t last = first + count > lines->count ? lines->count : first + count;

    *ret_len = lines->at[last] - lines->at[first];
    return lines->at[first];
}

static size_t indent(uint8_t *data, size_t size, size_t max, const struct lines *lines)
{
    size_t at = lines->at[below(lines->count)];

    if (below(2) == 0)
        return replace(data, size, max, at, 0, (const uint8_t *)"    ", 2 * (1 + below(2)));
    if (size - at >= 2 && data[at] == ' ' && data[at + 1] == ' ')
        return replace(data, size, max, at, 2, data, 0);
    return size;
}

static bool is_word(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static size_t word(const uint8_t *data, size_t size, size_t *ret_len)
{
    size_t at = below(size), end;

    while (at < size && !is_word(data[at]))
        at++;
    while (at > 0 && is_word(data[at - 1]))
        at--;
    for (end = at; end < size && is_word(data[end]);)
        end++;
    *ret_len = end - at;
    return at;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
    struct lines lines;
    size_t from, to, len, cut;

    seeded(seed);
    lines_of(data, size, &lines);
    if (lines.count < 2 || below(2) == 0)
        return LLVMFuzzerMutate(data, size, max);
    from = run(&lines, &len);
    to = run(&lines, &cut);
    switch (below(6)) {
    case 0:
        return replace(data, size, max, from, len, data, 0);
    case 1:
        return replace(data, size, max, to, 0, data + from, len);
    case 2:
        return replace(data, size, max, to, cut, data + from, len);
    case 3:
        return indent(data, size, max, &lines);
    default:
        from = word(data, size, &len);
        to = word(data, size, &cut);
        return replace(data, size, max, to, cut, data + from, len);
    }
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
                                 size_t two_size, uint8_t *out, size_t max, unsigned int seed)
{
    struct lines mine, theirs;
    size_t size = one_size < max ? one_size : max, from, to, len, cut;

    seeded(seed);
    memcpy(out, one, size);
    lines_of(out, size, &mine);
    lines_of(two, two_size, &theirs);
    if (mine.count == 0 || theirs.count == 0)
        return size;
    to = run(&mine, &cut);
    from = run(&theirs, &len);
    return replace(out, size, max, to, below(2) == 0 ? 0 : cut, two + from, len);
}
