#include "service/page.h"

#include <errno.h>

#include "base/hash.h"
#include "service/service.h"

#define SEAL_SIZE 8
#define TOKEN_MAX 256

static struct sha256 seal(const struct service *service, const char *list, struct slice place)
{
    struct buf text = BUF_INIT(2 * TOKEN_MAX);
    struct sha256 mac;

    buf_adds(&text, list);
    buf_addc(&text, '\n');
    buf_add_slice(&text, place);
    mac = hmac_sha256((struct slice){(const char *)service->page_key, SERVICE_KEY_SIZE},
                      buf_slice(&text));
    buf_release(&text);
    return mac;
}

void page_seal(const struct service *service, const char *list, struct slice place, struct buf *out)
{
    struct buf plain = BUF_INIT(TOKEN_MAX);
    struct sha256 mac;

    if (place.ptr == NULL)
        return;
    mac = seal(service, list, place);
    buf_add(&plain, mac.bytes, SEAL_SIZE);
    buf_add_slice(&plain, place);
    buf_add_hex(out, plain.ptr, plain.len);
    buf_release(&plain);
}

void page_write(const struct service *service, const char *list, struct slice items,
                struct slice next, struct buf *out)
{
    buf_adds(out, "{\"items\":");
    buf_add_slice(out, items);
    buf_adds(out, ",\"next\":");
    if (next.ptr != NULL) {
        buf_addc(out, '"');
        page_seal(service, list, next, out);
        buf_addc(out, '"');
    } else {
        buf_adds(out, "null");
    }
    buf_addc(out, '}');
}

int page_open(const struct service *service, struct arena *arena, const char *list,
              struct slice token, struct slice *ret)
{
    size_t size = token.len / 2;
    struct sha256 mac;
    char *plain;

    if (token.len == 0) {
        *ret = SLICE_NULL;
        return 0;
    }
    if (token.len > TOKEN_MAX || size <= SEAL_SIZE)
        return -EINVAL;
    plain = arena_alloc(arena, size + 1);
    if (hex_parse(token, plain, size) != 0)
        return -EINVAL;
    *ret = (struct slice){plain + SEAL_SIZE, size - SEAL_SIZE};
    mac = seal(service, list, *ret);
    return hash_equal(mac.bytes, plain, SEAL_SIZE) ? 0 : -EINVAL;
}
