/* intake.h - a submission becomes a dossier. */
#ifndef DVC_SERVICE_INTAKE_H
#define DVC_SERVICE_INTAKE_H

#include "service/answer.h"
#include "service/member.h"

struct service;

/* Body as in api.md, Submission. CREATED with {code, external_code, procedure, agency, state,
 * status, submitted_at, due, pin}; the same key and body again gives the first answer again. */
void intake_submit(struct service *service, struct member *who, struct slice body,
                   struct slice key, answer_fn answer, void *ctx);

#endif
