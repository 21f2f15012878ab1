#include "app/clockworker.h"

#include <stdlib.h>

#include "app/node.h"
#include "clock/clockwork.h"

struct clockkeeper {
    struct node node;
    struct clockwork *work;
};

static void drained(void *ctx)
{
    struct clockkeeper *c = ctx;

    node_drained(&c->node);
}

static void drain(struct node *node)
{
    struct clockkeeper *c = node->ctx;

    clockwork_drain(c->work, drained, c);
}

static void begin(struct node *node)
{
    struct clockkeeper *c = node->ctx;
    struct clock_options options = clock_options_default(node->service);

    options.node = node->config->name;
    c->work = clockwork_new(node->service, &options);
}

int clock_run(const struct worker_env *env)
{
    struct clockkeeper *c = dvc_calloc(1, sizeof(*c));
    int status = node_init(&c->node, env, 1, 1);

    c->node.ctx = c;
    c->node.on_ready = begin;
    c->node.on_drain = drain;
    if (status == 0)
        status = node_run(&c->node);
    node_close_store(&c->node);
    clockwork_free(c->work);
    node_release(&c->node);
    free(c);
    return status;
}
