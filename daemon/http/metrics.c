#include "http/metrics.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/wall.h"

#define VALUES_MAX 64
#define WRITERS_MAX 8
#define WORKER_MAX 64
#define CLASSES 5 /* 1xx..5xx, by the first digit */

/* Upper bounds in microseconds; the last bucket is +Inf. */
static const int64_t bounds[] = {1000,   2500,   5000,   10000,   25000,   50000,
                                 100000, 250000, 500000, 1000000, 2500000, 10000000};
static const char *const bound_names[] = {"0.001", "0.0025", "0.005", "0.01", "0.025", "0.05",
                                          "0.1",   "0.25",   "0.5",   "1",    "2.5",   "10"};
#define BOUNDS DVC_COUNT(bounds)

struct series {
    int64_t count, sum_us;
    int64_t buckets[BOUNDS];
};

struct value_reader {
    const char *name, *kind, *help;
    int64_t (*read)(void *ctx);
    void *ctx;
};

struct line_writer {
    void (*write)(void *ctx, struct buf *out);
    void *ctx;
};

struct metrics {
    const char *const *names;
    size_t count;
    struct series *series; /* [(count + 1) * CLASSES] */
    struct value_reader values[VALUES_MAX];
    size_t value_count;
    struct line_writer writers[WRITERS_MAX];
    size_t writer_count;
    char worker[WORKER_MAX]; /* "" or worker="gateway/0" */
};

struct metrics *metrics_new(const char *const *names, size_t count)
{
    struct metrics *metrics = dvc_calloc(1, sizeof(*metrics));

    metrics->names = names;
    metrics->count = count;
    metrics->series = dvc_calloc((count + 1) * CLASSES, sizeof(*metrics->series));
    return metrics;
}

struct metrics *metrics_free(struct metrics *metrics)
{
    if (metrics)
        free(metrics->series);
    free(metrics);
    return NULL;
}

void metrics_request(struct metrics *metrics, size_t route, int status, int64_t us)
{
    int class = status / 100;
    struct series *series;

    DVC_REQUIRE(route <= metrics->count && class >= 1 && class <= CLASSES);
    series = &metrics->series[route * CLASSES + (size_t) class - 1];
    series->count++;
    series->sum_us += us;
    for (size_t i = 0; i < BOUNDS; i++) {
        if (us <= bounds[i]) {
            series->buckets[i]++;
            break;
        }
    }
}

void metrics_value(struct metrics *metrics, const char *name, const char *kind, const char *help,
                   int64_t (*read)(void *ctx), void *ctx)
{
    DVC_REQUIRE(metrics->value_count < VALUES_MAX);
    metrics->values[metrics->value_count++] =
        (struct value_reader){.name = name, .kind = kind, .help = help, .read = read, .ctx = ctx};
}

void metrics_set_worker(struct metrics *metrics, const char *worker)
{
    snprintf(metrics->worker, sizeof(metrics->worker), "worker=\"%s\"", worker);
}

void metrics_lines(struct metrics *metrics, void (*write)(void *ctx, struct buf *out), void *ctx)
{
    DVC_REQUIRE(metrics->writer_count < WRITERS_MAX);
    metrics->writers[metrics->writer_count++] = (struct line_writer){.write = write, .ctx = ctx};
}

static void write_head(struct buf *out, const char *name, const char *kind, const char *help)
{
    buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

void metrics_line(struct buf *out, const char *name, const char *kind, const char *help,
                  double value)
{
    write_head(out, name, kind, help);
    buf_addf(out, "%s %.15g\n", name, value);
}

/* name_suffix{worker="gateway/0",route="GET /api/v1/me",status="2xx" and more labels} */
static void write_name(const struct metrics *metrics, size_t series, const char *suffix,
                       struct buf *out)
{
    size_t route = series / CLASSES;

    buf_addf(out, "dvc_http_request_duration_seconds%s{%s%sroute=\"%s\",status=\"%zuxx\"", suffix,
             metrics->worker, metrics->worker[0] != '\0' ? "," : "",
             route < metrics->count ? metrics->names[route] : "unmatched", series % CLASSES + 1);
}

static void write_series(const struct metrics *metrics, size_t index, struct buf *out)
{
    const struct series *series = &metrics->series[index];
    int64_t below = 0;

    for (size_t i = 0; i < BOUNDS; i++) {
        below += series->buckets[i];
        write_name(metrics, index, "_bucket", out);
        buf_addf(out, ",le=\"%s\"} %lld\n", bound_names[i], (long long)below);
    }
    write_name(metrics, index, "_bucket", out);
    buf_addf(out, ",le=\"+Inf\"} %lld\n", (long long)series->count);
    write_name(metrics, index, "_sum", out);
    buf_addf(out, "} %lld.%06lld\n", (long long)(series->sum_us / US_PER_SECOND),
             (long long)(series->sum_us % US_PER_SECOND));
    write_name(metrics, index, "_count", out);
    buf_addf(out, "} %lld\n", (long long)series->count);
}

static void write_value(const struct metrics *metrics, const struct value_reader *value,
                        struct buf *out)
{
    bool labelled = metrics->worker[0] != '\0';

    write_head(out, value->name, value->kind, value->help);
    buf_addf(out, "%s%s%s%s %lld\n", value->name, labelled ? "{" : "", metrics->worker,
             labelled ? "}" : "", (long long)value->read(value->ctx));
}

void metrics_write(const struct metrics *metrics, struct buf *out)
{
    write_head(out, "dvc_http_request_duration_seconds", "histogram",
               "From the whole request to its reply.");
    for (size_t i = 0; i < (metrics->count + 1) * CLASSES; i++) {
        if (metrics->series[i].count > 0)
            write_series(metrics, i, out);
    }
    for (size_t i = 0; i < metrics->value_count; i++)
        write_value(metrics, &metrics->values[i], out);
    for (size_t i = 0; i < metrics->writer_count; i++)
        metrics->writers[i].write(metrics->writers[i].ctx, out);
}
