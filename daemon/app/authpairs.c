#include "app/authpairs.h"

#include <unistd.h>

#include "app/authhelper.h"

int authpairs_open(struct authpairs *pairs, unsigned slots)
{
    int result = 0;

    while (result == 0 && pairs->count < AUTHPAIRS_PER_SLOT * slots) {
        result = authhelper_pair(&pairs->gateway[pairs->count], &pairs->helper[pairs->count]);
        pairs->count += result == 0;
    }
    return result;
}

void authpairs_close(struct authpairs *pairs)
{
    authpairs_close_others(pairs, SIZE_MAX, false);
    pairs->count = 0;
}

void authpairs_close_others(const struct authpairs *pairs, size_t own, bool serves)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (i != own)
            (void)close(pairs->gateway[i]);
        if (!serves)
            (void)close(pairs->helper[i]);
    }
}
