/* account.h - what people do about their own account: open it, change password and contact data. */
#ifndef DVC_SERVICE_ACCOUNT_H
#define DVC_SERVICE_ACCOUNT_H

#include "service/answer.h"
#include "service/member.h"

struct service;

/* {username, password, name, phone, email, id_number} -> CREATED {username}. The ID number is what
 * the person says: it opens no dossier. FORBIDDEN where the node does not offer it. `key` is of the
 * account that is opened; the password is no part of what is compared when it comes again, for its
 * digest is not to be kept. */
void account_register(struct service *service, struct slice body, struct slice key,
                      answer_fn answer, void *ctx);
/* {old, new}. A wrong old one counts as a failed sign-in; the account's other sessions end. */
void account_password(struct service *service, struct member *who, struct slice body,
                      answer_fn answer, void *ctx);
/* {phone, email, mail_notices}, those that are there; null empties. Answers as session_me. */
void account_contact(struct service *service, struct member *who, struct slice body,
                     answer_fn answer, void *ctx);

/* Verifies the password of an account that is signed in, with the limits of signing in. `then` runs
 * when it is right, with the hash that it was held against; else the call is answered, the fault at
 * `pointer`. For account*.c. */
struct account_call;
struct account_proof {
    struct account_call *call;
    int64_t account;
    const char *username;
    struct slice password;
    const char *pointer;
    const char *hash;
    void (*then)(struct account_proof *proof);
};
void account_prove(struct account_proof *proof);

#endif
