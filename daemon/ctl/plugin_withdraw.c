/* dvcctl plugin withdraw: a version that should not have been published is no longer offered. What
 * was published stays written down, and its dossiers go on by it. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "ctl/plugin.h"
#include "store/rows.h"

#define REASON_MAX 500
#define JSON_DEPTH 4

struct asked {
    const char *code, *reason;
    int64_t version;
    bool undo;
};

static bool read_words(int argc, char **argv, struct arena *arena, struct asked *ret)
{
    static const struct option options[] = {{"reason", required_argument, NULL, 'r'},
                                            {"undo", no_argument, NULL, 'u'},
                                            {NULL, 0, NULL, 0}};
    const char *at;
    int option;

    *ret = (struct asked){.code = NULL};
    opterr = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'r')
            ret->reason = optarg;
        else if (option == 'u')
            ret->undo = true;
        else
            return false;
    }
    if (optind + 1 != argc || ret->reason == NULL || ret->reason[0] == '\0' ||
        strlen(ret->reason) > REASON_MAX)
        return false;
    at = strchr(argv[optind], '@');
    if (at == NULL || num_parse_i64(slice_str(at + 1), 1, INT32_MAX, &ret->version) != 0)
        return false;
    ret->code = arena_printf(arena, "%.*s", (int)(at - argv[optind]), argv[optind]);
    return true;
}

static void tell(const struct asked *asked, const struct value *answer)
{
    const char *now = asked->undo ? "được nhận hồ sơ trở lại" : "đã thu hồi, không nhận hồ sơ mới";
    long long in_force = (long long)value_get_int(answer, "in_force", 0);
    long long open = (long long)value_get_int(answer, "open", 0);
    long long version = (long long)asked->version;

    printf("%s phiên bản %lld: %s%s\n", asked->code, version, now,
           value_get_bool(answer, "changed", false) ? "" : " (từ trước)");
    if (in_force > 0)
        printf("Hồ sơ mới theo phiên bản %lld\n", in_force);
    else
        puts("Không còn phiên bản nào có hiệu lực: thủ tục này không nhận hồ sơ mới");
    if (open > 0 && !asked->undo && in_force > 0)
        printf("%lld hồ sơ đang giải quyết vẫn theo phiên bản %lld; muốn chuyển: dvcctl plugin "
               "migrate %s --from %lld --to %lld --reason ...\n",
               open, version, asked->code, version, in_force);
    else if (open > 0 && !asked->undo)
        printf("%lld hồ sơ đang giải quyết vẫn theo phiên bản %lld\n", open, version);
}

static int report(const struct ctl *ctl, const struct asked *asked, struct arena *arena,
                  struct slice json)
{
    struct json_error error;
    struct value *answer;

    if (json_parse(arena, json, JSON_DEPTH, &answer, &error) != 0)
        return CTL_E_DATABASE;
    if (value_get_str(answer, "error") != NULL) {
        ctl_error("%s@%lld is not published", asked->code, (long long)asked->version);
        return CTL_FAILED;
    }
    if (ctl->json)
        printf("%.*s\n", (int)json.len, json.ptr);
    else
        tell(asked, answer);
    return CTL_OK;
}

int ctl_plugin_withdraw(struct ctl *ctl, int argc, char **argv)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct store_sync *sync DVC_CLEANUP(store_sync_closep) = NULL;
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    struct asked asked;
    int status;

    if (!read_words(argc, argv, arena, &asked))
        return ctl_misuse("plugin withdraw CODE@VERSION --reason TEXT [--undo]");
    status = ctl_open(ctl, CLUSTER_APP, &sync);
    if (status == CTL_OK)
        status = ctl_query(ctl, sync, "procedure_withdraw",
                           (struct db_param[]){db_str(asked.code), db_int(asked.version),
                                               db_str(asked.reason), db_str(ctl_who(arena)),
                                               db_bool(asked.undo)},
                           5, &rows);
    return status == CTL_OK ? report(ctl, &asked, arena, db_json(rows)) : status;
}
