/* postsim - a simulated VNPost. Wiring only; options.c tells what it can do. */
#include "control.h"
#include "options.h"
#include "post.h"

#include <event2/http.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <netinet/in.h>
#include <time.h>
#include <unistd.h>

#define EXIT_USAGE 100
#define BODY_MAX_BYTES (256 << 10)

int64_t sim_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct log_entry *sim_log(struct sim *sim, const char *op)
{
    struct log_entry *entry = &sim->log[sim->log_count % SIM_LOG_MAX];

    *entry = (struct log_entry){
        .n = ++sim->log_count, .at_ms = sim_now_ms(), .op = op, .fault = FAULT_NONE};
    return entry;
}

void sim_arm(struct sim *sim)
{
    int64_t now_ms = sim_now_ms();
    int64_t next_ms = office_run(&sim->office, now_ms);

    if (next_ms >= 0)
        loop_timer_start(sim->step_timer, (next_ms - now_ms) * 1000);
}

static void on_step(void *ctx)
{
    sim_arm(ctx);
}

static void on_away(void *ctx)
{
    struct sim *sim = ctx;

    sim->away_until_ms = sim->away_for_ms + sim_now_ms();
}

static void on_request(struct evhttp_request *req, void *ctx)
{
    struct web_answer nothing = {404, WEB_JSON, 0, SLICE_LIT("{\"status\":404}")};

    if (!control_handle(ctx, req) && !post_handle(ctx, req))
        web_send(req, &nothing);
}

static void on_stop(void *ctx)
{
    loop_stop(ctx);
}

static void on_parent_end(void *ctx, int what)
{
    (void)what;
    loop_stop(ctx);
}

/* A descriptor of the parent becomes readable when it ends, also when it is no direct parent. */
static int watch_parent(struct loop *loop, int64_t pid, struct loop_fd **ret)
{
    int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);

    if (fd < 0)
        return -errno;
    *ret = loop_fd_new(loop, fd, on_parent_end, loop);
    loop_fd_want(*ret, LOOP_READ);
    /* Also when this loop never turns again. */
    if (getppid() == (pid_t)pid)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return 0;
}

static struct evhttp *serve(struct sim *sim, int64_t port)
{
    struct evhttp *http = evhttp_new(loop_base(sim->loop));
    struct evhttp_bound_socket *bound;
    struct sockaddr_in address = {0};
    socklen_t len = sizeof(address);

    if (http == NULL)
        return NULL;
    evhttp_set_default_content_type(http, NULL);
    evhttp_set_max_body_size(http, BODY_MAX_BYTES);
    evhttp_set_timeout(http, 120);
    evhttp_set_gencb(http, on_request, sim);
    bound = evhttp_bind_socket_with_handle(http, "127.0.0.1", (uint16_t)port);
    if (bound == NULL) {
        evhttp_free(http);
        return NULL;
    }
    getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &len);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return http;
}

static void set_up(struct sim *sim, const struct options *options)
{
    sim->loop = loop_new();
    web_init(&sim->web, sim->loop);
    sim->slow_us = options->slow_ms * 1000;
    sim->retry_after_s = (int)options->retry_after_s;
    sim->away_how = options->away_how;
    sim->away_for_ms = options->away_seconds * 1000;
    sim->plan.seed = (uint64_t)options->seed;
    memcpy(sim->plan.rate, options->rate, sizeof(sim->plan.rate));
    sim->log = dvc_calloc(SIM_LOG_MAX, sizeof(struct log_entry));
    list_init(&sim->unsynced);
    account_book_init(&sim->book, options->token_seconds * 1000);
    for (size_t i = 0; i < options->customer_count; i++) {
        struct slice parts[3];

        if (options_customer(options->customers[i], parts))
            account_add(&sim->book, parts[0], parts[1], parts[2]);
        sim->book.open = false;
    }
    sim->step_timer = loop_timer_new(sim->loop, on_step, sim);
    sim->away_timer = loop_timer_new(sim->loop, on_away, sim);
    if (options->away_seconds > 0)
        loop_timer_start(sim->away_timer, options->away_after_s * US_PER_SECOND);
    loop_signal(sim->loop, SIGTERM, on_stop, sim->loop);
    loop_signal(sim->loop, SIGINT, on_stop, sim->loop);
}

static int run(struct sim *sim, const struct options *options)
{
    struct loop_fd *parent = NULL;
    struct evhttp *http = NULL;
    int r;

    set_up(sim, options);
    r = office_open(&sim->office, options->journal, &sim->book, &sim->plan, options->step_ms,
                    sim_now_ms());
    if (r == 0 && options->parent_pid > 0)
        r = watch_parent(sim->loop, options->parent_pid, &parent);
    if (r != 0) {
        fprintf(stderr, "postsim: %s: %s\n", options->journal, strerror(-r));
        goto out;
    }
    sim_arm(sim);
    http = serve(sim, options->port);
    if (http == NULL) {
        fprintf(stderr, "postsim: cannot listen on 127.0.0.1:%d\n", (int)options->port);
        r = -EADDRINUSE;
        goto out;
    }
    r = loop_run(sim->loop);
out:
    web_end(&sim->web);
    if (http != NULL)
        evhttp_free(http);
    loop_fd_free(parent);
    loop_timer_free(sim->step_timer);
    loop_timer_free(sim->away_timer);
    office_close(&sim->office);
    account_book_release(&sim->book);
    free(sim->log);
    loop_free(sim->loop);
    return r;
}

int main(int argc, char **argv)
{
    static struct options options;
    static struct sim sim;

    signal(SIGPIPE, SIG_IGN);
    if (options_parse(argc, argv, &options) < 0)
        return EXIT_USAGE;
    if (options.help) {
        fputs(options_help, stdout);
        return 0;
    }
    return run(&sim, &options) == 0 ? 0 : 1;
}
