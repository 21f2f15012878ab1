/* password.h - argon2id (RFC 9106), the only way a password is kept. Tens of milliseconds and
 * megabytes each: for the auth helper and dvcctl, never on a loop. */
#ifndef DVC_BASE_PASSWORD_H
#define DVC_BASE_PASSWORD_H

#include "base/slice.h"

#define PASSWORD_HASH_SIZE 192 /* an argon2 text with its terminator */

struct password_cost {
    uint32_t memory_kib, passes;
};

/* A new hash with a new salt. 0, or -EINVAL when the cost is out of range or memory is short. */
int password_hash(const struct password_cost *cost, struct slice password,
                  char ret[PASSWORD_HASH_SIZE]) DVC_MUSTCHECK;
/* 0 right, 1 wrong, -EINVAL for a text that is no hash of ours or asks for more memory than we
 * give: a row of the database must not exhaust the machine. */
int password_verify(const char *hash, struct slice password) DVC_MUSTCHECK;

#endif
