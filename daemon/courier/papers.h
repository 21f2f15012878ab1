/* papers.h - the channels that print: forms that were issued (papers) and registers (registers),
 * which take seconds and wait in a lane of their own. What is printed is kept with its dossier,
 * once: courier, printer and database may die at any point in between. */
#ifndef DVC_COURIER_PAPERS_H
#define DVC_COURIER_PAPERS_H

#include "courier/outbox.h"

struct papers;
struct service;

#define PAPERS_CHANNELS 2

/* Borrows both. */
struct papers *papers_new(struct loop *loop, struct service *service);
struct papers *papers_free(struct papers *papers); /* takes NULL, returns NULL */
void papers_channels(struct papers *papers, struct outbox_channel ret[PAPERS_CHANNELS]);

#endif
