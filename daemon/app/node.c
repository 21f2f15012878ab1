#include "app/node.h"

#include <signal.h>
#include <stdlib.h>

#include "base/log.h"
#include "service/authclient.h"

#define WATCH_EVERY_US (20 * 1000)
#define AUTH_OUTSTANDING 64

static void watch(void *ctx)
{
    struct node *node = ctx;

    if (!service_ready(node->service)) {
        loop_timer_start(node->watch, WATCH_EVERY_US);
        return;
    }
    node->ready = true;
    log_info("worker_ready", "worker=%s", node->env->name);
    worker_ready(node->env);
    if (node->on_ready != NULL)
        node->on_ready(node);
}

static void out_of_time(void *ctx)
{
    struct node *node = ctx;

    log_warn("drain_cut", "worker=%s", node->env->name);
    loop_stop(node->loop);
}

static void on_term(void *ctx)
{
    struct node *node = ctx;

    if (node->draining)
        return;
    node->draining = true;
    loop_timer_start(node->last_call, node->config->generation->settings.workers.drain_ms * 1000);
    if (node->on_drain != NULL && node->ready)
        node->on_drain(node);
    else
        loop_stop(node->loop);
}

void node_drained(struct node *node)
{
    loop_stop(node->loop);
}

int node_init(struct node *node, const struct worker_env *env, uint32_t readers, uint32_t writers)
{
    const struct node_config *config = env->ctx;
    const struct settings *settings = &config->generation->settings;
    struct store_settings store = store_settings_default();

    node->env = env;
    node->config = config;
    signal(SIGPIPE, SIG_IGN);
    node->loop = loop_new();
    store.conninfo = config->conninfo;
    store.application = env->name;
    store.readers = readers;
    store.writers = writers;
    store.batch_max = (uint32_t)settings->database.batch_max;
    store.queue_max = (uint32_t)settings->database.queue_max;
    store.change_queue_max = (uint32_t)settings->database.queue_max;
    store.statement_timeout_us = settings->database.statement_timeout_ms * 1000;
    if (store_new(node->loop, &store, config->statements, &node->store) != 0) {
        log_error("store_failed", "worker=%s", env->name);
        return 1;
    }
    if (env->auth_fd >= 0)
        node->auth = authclient_new(node->loop, env->auth_fd, AUTH_OUTSTANDING);
    node->service = service_new(node->loop, node->store, config->generation, node->auth);
    node->watch = loop_timer_new(node->loop, watch, node);
    node->last_call = loop_timer_new(node->loop, out_of_time, node);
    loop_timer_start(node->watch, WATCH_EVERY_US);
    loop_signal(node->loop, SIGTERM, on_term, node);
    loop_signal(node->loop, SIGINT, on_term, node);
    return 0;
}

int node_run(struct node *node)
{
    int r = loop_run(node->loop);

    if (r != 0)
        log_error("loop_failed", "worker=%s code=%d", node->env->name, r);
    return r != 0 ? 1 : 0;
}

void node_close_store(struct node *node)
{
    node->store = store_free(node->store);
}

void node_release(struct node *node)
{
    node->watch = loop_timer_free(node->watch);
    node->last_call = loop_timer_free(node->last_call);
    node_close_store(node);
    node->service = service_free(node->service);
    node->auth = authclient_free(node->auth);
    node->loop = loop_free(node->loop);
}
