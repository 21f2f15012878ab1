/* curlmux.h - HTTP calls and mails outwards on the worker's loop. The only file of ours that knows
 * libcurl.
 */
#ifndef DVC_COURIER_CURLMUX_H
#define DVC_COURIER_CURLMUX_H

#include "base/buf.h"
#include "base/loop.h"

struct curlmux;

struct curlmux_options {
    const char *ca_file;                    /* who may vouch for https; NULL: the system's bundle */
    const char *proxy;                      /* NULL: none, whatever the environment says */
    int64_t connect_timeout_ms, timeout_ms; /* of calls that say nothing themselves */
    size_t body_max;                        /* bytes of an answer; a longer one is MUX_TOO_LARGE */
    int host_connections;                   /* at once to one host; further calls wait in line */
};

struct mux_request {
    bool post;                              /* else GET */
    const char *url;                        /* http or https; redirects are not followed */
    const char *headers[4];                 /* "Name: value"; NULL where none */
    struct slice body;                      /* of a post */
    const char *ca_file;                    /* NULL: as the options say */
    int64_t connect_timeout_ms, timeout_ms; /* 0: as the options say */
};

/* One mail to one address: a text part, in UTF-8, and these heads. */
struct mux_mail {
    const char *url;             /* smtp or smtps; its path is the name in EHLO */
    bool starttls;               /* insisted on */
    const char *user, *password; /* NULL: no AUTH */
    const char *ca_file;         /* NULL: as the options say */
    const char *from, *to;       /* addresses of the envelope */
    const char *headers[8];      /* "Name: value"; NULL where none */
    struct slice text;
    int64_t connect_timeout_ms, timeout_ms; /* 0: as the options say */
};

enum mux_result {
    MUX_ANSWERED,  /* with any HTTP status; a mail: taken, or refused with a reply code */
    MUX_UNREACHED, /* no connection: nothing was sent */
    MUX_UNTRUSTED, /* TLS failed: nothing was sent */
    MUX_TIMEOUT,   /* the call may have had its effect */
    MUX_BROKEN,    /* the connection ended before the answer did: the same */
    MUX_TOO_LARGE, /* more than body_max */
    MUX_BAD_CALL,  /* an address that cannot be called */
    MUX_CANCELLED, /* curlmux_cancel or curlmux_free */
};

/* What a mail server refused. */
enum mux_stage {
    MUX_STAGE_SESSION, /* greeting, TLS, AUTH */
    MUX_STAGE_SENDER,
    MUX_STAGE_RECIPIENT,
    MUX_STAGE_CONTENT
};

struct mux_answer {
    enum mux_result result;
    int status;            /* HTTP or the reply code of SMTP, 0 unless MUX_ANSWERED */
    enum mux_stage stage;  /* of a mail with a status of 400 and above */
    int64_t retry_after_s; /* -1: not told */
    struct slice body;     /* valid during the callback */
    const char *detail;    /* libcurl's words for a failure, "" otherwise */
};

typedef void (*mux_fn)(void *ctx, const struct mux_answer *answer);

/* Texts of the options are copied. NULL when libcurl cannot be set up. */
struct curlmux *curlmux_new(struct loop *loop, const struct curlmux_options *options);
/* Every call that still runs ends with MUX_CANCELLED first. Not from inside a mux_fn. */
struct curlmux *curlmux_free(struct curlmux *mux);
/* At most so many calls at once, those in line included; callers limit what they have in flight. */
#define CURLMUX_CALLS_MAX 4096
/* Starts a call; all of the request is copied. `fn` is called exactly once, never before this
 * returns. The id is never 0. */
uint64_t curlmux_start(struct curlmux *mux, const struct mux_request *request, mux_fn fn,
                       void *ctx);
uint64_t curlmux_mail(struct curlmux *mux, const struct mux_mail *mail, mux_fn fn, void *ctx);
/* Ends the call with MUX_CANCELLED at once; an id that is gone is nothing. */
void curlmux_cancel(struct curlmux *mux, uint64_t id);
uint32_t curlmux_running(const struct curlmux *mux);
/* True when libcurl was built with OpenSSL: the GnuTLS flavour compiles as well, but knows nothing
 * of what is set here for certificates. */
bool curlmux_tls_is_openssl(void);

#endif
