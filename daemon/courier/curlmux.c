#include "courier/curlmux.h"

#include "base/idmap.h"
#include "base/list.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define CA_FILE_DEFAULT "/etc/ssl/certs/ca-certificates.crt"

struct curlmux {
    struct loop *loop;
    CURLM *multi;
    struct loop_timer *timer;
    struct idmap *ids;
    struct list calls;  /* struct mux_call that run */
    struct list broken; /* struct mux_call that could not be started: told at the end of the turn */
    struct loop_timer *broken_timer;
    char *ca_file, *proxy;
    struct curlmux_options options;
};

struct mux_call {
    struct list link;
    struct curlmux *mux;
    uint64_t id;
    CURL *easy;
    struct curl_slist *headers;
    struct curl_slist *recipients; /* of a mail; NULL: an HTTP call */
    curl_mime *mime;
    struct buf body;
    char error[CURL_ERROR_SIZE];
    mux_fn fn;
    void *ctx;
};

bool curlmux_tls_is_openssl(void)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

    return info->ssl_version != NULL && slice_starts(slice_str(info->ssl_version), "OpenSSL");
}

static void call_free(struct mux_call *call)
{
    list_remove(&call->link);
    idmap_remove(call->mux->ids, call->id);
    if (call->easy != NULL) {
        curl_multi_remove_handle(call->mux->multi, call->easy);
        curl_easy_cleanup(call->easy);
    }
    curl_mime_free(call->mime);
    curl_slist_free_all(call->recipients);
    curl_slist_free_all(call->headers);
    buf_release(&call->body);
    free(call);
}

/* libcurl tells the command that was refused in its words only; a test holds them against a real
 * server. */
static enum mux_stage stage_of(const char *words)
{
    static const struct {
        const char *begins;
        enum mux_stage stage;
    } stages[] = {{"MAIL failed", MUX_STAGE_SENDER},
                  {"RCPT failed", MUX_STAGE_RECIPIENT},
                  {"DATA failed", MUX_STAGE_CONTENT}};

    for (size_t i = 0; i < DVC_COUNT(stages); i++) {
        if (slice_starts(slice_str(words), stages[i].begins))
            return stages[i].stage;
    }
    /* The answer to the whole text brings no words of its own. */
    return words[0] == '\0' || strstr(words, "Weird server reply") != NULL ? MUX_STAGE_CONTENT
                                                                           : MUX_STAGE_SESSION;
}

/* The one way a call ends. It is out of every list before `fn` runs, which may start others. */
static void finish(struct mux_call *call, enum mux_result result)
{
    struct mux_answer answer = {.result = result, .retry_after_s = -1, .detail = call->error};
    curl_off_t retry_after = 0;
    long status = 0;

    list_remove(&call->link);
    idmap_remove(call->mux->ids, call->id);
    if (result == MUX_ANSWERED) {
        curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &retry_after);
        answer.status = (int)status;
        answer.retry_after_s = retry_after > 0 ? retry_after : -1;
        answer.body = buf_slice(&call->body);
        if (call->recipients != NULL && status >= 400)
            answer.stage = stage_of(call->error);
        else
            answer.detail = "";
    }
    call->fn(call->ctx, &answer);
    call_free(call);
}

/* A reply code of a mail server is an answer, whatever libcurl calls it. */
static bool mail_refused(const struct mux_call *call, CURLcode code)
{
    long status = 0;

    if (call->recipients == NULL ||
        (code != CURLE_SEND_ERROR && code != CURLE_WEIRD_SERVER_REPLY &&
         code != CURLE_LOGIN_DENIED && code != CURLE_REMOTE_ACCESS_DENIED &&
         code != CURLE_RECV_ERROR))
        return false;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 400 && status < 600;
}

static enum mux_result result_of(const struct mux_call *call, CURLcode code)
{
    if (mail_refused(call, code))
        return MUX_ANSWERED;
    if (call->body.overflow)
        return MUX_TOO_LARGE;
    switch ((int)code) {
    case CURLE_OK:
        return MUX_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        return MUX_UNREACHED;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED: /* no STARTTLS where it is insisted on */
        return MUX_UNTRUSTED;
    case CURLE_OPERATION_TIMEDOUT:
        return MUX_TIMEOUT;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return MUX_BAD_CALL;
    default:
        return MUX_BROKEN;
    }
}

static void read_done(struct curlmux *mux)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(mux->multi, &left)) != NULL) {
        struct mux_call *call = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        finish(call, result_of(call, message->data.result));
    }
}

static void act(struct curlmux *mux, curl_socket_t fd, int what)
{
    int running;

    curl_multi_socket_action(mux->multi, fd, what, &running);
    read_done(mux);
}

static void on_timer(void *ctx)
{
    act(ctx, CURL_SOCKET_TIMEOUT, 0);
}

static int set_timer(CURLM *multi, long ms, void *ctx)
{
    struct curlmux *mux = ctx;

    (void)multi;
    if (ms < 0)
        loop_timer_stop(mux->timer);
    else
        loop_timer_start(mux->timer, (int64_t)ms * 1000);
    return 0;
}

struct watch {
    struct curlmux *mux;
    struct loop_fd *fd_watch;
    curl_socket_t fd;
};

static void on_socket(void *ctx, int what)
{
    struct watch *watch = ctx;
    int mask =
        (what & LOOP_READ ? CURL_CSELECT_IN : 0) | (what & LOOP_WRITE ? CURL_CSELECT_OUT : 0);

    /* libcurl may end this watch in the call, so nothing of it is touched afterwards. */
    act(watch->mux, watch->fd, mask);
}

static int set_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
    struct curlmux *mux = ctx;
    struct watch *watch = socket_ctx;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (watch != NULL) {
            loop_fd_free(watch->fd_watch);
            free(watch);
        }
        curl_multi_assign(mux->multi, fd, NULL);
        return 0;
    }
    if (watch == NULL) {
        watch = dvc_calloc(1, sizeof(*watch));
        watch->mux = mux;
        watch->fd = fd;
        watch->fd_watch = loop_fd_new(mux->loop, fd, on_socket, watch);
        curl_multi_assign(mux->multi, fd, watch);
    }
    loop_fd_want(watch->fd_watch,
                 (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0));
    return 0;
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    struct mux_call *call = ctx;

    buf_add(&call->body, data, size * count);
    return call->body.overflow ? 0 : size * count;
}

static void on_broken(void *ctx)
{
    struct curlmux *mux = ctx;
    struct list *link;

    while ((link = list_pop_front(&mux->broken)) != NULL)
        finish(LIST_ENTRY(link, struct mux_call, link), MUX_BAD_CALL);
}

struct curlmux *curlmux_new(struct loop *loop, const struct curlmux_options *options)
{
    struct curlmux *mux;
    CURLM *multi;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    multi = curl_multi_init();
    if (multi == NULL) {
        curl_global_cleanup();
        return NULL;
    }
    mux = dvc_calloc(1, sizeof(*mux));
    mux->loop = loop;
    mux->multi = multi;
    mux->options = *options;
    mux->ca_file = dvc_strdup(options->ca_file == NULL ? CA_FILE_DEFAULT : options->ca_file);
    mux->proxy = dvc_strdup(options->proxy == NULL ? "" : options->proxy);
    mux->ids = idmap_new(CURLMUX_CALLS_MAX);
    mux->timer = loop_timer_new(loop, on_timer, mux);
    mux->broken_timer = loop_timer_new(loop, on_broken, mux);
    list_init(&mux->calls);
    list_init(&mux->broken);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, mux);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, mux);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)options->host_connections);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)options->host_connections * 4);
    return mux;
}

struct curlmux *curlmux_free(struct curlmux *mux)
{
    if (mux == NULL)
        return NULL;
    while (!list_empty(&mux->calls))
        finish(LIST_ENTRY(mux->calls.next, struct mux_call, link), MUX_CANCELLED);
    while (!list_empty(&mux->broken))
        finish(LIST_ENTRY(mux->broken.next, struct mux_call, link), MUX_CANCELLED);
    curl_multi_cleanup(mux->multi);
    curl_global_cleanup();
    loop_timer_free(mux->timer);
    loop_timer_free(mux->broken_timer);
    idmap_free(mux->ids);
    free(mux->ca_file);
    free(mux->proxy);
    free(mux);
    return NULL;
}

static void set_safety(const struct curlmux *mux, const char *protocols, const char *ca_file,
                       int64_t connect_ms, int64_t all_ms, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    /* With a CA path set, OpenSSL reads the whole bundle again for each connection: 22 ms of the
     * loop's time instead of 3. */
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file != NULL ? ca_file : mux->ca_file);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_PROXY, mux->proxy);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)(connect_ms > 0 ? connect_ms : mux->options.connect_timeout_ms));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                     (long)(all_ms > 0 ? all_ms : mux->options.timeout_ms));
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "dvcd");
}

static void set_call(struct mux_call *call)
{
    CURL *easy = call->easy;

    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
}

static void set_request(struct mux_call *call, const struct mux_request *request)
{
    CURL *easy = call->easy;

    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    /* No round trip for a permission to send the body. */
    call->headers = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < DVC_COUNT(request->headers); i++) {
        if (request->headers[i] != NULL)
            call->headers = curl_slist_append(call->headers, request->headers[i]);
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
    if (request->post) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS,
                         request->body.ptr == NULL ? "" : request->body.ptr);
    }
}

/* The addresses have been looked at: no sign in them ends them early. */
static bool set_mail(struct mux_call *call, const struct mux_mail *mail)
{
    CURL *easy = call->easy;
    curl_mimepart *part;

    curl_easy_setopt(easy, CURLOPT_URL, mail->url);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, mail->from);
    call->recipients = curl_slist_append(NULL, mail->to);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, call->recipients);
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     (long)(mail->starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    curl_easy_setopt(easy, CURLOPT_USERNAME, mail->user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, mail->password);
    for (size_t i = 0; i < DVC_COUNT(mail->headers); i++) {
        if (mail->headers[i] != NULL)
            call->headers = curl_slist_append(call->headers, mail->headers[i]);
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
    call->mime = curl_mime_init(easy);
    part = call->mime != NULL ? curl_mime_addpart(call->mime) : NULL;
    if (call->recipients == NULL || part == NULL ||
        curl_mime_data(part, mail->text.ptr, mail->text.len) != CURLE_OK ||
        curl_mime_type(part, "text/plain; charset=utf-8") != CURLE_OK ||
        curl_mime_encoder(part, "base64") != CURLE_OK)
        return false;
    return curl_easy_setopt(easy, CURLOPT_MIMEPOST, call->mime) == CURLE_OK;
}

static struct mux_call *call_new(struct curlmux *mux, mux_fn fn, void *ctx)
{
    struct mux_call *call = dvc_calloc(1, sizeof(*call));

    call->mux = mux;
    call->fn = fn;
    call->ctx = ctx;
    call->body = BUF_INIT(mux->options.body_max);
    list_init(&call->link);
    call->id = idmap_add(mux->ids, call);
    DVC_REQUIRE(call->id != 0);
    call->easy = curl_easy_init();
    return call;
}

/* `ready` false: something is wrong with it, which is told as any other end. */
static uint64_t call_start(struct mux_call *call, bool ready)
{
    struct curlmux *mux = call->mux;

    if (ready && curl_multi_add_handle(mux->multi, call->easy) == CURLM_OK) {
        list_push_back(&mux->calls, &call->link);
        return call->id;
    }
    list_push_back(&mux->broken, &call->link);
    loop_timer_start(mux->broken_timer, 0);
    return call->id;
}

uint64_t curlmux_start(struct curlmux *mux, const struct mux_request *request, mux_fn fn, void *ctx)
{
    struct mux_call *call = call_new(mux, fn, ctx);

    if (call->easy != NULL) {
        set_safety(mux, "http,https", request->ca_file, request->connect_timeout_ms,
                   request->timeout_ms, call->easy);
        set_call(call);
        set_request(call, request);
    }
    return call_start(call, call->easy != NULL);
}

uint64_t curlmux_mail(struct curlmux *mux, const struct mux_mail *mail, mux_fn fn, void *ctx)
{
    struct mux_call *call = call_new(mux, fn, ctx);
    bool ready = call->easy != NULL;

    if (ready) {
        set_safety(mux, "smtp,smtps", mail->ca_file, mail->connect_timeout_ms, mail->timeout_ms,
                   call->easy);
        set_call(call);
        ready = set_mail(call, mail);
    }
    return call_start(call, ready);
}

void curlmux_cancel(struct curlmux *mux, uint64_t id)
{
    struct mux_call *call = idmap_get(mux->ids, id);

    if (call != NULL)
        finish(call, MUX_CANCELLED);
}

uint32_t curlmux_running(const struct curlmux *mux)
{
    return idmap_count(mux->ids);
}
