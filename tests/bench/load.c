/* load - keeps a number of connections busy with prepared requests and says how it went, as one
 * line of JSON. A closed loop: each connection sends its next request when it has the answer to the
 * last. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/jw.h"
#include "base/num.h"
#include "plan.h"
#include "wire.h"

#define EVENTS_MAX 256
#define DRAIN_US (15 * US_PER_SECOND)

struct options {
    int64_t port, connections, seconds_ms, warm_ms;
    const char *plan;
    bool once;
};

struct load {
    const struct options *options;
    struct plan plan;
    struct wire *wires;
    int epoll;
    int64_t measure_from_us, stop_us;
    size_t busy;
    uint32_t *latencies; /* of answers within the measured time, microseconds */
    size_t latency_count, latency_cap;
    int64_t last_us;        /* when the last measured answer came */
    uint64_t statuses[600]; /* of all answers; 0: the connection broke */
    uint64_t answers;
};

static int64_t now_us(void)
{
    return mono_now().us;
}

static void keep_latency(struct load *load, int64_t us)
{
    if (load->latency_count == load->latency_cap) {
        load->latency_cap = load->latency_cap == 0 ? 1 << 16 : 2 * load->latency_cap;
        load->latencies =
            dvc_realloc(load->latencies, load->latency_cap * sizeof(*load->latencies));
    }
    load->latencies[load->latency_count++] = (uint32_t)us;
}

static void watch(struct load *load, struct wire *wire, int op, uint32_t events)
{
    struct epoll_event event = {.events = events, .data = {.ptr = wire}};

    (void)epoll_ctl(load->epoll, op, wire->fd, &event);
}

static bool open_wire(struct load *load, struct wire *wire)
{
    if (wire_connect(wire, (int)load->options->port) != 0) {
        load->statuses[0]++;
        return false;
    }
    watch(load, wire, EPOLL_CTL_ADD, EPOLLOUT);
    return true;
}

/* Sends the next request; a connection without one rests until the end. */
static void next_request(struct load *load, struct wire *wire)
{
    const struct plan_request *request = NULL;
    int64_t now = now_us();

    if (now < load->stop_us)
        request = plan_take(&load->plan, wire->key);
    if (request == NULL) {
        wire_close(wire);
        return;
    }
    wire_begin(wire, request, now);
    load->busy++;
}

static void broken(struct load *load, struct wire *wire)
{
    load->busy -= wire->request != NULL;
    load->statuses[0]++;
    wire_close(wire);
    if (now_us() < load->stop_us)
        (void)open_wire(load, wire);
}

static void send_some(struct load *load, struct wire *wire)
{
    switch (wire_send(wire)) {
    case WIRE_DONE:
        watch(load, wire, EPOLL_CTL_MOD, EPOLLIN);
        break;
    case WIRE_MORE:
        watch(load, wire, EPOLL_CTL_MOD, EPOLLOUT);
        break;
    case WIRE_BROKEN:
        broken(load, wire);
        break;
    }
}

static void answered(struct load *load, struct wire *wire)
{
    int64_t now = now_us();

    load->statuses[wire->status]++;
    load->answers++;
    load->busy--;
    wire->request = NULL;
    if (now >= load->measure_from_us && now <= load->stop_us) {
        keep_latency(load, now - wire->started_us);
        load->last_us = now;
    }
    if (wire->closes) { /* a gateway that drains says so; the next request goes elsewhere */
        wire_close(wire);
        if (now < load->stop_us)
            (void)open_wire(load, wire);
        return;
    }
    next_request(load, wire);
    if (wire->request != NULL)
        send_some(load, wire);
}

static void on_event(struct load *load, struct wire *wire, uint32_t events)
{
    if (wire->fd < 0)
        return;
    if ((events & (EPOLLERR | EPOLLHUP)) != 0 && (events & EPOLLIN) == 0) {
        broken(load, wire);
        return;
    }
    if ((events & EPOLLOUT) != 0) {
        if (wire->request == NULL)
            next_request(load, wire);
        if (wire->request != NULL)
            send_some(load, wire);
        return;
    }
    switch (wire_receive(wire)) {
    case WIRE_DONE:
        answered(load, wire);
        break;
    case WIRE_MORE:
        break;
    case WIRE_BROKEN:
        broken(load, wire);
        break;
    }
}

static bool any_open(const struct load *load)
{
    for (int64_t i = 0; i < load->options->connections; i++)
        if (load->wires[i].fd >= 0)
            return true;
    return false;
}

static void run(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];
    int64_t start = now_us();

    load->measure_from_us = start + load->options->warm_ms * 1000;
    load->stop_us = load->measure_from_us + load->options->seconds_ms * 1000;
    for (int64_t i = 0; i < load->options->connections; i++)
        (void)open_wire(load, &load->wires[i]);
    while (any_open(load)) {
        int count = epoll_wait(load->epoll, events, EVENTS_MAX, 100);

        for (int i = 0; i < count; i++)
            on_event(load, events[i].data.ptr, events[i].events);
        if (now_us() > load->stop_us + (load->busy > 0 ? DRAIN_US : 0))
            break;
    }
}

static int by_size(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

static int64_t percentile(const struct load *load, size_t per_mille)
{
    if (load->latency_count == 0)
        return 0;
    return load->latencies[(load->latency_count - 1) * per_mille / 1000];
}

static void report(struct load *load)
{
    struct buf buf = BUF_INIT(1u << 16);
    struct jw jw = JW_INIT(&buf);
    struct rusage use;
    /* With each request sent once the run may end early: the rate is over the time it took. */
    int64_t until = load->options->once ? load->last_us : load->stop_us;
    double seconds = (double)(until - load->measure_from_us) / US_PER_SECOND;

    qsort(load->latencies, load->latency_count, sizeof(*load->latencies), by_size);
    (void)getrusage(RUSAGE_SELF, &use);
    jw_object(&jw);
    jw_kv_int(&jw, "answers", (int64_t)load->answers);
    jw_kv_int(&jw, "measured", (int64_t)load->latency_count);
    jw_key(&jw, "rate");
    jw_real(&jw, seconds > 0 ? (double)load->latency_count / seconds : 0);
    jw_kv_int(&jw, "p50_us", percentile(load, 500));
    jw_kv_int(&jw, "p99_us", percentile(load, 990));
    jw_kv_int(&jw, "max_us", percentile(load, 1000));
    jw_kv_int(&jw, "broken", (int64_t)load->statuses[0]);
    jw_kv_int(&jw, "unanswered", (int64_t)load->busy);
    jw_key(&jw, "cpu_seconds");
    jw_real(&jw, (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                     (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / US_PER_SECOND);
    jw_key(&jw, "statuses");
    jw_object(&jw);
    for (size_t i = 1; i < DVC_COUNT(load->statuses); i++) {
        char name[8];

        snprintf(name, sizeof(name), "%zu", i);
        if (load->statuses[i] > 0)
            jw_kv_int(&jw, name, (int64_t)load->statuses[i]);
    }
    jw_end_object(&jw);
    jw_end_object(&jw);
    puts(buf.ptr);
    buf_release(&buf);
}

static int usage(void)
{
    fputs(
        "usage: bench_load --port N --plan FILE [--connections N] [--ms N] [--warm-ms N] [--once]\n"
        "Each line of FILE: path, TAB, bearer token, TAB, body (- for a GET).\n",
        stderr);
    return 100;
}

static bool read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {{"port", required_argument, NULL, 'p'},
                                          {"plan", required_argument, NULL, 'f'},
                                          {"connections", required_argument, NULL, 'c'},
                                          {"ms", required_argument, NULL, 't'},
                                          {"warm-ms", required_argument, NULL, 'w'},
                                          {"once", no_argument, NULL, 'o'},
                                          {NULL, 0, NULL, 0}};
    int c, r = 0;

    while (r == 0 && (c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        struct slice value = slice_str(optarg);

        if (c == 'p')
            r = num_parse_i64(value, 1, 65535, &options->port);
        else if (c == 'c')
            r = num_parse_i64(value, 1, 10000, &options->connections);
        else if (c == 't')
            r = num_parse_i64(value, 1, 3600000, &options->seconds_ms);
        else if (c == 'w')
            r = num_parse_i64(value, 0, 3600000, &options->warm_ms);
        else if (c == 'f')
            options->plan = optarg;
        else if (c == 'o')
            options->once = true;
        else
            r = -EINVAL;
    }
    return r == 0 && optind == argc && options->port > 0 && options->plan != NULL;
}

int main(int argc, char **argv)
{
    struct options options = {.connections = 8, .seconds_ms = 5000, .warm_ms = 500};
    struct load load = {.options = &options};
    size_t line;
    int r;

    if (!read_options(argc, argv, &options))
        return usage();
    r = plan_read(options.plan, options.once, &load.plan, &line);
    if (r != 0) {
        fprintf(stderr, "bench_load: %s, line %zu: %s\n", options.plan, line, strerror(-r));
        return 1;
    }
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    load.wires = dvc_calloc((size_t)options.connections, sizeof(*load.wires));
    run(&load);
    report(&load);
    for (int64_t i = 0; i < options.connections; i++)
        wire_close(&load.wires[i]);
    close(load.epoll);
    free(load.wires);
    free(load.latencies);
    plan_release(&load.plan);
    return 0;
}
