/* lookup.h - the look-up without an account: code and degree of completion only (TT
 * 01/2018/TT-VPCP, Art 16.2d); with the PIN also state, due and the postal leg. */
#ifndef DVC_SERVICE_LOOKUP_H
#define DVC_SERVICE_LOOKUP_H

#include "service/answer.h"

struct service;

/* `pin` empty: without. Failed PINs count per dossier in the database; beyond lookup.pin_failures
 * it is TOO_MANY for lookup.pin_lock_minutes, also for the right PIN. A wrong PIN and a missing
 * dossier give the same answer. */
void lookup(struct service *service, struct slice code, struct slice pin, answer_fn answer,
            void *ctx);

#endif
