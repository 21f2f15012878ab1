/* delegation.h - uỷ quyền: someone who holds a role gives it to a colleague for a time, with its
 * legal basis. It ends by itself, and falls away while its giver is disabled or holds the role no
 * more (delegation_holds_v1). */
#ifndef DVC_SERVICE_DELEGATION_H
#define DVC_SERVICE_DELEGATION_H

#include "service/answer.h"
#include "service/list.h"
#include "service/member.h"

struct service;

/* Given and received ones, and those at agencies that the caller administers. */
void delegation_list(struct service *service, struct member *who, struct page_ask page,
                     answer_fn answer, void *ctx);
/* {to, from?, role, agency, procedure, valid_from, valid_to, legal_basis} -> CREATED {id}. `from`:
 * for another, by an administrator of that agency. At most 366 days. */
void delegation_give(struct service *service, struct member *who, struct slice body,
                     struct slice key, answer_fn answer, void *ctx);
/* Ends it now: the giver, or an administrator. */
void delegation_end(struct service *service, struct member *who, struct slice id, answer_fn answer,
                    void *ctx);

#endif
