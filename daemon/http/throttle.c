#include "http/throttle.h"

#include <stdlib.h>
#include <string.h>

struct slot {
    uint8_t prefix[16];
    int64_t minute;
    int64_t used;
};

struct throttle {
    int64_t per_minute;
    struct slot slots[THROTTLE_SLOTS];
};

struct throttle *throttle_new(int64_t per_minute)
{
    struct throttle *throttle = dvc_calloc(1, sizeof(*throttle));

    throttle->per_minute = per_minute;
    return throttle;
}

struct throttle *throttle_free(struct throttle *throttle)
{
    free(throttle);
    return NULL;
}

bool throttle_take(struct throttle *throttle, const uint8_t ip[16], mono_t now)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    bool v4 = memcmp(ip, mapped, sizeof(mapped)) == 0;
    int64_t minute = now.us / US_PER_MINUTE;
    uint8_t prefix[16] = {0};
    uint32_t hash = 2166136261u;
    struct slot *slot;

    if (throttle->per_minute == 0)
        return true;
    memcpy(prefix, ip, v4 ? 16 : 8); /* a household holds a whole /64 */
    for (size_t i = 0; i < sizeof(prefix); i++)
        hash = (hash ^ prefix[i]) * 16777619u;
    slot = &throttle->slots[hash % THROTTLE_SLOTS];
    if (memcmp(slot->prefix, prefix, sizeof(prefix)) != 0 || slot->minute != minute) {
        memcpy(slot->prefix, prefix, sizeof(prefix));
        slot->minute = minute;
        slot->used = 0;
    }
    return ++slot->used <= throttle->per_minute;
}
