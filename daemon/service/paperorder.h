/* paperorder.h - a register is asked for. */
#ifndef DVC_SERVICE_PAPERORDER_H
#define DVC_SERVICE_PAPERORDER_H

#include "base/slice.h"
#include "service/answer.h"
#include "service/member.h"

struct service;

#define PAPERORDER_DAYS_MAX 366 /* from the first to the last day of a register */

/* {agency, from, to, procedure|null}: OK with {id, state}, the same for the same key and body of an
 * account as long as the order is kept. For whoever holds a role at that agency;
 * an auditor's register names nobody. More rows than one register may have are UNPROCESSABLE. */
void paperorder_register(struct service *service, struct member *who, struct slice body,
                         struct slice key, answer_fn answer, void *ctx);

#endif
