/* hash.h - digests, keyed digests, randomness and their texts (OpenSSL behind). */
#ifndef DVC_BASE_HASH_H
#define DVC_BASE_HASH_H

#include "base/buf.h"

#define SHA256_SIZE 32
#define SHA256_HEX_SIZE 65 /* with the terminator */

struct sha256 {
    uint8_t bytes[SHA256_SIZE];
};

struct sha256 sha256_of(struct slice data);
void sha256_hex(struct sha256 digest, char out[SHA256_HEX_SIZE]); /* lower case */
struct sha256 hmac_sha256(struct slice key, struct slice data);
/* Same time whatever differs. */
bool hash_equal(const void *a, const void *b, size_t len);
void random_bytes(void *out, size_t len); /* from the kernel; failure is DVC_REQUIRE */
void buf_add_hex(struct buf *buf, const void *data, size_t len);
void buf_add_base64url(struct buf *buf, const void *data, size_t len); /* no padding */
void buf_add_base64(struct buf *buf, const void *data, size_t len);    /* with padding */
/* Bytes from hexadecimal text of exactly 2 * len digits. 0 or -EINVAL. */
int hex_parse(struct slice text, void *out, size_t len) DVC_MUSTCHECK;
/* Appends the bytes of padded standard base64. 0, or -EINVAL for anything else (unused bits that are
 * not zero, blanks, the URL alphabet) with *out as it was, and also when they exceed out->max. */
int base64_parse(struct slice text, struct buf *out) DVC_MUSTCHECK;
/* RFC 9562 version 7, lower case with dashes: time-ordered, so that keys built on it insert at the
 * right-hand edge of an index. */
#define UUID_TEXT_SIZE 37
void uuid7_text(int64_t unix_ms, char out[UUID_TEXT_SIZE]);

#endif
