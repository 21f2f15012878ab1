#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/jw.h"
#include "ctl/chains.h"
#include "ctl/commands.h"

#define CODES_MAX 1000

struct watch {
    int64_t next_us; /* when to speak again */
};

static void progress(void *ctx, const struct chains_report *so_far)
{
    struct watch *watch = ctx;
    int64_t now = mono_now().us;

    if (now < watch->next_us)
        return;
    watch->next_us = now + US_PER_SECOND / 2;
    fprintf(stderr, "\r%" PRId64 " hồ sơ, %" PRId64 " sự kiện, %" PRId64 " hỏng ", so_far->dossiers,
            so_far->events, so_far->broken);
}

static int all_there(struct ctl *ctl, struct store_sync *sync, const struct slice *codes,
                     size_t count)
{
    struct db_param param = db_text_array(codes, count);
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    int r = ctl_query(ctl, sync, "verify_codes", &param, 1, &rows);

    if (r == 0 && db_rows_count(rows) > 0) {
        struct slice code = db_text_at(rows, 0, 0);

        ctl_error("no dossier has the code %.*s", (int)code.len, code.ptr);
        return CTL_FAILED;
    }
    return r;
}

static void print_json(const struct chains_report *report)
{
    struct buf text = BUF_INIT(4096);
    struct jw jw = JW_INIT(&text);

    jw_object(&jw);
    jw_kv_int(&jw, "dossiers", report->dossiers);
    jw_kv_int(&jw, "events", report->events);
    jw_kv_int(&jw, "broken", report->broken);
    jw_kv_str(&jw, "first", report->first[0] != '\0' ? report->first : NULL);
    jw_end_object(&jw);
    puts(text.ptr);
    buf_release(&text);
}

static void print_report(const struct chains_report *report, int64_t took_us)
{
    printf("%" PRId64 " hồ sơ, %" PRId64 " sự kiện, %.1f giây\n", report->dossiers, report->events,
           (double)took_us / US_PER_SECOND);
    if (report->broken == 0)
        puts("mọi chuỗi sự kiện còn nguyên");
    else
        printf("%" PRId64 " hồ sơ có chuỗi hỏng; đầu tiên: %s\n", report->broken, report->first);
}

int ctl_verify(struct ctl *ctl, int argc, char **argv)
{
    struct store_sync *sync DVC_CLEANUP(store_sync_closep) = NULL;
    struct slice codes[CODES_MAX];
    size_t count = 0;
    enum cluster_role role = CLUSTER_APP;
    struct watch watch = {0};
    struct chains_options options = {.ctx = &watch};
    struct chains_report report;
    int64_t start = mono_now().us;
    int r;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--audit") == 0)
            role = CLUSTER_AUDIT;
        else if (argv[i][0] == '-' || count == CODES_MAX)
            return ctl_misuse("verify does not take '%s'", argv[i]);
        else
            codes[count++] = slice_str(argv[i]);
    }
    if (count > 0) {
        options.codes = codes;
        options.code_count = count;
    }
    if (isatty(STDERR_FILENO))
        options.progress = progress;
    r = ctl_open(ctl, role, &sync);
    if (r == 0 && count > 0)
        r = all_there(ctl, sync, codes, count);
    if (r == 0)
        r = chains_check(ctl, sync, &options, &report);
    if (options.progress != NULL)
        fputc('\n', stderr);
    if (r != 0)
        return r;
    if (ctl->json)
        print_json(&report);
    else
        print_report(&report, mono_now().us - start);
    return report.broken == 0 ? CTL_OK : CTL_FAILED;
}
