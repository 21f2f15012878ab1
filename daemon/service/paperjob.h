/* paperjob.h - what the printing courier needs: a form's values out of the database, and its PDF
 * back into it. */
#ifndef DVC_SERVICE_PAPERJOB_H
#define DVC_SERVICE_PAPERJOB_H

#include "base/slice.h"

struct service;

#define PAPERJOB_MAX (48u << 20)     /* bytes of JSON */
#define PAPERJOB_REGISTER_ROWS 20000 /* of one register; more is asked for in parts */

enum paperjob_kind {
    PAPERJOB_READY, /* `json` is to be printed and kept */
    PAPERJOB_DONE,  /* it is printed already, or nobody wants it any longer */
    PAPERJOB_WRONG, /* it names nothing that can be printed: `why` */
    PAPERJOB_LATER, /* the database did not answer */
};

struct paperjob {
    enum paperjob_kind kind;
    struct slice json; /* for papers/job.h; valid during the callback */
    const char *why;   /* English, without anybody's data */
};

/* Names what is printed: a form of a dossier, or (order > 0) what somebody asked for. */
struct paperjob_id {
    int64_t dossier, order;
    int form; /* number of the row of form_issued */
};

/* `fn` runs exactly once. */
void paperjob_load(struct service *service, struct paperjob_id id,
                   void (*fn)(void *ctx, const struct paperjob *job), void *ctx);
/* Keeps the PDF under an id that `id` alone decides: a second print leaves the first one's. */
void paperjob_keep(struct service *service, struct paperjob_id id, struct slice pdf,
                   void (*fn)(void *ctx, bool ok), void *ctx);
/* An order that cannot be printed, so that whoever waits for it is told. A form of a dossier has
 * none to be told: ok at once. */
void paperjob_fail(struct service *service, struct paperjob_id id, const char *word,
                   void (*fn)(void *ctx, bool ok), void *ctx);

#endif
