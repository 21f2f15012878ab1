#include "service/totp.h"

#include "base/num.h"

#define MODULUS 1000000 /* of six digits */
#define RECOVERY_LETTERS 16

int32_t totp_code(struct slice secret, int64_t step)
{
    uint8_t counter[8], mac[SHA1_SIZE];
    const uint8_t *at;
    uint32_t number;

    for (size_t i = 0; i < sizeof(counter); i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    hmac_sha1(secret, (struct slice){(const char *)counter, sizeof(counter)}, mac);
    at = mac + (mac[SHA1_SIZE - 1] & 15); /* RFC 4226, 5.3: dynamic truncation */
    number = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return (int32_t)(number % MODULUS);
}

bool totp_matches(struct slice secret, wall_t now, int64_t last_step, struct slice text,
                  int64_t *ret_step)
{
    int64_t step = now.us / (TOTP_STEP_SECONDS * US_PER_SECOND);
    int64_t typed;

    text = slice_trim(text);
    if (text.len != TOTP_DIGITS || num_parse_i64(text, 0, MODULUS - 1, &typed) != 0)
        return false;
    for (int64_t near = step - 1; near <= step + 1; near++) {
        if (near > last_step && totp_code(secret, near) == typed) {
            *ret_step = near;
            return true;
        }
    }
    return false;
}

static void add_escaped(struct buf *buf, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';

        if (plain) {
            buf_addc(buf, (char)c);
            continue;
        }
        buf_addc(buf, '%');
        buf_addc(buf, digits[c >> 4]);
        buf_addc(buf, digits[c & 15]);
    }
}

void totp_uri(struct buf *buf, struct slice secret, const char *issuer, const char *account)
{
    buf_adds(buf, "otpauth://totp/");
    add_escaped(buf, issuer);
    buf_addc(buf, ':');
    add_escaped(buf, account);
    buf_adds(buf, "?secret=");
    buf_add_base32(buf, secret.ptr, secret.len);
    buf_adds(buf, "&issuer=");
    add_escaped(buf, issuer);
    buf_addf(buf, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_STEP_SECONDS);
}

void totp_recovery_write(struct buf *buf, const uint8_t bytes[TOTP_RECOVERY_BYTES])
{
    struct buf plain = BUF_INIT(RECOVERY_LETTERS);

    buf_add_base32(&plain, bytes, TOTP_RECOVERY_BYTES);
    for (size_t i = 0; i < plain.len; i++) {
        char c = plain.ptr[i];

        if (i > 0 && i % 4 == 0)
            buf_addc(buf, '-');
        buf_addc(buf, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
    buf_release(&plain);
}

bool totp_recovery_digest(struct slice text, struct sha256 *ret)
{
    char letters[RECOVERY_LETTERS];
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == ' ' || c == '-')
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (!((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7')) || count == RECOVERY_LETTERS)
            return false;
        letters[count++] = c;
    }
    if (count != RECOVERY_LETTERS)
        return false;
    *ret = sha256_of((struct slice){letters, count});
    return true;
}
