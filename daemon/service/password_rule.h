/* password_rule.h - what a password that people choose must be, and the one we make for them. Pure.
 */
#ifndef DVC_SERVICE_PASSWORD_RULE_H
#define DVC_SERVICE_PASSWORD_RULE_H

#include "base/arena.h"
#include "base/buf.h"

#define PASSWORD_LENGTH_MIN 10  /* code points */
#define PASSWORD_LENGTH_MAX 128 /* which fits AUTH_PASSWORD_MAX in any script */

struct password_fault {
    const char *code;    /* length, text, username, common */
    const char *message; /* Vietnamese */
};

/* `text` in NFC. NULL when it will do. Length counts more than signs and digits (NIST SP 800-63B,
 * 5.1.1.2); refused beside short ones: the username, one character again and again, and the
 * commonest of ten and more, in any case of letters. */
const struct password_fault *password_check(struct arena *arena, struct slice text,
                                            const char *username);

#define PASSWORD_MADE_SIZE 20 /* "abcd-efgh-ijkl-mnop" with the terminator */
/* A first password of 80 bits from `bytes`, for someone who will type it once. */
void password_make(const uint8_t bytes[10], char out[PASSWORD_MADE_SIZE]);

#endif
