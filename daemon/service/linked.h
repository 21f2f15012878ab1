/* linked.h - the two deliveries between a dossier and those that it opened (core/link.h): opening
 * them, and telling the lead how one of them ended. Each may be cut short anywhere and done again:
 * a part is filed once by its key, and the lead takes the same news once. */
#ifndef DVC_SERVICE_LINKED_H
#define DVC_SERVICE_LINKED_H

#include "core/state.h"

struct service;

enum linked_result {
    LINKED_DONE,  /* durable, now or before */
    LINKED_LATER, /* the database was not there, or too busy */
    LINKED_WRONG, /* `why` says what a person must put right */
};
typedef void (*linked_fn)(void *ctx, enum linked_result result, const char *why);

/* Files every dossier that the lead asked for and has not got. Those that can be filed are, also
 * when another one is wrong. */
void linked_open(struct service *service, int64_t lead, linked_fn done, void *ctx);
/* The lead's dossier number `link`, with the code `code`, ended in `end`. */
void linked_ended(struct service *service, int64_t lead, int link, const char *code,
                  enum dossier_state end, linked_fn done, void *ctx);

#endif
