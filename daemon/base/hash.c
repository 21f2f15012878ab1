#include "base/hash.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/random.h>

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct sha256 sha256_of(struct slice data)
{
    struct sha256 digest;
    unsigned int size = 0;

    DVC_REQUIRE(EVP_Digest(data.len > 0 ? data.ptr : "", data.len, digest.bytes, &size,
                           EVP_sha256(), NULL) == 1 &&
                size == SHA256_SIZE);
    return digest;
}

struct sha256_sum *sha256_begin(void)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();

    DVC_REQUIRE(md != NULL && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1);
    return (struct sha256_sum *)md;
}

void sha256_add(struct sha256_sum *sum, struct slice data)
{
    DVC_REQUIRE(data.len == 0 || EVP_DigestUpdate((EVP_MD_CTX *)sum, data.ptr, data.len) == 1);
}

struct sha256 sha256_end(struct sha256_sum *sum)
{
    struct sha256 digest;
    unsigned int size = 0;

    DVC_REQUIRE(EVP_DigestFinal_ex((EVP_MD_CTX *)sum, digest.bytes, &size) == 1 &&
                size == SHA256_SIZE);
    EVP_MD_CTX_free((EVP_MD_CTX *)sum);
    return digest;
}

void sha256_hex(struct sha256 digest, char out[SHA256_HEX_SIZE])
{
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        out[2 * i] = hex_digits[digest.bytes[i] >> 4];
        out[2 * i + 1] = hex_digits[digest.bytes[i] & 15];
    }
    out[SHA256_HEX_SIZE - 1] = '\0';
}

struct sha256 hmac_sha256(struct slice key, struct slice data)
{
    struct sha256 digest;
    unsigned int size = 0;

    DVC_REQUIRE(key.len <= INT32_MAX);
    DVC_REQUIRE(HMAC(EVP_sha256(), key.len > 0 ? key.ptr : "", (int)key.len,
                     (const unsigned char *)(data.len > 0 ? data.ptr : ""), data.len, digest.bytes,
                     &size) != NULL &&
                size == SHA256_SIZE);
    return digest;
}

void hmac_sha1(struct slice key, struct slice data, uint8_t out[SHA1_SIZE])
{
    unsigned int size = 0;

    DVC_REQUIRE(key.len <= INT32_MAX);
    DVC_REQUIRE(HMAC(EVP_sha1(), key.len > 0 ? key.ptr : "", (int)key.len,
                     (const unsigned char *)(data.len > 0 ? data.ptr : ""), data.len, out,
                     &size) != NULL &&
                size == SHA1_SIZE);
}

bool hash_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

void random_bytes(void *out, size_t len)
{
    uint8_t *at = out;

    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);

        if (got < 0 && errno == EINTR)
            continue;
        DVC_REQUIRE(got > 0);
        at += got;
        len -= (size_t)got;
    }
}

void buf_add_hex(struct buf *buf, const void *data, size_t len)
{
    const uint8_t *from = data;

    for (size_t i = 0; i < len; i++) {
        char pair[2] = {hex_digits[from[i] >> 4], hex_digits[from[i] & 15]};

        buf_add(buf, pair, 2);
    }
}

void buf_add_base32(struct buf *buf, const void *data, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const uint8_t *from = data;
    uint32_t word = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < len; i++) {
        word = (word << 8 | from[i]) & 0xfff;
        for (bits += 8; bits >= 5; bits -= 5)
            buf_addc(buf, digits[word >> (bits - 5) & 31]);
    }
    if (bits > 0)
        buf_addc(buf, digits[word << (5 - bits) & 31]);
}

static void add_base64(struct buf *buf, const uint8_t *data, size_t len, const char *digits,
                       bool padded)
{
    for (size_t i = 0; i < len; i += 3) {
        size_t have = len - i < 3 ? len - i : 3;
        uint32_t word = (uint32_t)data[i] << 16 | (have > 1 ? (uint32_t)data[i + 1] << 8 : 0) |
                        (have > 2 ? data[i + 2] : 0);
        char group[4] = {digits[word >> 18], digits[word >> 12 & 63], '=', '='};

        if (have > 1)
            group[2] = digits[word >> 6 & 63];
        if (have > 2)
            group[3] = digits[word & 63];
        buf_add(buf, group, padded ? 4 : have + 1);
    }
}

void buf_add_base64url(struct buf *buf, const void *data, size_t len)
{
    add_base64(buf, data, len, base64url_digits, false);
}

void buf_add_base64(struct buf *buf, const void *data, size_t len)
{
    add_base64(buf, data, len, base64_digits, true);
}

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int hex_parse(struct slice text, void *out, size_t len)
{
    uint8_t *to = out;

    if (text.len % 2 != 0 || text.len / 2 != len)
        return -EINVAL;
    for (size_t i = 0; i < text.len; i++) {
        if (hex_digit(text.ptr[i]) < 0)
            return -EINVAL;
    }
    for (size_t i = 0; i < len; i++)
        to[i] = (uint8_t)(hex_digit(text.ptr[2 * i]) << 4 | hex_digit(text.ptr[2 * i + 1]));
    return 0;
}

static int base64_value(char c)
{
    const char *at = c != '\0' ? strchr(base64_digits, c) : NULL;

    return at != NULL ? (int)(at - base64_digits) : -1;
}

/* One group of four; `have` of its three bytes are real. Bits beyond them must be zero, so that one
 * content has one text only. */
static int parse_group(const char *group, size_t have, uint8_t out[3])
{
    uint32_t word = 0;

    for (size_t i = 0; i < 4; i++) {
        int value = i <= have ? base64_value(group[i]) : 0;

        if (value < 0)
            return -EINVAL;
        word = word << 6 | (uint32_t)value;
    }
    out[0] = (uint8_t)(word >> 16);
    out[1] = (uint8_t)(word >> 8);
    out[2] = (uint8_t)word;
    return (have < 3 && out[2] != 0) || (have < 2 && out[1] != 0) ? -EINVAL : 0;
}

int base64_parse(struct slice text, struct buf *out)
{
    size_t start = out->len;

    if (text.len % 4 != 0)
        return -EINVAL;
    for (size_t i = 0; i < text.len; i += 4) {
        const char *group = text.ptr + i;
        bool last = i + 4 == text.len;
        size_t have = last && group[3] == '=' ? (group[2] == '=' ? 1 : 2) : 3;
        uint8_t bytes[3];

        if (parse_group(group, have, bytes) != 0) {
            buf_truncate(out, start);
            return -EINVAL;
        }
        buf_add(out, bytes, have);
    }
    return out->overflow ? -EINVAL : 0;
}

void uuid7_text(int64_t unix_ms, char out[UUID_TEXT_SIZE])
{
    uint8_t bytes[16];
    size_t at = 0;

    random_bytes(bytes + 6, 10);
    for (int i = 0; i < 6; i++)
        bytes[i] = (uint8_t)((uint64_t)unix_ms >> (40 - 8 * i));
    bytes[6] = (uint8_t)(0x70 | (bytes[6] & 0x0f)); /* version 7 */
    bytes[8] = (uint8_t)(0x80 | (bytes[8] & 0x3f)); /* variant 10 */
    for (size_t i = 0; i < sizeof(bytes); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[at++] = '-';
        out[at++] = hex_digits[bytes[i] >> 4];
        out[at++] = hex_digits[bytes[i] & 15];
    }
    out[at] = '\0';
}
