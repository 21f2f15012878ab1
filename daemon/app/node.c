#include "app/node.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app/memory.h"
#include "base/log.h"
#include "service/authclient.h"

#define WATCH_EVERY_US (20 * 1000)
#define HEALTH_EVERY_US WORKER_BEAT_US
#define AUTH_OUTSTANDING 64

bool node_skewed(const struct node *node)
{
    int64_t limit = node->config->generation->settings.clock.skew_warning_ms * 1000;
    int64_t skew = store_skew_us(node->store);

    return skew > limit || skew < -limit;
}

static void look_at_clock(struct node *node)
{
    bool skewed = node_skewed(node);

    if (skewed && !node->skewed)
        log_warn("clock_skewed", "worker=%s skew_ms=%lld", node->env->name,
                 (long long)store_skew_us(node->store) / 1000);
    else if (!skewed && node->skewed)
        log_info("clock_right_again", "worker=%s", node->env->name);
    node->skewed = skewed;
}

/* A worker without a database can be asked nothing: its log has to say why. */
static void look_at_database(struct node *node)
{
    struct db_error fault = store_last_fault(node->store);
    bool away = !store_up(node->store) && fault.code != 0;

    if (away && !node->cut_off)
        log_error("database_away", "worker=%s reason=%s detail=%s", node->env->name,
                  store_error_name(fault.code), fault.message);
    else if (!away && node->cut_off)
        log_info("database_back", "worker=%s", node->env->name);
    node->cut_off = away;
}

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
    look_at_clock(node);
    if (node->on_ready != NULL)
        node->on_ready(node);
}

static void out_of_time(void *ctx)
{
    struct node *node = ctx;

    log_warn("drain_cut", "worker=%s", node->env->name);
    loop_stop(node->loop);
}

static void on_term(void *ctx);

/* One that has grown too large does what it has under way and ends; its successor begins small. */
static void look_at_health(void *ctx)
{
    struct node *node = ctx;
    int64_t limit = node->config->generation->settings.workers.memory_mb * 1024;
    int64_t kib = memory_private_kib();

    loop_timer_start(node->health, HEALTH_EVERY_US);
    node->private_kib = kib;
    look_at_database(node);
    if (node->ready) {
        worker_ready(node->env); /* a beat: the loop goes round */
        look_at_clock(node);
    }
    if (kib <= limit || node->draining)
        return;
    log_warn("worker_too_large", "worker=%s private_kib=%lld limit_kib=%lld", node->env->name,
             (long long)kib, (long long)limit);
    on_term(node);
}

/* The supervisor has read the configuration again and kept what serves. */
static void on_hangup(void *ctx, int what)
{
    struct node *node = ctx;
    struct signalfd_siginfo info;

    (void)what;
    while (read(node->hangup_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_code == SI_QUEUE)
            node->config_errors = info.ssi_int;
    }
}

static void watch_hangup(struct node *node)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGHUP, SIG_DFL); /* an ignored one is never told */
    node->hangup_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (node->hangup_fd < 0) {
        log_warn("signalfd_failed", "worker=%s code=%d", node->env->name, errno);
        return;
    }
    node->hangup = loop_fd_new(node->loop, node->hangup_fd, on_hangup, node);
    loop_fd_want(node->hangup, LOOP_READ);
}

static void drain(struct node *node, bool relieved)
{
    if (!node->draining)
        loop_timer_start(node->last_call,
                         node->config->generation->settings.workers.drain_ms * 1000);
    node->draining = true;
    node->relieved = relieved;
    if (node->on_drain != NULL && node->ready)
        node->on_drain(node);
    else
        loop_stop(node->loop);
}

static void on_term(void *ctx)
{
    struct node *node = ctx;

    if (!node->draining || node->relieved)
        drain(node, false);
}

static void on_relieved(void *ctx)
{
    struct node *node = ctx;

    if (!node->draining)
        drain(node, true);
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
    node->config_errors = config->config_errors;
    node->hangup_fd = -1;
    signal(SIGPIPE, SIG_IGN);
    node->loop = loop_new();
    store.conninfo = config->conninfo;
    store.application = env->name;
    store.readers = readers;
    store.writers = writers;
    store.batch_max = (uint32_t)settings->database.batch_max;
    store.queue_max = (uint32_t)settings->database.queue_max;
    store.change_queue_max = (uint32_t)settings->database.queue_max;
    store.connect_timeout_us = settings->database.connect_timeout_ms * 1000;
    store.anchor_every_us = settings->clock.anchor_ms * 1000;
    store.statement_timeout_us = settings->database.statement_timeout_ms * 1000;
    if (store_new(node->loop, &store, config->statements, &node->store) != 0) {
        log_error("store_failed", "worker=%s", env->name);
        return 1;
    }
    if (env->auth_fd >= 0)
        node->auth = authclient_new(node->loop, env->auth_fd, AUTH_OUTSTANDING);
    node->service =
        service_new(node->loop, node->store, config->generation, config->published, node->auth);
    node->watch = loop_timer_new(node->loop, watch, node);
    node->last_call = loop_timer_new(node->loop, out_of_time, node);
    node->health = loop_timer_new(node->loop, look_at_health, node);
    loop_timer_start(node->watch, WATCH_EVERY_US);
    loop_timer_start(node->health, 0);
    watch_hangup(node);
    loop_signal(node->loop, SIGTERM, on_term, node);
    loop_signal(node->loop, SIGINT, on_term, node);
    loop_signal(node->loop, WORKER_RELIEVED, on_relieved, node);
    return 0;
}

int node_run(struct node *node)
{
    int r = loop_run(node->loop);

    if (r != 0)
        log_error("loop_failed", "worker=%s code=%d", node->env->name, r);
    return r != 0 ? 1 : 0;
}

/* First the helper's client: whoever still waits for a password is answered while the service, and
 * the server that passes the answer on, are there. */
void node_close_store(struct node *node)
{
    if (node->service != NULL)
        node->service->auth = NULL;
    node->auth = authclient_free(node->auth);
    node->store = store_free(node->store);
}

void node_release(struct node *node)
{
    node->watch = loop_timer_free(node->watch);
    node->last_call = loop_timer_free(node->last_call);
    node->health = loop_timer_free(node->health);
    node->hangup = loop_fd_free(node->hangup);
    if (node->hangup_fd >= 0)
        close(node->hangup_fd);
    node->hangup_fd = -1;
    node_close_store(node);
    node->service = service_free(node->service);
    node->loop = loop_free(node->loop);
}
