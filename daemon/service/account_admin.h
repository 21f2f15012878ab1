/* account_admin.h - what administrators do about others' accounts. Each call asks the database
 * whether the caller is administrator of the places concerned
 * (sql/functions/account_rights_v1.sql); each write leaves a row of account_event. */
#ifndef DVC_SERVICE_ACCOUNT_ADMIN_H
#define DVC_SERVICE_ACCOUNT_ADMIN_H

#include "service/answer.h"
#include "service/list.h"
#include "service/member.h"

struct service;

struct account_filter {
    struct slice q, kind, agency, role; /* empty ones do not filter; role: of colleagues */
};
/* Accounts with a role in the caller's hands; those without any for the administrator of all. */
void account_list(struct service *service, struct member *who, const struct account_filter *filter,
                  struct page_ask page, answer_fn answer, void *ctx);
void account_view(struct service *service, struct member *who, struct slice username,
                  answer_fn answer, void *ctx);
/* Staff with a role at an agency where the caller has one. */
void account_colleagues(struct service *service, struct member *who,
                        const struct account_filter *filter, struct page_ask page,
                        answer_fn answer, void *ctx);

/* A write: what the request says. The same key and body find the first outcome again. */
struct account_act {
    struct member *who;
    struct slice username; /* of the path; empty for a new account */
    struct slice body, key;
};
/* {username, name, kind, phone, email, id_number, roles} -> CREATED {username, password}: a
 * password made here, to be changed at the first sign-in. */
void account_create(struct service *service, const struct account_act *act, answer_fn answer,
                    void *ctx);
/* {totp_off: bool} -> OK {password}; the account's sessions end. */
void account_reset(struct service *service, const struct account_act *act, answer_fn answer,
                   void *ctx);
void account_disable(struct service *service, const struct account_act *act, answer_fn answer,
                     void *ctx); /* {reason} */
void account_enable(struct service *service, const struct account_act *act, answer_fn answer,
                    void *ctx);
/* {role, agency, below, from, to} -> CREATED {id} */
void account_grant_give(struct service *service, const struct account_act *act, answer_fn answer,
                        void *ctx);
void account_grant_end(struct service *service, const struct account_act *act, struct slice id,
                       answer_fn answer, void *ctx);

#endif
