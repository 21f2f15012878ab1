#include "fault.h"

#include <errno.h>

static const char *const names[FAULT_COUNT] = {
    [FAULT_TOKEN_EXPIRED] = "token_expired",
    [FAULT_TOO_MANY] = "too_many",
    [FAULT_SERVER_ERROR] = "server_error",
    [FAULT_REFUSED] = "refused",
    [FAULT_RESET_BEFORE] = "reset_before",
    [FAULT_RESET_AFTER] = "reset_after",
    [FAULT_SLOW] = "slow",
    [FAULT_STATUS_TEXT] = "status_text",
    [FAULT_NO_CONTENT_TYPE] = "no_content_type",
    [FAULT_EVENT_SWAPPED] = "event_swapped",
    [FAULT_EVENT_TWICE] = "event_twice",
    [FAULT_EVENT_UNKNOWN] = "event_unknown",
};

const char *fault_name(enum fault_kind kind)
{
    return kind < FAULT_COUNT ? names[kind] : "none";
}

int fault_by_name(struct slice name, enum fault_kind *ret)
{
    for (size_t i = 0; i < FAULT_COUNT; i++) {
        if (slice_is(name, names[i])) {
            *ret = (enum fault_kind)i;
            return 0;
        }
    }
    return -EINVAL;
}

/* splitmix64's finaliser: one step spreads every bit of the input over the whole word. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t fault_number(const struct fault_plan *plan, enum fault_kind kind, struct slice key,
                      uint64_t count)
{
    uint64_t h = mix(plan->seed ^ mix((uint64_t)kind + 1));

    for (size_t i = 0; i < key.len; i++)
        h = mix(h ^ (uint8_t)key.ptr[i]);
    return mix(h ^ count);
}

bool fault_draw(struct fault_plan *plan, enum fault_kind kind, struct slice key, uint64_t count)
{
    /* 53 bits: what a double holds exactly. */
    double drawn = (double)(fault_number(plan, kind, key, count) >> 11) * 0x1.0p-53;
    bool met = drawn < plan->rate[kind];

    if (plan->forced[kind] > 0) {
        plan->forced[kind]--;
        met = true;
    }
    if (met)
        plan->hits[kind]++;
    return met;
}

enum fault_kind fault_pick(struct fault_plan *plan, const enum fault_kind *kinds, size_t kind_count,
                           struct slice key, uint64_t count)
{
    for (size_t i = 0; i < kind_count; i++) {
        if (fault_draw(plan, kinds[i], key, count))
            return kinds[i];
    }
    return FAULT_NONE;
}
