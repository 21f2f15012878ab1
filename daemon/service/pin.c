#include "service/pin.h"

#include <string.h>

#include "base/hash.h"
#include "service/service.h"

void pin_of(const struct service *service, struct slice code, char out[PIN_SIZE])
{
    struct sha256 mac =
        hmac_sha256((struct slice){(const char *)service->pin_key, SERVICE_KEY_SIZE}, code);
    size_t digits = (size_t)service->generation->settings.lookup.pin_digits;

    for (size_t i = 0; i < digits && i + 1 < PIN_SIZE; i++) {
        /* Two bytes a digit: the bias of 65536 modulo 10 is below one in ten thousand. */
        unsigned both = (unsigned)mac.bytes[2 * i] << 8 | mac.bytes[2 * i + 1];

        out[i] = (char)('0' + both % 10);
        out[i + 1] = '\0';
    }
}

bool pin_matches(const struct service *service, struct slice code, struct slice pin)
{
    char right[PIN_SIZE];

    pin_of(service, code, right);
    return pin.len == strlen(right) && hash_equal(pin.ptr, right, pin.len);
}
