#include "courier/mail.h"

#include "base/arena.h"
#include "base/json.h"
#include "courier/mime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_MAX 1024

struct mail {
    struct loop *loop;
    struct curlmux *mux;
    const struct mailer *mailer;
};

struct sending {
    struct outbox *outbox;
    uint64_t ticket;
};

struct mail *mail_new(struct loop *loop, struct curlmux *mux, const struct mailer *mailer)
{
    struct mail *mail = dvc_calloc(1, sizeof(*mail));

    *mail = (struct mail){.loop = loop, .mux = mux, .mailer = mailer};
    return mail;
}

struct mail *mail_free(struct mail *mail)
{
    free(mail);
    return NULL;
}

static enum attempt_result result_of_reply(int status, enum mux_stage stage)
{
    if (status < 400)
        return ATTEMPT_DONE;
    if (status < 500)
        return ATTEMPT_SERVER;
    /* The address is wrong, or nobody takes this text: another attempt changes nothing. */
    if (stage == MUX_STAGE_RECIPIENT || stage == MUX_STAGE_CONTENT)
        return ATTEMPT_REFUSED;
    return ATTEMPT_DENIED;
}

enum attempt_result mail_result(const struct mux_answer *answer)
{
    return attempt_of_call(answer->result, result_of_reply(answer->status, answer->stage));
}

/* Of our own words: a server's often repeat the address. */
static void describe(const struct mux_answer *answer, char *text, size_t size)
{
    static const char *const stages[] = {[MUX_STAGE_SESSION] = "session",
                                         [MUX_STAGE_SENDER] = "sender",
                                         [MUX_STAGE_RECIPIENT] = "recipient",
                                         [MUX_STAGE_CONTENT] = "content"};

    if (answer->result == MUX_ANSWERED)
        snprintf(text, size, "SMTP %d (%s)", answer->status, stages[answer->stage]);
    else
        snprintf(text, size, "SMTP: %s", attempt_code(mail_result(answer)));
}

static void sent(void *ctx, const struct mux_answer *answer)
{
    struct sending *sending = ctx;
    struct attempt attempt = {
        .result = mail_result(answer), .status = answer->status, .retry_after_s = -1};
    char detail[64];

    describe(answer, detail, sizeof(detail));
    attempt.detail = detail;
    outbox_delivered(sending->outbox, sending->ticket, &attempt);
    free(sending);
}

static const char *header(struct arena *arena, struct buf *buf)
{
    const char *text = arena_slice_str(arena, buf_slice(buf));

    buf_clear(buf);
    return text;
}

static const char *url_of(struct arena *arena, const struct mailer *mailer)
{
    return arena_printf(arena, "%s://%s:%d/%s", mailer->tls == MAILER_TLS ? "smtps" : "smtp",
                        mailer->host, (int)mailer->port, strrchr(mailer->from, '@') + 1);
}

static void send(struct mail *mail, struct arena *arena, const struct outbox_item *item,
                 const struct value *body, struct sending *sending)
{
    const struct mailer *mailer = mail->mailer;
    const char *to = value_get_str(body, "to");
    struct buf buf = BUF_INIT(HEADER_MAX);
    struct mux_mail out = {.url = url_of(arena, mailer),
                           .starttls = mailer->tls == MAILER_STARTTLS,
                           .user = mailer->user,
                           .password = mailer->password,
                           .ca_file = mailer->ca_file,
                           .from = mailer->from,
                           .to = to,
                           .text = value_get_text(body, "text"),
                           .connect_timeout_ms = mailer->connect_timeout_ms,
                           .timeout_ms = mailer->request_timeout_ms};

    mime_mailbox(&buf, "From", mailer->from_name, mailer->from);
    out.headers[0] = header(arena, &buf);
    out.headers[1] = arena_printf(arena, "To: <%s>", to);
    mime_header(&buf, "Subject", value_get_str(body, "subject"));
    out.headers[2] = header(arena, &buf);
    /* When it was written, not when this attempt is made: a repeat is the same mail. */
    mime_date(&buf, item->created_at);
    out.headers[3] = header(arena, &buf);
    mime_message_id(&buf, item->key, mailer->from);
    out.headers[4] = header(arena, &buf);
    out.headers[5] = "Auto-Submitted: auto-generated";
    buf_release(&buf);
    curlmux_mail(mail->mux, &out, sent, sending);
}

static void deliver(void *ctx, struct outbox *outbox, const struct outbox_item *item,
                    uint64_t ticket)
{
    static const struct attempt nobody = {.result = ATTEMPT_DONE, .retry_after_s = -1};
    static const struct attempt bad = {.result = ATTEMPT_REFUSED,
                                       .retry_after_s = -1,
                                       .detail = "the address cannot be written to"};
    static const struct attempt unread = {.result = ATTEMPT_INVALID,
                                          .retry_after_s = -1,
                                          .detail = "no text could be made of the dossier"};
    struct mail *mail = ctx;
    struct arena *arena = arena_new();
    struct json_error error;
    struct value *body = NULL;
    struct sending *sending;

    if (json_parse(arena, item->body, 4, &body, &error) != 0 ||
        value_get_str(body, "text") == NULL) {
        outbox_delivered(outbox, ticket, &unread);
    } else if (value_get_str(body, "to") == NULL) {
        outbox_delivered(outbox, ticket, &nobody);
    } else if (!mailer_address_ok(value_get_text(body, "to"))) {
        outbox_delivered(outbox, ticket, &bad);
    } else {
        sending = dvc_malloc(sizeof(*sending));
        *sending = (struct sending){.outbox = outbox, .ticket = ticket};
        send(mail, arena, item, body, sending);
    }
    arena_free(arena);
}

struct outbox_channel mail_channel(struct mail *mail)
{
    return (struct outbox_channel){.name = MAILER_CHANNEL,
                                   .ctx = mail,
                                   .max_in_flight = (int)mail->mailer->max_in_flight,
                                   .deliver = deliver};
}
