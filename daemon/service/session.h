/* session.h - signing in and out. */
#ifndef DVC_SERVICE_SESSION_H
#define DVC_SERVICE_SESSION_H

#include "service/answer.h"
#include "service/member.h"

struct service;

struct session_answer {
    const char *token; /* for the cookie */
    int64_t seconds;   /* it lives */
};
typedef void (*session_fn)(void *ctx, const struct session_answer *session,
                           const struct answer *answer);

/* Body {username, password, otp?} -> CREATED {token, expires_at, account}. A wrong password, an
 * unknown and a disabled account give the same answer in the same time, and make the typed name
 * wait alike (sql/functions/sign_in_v1.sql), in the database and so for every gateway. Where
 * one-time codes are on, a right password without one is otp_required; a wrong or used one counts
 * as a failure. */
void session_sign_in(struct service *service, struct slice body, session_fn answer, void *ctx);
void session_sign_out(struct service *service, struct slice token, answer_fn answer, void *ctx);
/* {account, roles, delegations, csrf_token}, at once. */
void session_me(struct member *who, answer_fn answer, void *ctx);

#endif
