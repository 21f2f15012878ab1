/* maildraft.h - a mail made at the moment of sending: the outbox row names the dossier, the account
 * and the kind; address and text come from the database as it is now. */
#ifndef DVC_SERVICE_MAILDRAFT_H
#define DVC_SERVICE_MAILDRAFT_H

#include "base/slice.h"

struct service;

/* code 0: `json` is {to, subject, text}, `to` null where there is nobody to write to, or empty when
 * the dossier is not there; else a store's error. Valid during the callback. */
typedef void (*maildraft_fn)(void *ctx, int code, struct slice json);
/* `row`: the body of the outbox row, {account, told}. `done` runs exactly once, later. */
void maildraft(struct service *service, int64_t dossier_id, const char *kind, struct slice row,
               maildraft_fn done, void *ctx);

#endif
