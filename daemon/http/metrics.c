#include "http/metrics.h"

#include <stdlib.h>

#define VALUES_MAX 64
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

struct metrics {
    const char *const *names;
    size_t count;
    struct series *series; /* [(count + 1) * CLASSES] */
    struct value_reader values[VALUES_MAX];
    size_t value_count;
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

static void write_series(const struct series *series, const char *route, size_t class,
                         struct buf *out)
{
    int64_t below = 0;

    for (size_t i = 0; i < BOUNDS; i++) {
        below += series->buckets[i];
        buf_addf(out,
                 "dvc_http_request_duration_seconds_bucket"
                 "{route=\"%s\",status=\"%zuxx\",le=\"%s\"} %lld\n",
                 route, class, bound_names[i], (long long)below);
    }
    buf_addf(out,
             "dvc_http_request_duration_seconds_bucket"
             "{route=\"%s\",status=\"%zuxx\",le=\"+Inf\"} %lld\n",
             route, class, (long long)series->count);
    buf_addf(
        out, "dvc_http_request_duration_seconds_sum{route=\"%s\",status=\"%zuxx\"} %lld.%06lld\n",
        route, class, (long long)(series->sum_us / 1000000), (long long)(series->sum_us % 1000000));
    buf_addf(out, "dvc_http_request_duration_seconds_count{route=\"%s\",status=\"%zuxx\"} %lld\n",
             route, class, (long long)series->count);
}

void metrics_write(const struct metrics *metrics, struct buf *out)
{
    buf_adds(out, "# HELP dvc_http_request_duration_seconds From the whole request to its reply.\n"
                  "# TYPE dvc_http_request_duration_seconds histogram\n");
    for (size_t i = 0; i < (metrics->count + 1) * CLASSES; i++) {
        size_t route = i / CLASSES;

        if (metrics->series[i].count > 0)
            write_series(&metrics->series[i],
                         route < metrics->count ? metrics->names[route] : "unmatched",
                         i % CLASSES + 1, out);
    }
    for (size_t i = 0; i < metrics->value_count; i++) {
        const struct value_reader *value = &metrics->values[i];

        buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", value->name, value->help,
                 value->name, value->kind, value->name, (long long)value->read(value->ctx));
    }
}
