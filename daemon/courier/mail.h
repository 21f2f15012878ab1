/* mail.h - the channel that tells applicants by mail. A delivery's body is what the port made of
 * the row at this moment: {to, subject, text}; no `to`: there is nobody to write to, which is as
 * good as told. */
#ifndef DVC_COURIER_MAIL_H
#define DVC_COURIER_MAIL_H

#include "core/mailer.h"
#include "courier/curlmux.h"
#include "courier/outbox.h"

struct mail;

/* Borrows all. */
struct mail *mail_new(struct loop *loop, struct curlmux *mux, const struct mailer *mailer);
/* After curlmux_free, which ends what still runs. */
struct mail *mail_free(struct mail *mail);
struct outbox_channel mail_channel(struct mail *mail);

/* What an answer means: 4xx and a server that is away are waited for; a recipient or text refused
 * for good is REFUSED; the rest of 5xx is a matter of our settings and DENIED. */
enum attempt_result mail_result(const struct mux_answer *answer);

#endif
