#include "core/code.h"

int code_find(const char *const *codes, size_t count, struct slice code)
{
    if (code.len == 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (codes[i] != NULL && slice_is(code, codes[i]))
            return (int)i;
    }
    return -1;
}
