#include "courier/webhook.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/jw.h"

#include <stdio.h>
#include <stdlib.h>

#define EVENT_MAX (64u << 10)
#define TYPE_PREFIX "vn.dvc.dossier."

struct webhook_client {
    struct loop *loop;
    struct curlmux *mux;
    const struct webhook *webhook;
    char *source;
};

struct sending {
    struct outbox *outbox;
    uint64_t ticket;
};

struct webhook_client *webhook_new(struct loop *loop, struct curlmux *mux,
                                   const struct webhook *webhook, const char *source)
{
    struct webhook_client *client = dvc_calloc(1, sizeof(*client));

    client->loop = loop;
    client->mux = mux;
    client->webhook = webhook;
    client->source = dvc_strdup(source);
    return client;
}

struct webhook_client *webhook_free(struct webhook_client *client)
{
    if (client != NULL)
        free(client->source);
    free(client);
    return NULL;
}

static void write_data(struct jw *jw, const struct outbox_item *item, const struct value *row)
{
    jw_key(jw, "data");
    jw_object(jw);
    jw_kv_str(jw, "code", item->code);
    for (size_t i = 0; i < row->map.count; i++) {
        struct buf member = BUF_INIT(EVENT_MAX);

        value_write(&member, row->map.members[i].value, false);
        jw_key(jw, row->map.members[i].key.ptr);
        jw_raw(jw, buf_slice(&member));
        buf_release(&member);
    }
    jw_end_object(jw);
}

bool webhook_event(struct buf *buf, const char *source, const struct outbox_item *item)
{
    struct arena *arena = arena_new();
    struct jw jw = JW_INIT(buf);
    struct json_error error;
    struct value *row = NULL;
    bool good = item->code != NULL && json_parse(arena, item->body, 4, &row, &error) == 0 &&
                value_get_str(row, "event") != NULL && value_get_str(row, "at") != NULL;

    if (good) {
        jw_object(&jw);
        jw_kv_str(&jw, "specversion", "1.0");
        jw_kv_str(&jw, "id", item->key);
        jw_kv_str(&jw, "source", source);
        jw_kv_str(&jw, "type", arena_printf(arena, TYPE_PREFIX "%s", value_get_str(row, "event")));
        jw_kv_str(&jw, "subject", item->code);
        jw_kv_str(&jw, "time", value_get_str(row, "at"));
        jw_kv_str(&jw, "datacontenttype", "application/json");
        write_data(&jw, item, row);
        jw_end_object(&jw);
    }
    arena_free(arena);
    return good && !buf->overflow;
}

void webhook_signature(struct buf *buf, const struct webhook *webhook, const char *id,
                       int64_t timestamp, struct slice body)
{
    struct buf text = BUF_INIT(EVENT_MAX + 1024);

    buf_addf(&text, "%s.%lld.", id, (long long)timestamp);
    buf_add_slice(&text, body);
    for (size_t i = 0; i < webhook->secret_count; i++) {
        struct sha256 mac = hmac_sha256(webhook->secrets[i], buf_slice(&text));

        buf_adds(buf, i > 0 ? " v1," : "v1,");
        buf_add_base64(buf, mac.bytes, SHA256_SIZE);
    }
    buf_release(&text);
}

static enum attempt_result result_of_status(int status)
{
    if (status >= 200 && status < 300)
        return ATTEMPT_DONE;
    if (status >= 500)
        return ATTEMPT_SERVER;
    if (status == 429)
        return ATTEMPT_THROTTLED;
    if (status == 408 || status == 425) /* it did not get all of it, or not yet */
        return ATTEMPT_TRANSPORT;
    if (status >= 400) /* 410 as well: a person takes the target away, or the receiver comes back */
        return ATTEMPT_REFUSED;
    return ATTEMPT_STRANGE;
}

enum attempt_result webhook_result(const struct mux_answer *answer)
{
    return attempt_of_call(answer->result, result_of_status(answer->status));
}

static void answered(void *ctx, const struct mux_answer *answer)
{
    struct sending *sending = ctx;
    struct attempt attempt = {.result = webhook_result(answer),
                              .status = answer->status,
                              .retry_after_s = answer->retry_after_s};
    char detail[64];

    if (answer->result == MUX_ANSWERED)
        snprintf(detail, sizeof(detail), "HTTP %d%s", answer->status,
                 answer->status == 410 ? " (gone)" : "");
    else
        snprintf(detail, sizeof(detail), "HTTP: %s", attempt_code(attempt.result));
    attempt.detail = detail;
    outbox_delivered(sending->outbox, sending->ticket, &attempt);
    free(sending);
}

static void post(struct webhook_client *client, const struct outbox_item *item, struct slice event,
                 struct sending *sending)
{
    const struct webhook *webhook = client->webhook;
    int64_t timestamp = loop_now(client->loop).us / US_PER_SECOND;
    struct arena *arena = arena_new();
    struct buf signature = BUF_INIT(1024);

    webhook_signature(&signature, webhook, item->key, timestamp, event);
    curlmux_start(
        client->mux,
        &(struct mux_request){
            .post = true,
            .url = webhook->url,
            .headers = {"Content-Type: application/cloudevents+json; charset=utf-8",
                        arena_printf(arena, "webhook-id: %s", item->key),
                        arena_printf(arena, "webhook-timestamp: %lld", (long long)timestamp),
                        arena_printf(arena, "webhook-signature: %s", signature.ptr)},
            .body = event,
            .ca_file = webhook->ca_file,
            .connect_timeout_ms = webhook->connect_timeout_ms,
            .timeout_ms = webhook->request_timeout_ms},
        answered, sending);
    buf_release(&signature);
    arena_free(arena);
}

static void deliver(void *ctx, struct outbox *outbox, const struct outbox_item *item,
                    uint64_t ticket)
{
    static const struct attempt unread = {.result = ATTEMPT_INVALID,
                                          .retry_after_s = -1,
                                          .detail = "no event could be made of the row"};
    struct webhook_client *client = ctx;
    struct buf event = BUF_INIT(EVENT_MAX);
    struct sending *sending;

    if (!webhook_event(&event, client->source, item)) {
        outbox_delivered(outbox, ticket, &unread);
    } else {
        sending = dvc_malloc(sizeof(*sending));
        *sending = (struct sending){.outbox = outbox, .ticket = ticket};
        post(client, item, buf_slice(&event), sending);
    }
    buf_release(&event);
}

struct outbox_channel webhook_channel(struct webhook_client *client)
{
    return (struct outbox_channel){.name = client->webhook->sink.id,
                                   .ctx = client,
                                   .max_in_flight = (int)client->webhook->max_in_flight,
                                   .deliver = deliver};
}
