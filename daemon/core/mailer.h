/* mailer.h - the mail server that takes the house's mails. */
#ifndef DVC_CORE_MAILER_H
#define DVC_CORE_MAILER_H

#include "base/slice.h"

#define MAILER_CHANNEL "mail" /* of the outbox; one mailer a house */

enum mailer_tls {
    MAILER_PLAIN,    /* this machine only */
    MAILER_STARTTLS, /* asked for and insisted on */
    MAILER_TLS       /* from the first byte on (smtps) */
};

struct mailer {
    const char *host; /* name or address */
    int64_t port;
    int tls;                     /* enum mailer_tls */
    const char *user, *password; /* NULL: no AUTH */
    const char *from;            /* address of the envelope and the head */
    const char *from_name;       /* shown beside it */
    const char *ca_file;         /* who may vouch for the server; NULL: the system's bundle */
    int64_t max_in_flight;
    int64_t connect_timeout_ms, request_timeout_ms;
};

/* An address of ASCII that can stand in an envelope and a head as it is: one @, no blank, no sign
 * with a meaning of its own there, at most 254 bytes. Others are not written to. */
bool mailer_address_ok(struct slice address);

#endif
