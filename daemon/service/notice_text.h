/* notice_text.h - what a notice says, in Vietnamese: in the application and by mail. Holds the
 * dossier's code, its procedure's name and dates; no reason, no person's data. */
#ifndef DVC_SERVICE_NOTICE_TEXT_H
#define DVC_SERVICE_NOTICE_TEXT_H

#include "base/value.h"
#include "base/wall.h"

struct notice_facts {
    const char *code, *procedure; /* procedure: its name */
    const struct value *body;     /* of the notice: {due, channel}; or NULL */
};

/* Of a kind that the table does not know (a plugin may name one of its own): the general one. */
const char *notice_title(const char *kind);
void notice_text(struct buf *buf, const char *kind, const struct notice_facts *facts);
/* The mail: subject, and text with the link to the dossier (`public_url` NULL: none). */
void notice_subject(struct buf *buf, const char *kind, const struct notice_facts *facts);
void notice_mail(struct buf *buf, const char *kind, const struct notice_facts *facts,
                 const char *public_url);

#endif
