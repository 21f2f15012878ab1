#include "http/srv_tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

/* What tells one state of a file from another without reading it: certbot and the like replace the
 * file, an administrator may write over it. */
struct file_state {
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec changed;
};

struct tls {
    char *certificate, *key;
    struct file_state seen[2];
    SSL_CTX *ctx;
};

/* Only suites with forward secrecy and authenticated encryption; TLS 1.3 has no others. */
#define SUITES                                                                                     \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"                                   \
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"                                   \
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

static void explain(struct buf *why, const char *what, const char *file)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

    if (why == NULL)
        return;
    buf_addf(why, "%s %s", file, what);
    if (reason != NULL)
        buf_addf(why, ": %s", reason);
}

static int look(const char *path, struct file_state *ret)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return -errno;
    memset(ret, 0, sizeof(*ret)); /* compared whole, padding too */
    ret->dev = status.st_dev;
    ret->ino = status.st_ino;
    ret->size = status.st_size;
    ret->changed.tv_sec = status.st_mtim.tv_sec;
    ret->changed.tv_nsec = status.st_mtim.tv_nsec;
    return 0;
}

/* HTTP/1.1 is all we speak. A client that offers only other protocols is told so by an alert; one
 * that offers none is served. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                           const unsigned char *offered, unsigned int offered_len, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen;

    (void)ssl;
    (void)arg;
    if (SSL_select_next_proto(&chosen, out_len, ours, sizeof(ours) - 1, offered, offered_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *new_context(void)
{
    static const unsigned char name[] = "dvcd";
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    long options = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                   SSL_OP_IGNORE_UNEXPECTED_EOF;

    DVC_REQUIRE(ctx);
    SSL_CTX_set_options(ctx, (uint64_t)options);
    DVC_REQUIRE(SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1);
    DVC_REQUIRE(SSL_CTX_set_cipher_list(ctx, SUITES) == 1);
    DVC_REQUIRE(SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384") == 1);
    DVC_REQUIRE(SSL_CTX_set_session_id_context(ctx, name, sizeof(name) - 1) == 1);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    /* One buffer per connection only while it reads or writes: 4,096 idle ones would hold 130 MB.
     */
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return ctx;
}

static bool is_valid_now(const SSL_CTX *ctx)
{
    const X509 *own = SSL_CTX_get0_certificate(ctx);

    return own != NULL && X509_cmp_current_time(X509_get0_notBefore(own)) < 0 &&
           X509_cmp_current_time(X509_get0_notAfter(own)) > 0;
}

static int load(struct tls *tls, SSL_CTX **ret, struct buf *why)
{
    SSL_CTX *ctx = new_context();

    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(ctx, tls->certificate) != 1)
        explain(why, "holds no certificate that can be used", tls->certificate);
    else if (SSL_CTX_use_PrivateKey_file(ctx, tls->key, SSL_FILETYPE_PEM) != 1)
        explain(why, "holds no private key of this certificate", tls->key);
    else if (!is_valid_now(ctx))
        explain(why, "has expired or is not valid yet", tls->certificate);
    else if (SSL_CTX_check_private_key(ctx) == 1) {
        *ret = ctx;
        return 0;
    } else {
        explain(why, "does not belong to the certificate", tls->key);
    }
    ERR_clear_error();
    SSL_CTX_free(ctx);
    return -EINVAL;
}

int tls_new(const char *certificate, const char *key, struct tls **ret, struct buf *why)
{
    struct tls *tls = dvc_calloc(1, sizeof(*tls));

    tls->certificate = dvc_strdup(certificate);
    tls->key = dvc_strdup(key);
    (void)look(certificate, &tls->seen[0]);
    (void)look(key, &tls->seen[1]);
    if (load(tls, &tls->ctx, why) != 0) {
        tls_free(tls);
        return -EINVAL;
    }
    *ret = tls;
    return 0;
}

struct tls *tls_free(struct tls *tls)
{
    if (tls == NULL)
        return NULL;
    SSL_CTX_free(tls->ctx);
    free(tls->certificate);
    free(tls->key);
    free(tls);
    return NULL;
}

enum tls_renewal tls_renew(struct tls *tls, struct buf *why)
{
    struct file_state now[2];
    SSL_CTX *ctx;

    if (look(tls->certificate, &now[0]) != 0 || look(tls->key, &now[1]) != 0)
        memset(now, 0, sizeof(now)); /* in the middle of being replaced, or gone for good */
    if (memcmp(now, tls->seen, sizeof(now)) == 0)
        return TLS_SAME;
    memcpy(tls->seen, now, sizeof(now));
    if (load(tls, &ctx, why) != 0)
        return TLS_REFUSED;
    SSL_CTX_free(tls->ctx); /* open connections hold their own reference */
    tls->ctx = ctx;
    return TLS_RENEWED;
}

struct bufferevent *tls_accept(struct tls *tls, struct event_base *base)
{
    SSL *ssl = SSL_new(tls->ctx);
    struct bufferevent *bev;

    if (ssl == NULL)
        return NULL;
    /* It closes the socket and frees `ssl` in its destructor: evhttp leaves the socket to it then.
     */
    bev = bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                         BEV_OPT_CLOSE_ON_FREE);
    if (bev == NULL) {
        SSL_free(ssl);
        return NULL;
    }
    /* A client that drops the line without a goodbye is a closed line, no fault. */
    bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    return bev;
}

void tls_goodbye(struct bufferevent *bev)
{
    SSL *ssl = bufferevent_openssl_get_ssl(bev);

    if (ssl != NULL && SSL_is_init_finished(ssl))
        (void)SSL_shutdown(ssl);
    ERR_clear_error();
}

void tls_write_now(struct bufferevent *bev, const void *bytes, size_t len)
{
    SSL *ssl = bufferevent_openssl_get_ssl(bev);
    size_t written;

    if (ssl != NULL && SSL_is_init_finished(ssl))
        (void)SSL_write_ex(ssl, bytes, len, &written);
    ERR_clear_error();
}
