/* account_totp.h - staff turn one-time codes on and off. The secret is shown while it waits for its
 * first code and never after that. */
#ifndef DVC_SERVICE_ACCOUNT_TOTP_H
#define DVC_SERVICE_ACCOUNT_TOTP_H

#include "service/answer.h"
#include "service/member.h"

struct service;

/* CREATED {secret, uri}; CONFLICT when codes are on. */
void account_totp_offer(struct service *service, struct member *who, struct slice key,
                        answer_fn answer, void *ctx);
/* {otp} -> OK {recovery: [8 codes]}, shown once; the same code again gives the same ones. */
void account_totp_confirm(struct service *service, struct member *who, struct slice body,
                          answer_fn answer, void *ctx);
/* {password}; a wrong one counts as a failed sign-in. FORBIDDEN where codes are required. */
void account_totp_drop(struct service *service, struct member *who, struct slice body,
                       answer_fn answer, void *ctx);

#endif
