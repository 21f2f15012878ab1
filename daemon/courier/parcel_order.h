/* parcel_order.h - the whole body of an order or a cancellation, made of the dossier at the moment
 * of sending: the outbox row itself names the parcel only and holds no personal data. */
#ifndef DVC_COURIER_PARCEL_ORDER_H
#define DVC_COURIER_PARCEL_ORDER_H

#include "base/buf.h"
#include "core/dossier.h"

/* Names that belong to the citizen's address codes; NULL where unknown. */
struct parcel_place {
    const char *commune, *province;
};

/* The codes whose names the address needs: of the delivery for a return, of the applicant for a
 * collection. NULL where the dossier has none. */
void parcel_order_place(const struct dossier *dossier, const struct parcel *parcel,
                        const char **ret_province, const char **ret_commune);
/* The body that vnpost_order_read takes. Name, telephone and address of one person, code and name
 * of the procedure; nothing of the form, no ID number. */
void parcel_order_write(struct buf *buf, const struct dossier *dossier, const struct parcel *parcel,
                        const struct parcel_place *place);
/* The body that vnpost_cancel_read takes. */
void parcel_cancel_write(struct buf *buf, const struct dossier *dossier,
                         const struct parcel *parcel);

#endif
