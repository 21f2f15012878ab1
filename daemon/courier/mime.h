/* mime.h - heads of a mail: words in UTF-8 as RFC 2047 writes them, dates, identities. */
#ifndef DVC_COURIER_MIME_H
#define DVC_COURIER_MIME_H

#include "base/buf.h"
#include "base/wall.h"

/* "Name: text", folded into encoded words of at most 75 signs that hold whole characters, when the
 * text is not plain ASCII. Signs below a blank become blanks: a text can end no head. */
void mime_header(struct buf *buf, const char *name, const char *text);
/* "From: =?...?= <address>"; the address must have passed mailer_address_ok. */
void mime_mailbox(struct buf *buf, const char *name, const char *text, const char *address);
/* "Date: Sat, 21 Nov 2026 09:00:00 +0700" */
void mime_date(struct buf *buf, wall_t at);
/* "Message-ID: <key@domain>": the same key gives the same identity, so that a mail which came twice
 * is seen as one. Signs of the key that may not stand there become a dot. The domain is that of the
 * sender's address. */
void mime_message_id(struct buf *buf, const char *key, const char *from);

#endif
