/* srv_tls.h - HTTPS of one worker: certificate and key from files, taken anew when the files
 * change, TLS 1.2 and 1.3 only. */
#ifndef DVC_HTTP_SRV_TLS_H
#define DVC_HTTP_SRV_TLS_H

#include "base/buf.h"
#include "base/wall.h"

struct bufferevent;
struct event_base;
struct tls;

/* `certificate`: PEM, the server's own first and then those that vouch for it; `key`: PEM, without
 * a passphrase. 0, or -EINVAL: a file cannot be read, is no PEM, has expired, or the two do not
 * belong together; `why` (may be NULL) gets an English sentence that names the file. */
int tls_new(const char *certificate, const char *key, struct tls **ret,
            struct buf *why) DVC_MUSTCHECK;
struct tls *tls_free(struct tls *tls); /* after every connection of it is closed */

enum tls_renewal { TLS_SAME, TLS_RENEWED, TLS_REFUSED };
/* Reads the files again when one of them is another than before. New connections then get the new
 * certificate; open ones go on. TLS_REFUSED: the new files are no good, the old ones stay in use;
 * said once for each change, with `why` as above. */
enum tls_renewal tls_renew(struct tls *tls, struct buf *why);

/* For srv.c: a bufferevent in the accepting state, which owns its socket. NULL without memory. */
struct bufferevent *tls_accept(struct tls *tls, struct event_base *base);
/* Tells the other side that nothing follows; to be called before the socket is closed. */
void tls_goodbye(struct bufferevent *bev);
/* Writes past the bufferevent, whose output must be empty; what does not fit is left out. */
void tls_write_now(struct bufferevent *bev, const void *bytes, size_t len);

#endif
