/* client.h - whose address counts: networks in CIDR form, and the walk through X-Forwarded-For. */
#ifndef DVC_HTTP_CLIENT_H
#define DVC_HTTP_CLIENT_H

#include "base/arena.h"

#define CLIENT_TEXT_SIZE 46

struct client_address {
    uint8_t ip[16];              /* IPv4 as ::ffff:a.b.c.d */
    char text[CLIENT_TEXT_SIZE]; /* as people write it: IPv4 without the ::ffff: */
    bool forwarded;              /* any forwarding header was present, trusted or not */
    bool loopback;               /* of the direct peer, and no forwarding header: may have rights */
    bool secure;                 /* a trusted proxy said X-Forwarded-Proto: https, or our own TLS */
};

struct client_network {
    uint8_t ip[16];
    uint8_t bits; /* of 128 */
};

/* Comma- or blank-separated: "127.0.0.1, 10.0.0.0/8, fd00::/8". At most `max` networks go to `out`.
 * 0, -EINVAL for a malformed one, -E2BIG for too many. */
int client_networks_parse(struct slice text, struct client_network *out, size_t max,
                          size_t *ret_count) DVC_MUSTCHECK;
bool client_in(const uint8_t ip[16], const struct client_network *networks, size_t count);
/* Numeric address, no port. 0 or -EINVAL. */
int client_parse(struct slice text, struct client_address *ret) DVC_MUSTCHECK;

/* The client behind `peer` (from the socket). X-Forwarded-For is read from the right as long as the
 * one who wrote the entry is trusted; a malformed entry ends the walk. Slices with ptr NULL: that
 * header was absent. `other` says that another forwarding header (Forwarded, Via, X-Real-IP) was.
 */
struct client_address client_resolve(const struct client_address *peer, struct slice forwarded_for,
                                     struct slice forwarded_proto, bool other,
                                     const struct client_network *trusted, size_t count);

#endif
