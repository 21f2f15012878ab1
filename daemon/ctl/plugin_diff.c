#include "conf/plugin_diff.h"

#include <stdio.h>
#include <string.h>

#include "base/jw.h"
#include "base/num.h"
#include "conf/plugin.h"
#include "conf/plugin_head.h"
#include "ctl/plugin.h"
#include "ctl/plugin_load.h"
#include "store/rows.h"

#define VERSION_MOST 100000
#define REPORT_MAX (4u << 20)

/* ---- CODE@VERSION ---- */

static int published(struct ctl *ctl, struct arena *arena, const char *name, struct slice code,
                     int64_t version, const struct procedure **ret)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    const struct db_param params[] = {db_text(code), db_int(version)};
    struct store_sync *sync;
    int status = ctl_open(ctl, CLUSTER_APP, &sync);

    if (status != CTL_OK)
        return status;
    status = ctl_query(ctl, sync, "procedure_published", params, DVC_COUNT(params), &rows);
    store_sync_close(sync);
    if (status != CTL_OK)
        return status;
    if (db_rows_count(rows) == 0) {
        ctl_error("%s was never published here", name);
        return CTL_E_USAGE;
    }
    return plugin_published(arena, name, db_text_at(rows, 0, 0), ret);
}

/* FILE, CODE or CODE@VERSION. Trouble is never 1: that means that they differ. */
static int side(struct ctl *ctl, struct arena *arena, const char *name,
                const struct procedure **ret)
{
    struct slice text = slice_str(name);
    ptrdiff_t at = plugin_is_file(name) ? -1 : slice_find(text, '@', 0);
    int64_t version;
    int r;

    if (at < 0) {
        r = plugin_load_one(ctl, arena, name, false, ret);
        return r == CTL_FAILED ? CTL_E_USAGE : r;
    }
    if (!plugin_code_ok(slice_sub(text, 0, (size_t)at)) ||
        num_parse_i64(slice_sub(text, (size_t)at + 1, text.len), 1, VERSION_MOST, &version) != 0)
        return ctl_misuse("'%s' is neither FILE, CODE nor CODE@VERSION", name);
    return published(ctl, arena, name, slice_sub(text, 0, (size_t)at), version, ret);
}

/* ---- what is said ---- */

static const struct value *use_of(const struct procedure *procedure, const char *key)
{
    return value_get(value_get(procedure->source, "workflow"), key);
}

/* Why B cannot be published where A is, or NULL. */
static const char *refusal(struct arena *arena, const struct procedure *a,
                           const struct procedure *b)
{
    const struct value *use_a = use_of(a, "use"), *use_b = use_of(b, "use");
    const struct value *version_a = use_of(a, "version"), *version_b = use_of(b, "version");

    if (strcmp(a->sha256, b->sha256) == 0 || strcmp(a->code, b->code) != 0)
        return NULL;
    if (use_a != NULL && use_b != NULL && value_eq(use_a, use_b) &&
        value_eq(version_a, version_b) && !value_eq(use_of(a, "steps"), use_of(b, "steps")))
        return arena_printf(arena,
                            "quy trình dùng chung \"%s\" khác nội dung dưới cùng phiên bản %lld: "
                            "cần tệp quy trình với phiên bản mới, và phiên bản mới của thủ tục",
                            use_a->string.ptr, (long long)version_a->integer);
    if (a->version == b->version)
        return arena_printf(arena,
                            "nội dung khác nhau dưới cùng phiên bản %d: đã công bố thì không sửa "
                            "được, cần phiên bản mới",
                            a->version);
    return NULL;
}

static void report_text(const struct plugin_changes *changes, const char *refused, bool same)
{
    if (same)
        puts("giống nhau");
    for (size_t i = 0; i < changes->count; i++)
        printf("- %s\n", changes->lines[i]);
    if (!same && changes->count == 0)
        puts("chỉ khác cách viết, không khác nghĩa");
    if (refused != NULL)
        printf("! %s\n", refused);
}

static void side_json(struct jw *jw, const char *key, const struct procedure *procedure)
{
    jw_key(jw, key);
    jw_object(jw);
    jw_kv_str(jw, "code", procedure->code);
    jw_kv_int(jw, "version", procedure->version);
    jw_kv_str(jw, "sha256", procedure->sha256);
    jw_end_object(jw);
}

static void report_json(const struct plugin_changes *changes, const char *refused, bool same,
                        const struct procedure *a, const struct procedure *b)
{
    struct buf out = BUF_INIT(REPORT_MAX);
    struct jw jw = JW_INIT(&out);

    jw_object(&jw);
    jw_kv_bool(&jw, "same", same);
    side_json(&jw, "from", a);
    side_json(&jw, "to", b);
    jw_kv_str(&jw, "refused", refused);
    jw_key(&jw, "changes");
    jw_array(&jw);
    for (size_t i = 0; i < changes->count; i++)
        jw_str(&jw, changes->lines[i]);
    jw_end_array(&jw);
    jw_end_object(&jw);
    puts(out.ptr);
    buf_release(&out);
}

int ctl_plugin_diff(struct ctl *ctl, int argc, char **argv)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    const struct procedure *a, *b;
    struct plugin_changes changes;
    const char *refused;
    bool same;
    int r;

    if (argc != 3)
        return ctl_misuse("plugin diff takes two of FILE, CODE, CODE@VERSION");
    r = side(ctl, arena, argv[1], &a);
    if (r == 0)
        r = side(ctl, arena, argv[2], &b);
    if (r != 0)
        return r;
    plugin_diff(arena, a, b, &changes);
    same = strcmp(a->sha256, b->sha256) == 0;
    refused = refusal(arena, a, b);
    if (ctl->json)
        report_json(&changes, refused, same, a, b);
    else
        report_text(&changes, refused, same);
    return same ? CTL_OK : CTL_FAILED;
}
