/* dice.h - random numbers that are the same on every machine: splitmix64. */
#ifndef DVC_SCENARIO_DICE_H
#define DVC_SCENARIO_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

/* The next whole number. */
static inline uint64_t dice_next(struct dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 <= answer < below. */
static inline size_t dice_roll(struct dice *dice, size_t below)
{
    return (size_t)(dice_next(dice) % below);
}

static inline bool dice_one_in(struct dice *dice, size_t n)
{
    return dice_roll(dice, n) == 0;
}

/* A die of its own for part `part` of what `seed` stands for. */
static inline struct dice dice_of(uint64_t seed, uint64_t part)
{
    struct dice dice = {seed ^ (part + 1) * UINT64_C(0xd1342543de82ef95)};

    dice.state = dice_next(&dice);
    return dice;
}

#define DICE_PICK(dice, items) ((items)[dice_roll((dice), DVC_COUNT(items))])

#endif
