#include "app/courierworker.h"

#include <stdlib.h>

#include "app/node.h"
#include "base/hash.h"
#include "base/log.h"
#include "conf/targets.h"
#include "courier/linked.h"
#include "courier/mail.h"
#include "courier/papers.h"
#include "courier/port.h"
#include "courier/webhook.h"

#define ANSWER_MAX (8u << 20)
#define HOST_CONNECTIONS 8

/* One receiver: a client, its channel in the outbox and its feed. */
struct receiver {
    struct postal *postal;
    struct port_feed *feed;
    struct tracking *tracking;
};

struct courier {
    struct node node;
    struct curlmux *mux;
    struct port *port;
    struct outbox *outbox;
    struct receiver receivers[TARGET_FILES_MAX];
    size_t count;
    struct webhook_client *webhooks[TARGET_FILES_MAX];
    size_t webhook_count;
    struct mail *mail; /* NULL: no mail server is set up */
    struct papers *papers;
};

static void drained(void *ctx)
{
    struct courier *c = ctx;

    node_drained(&c->node);
}

static void drain(struct node *node)
{
    struct courier *c = node->ctx;

    outbox_drain(c->outbox, drained, c);
}

static void follow(struct courier *c, struct receiver *receiver)
{
    struct tracking_options options = TRACKING_OPTIONS_DEFAULT;
    struct tracking_port port;

    receiver->feed = port_feed_new(c->port, postal_target(receiver->postal));
    port = port_tracking(receiver->feed);
    receiver->tracking = tracking_new(c->node.loop, receiver->postal, &port, &options);
    port_serve_tracking(receiver->feed, receiver->tracking);
    tracking_start(receiver->tracking);
}

/* One channel a target; their files are at most as many as there is room. */
static size_t open_channels(struct courier *c, const struct targets *targets,
                            const char *public_url,
                            struct outbox_channel channels[TARGET_FILES_MAX])
{
    const char *source = public_url != NULL ? public_url : "/dvcd";
    size_t n = 0;

    if (targets == NULL)
        return 0;
    for (; c->count < targets->vnpost_count; c->count++) {
        c->receivers[c->count].postal =
            postal_new(c->node.loop, c->mux, targets->vnposts[c->count]);
        channels[n++] = postal_channel(c->receivers[c->count].postal);
    }
    for (; c->webhook_count < targets->webhook_count; c->webhook_count++) {
        c->webhooks[c->webhook_count] =
            webhook_new(c->node.loop, c->mux, targets->webhooks[c->webhook_count], source);
        channels[n++] = webhook_channel(c->webhooks[c->webhook_count]);
    }
    if (targets->mailer != NULL) {
        c->mail = mail_new(c->node.loop, c->mux, targets->mailer);
        channels[n++] = mail_channel(c->mail);
    }
    return n;
}

static void begin(struct node *node)
{
    struct courier *c = node->ctx;
    const struct targets *targets = node->config->generation->targets;
    const struct settings *settings = &node->config->generation->settings;
    struct outbox_channel channels[TARGET_FILES_MAX + PAPERS_CHANNELS + LINKED_CHANNELS];
    size_t channel_count;
    struct outbox_options options = OUTBOX_OPTIONS_DEFAULT;
    struct outbox_port port = port_outbox(c->port);

    options.busy_us = settings->database.poll_busy_ms * 1000;
    options.idle_us = settings->courier.poll_ms * 1000;
    options.retry.min_us = settings->courier.retry_min_ms * 1000;
    options.retry.max_us = settings->courier.retry_max_ms * 1000;
    options.retry.strikes_max = (int)settings->courier.retries_max;
    channel_count = open_channels(c, targets, settings->http.public_url, channels);
    c->papers = papers_new(node->loop, node->service);
    papers_channels(c->papers, &channels[channel_count]);
    channel_count += PAPERS_CHANNELS;
    channels[channel_count++] = linked_channel(node->service);
    c->outbox = outbox_new(node->loop, &port, channels, channel_count, &options);
    port_serve_outbox(c->port, c->outbox);
    outbox_start(c->outbox);
    for (size_t i = 0; i < c->count; i++)
        follow(c, &c->receivers[i]);
}

int courier_run(const struct worker_env *env)
{
    struct courier *c = dvc_calloc(1, sizeof(*c));
    struct curlmux_options options = {.connect_timeout_ms = 3000,
                                      .timeout_ms = 10000,
                                      .body_max = ANSWER_MAX,
                                      .host_connections = HOST_CONNECTIONS};
    char name[UUID_TEXT_SIZE]; /* of this process: a restarted courier is another one */
    int status = node_init(&c->node, env, 1, 1);

    uuid7_text(clock_now(loop_clock(c->node.loop)).us / 1000, name);
    c->node.ctx = c;
    c->node.on_ready = begin;
    c->node.on_drain = drain;
    if (status == 0) {
        c->mux = curlmux_new(c->node.loop, &options);
        c->port = port_new(c->node.service, name, US_PER_SECOND);
        status = c->mux != NULL ? node_run(&c->node) : 1;
    }
    for (size_t i = 0; i < c->count; i++)
        postal_free(c->receivers[i].postal);
    curlmux_free(c->mux);
    for (size_t i = 0; i < c->webhook_count; i++)
        webhook_free(c->webhooks[i]);
    mail_free(c->mail);
    node_close_store(&c->node);
    for (size_t i = 0; i < c->count; i++) {
        tracking_free(c->receivers[i].tracking);
        port_feed_free(c->receivers[i].feed);
    }
    outbox_free(c->outbox);
    papers_free(c->papers);
    port_free(c->port);
    node_release(&c->node);
    free(c);
    return status;
}
