/* offers.h - what may be done next, as JSON. */
#ifndef DVC_SERVICE_OFFERS_H
#define DVC_SERVICE_OFFERS_H

#include "base/jw.h"
#include "core/workflow_offer.h"

/* The member "actions": [{action, name, needs: [...]}]. */
void offers_write(struct jw *jw, const struct offer *offers, size_t count);

#endif
