#include "http/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/num.h"

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_mapped(const uint8_t ip[16])
{
    return memcmp(ip, mapped, sizeof(mapped)) == 0;
}

static bool is_loopback(const uint8_t ip[16])
{
    static const uint8_t six[16] = {[15] = 1};

    return (is_mapped(ip) && ip[12] == 127) || memcmp(ip, six, sizeof(six)) == 0;
}

static int parse_ip(struct slice text, uint8_t ret[16])
{
    char copy[INET6_ADDRSTRLEN];
    uint8_t four[4];

    if (text.len == 0 || text.len >= sizeof(copy) || memchr(text.ptr, '\0', text.len))
        return -EINVAL;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, four) == 1) {
        memcpy(ret, mapped, sizeof(mapped));
        memcpy(ret + 12, four, sizeof(four));
        return 0;
    }
    return inet_pton(AF_INET6, copy, ret) == 1 ? 0 : -EINVAL;
}

int client_parse(struct slice text, struct client_address *ret)
{
    struct client_address client = {0};

    if (parse_ip(text, client.ip) < 0)
        return -EINVAL;
    if (is_mapped(client.ip))
        inet_ntop(AF_INET, client.ip + 12, client.text, sizeof(client.text));
    else
        inet_ntop(AF_INET6, client.ip, client.text, sizeof(client.text));
    client.loopback = is_loopback(client.ip);
    *ret = client;
    return 0;
}

static int parse_network(struct slice text, struct client_network *ret)
{
    ptrdiff_t slash = slice_find(text, '/', 0);
    struct slice host = slash < 0 ? text : slice_sub(text, 0, (size_t)slash);
    struct client_network network;
    int64_t bits;
    bool four;

    if (parse_ip(host, network.ip) < 0)
        return -EINVAL;
    four = slice_find(host, ':', 0) < 0;
    bits = four ? 32 : 128;
    if (slash >= 0 &&
        num_parse_i64(slice_sub(text, (size_t)slash + 1, text.len), 0, bits, &bits) < 0)
        return -EINVAL;
    network.bits = (uint8_t)(four ? bits + 96 : bits);
    *ret = network;
    return 0;
}

int client_networks_parse(struct slice text, struct client_network *out, size_t max,
                          size_t *ret_count)
{
    size_t count = 0, at = 0;

    while (at < text.len) {
        size_t end = at;
        struct client_network network;

        while (end < text.len && text.ptr[end] != ',' && text.ptr[end] != ' ')
            end++;
        if (end > at) {
            if (parse_network(slice_sub(text, at, end - at), &network) < 0)
                return -EINVAL;
            if (count == max)
                return -E2BIG;
            out[count++] = network;
        }
        at = end + 1;
    }
    *ret_count = count;
    return 0;
}

static bool in_network(const uint8_t ip[16], const struct client_network *network)
{
    size_t whole = network->bits / 8;
    unsigned rest = network->bits % 8;

    if (memcmp(ip, network->ip, whole) != 0)
        return false;
    return rest == 0 || (ip[whole] ^ network->ip[whole]) >> (8 - rest) == 0;
}

bool client_in(const uint8_t ip[16], const struct client_network *networks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (in_network(ip, &networks[i]))
            return true;
    }
    return false;
}

/* Cuts the last comma-separated part off. False when nothing is left. */
static bool last_part(struct slice *rest, struct slice *ret)
{
    size_t at = rest->len;

    if (!rest->ptr)
        return false;
    while (at > 0 && rest->ptr[at - 1] != ',')
        at--;
    *ret = slice_trim(slice_sub(*rest, at, rest->len));
    *rest = at == 0 ? SLICE_NULL : slice_sub(*rest, 0, at - 1);
    return true;
}

struct client_address client_resolve(const struct client_address *peer, struct slice forwarded_for,
                                     struct slice forwarded_proto, bool other,
                                     const struct client_network *trusted, size_t count)
{
    struct client_address client = *peer, next;
    struct slice rest = forwarded_for, part;
    bool vouched = client_in(peer->ip, trusted, count);
    bool secure = peer->secure;

    if (vouched && slice_is(forwarded_proto, "https"))
        secure = true;
    while (vouched && last_part(&rest, &part)) {
        if (client_parse(part, &next) < 0)
            break;
        client = next;
        vouched = client_in(client.ip, trusted, count);
    }
    client.secure = secure;
    client.forwarded = other || forwarded_for.ptr || forwarded_proto.ptr;
    client.loopback = peer->loopback && !client.forwarded;
    return client;
}
