#include "http/metrics.h"

#include "base/num.h"
#include "dvc_test.h"

/* What a scraper checks of a text exposition: HELP and TYPE once and before their lines, names of
 * the allowed characters, quoted labels, a number at the end, no line twice, histograms that add
 * up. */

static int64_t seven(void *ctx)
{
    (void)ctx;
    return 7;
}

static void lag_lines(void *ctx, struct buf *out)
{
    if (*(bool *)ctx)
        metrics_line(out, "dvc_cluster_oldest_seconds", "gauge", "How old.", 2.5);
}

static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (!(c == '_' || c == ':' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (i > 0 && c >= '0' && c <= '9')))
            return false;
    }
    return text.len > 0;
}

/* {a="x",b="y"}, both braces included */
static bool labels_ok(struct slice text)
{
    size_t at = 1;

    if (text.len < 3 || text.ptr[text.len - 1] != '}')
        return false;
    while (at < text.len - 1) {
        ptrdiff_t equals = slice_find(text, '=', at), quote;

        if (equals < 0 || !is_name(slice_sub(text, at, (size_t)equals - at)) ||
            text.ptr[equals + 1] != '"')
            return false;
        quote = slice_find(text, '"', (size_t)equals + 2);
        if (quote < 0 || (text.ptr[quote + 1] != ',' && text.ptr[quote + 1] != '}'))
            return false;
        at = (size_t)quote + 2;
    }
    return true;
}

static bool same_start(struct slice name, struct slice family)
{
    static const char *const ends[] = {"_bucket", "_sum", "_count"};

    if (slice_eq(name, family))
        return true;
    for (size_t i = 0; i < DVC_COUNT(ends); i++)
        if (name.len == family.len + strlen(ends[i]) && slice_starts(name, "dvc_") &&
            memcmp(name.ptr, family.ptr, family.len) == 0 && slice_ends(name, ends[i]))
            return true;
    return false;
}

static size_t times(struct slice text, struct slice line)
{
    struct slice rest = text, other;
    size_t count = 0;

    while (slice_next(&rest, '\n', &other))
        count += slice_eq(line, other);
    return count;
}

/* One line with a value, of the family that HELP and TYPE named last. */
static void check_value(struct slice line, struct slice family)
{
    ptrdiff_t blank = (ptrdiff_t)line.len - 1, brace = slice_find(line, '{', 0);
    struct slice name;
    double value;

    while (blank > 0 && line.ptr[blank] != ' ')
        blank--;
    cr_assert(blank > 0);
    name = slice_sub(line, 0, brace >= 0 ? (size_t)brace : (size_t)blank);
    cr_assert(is_name(name) && same_start(name, family), "%.*s is not of %.*s", (int)name.len,
              name.ptr, (int)family.len, family.ptr);
    cr_assert(num_parse_double(slice_sub(line, (size_t)blank + 1, line.len), -1e300, 1e300,
                               &value) == 0,
              "%.*s", (int)line.len, line.ptr);
    if (brace >= 0)
        cr_assert(labels_ok(slice_sub(line, (size_t)brace, (size_t)(blank - brace))), "%.*s", (int)line.len,
                  line.ptr);
}

static void check_valid(struct slice text)
{
    struct slice rest = text, line, family = SLICE_NULL;
    bool typed = false;

    cr_assert(slice_ends(text, "\n"));
    while (slice_next(&rest, '\n', &line)) {
        if (line.len == 0)
            continue;
        if (slice_starts(line, "# HELP ")) {
            cr_assert(times(text, line) == 1);
            family = slice_sub(line, 7, (size_t)slice_find(line, ' ', 7) - 7);
            typed = false;
        } else if (slice_starts(line, "# TYPE ")) {
            cr_assert(slice_eq(slice_sub(line, 7, (size_t)slice_find(line, ' ', 7) - 7), family) && !typed);
            typed = true;
        } else {
            cr_assert(typed && times(text, line) == 1, "%.*s", (int)line.len, line.ptr);
            check_value(line, family);
        }
    }
}

static bool has(const struct buf *text, const char *line)
{
    return times(buf_slice(text), slice_str(line)) == 1;
}

DVC_TEST(metrics, a_scraper_can_read_it)
{
    static const char *const names[] = {"GET /a/{code}", "POST /b"};
    struct metrics *metrics = metrics_new(names, 2);
    struct buf text = BUF_INIT(1 << 20);
    bool known = true;

    metrics_set_worker(metrics, "gateway/3");
    metrics_value(metrics, "dvc_queue", "gauge", "Waiting.", seven, NULL);
    metrics_lines(metrics, lag_lines, &known);
    metrics_request(metrics, 0, 200, 900);
    metrics_request(metrics, 0, 201, 3000000);
    metrics_request(metrics, 0, 204, 99000000);
    metrics_request(metrics, 2, 404, 10);
    metrics_write(metrics, &text);
    check_valid(buf_slice(&text));
    cr_assert(has(&text, "dvc_queue{worker=\"gateway/3\"} 7"));
    cr_assert(has(&text, "dvc_cluster_oldest_seconds 2.5"));
    cr_assert(has(&text, "dvc_http_request_duration_seconds_count{worker=\"gateway/3\","
                         "route=\"GET /a/{code}\",status=\"2xx\"} 3"));
    cr_assert(has(&text, "dvc_http_request_duration_seconds_bucket{worker=\"gateway/3\","
                         "route=\"GET /a/{code}\",status=\"2xx\",le=\"0.001\"} 1"));
    cr_assert(has(&text, "dvc_http_request_duration_seconds_bucket{worker=\"gateway/3\","
                         "route=\"GET /a/{code}\",status=\"2xx\",le=\"10\"} 2"));
    cr_assert(has(&text, "dvc_http_request_duration_seconds_bucket{worker=\"gateway/3\","
                         "route=\"GET /a/{code}\",status=\"2xx\",le=\"+Inf\"} 3"));
    cr_assert(has(&text, "dvc_http_request_duration_seconds_sum{worker=\"gateway/3\","
                         "route=\"GET /a/{code}\",status=\"2xx\"} 102.000900"));
    cr_assert(has(&text, "dvc_http_request_duration_seconds_count{worker=\"gateway/3\","
                         "route=\"unmatched\",status=\"4xx\"} 1"));
    buf_release(&text);
    metrics_free(metrics);
}

DVC_TEST(metrics, what_is_not_known_is_not_told)
{
    struct metrics *metrics = metrics_new(NULL, 0);
    struct buf text = BUF_INIT(1 << 20);
    bool known = false;

    metrics_value(metrics, "dvc_queue", "gauge", "Waiting.", seven, NULL);
    metrics_lines(metrics, lag_lines, &known);
    metrics_write(metrics, &text);
    check_valid(buf_slice(&text));
    cr_assert(has(&text, "dvc_queue 7"));
    cr_assert(!slice_ends(buf_slice(&text), "2.5\n"));
    buf_release(&text);
    metrics_free(metrics);
}
