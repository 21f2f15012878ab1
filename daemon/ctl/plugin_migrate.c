/* dvcctl plugin migrate: open dossiers of a procedure go over to another published version. The
 * order is written into the database and carried out by the clock of whichever node leads; here it
 * is given, watched and reported. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/jw.h"
#include "base/num.h"
#include "ctl/plugin.h"
#include "store/rows.h"

#define REASON_MAX 500
#define MAP_MAX 64
#define LISTED_MAX 10000
#define LOOK_NS (200 * 1000 * 1000)
#define LOOKS_A_LINE 10  /* progress about every 2 s */
#define LOOKS_TO_HINT 50 /* nobody began within 10 s */
#define CTL_E_STAYED 2   /* some dossiers could not be moved */
#define JSON_DEPTH 8

struct asked {
    const char *code, *reason;
    int64_t from, to; /* from 0: every older version */
    const char *map[MAP_MAX];
    size_t map_count;
    bool rehearse, no_wait, status, cancel;
    int64_t order; /* --status, --cancel */
};

static int usage(void)
{
    return ctl_misuse("plugin migrate CODE --to W [--from V] [--map old=new]... --reason TEXT "
                      "[--dry-run] [--no-wait], plugin migrate --status [ORDER] | --cancel ORDER");
}

static bool number(const char *text, int64_t *ret)
{
    return num_parse_i64(slice_str(text), 1, INT32_MAX, ret) == 0;
}

static bool take(struct asked *asked, int option, const char *value)
{
    switch (option) {
    case 'f':
        return number(value, &asked->from);
    case 't':
        return number(value, &asked->to);
    case 'r':
        asked->reason = value;
        return value[0] != '\0' && strlen(value) <= REASON_MAX;
    case 'm':
        if (asked->map_count == MAP_MAX || strchr(value, '=') == NULL)
            return false;
        asked->map[asked->map_count++] = value;
        return true;
    case 'd':
        return asked->rehearse = true;
    case 'n':
        return asked->no_wait = true;
    case 's':
        return asked->status = true;
    case 'c':
        return asked->cancel = true;
    default:
        return false;
    }
}

static bool read_words(int argc, char **argv, struct asked *ret)
{
    static const struct option options[] = {{"from", required_argument, NULL, 'f'},
                                            {"to", required_argument, NULL, 't'},
                                            {"map", required_argument, NULL, 'm'},
                                            {"reason", required_argument, NULL, 'r'},
                                            {"dry-run", no_argument, NULL, 'd'},
                                            {"no-wait", no_argument, NULL, 'n'},
                                            {"status", no_argument, NULL, 's'},
                                            {"cancel", no_argument, NULL, 'c'},
                                            {NULL, 0, NULL, 0}};
    int option;

    *ret = (struct asked){.code = NULL};
    opterr = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!take(ret, option, optarg))
            return false;
    }
    if (ret->cancel)
        return optind + 1 == argc && number(argv[optind], &ret->order);
    if (ret->status)
        return optind == argc || (optind + 1 == argc && number(argv[optind], &ret->order));
    if (optind + 1 != argc || ret->to == 0 || ret->reason == NULL)
        return false;
    ret->code = argv[optind];
    return true;
}

/* {"old": "new"}; false when a step is named twice. */
static bool write_map(struct buf *buf, const struct asked *asked)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *map = value_new(arena, VALUE_MAP);

    for (size_t i = 0; i < asked->map_count; i++) {
        const char *sign = strchr(asked->map[i], '=');
        const char *old = arena_printf(arena, "%.*s", (int)(sign - asked->map[i]), asked->map[i]);

        if (old[0] == '\0' || sign[1] == '\0' || value_get(map, old) != NULL)
            return false;
        value_set(arena, map, old, value_string(arena, slice_str(sign + 1)));
    }
    value_write(buf, map, false);
    return true;
}

static const struct {
    const char *code, *text;
} errors[] = {
    {"version_unknown", "this version is not published: %s"},
    {"version_not_in_force", "this version is withdrawn or not in force today (%s)"},
    {"from_unknown", "this version is not published: %s"},
    {"same_version", "both are version %s"},
    {"step_unknown", "--map: no such step: %s"},
    {"busy", "order %s is not done yet: see dvcctl plugin migrate --status"},
};

static int tell_error(const struct value *answer, struct arena *arena)
{
    const struct value *detail = value_get(answer, "detail");
    const char *code = value_get_str(answer, "error");
    struct buf text = BUF_INIT(256);

    if (detail != NULL && detail->kind == VALUE_STRING)
        buf_add(&text, detail->string.ptr, detail->string.len);
    else if (detail != NULL)
        value_write(&text, detail, false);
    for (size_t i = 0; i < DVC_COUNT(errors); i++) {
        const char *gap = strstr(errors[i].text, "%s");

        if (strcmp(errors[i].code, code) == 0)
            ctl_error("%.*s%s%s", (int)(gap - errors[i].text), errors[i].text,
                      arena_slice_str(arena, buf_slice(&text)), gap + 2);
    }
    buf_release(&text);
    return CTL_FAILED;
}

static int give(struct ctl *ctl, struct store_sync *sync, const struct asked *asked,
                int64_t *ret_order)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct buf map = BUF_INIT(16 * 1024);
    struct db_rows *rows = NULL;
    struct json_error error;
    struct value *answer;
    int status;

    if (!write_map(&map, asked)) {
        buf_release(&map);
        return usage();
    }
    status = ctl_query(
        ctl, sync, "migration_order",
        (struct db_param[]){db_str(asked->code), asked->from > 0 ? db_int(asked->from) : db_null(),
                            db_int(asked->to), db_text(buf_slice(&map)), db_str(asked->reason),
                            db_str(ctl_who(arena)), db_bool(asked->rehearse)},
        7, &rows);
    buf_release(&map);
    if (status != CTL_OK)
        return status;
    if (json_parse(arena, db_json(rows), JSON_DEPTH, &answer, &error) != 0)
        status = CTL_FAILED;
    else if (value_get_str(answer, "error") != NULL)
        status = tell_error(answer, arena);
    else
        *ret_order = value_get_int(answer, "order", 0);
    db_rows_free(rows);
    return status;
}

static int look(struct ctl *ctl, struct store_sync *sync, int64_t order, struct arena *arena,
                struct value **ret)
{
    struct db_rows *rows = NULL;
    struct json_error error;
    int status = ctl_query(
        ctl, sync, "migration_status",
        (struct db_param[]){order > 0 ? db_int(order) : db_null(), db_int(LISTED_MAX)}, 2, &rows);

    *ret = NULL;
    if (status == CTL_OK && db_json(rows).ptr != NULL &&
        json_parse(arena, db_json(rows), JSON_DEPTH, ret, &error) != 0)
        status = CTL_FAILED;
    db_rows_free(rows);
    return status;
}

static long long counted(const struct value *report, const char *key)
{
    return (long long)value_get_int(value_get(report, "counts"), key, 0);
}

static void print_stayed(const struct value *report)
{
    const struct value *stayed = value_get(report, "stayed");

    for (size_t i = 0; i < value_count(stayed); i++) {
        const struct value *row = value_at(stayed, i);
        const char *message = value_get_str(row, "message"), *rule = value_get_str(row, "rule");

        printf("%s  version %lld  %s: %s\n", value_get_str(row, "code"),
               (long long)value_get_int(row, "version", 0), rule != NULL ? rule : "-",
               message != NULL ? message : "");
    }
    if (counted(report, "refused") + counted(report, "failed") > (long long)value_count(stayed))
        printf("... the first %zu are shown\n", value_count(stayed));
}

static void print_report(const struct value *report)
{
    const struct value *steps = value_get(report, "steps");
    bool dry = value_get_bool(report, "dry_run", false);
    const char *fault = value_get_str(report, "fault");

    printf("order %lld: %s to version %lld%s, by %s: %s\n",
           (long long)value_get_int(report, "order", 0), value_get_str(report, "procedure"),
           (long long)value_get_int(report, "to", 0), dry ? ", dry run: nothing is changed" : "",
           value_get_str(report, "ordered_by"), value_get_str(report, "reason"));
    for (size_t i = 0; i < value_count(steps); i++) {
        const struct value *row = value_at(steps, i);

        printf("  version %lld  %s -> %s: %lld\n", (long long)value_get_int(row, "version", 0),
               value_get_str(row, "from"), value_get_str(row, "to"),
               (long long)value_get_int(row, "count", 0));
    }
    printf(
        "%lld open dossiers: %lld %s, %lld %s, %lld ended meanwhile, %lld failed, %lld waiting\n",
        counted(report, "listed"), counted(report, "moved"), dry ? "would be moved" : "moved",
        counted(report, "refused"), dry ? "would stay" : "stay", counted(report, "ended"),
        counted(report, "failed"), counted(report, "waiting"));
    if (fault != NULL)
        printf("given up: %s\n", fault);
    print_stayed(report);
}

static int tell(struct ctl *ctl, const struct value *report)
{
    struct buf text = BUF_INIT(16u << 20);

    if (report == NULL) {
        ctl_error("no order was ever given");
        return CTL_FAILED;
    }
    if (ctl->json) {
        value_write(&text, report, false);
        printf("%.*s\n", (int)text.len, text.ptr);
    } else {
        print_report(report);
    }
    buf_release(&text);
    if (value_get_str(report, "fault") != NULL)
        return CTL_FAILED;
    return counted(report, "refused") + counted(report, "failed") > 0 ? CTL_E_STAYED : CTL_OK;
}

static void progress(const struct value *report, int looks)
{
    bool begun = value_get_str(report, "started_at") != NULL;

    if (!begun && looks == LOOKS_TO_HINT)
        ctl_error("no clock has taken the order up: is dvcd running? It stays in force.");
    else if (begun && looks % LOOKS_A_LINE == 0)
        fprintf(stderr, "%lld of %lld\n", counted(report, "listed") - counted(report, "waiting"),
                counted(report, "listed"));
}

static int watch(struct ctl *ctl, struct store_sync *sync, int64_t order)
{
    struct timespec pause = {0, LOOK_NS};
    bool over = false;
    int status = CTL_OK;

    for (int looks = 1; status == CTL_OK && !over; looks++) {
        struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
        struct value *report;

        nanosleep(&pause, NULL);
        status = look(ctl, sync, order, arena, &report);
        if (status != CTL_OK || report == NULL)
            continue;
        over = value_get_str(report, "ended_at") != NULL;
        if (over)
            status = tell(ctl, report);
        else
            progress(report, looks);
    }
    return status;
}

static int show(struct ctl *ctl, struct store_sync *sync, int64_t order)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *report;
    int status = look(ctl, sync, order, arena, &report);

    return status == CTL_OK ? tell(ctl, report) : status;
}

/* Of what the clock has in hand at this moment a page may still be moved. */
static int cancel(struct ctl *ctl, struct store_sync *sync, int64_t order)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *report;
    int status = look(ctl, sync, order, arena, &report);

    if (status != CTL_OK)
        return status;
    if (report == NULL || value_get_str(report, "ended_at") != NULL) {
        ctl_error(report == NULL ? "there is no order %lld" : "order %lld is done",
                  (long long)order);
        return CTL_FAILED;
    }
    status = ctl_query(
        ctl, sync, "migration_end",
        (struct db_param[]){db_int(order),
                            db_str(arena_printf(arena, "cancelled by %s", ctl_who(arena)))},
        2, NULL);
    if (status == CTL_OK)
        status = look(ctl, sync, order, arena, &report);
    if (status == CTL_OK)
        (void)tell(ctl, report); /* its exit status is the order's, which did not end well */
    return status;
}

int ctl_plugin_migrate(struct ctl *ctl, int argc, char **argv)
{
    struct asked asked;
    struct store_sync *sync;
    int64_t order = 0;
    int status;

    if (!read_words(argc, argv, &asked))
        return usage();
    status = ctl_open(ctl, CLUSTER_APP, &sync);
    if (status != CTL_OK)
        return status;
    if (asked.cancel) {
        status = cancel(ctl, sync, asked.order);
    } else if (asked.status) {
        status = show(ctl, sync, asked.order);
    } else {
        status = give(ctl, sync, &asked, &order);
        if (status == CTL_OK && asked.no_wait)
            status = show(ctl, sync, order);
        else if (status == CTL_OK)
            status = watch(ctl, sync, order);
    }
    store_sync_close(sync);
    return status;
}
