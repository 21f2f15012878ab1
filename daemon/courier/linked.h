/* linked.h - the channel by which dossiers open others and hear of their ends (liên thông). Its
 * receiver is this house's own service floor. */
#ifndef DVC_COURIER_LINKED_H
#define DVC_COURIER_LINKED_H

#include "courier/outbox.h"

struct service;

#define LINKED_CHANNELS 1

/* Borrows the service. */
struct outbox_channel linked_channel(struct service *service);

#endif
