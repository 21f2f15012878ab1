/* authproto.h - what a gateway and the auth helper say to each other: fixed records over a pair of
 * SOCK_SEQPACKET sockets of one machine and one binary, so plain structs will do.
 *
 * The supervisor holds both ends of every pair, so neither side's death breaks it: requests wait in
 * the kernel for the next helper, and answers for a gateway that is gone are thrown away by the
 * next one, which has another session number. A helper that starts says AUTH_HELLO on every pair:
 * what was in its predecessor's hands is lost and must be asked again. */
#ifndef DVC_SERVICE_AUTHPROTO_H
#define DVC_SERVICE_AUTHPROTO_H

#include "base/check.h"

#define AUTH_VERSION 1
#define AUTH_PASSWORD_MAX 512 /* bytes */
#define AUTH_HASH_SIZE 192    /* an argon2 text with its terminator */

enum auth_op {
    AUTH_VERIFY = 1, /* password against hash; an empty hash takes as long and never matches */
    AUTH_HASH        /* a new hash with a new salt */
};

enum auth_status {
    AUTH_OK = 1,   /* verified; or hashed, with `hash` */
    AUTH_MISMATCH, /* not this password */
    AUTH_BUSY,     /* the queue is full */
    AUTH_FAILED,   /* the stored hash is none, or asks for more memory than we give */
    AUTH_HELLO     /* a new helper; id 0 */
};

struct auth_request {
    uint32_t version;
    uint32_t op;
    uint64_t session, id; /* given back unchanged */
    int64_t deadline_us;  /* of the monotonic clock: later nobody waits, and it is skipped */
    uint32_t password_len;
    char hash[AUTH_HASH_SIZE]; /* AUTH_VERIFY: terminated */
    char password[AUTH_PASSWORD_MAX];
};

struct auth_reply {
    uint32_t version;
    uint32_t status;
    uint64_t session, id;
    char hash[AUTH_HASH_SIZE]; /* AUTH_HASH and AUTH_OK: terminated */
};

#endif
