#include "ctl/chains.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"

#define PAGE_DOSSIERS 500
#define EVENT_MAX (8u << 20)

static const char start_hash[] = "0000000000000000000000000000000000000000000000000000000000000000";

struct chains {
    struct chains_report *report;
    struct buf text; /* of the event at hand, as it is hashed */
};

static void fault(struct chains *chains, bool *broken, const char *fmt, ...) DVC_PRINTF(3, 4);

static void fault(struct chains *chains, bool *broken, const char *fmt, ...)
{
    struct chains_report *report = chains->report;
    va_list args;

    if (*broken)
        return;
    *broken = true;
    report->broken++;
    if (report->first[0] != '\0')
        return;
    va_start(args, fmt);
    vsnprintf(report->first, sizeof(report->first), fmt, args);
    va_end(args);
}

static void hash_event(struct buf *text, struct slice code, int64_t seq, const char *previous,
                       struct slice body, char ret[SHA256_HEX_SIZE])
{
    buf_clear(text);
    buf_adds(text, "dvc1\n");
    buf_add_slice(text, code);
    buf_addf(text, "\n%" PRId64 "\n%s\n", seq, previous);
    buf_add_slice(text, body);
    DVC_REQUIRE(!text->overflow);
    sha256_hex(sha256_of(buf_slice(text)), ret);
}

/* The events of one dossier from row *at on; moves *at behind them. */
static void check_dossier(struct chains *chains, const struct db_rows *dossiers, size_t row,
                          const struct db_rows *events, size_t *at)
{
    int64_t id = db_int_at(dossiers, row, 0, 0), seq = 0;
    struct slice code = db_text_at(dossiers, row, 1);
    int64_t head = db_int_at(dossiers, row, 2, 0);
    char previous[SHA256_HEX_SIZE];
    bool broken = false;

    memcpy(previous, start_hash, sizeof(start_hash));
    for (; *at < db_rows_count(events) && db_int_at(events, *at, 0, 0) == id; ++*at) {
        int64_t found = db_int_at(events, *at, 1, 0);
        struct slice body = db_text_at(events, *at, 2);
        char hash[SHA256_HEX_SIZE];

        chains->report->events++;
        seq++;
        if (found != seq)
            fault(chains, &broken,
                  "%.*s: thiếu sự kiện số %" PRId64 " (tiếp theo là số %" PRId64 ")", (int)code.len,
                  code.ptr, seq, found);
        hash_event(&chains->text, code, found, previous, body, hash);
        if (!slice_is(db_text_at(events, *at, 3), hash))
            fault(chains, &broken, "%.*s: sự kiện số %" PRId64 " không khớp mã băm của nó",
                  (int)code.len, code.ptr, found);
        memcpy(previous, hash, sizeof(hash));
    }
    if (head != seq)
        fault(chains, &broken, "%.*s: hồ sơ ghi có %" PRId64 " sự kiện, tìm thấy %" PRId64,
              (int)code.len, code.ptr, head, seq);
    else if (!slice_is(db_text_at(dossiers, row, 3), previous))
        fault(chains, &broken, "%.*s: mã băm cuối của hồ sơ không phải của sự kiện cuối",
              (int)code.len, code.ptr);
    chains->report->dossiers++;
}

static void strays(struct chains *chains, const struct db_rows *events, size_t *at, int64_t below)
{
    int64_t last = 0;

    for (; *at < db_rows_count(events) && db_int_at(events, *at, 0, 0) < below; ++*at) {
        int64_t id = db_int_at(events, *at, 0, 0);
        bool broken = id == last;

        last = id;
        fault(chains, &broken, "có sự kiện của hồ sơ số %" PRId64 " mà không còn hồ sơ đó", id);
    }
}

/* The next dossiers above `after` and their events, in one snapshot. */
static int read_page(struct ctl *ctl, struct store_sync *sync, int64_t after,
                     const struct chains_options *options, struct db_rows **ret_dossiers,
                     struct db_rows **ret_events)
{
    int64_t limit = options->codes != NULL ? 1 : PAGE_DOSSIERS;
    struct db_param page[] = {
        db_int(after), db_int(limit),
        options->codes != NULL ? db_text_array(options->codes, options->code_count) : db_null()};
    struct db_error error;
    int r;

    if (store_sync_script(sync, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, &error) !=
        0) {
        ctl_error("%s", error.message);
        return CTL_E_DATABASE;
    }
    r = ctl_query(ctl, sync, "verify_dossiers", page, DVC_COUNT(page), ret_dossiers);
    if (r == 0) {
        size_t count = db_rows_count(*ret_dossiers);
        int64_t last = count > 0 ? db_int_at(*ret_dossiers, count - 1, 0, 0) : after;
        struct db_param range[] = {db_int(after), db_int(last)};

        if (options->codes != NULL)
            range[0] = db_int(count > 0 ? last - 1 : last);
        else if (count < PAGE_DOSSIERS)
            range[1] = db_int(INT64_MAX);
        r = ctl_query(ctl, sync, "verify_events", range, DVC_COUNT(range), ret_events);
    }
    if (store_sync_script(sync, "ROLLBACK", NULL, &error) != 0 && r == 0) {
        ctl_error("%s", error.message);
        r = CTL_E_DATABASE;
    }
    return r;
}

static size_t check_page(struct chains *chains, const struct db_rows *dossiers,
                         const struct db_rows *events, int64_t *ret_last)
{
    size_t count = db_rows_count(dossiers), at = 0;

    for (size_t row = 0; row < count; row++) {
        *ret_last = db_int_at(dossiers, row, 0, 0);
        strays(chains, events, &at, *ret_last);
        check_dossier(chains, dossiers, row, events, &at);
    }
    strays(chains, events, &at, INT64_MAX);
    return count;
}

int chains_check(struct ctl *ctl, struct store_sync *sync, const struct chains_options *options,
                 struct chains_report *ret)
{
    struct chains chains = {.report = ret, .text = BUF_INIT(EVENT_MAX)};
    size_t count = 1;
    int64_t last = 0;
    int r = 0;

    *ret = (struct chains_report){0};
    while (r == 0 && count > 0) {
        struct db_rows *dossiers DVC_CLEANUP(db_rows_freep) = NULL;
        struct db_rows *events DVC_CLEANUP(db_rows_freep) = NULL;

        r = read_page(ctl, sync, last, options, &dossiers, &events);
        if (r != 0)
            break;
        count = check_page(&chains, dossiers, events, &last);
        if (options->codes == NULL && count < PAGE_DOSSIERS)
            count = 0;
        if (options->progress != NULL)
            options->progress(options->ctx, ret);
    }
    buf_release(&chains.text);
    return r;
}
