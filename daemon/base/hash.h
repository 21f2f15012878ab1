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
/* The same in pieces, for what is too large to be hashed in one turn of a loop. */
struct sha256_sum;
struct sha256_sum *sha256_begin(void);
void sha256_add(struct sha256_sum *sum, struct slice data);
struct sha256 sha256_end(struct sha256_sum *sum); /* of what was added so far; frees */
struct sha256 hmac_sha256(struct slice key, struct slice data);
#define SHA1_SIZE 20
/* For one-time codes only (RFC 6238), whose apps know no other. */
void hmac_sha1(struct slice key, struct slice data, uint8_t out[SHA1_SIZE]);
/* Same time whatever differs. */
bool hash_equal(const void *a, const void *b, size_t len);
void random_bytes(void *out, size_t len); /* from the kernel; failure is DVC_REQUIRE */
void buf_add_hex(struct buf *buf, const void *data, size_t len);
void buf_add_base64url(struct buf *buf, const void *data, size_t len); /* no padding */
void buf_add_base64(struct buf *buf, const void *data, size_t len);    /* with padding */
void buf_add_base32(struct buf *buf, const void *data, size_t len);    /* RFC 4648, no padding */
int hex_digit(char c); /* 0 to 15, either case; -1 for anything else */
/* Bytes from hexadecimal text of exactly 2 * len digits. 0 or -EINVAL. */
int hex_parse(struct slice text, void *out, size_t len) DVC_MUSTCHECK;
/* Appends the bytes of padded standard base64. 0, or -EINVAL for anything else (unused bits that
 * are not zero, blanks, the URL alphabet) with *out as it was, and also when they exceed out->max.
 */
int base64_parse(struct slice text, struct buf *out) DVC_MUSTCHECK;
/* RFC 9562 version 7, lower case with dashes: time-ordered, so that keys built on it insert at the
 * right-hand edge of an index. */
#define UUID_TEXT_SIZE 37
void uuid7_text(int64_t unix_ms, char out[UUID_TEXT_SIZE]);

#endif
