/* clockview.h - why the due date is what it is: GET /dossiers/{code}/deadline. */
#ifndef DVC_SERVICE_CLOCKVIEW_H
#define DVC_SERVICE_CLOCKVIEW_H

#include "service/answer.h"
#include "service/member.h"

struct service;

void clockview(struct service *service, struct member *who, struct slice code, answer_fn answer,
               void *ctx);

#endif
