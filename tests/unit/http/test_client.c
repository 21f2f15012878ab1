#include "http/client.h"

#include "dvc_test.h"

#include <errno.h>

static struct client_address address(const char *text)
{
    struct client_address client = {0};

    cr_assert(client_parse(slice_str(text), &client) == 0, "%s", text);
    return client;
}

static const char *resolve(const char *trusted, const char *peer, const char *forwarded)
{
    static struct client_address client;
    struct client_network networks[8];
    struct client_address from = address(peer);
    size_t count = 0;

    DVC_EQ_INT(client_networks_parse(slice_str(trusted), networks, 8, &count), 0);
    client = client_resolve(&from, slice_str(forwarded), SLICE_NULL, false, networks, count);
    return client.text;
}

DVC_TEST(client, networks)
{
    struct client_network networks[2];
    size_t count = 9;

    DVC_EQ_INT(client_networks_parse(SLICE_LIT("10.0.0.0/9, fd00::/8"), networks, 2, &count), 0);
    DVC_EQ_INT(count, 2);
    cr_assert(client_in(address("10.127.255.255").ip, networks, count));
    cr_assert_not(client_in(address("10.128.0.0").ip, networks, count));
    cr_assert(client_in(address("fdab::1").ip, networks, count));
    cr_assert_not(client_in(address("fe80::1").ip, networks, count));
    cr_assert(client_in(address("::ffff:10.1.2.3").ip, networks, count));
    DVC_EQ_INT(client_networks_parse(SLICE_LIT("10.0.0.0/33"), networks, 2, &count), -EINVAL);
    DVC_EQ_INT(client_networks_parse(SLICE_LIT("ten"), networks, 2, &count), -EINVAL);
    DVC_EQ_INT(client_networks_parse(SLICE_LIT("1.1.1.1 2.2.2.2 3.3.3.3"), networks, 2, &count),
               -E2BIG);
    DVC_EQ_INT(client_networks_parse(SLICE_LIT(""), networks, 2, &count), 0);
    DVC_EQ_INT(count, 0);
}

DVC_TEST(client, only_trusted_proxies_may_speak_for_others)
{
    DVC_EQ_STR(resolve("10.0.0.1", "10.0.0.1", "1.1.1.1"), "1.1.1.1");
    DVC_EQ_STR(resolve("10.0.0.1", "10.0.0.2", "1.1.1.1"), "10.0.0.2");
    DVC_EQ_STR(resolve("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 1.1.1.1 ,10.0.0.9"), "1.1.1.1");
    DVC_EQ_STR(resolve("10.0.0.0/8", "10.0.0.1", "1.1.1.1, unknown"), "10.0.0.1");
    DVC_EQ_STR(resolve("10.0.0.0/8", "10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3");
    DVC_EQ_STR(resolve("", "::ffff:192.0.2.7", NULL), "192.0.2.7");
}

DVC_TEST(client, loopback_behind_a_proxy_is_not_local)
{
    struct client_address peer = address("127.0.0.1"), client;

    client = client_resolve(&peer, SLICE_NULL, SLICE_NULL, false, NULL, 0);
    cr_assert(client.loopback && !client.forwarded);
    client = client_resolve(&peer, SLICE_LIT(""), SLICE_NULL, false, NULL, 0);
    cr_assert(!client.loopback && client.forwarded);
    client = client_resolve(&peer, SLICE_NULL, SLICE_NULL, true, NULL, 0);
    cr_assert(!client.loopback);
}
