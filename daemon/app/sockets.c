#include "app/sockets.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"

static bool same_place(const struct listen_given *a, const struct listen_given *b)
{
    return a->secure == b->secure && a->local.len == b->local.len &&
           memcmp(&a->local.addr, &b->local.addr, a->local.len) == 0;
}

/* The sockets of one address as columns of all rows. `members` index `given`. */
static int add_columns(struct sockets *sockets, const struct listen_given *given,
                       const size_t *members, size_t n)
{
    size_t columns = (n + sockets->slots - 1) / sockets->slots;

    if (sockets->count + columns > WORKER_LISTEN_MAX)
        return -E2BIG;
    for (size_t column = 0; column < columns; column++, sockets->count++) {
        for (unsigned slot = 0; slot < sockets->slots; slot++) {
            size_t at = column * sockets->slots + slot;
            int *cell = &sockets->fds[slot * WORKER_LISTEN_MAX + sockets->count];

            /* Fewer sockets than slots: several slots accept from one. */
            if (at < n || column == 0)
                *cell = given[members[at % n]].fd;
        }
    }
    return 0;
}

static int add_kind(struct sockets *sockets, const struct listen_given *given, size_t count,
                    bool secure)
{
    size_t members[LISTEN_GIVEN_MAX];

    for (size_t i = 0; i < count; i++) {
        size_t n = 0;
        bool seen = given[i].secure != secure;

        for (size_t j = 0; j < i && !seen; j++)
            seen = same_place(&given[i], &given[j]);
        if (seen)
            continue;
        for (size_t j = i; j < count; j++) {
            if (same_place(&given[i], &given[j]))
                members[n++] = j;
        }
        if (add_columns(sockets, given, members, n) != 0)
            return -E2BIG;
    }
    return 0;
}

int sockets_arrange(struct sockets *sockets, const struct listen_given *given, size_t count,
                    unsigned slots)
{
    int wide[DVC_COUNT(sockets->fds)];

    DVC_REQUIRE(slots > 0 && slots <= WORKER_SLOTS_MAX && count <= LISTEN_GIVEN_MAX);
    *sockets = (struct sockets){.slots = slots};
    memset(sockets->fds, 0xff, sizeof(sockets->fds)); /* -1 */
    if (add_kind(sockets, given, count, false) != 0)
        return -E2BIG;
    sockets->plain = sockets->count;
    if (add_kind(sockets, given, count, true) != 0)
        return -E2BIG;
    memcpy(wide, sockets->fds, sizeof(wide));
    for (unsigned slot = 0; slot < slots; slot++)
        memmove(sockets->fds + slot * sockets->count, wide + slot * WORKER_LISTEN_MAX,
                sockets->count * sizeof(int));
    return 0;
}

static int open_kind(const struct schema_texts *texts, bool secure, unsigned slots,
                     struct listen_given *given, size_t *count)
{
    int fds[WORKER_SLOTS_MAX];

    for (size_t i = 0; i < texts->count; i++) {
        struct listen_address address;
        int r = listen_parse(slice_str(texts->items[i]), &address);

        if (r == 0 && *count + slots > LISTEN_GIVEN_MAX)
            r = -E2BIG;
        if (r == 0)
            r = listen_open(&address, slots, fds);
        if (r != 0) {
            log_error("listen_failed", "address=%s detail=%s", texts->items[i], strerror(-r));
            return -1;
        }
        for (unsigned slot = 0; slot < slots; slot++)
            listen_describe(fds[slot], secure, &given[(*count)++]);
        log_info("listening", "address=%s port=%d tls=%d", texts->items[i], listen_port(fds[0]),
                 secure);
    }
    return 0;
}

int sockets_open(struct sockets *sockets, const struct settings *settings, unsigned slots)
{
    struct listen_given given[LISTEN_GIVEN_MAX];
    int inherited = listen_inherited(given, LISTEN_GIVEN_MAX);
    size_t count = inherited > 0 ? (size_t)inherited : 0;
    bool secure = false;

    if (inherited < 0) {
        log_error("listen_failed", "address=systemd detail=%s", strerror(-inherited));
        return -1;
    }
    if (inherited == 0 && (open_kind(&settings->http.listen, false, slots, given, &count) != 0 ||
                           open_kind(&settings->http.tls_listen, true, slots, given, &count) != 0))
        return -1;
    for (size_t i = 0; i < count; i++)
        secure |= given[i].secure;
    if (secure && settings->http.tls_certificate == NULL) {
        log_error("listen_failed", "address=systemd detail=http.tls_certificate is not set");
        return -1;
    }
    if (sockets_arrange(sockets, given, count, slots) != 0) {
        log_error("listen_failed", "detail=more than %d sockets for one gateway",
                  WORKER_LISTEN_MAX);
        return -1;
    }
    return 0;
}
