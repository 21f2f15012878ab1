/* sheets.h - what of a document was handed in on paper, as a request tells it: {originals,
 * certified, copies}, or `copies` alone for all of them when nobody told the kinds apart. */
#ifndef DVC_SERVICE_SHEETS_H
#define DVC_SERVICE_SHEETS_H

#include "core/dossier.h"
#include "service/fields.h"

#define SHEETS_MAX 50 /* of each kind */

/* The counts only; nothing else of the result is set. Alone, `copies` is 1 when it is missing;
 * beside one of the others 0. Faults go to `fields`, their pointers below `at`. */
struct dossier_paper sheets_read(struct fields *fields, const struct value *row, const char *at);
/* Of all kinds. */
int sheets_total(const struct dossier_paper *paper);

#endif
