#include "http/throttle.h"

#include "dvc_test.h"

#include <arpa/inet.h>

static bool take(struct throttle *throttle, const char *address, int64_t second)
{
    uint8_t ip[16];

    cr_assert(inet_pton(AF_INET6, address, ip) == 1);
    return throttle_take(throttle, ip, (mono_t){second * US_PER_SECOND});
}

DVC_TEST(throttle, each_address_has_its_minute)
{
    struct throttle *throttle = throttle_new(2);

    cr_assert(take(throttle, "::ffff:10.0.0.1", 60) && take(throttle, "::ffff:10.0.0.1", 61));
    cr_assert(!take(throttle, "::ffff:10.0.0.1", 119));
    cr_assert(take(throttle, "::ffff:10.0.0.2", 119));
    cr_assert(take(throttle, "::ffff:10.0.0.1", 120), "a new minute");
    throttle_free(throttle);
}

DVC_TEST(throttle, a_household_is_one)
{
    struct throttle *throttle = throttle_new(2);

    cr_assert(take(throttle, "2001:db8:1:2::1", 0) && take(throttle, "2001:db8:1:2::2", 0));
    cr_assert(!take(throttle, "2001:db8:1:2:ffff::3", 0));
    cr_assert(take(throttle, "2001:db8:1:3::1", 0));
    throttle_free(throttle);
}

DVC_TEST(throttle, none_means_none)
{
    struct throttle *throttle = throttle_new(0);

    for (int i = 0; i < 10000; i++)
        cr_assert(take(throttle, "::1", 0));
    throttle_free(throttle);
}
