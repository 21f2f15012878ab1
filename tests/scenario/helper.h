/* helper.h - whether there is a way on: a helper who wants nothing but to bring the dossier to an
 * end by the actions of its plugin; and whether what is offered to people is what they may do. */
#ifndef DVC_SCENARIO_HELPER_H
#define DVC_SCENARIO_HELPER_H

#include "walk.h"

/* Brings it to an end without withdrawing or stopping it; notes it when there is no way. */
void helper_finish(struct walk *walk);
/* For each task and somebody: what is offered can be done by whoever gives all that is asked for;
 * what is not offered is refused. */
void helper_offers(struct walk *walk);

#endif
