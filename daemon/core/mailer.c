#include "core/mailer.h"

#include <string.h>

#define ADDRESS_MAX 254
#define LOCAL_MAX 64

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool domain_ok(struct slice domain)
{
    char before = '.';

    for (size_t i = 0; i < domain.len; i++) {
        char c = domain.ptr[i];

        if (!is_word(c) && c != '-' && c != '.')
            return false;
        if ((c == '.' || c == '-') && before == '.')
            return false;
        before = c;
    }
    return domain.len > 0 && before != '.' && before != '-';
}

bool mailer_address_ok(struct slice address)
{
    const char *at = address.len > 0 ? memrchr(address.ptr, '@', address.len) : NULL;
    size_t local;

    if (at == NULL || address.len > ADDRESS_MAX)
        return false;
    local = (size_t)(at - address.ptr);
    if (local == 0 || local > LOCAL_MAX || address.ptr[0] == '.' || address.ptr[0] == '-' ||
        address.ptr[local - 1] == '.')
        return false;
    for (size_t i = 0; i < local; i++) {
        char c = address.ptr[i];

        if (c == '\0' || (!is_word(c) && strchr("!#$%&'*+-/=?^_`{|}~.", c) == NULL) ||
            (c == '.' && address.ptr[i + 1] == '.'))
            return false;
    }
    return domain_ok(slice_sub(address, local + 1, address.len));
}
