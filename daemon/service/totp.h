/* totp.h - one-time codes by the clock (RFC 6238: HMAC-SHA1, 6 digits, 30 seconds), and the
 * recovery codes for when the telephone is gone. Pure. */
#ifndef DVC_SERVICE_TOTP_H
#define DVC_SERVICE_TOTP_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/wall.h"

#define TOTP_SECRET_SIZE 20
#define TOTP_STEP_SECONDS 30
#define TOTP_DIGITS 6
#define TOTP_RECOVERY_COUNT 8
#define TOTP_RECOVERY_BYTES 10 /* of randomness in one recovery code: 16 letters */

/* The code of one step of 30 seconds since 1970. */
int32_t totp_code(struct slice secret, int64_t step);
/* Whether `text` is the code of this step or of one beside it (a slow typist, a clock that is off),
 * and that step is later than `last_step`: what was used once is used up. *ret_step on success. */
bool totp_matches(struct slice secret, wall_t now, int64_t last_step, struct slice text,
                  int64_t *ret_step);
/* otpauth://totp/... for the QR code of an authenticator; `issuer` and `account` are escaped. */
void totp_uri(struct buf *buf, struct slice secret, const char *issuer, const char *account);

/* Appends a recovery code as people read it: xxxx-xxxx-xxxx-xxxx. */
void totp_recovery_write(struct buf *buf, const uint8_t bytes[TOTP_RECOVERY_BYTES]);
/* The digest that is kept of a recovery code. Case, blanks and dashes are ignored. False when the
 * text cannot be one. */
bool totp_recovery_digest(struct slice text, struct sha256 *ret);

#endif
