#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/file.h"
#include "ctl/import_plugin.h"
#include "ctl/plugin.h"
#include "ctl/plugin_load.h"

#define REPORT_MAX (4u << 20)
#define FILE_MAX (1u << 20)

static void report_json(struct buf *out, struct plugin_set *set)
{
    struct jw jw = JW_INIT(out);

    jw_object(&jw);
    jw_kv_int(&jw, "plugins", (int64_t)set->read);
    jw_kv_int(&jw, "total", (int64_t)conf_errors_total(&set->errors));
    jw_key(&jw, "errors");
    conf_errors_json(&jw, &set->errors);
    jw_end_object(&jw);
    buf_addc(out, '\n');
}

/* What an import left to be read again; no fault, for the file is sound as it stands. */
static void report_marks(struct buf *out, struct plugin_set *set, const char *file)
{
    struct conf_errors unread = CONF_ERRORS_INIT(set->arena);
    struct slice text, mark = SLICE_LIT("# " IMPORT_MARK);
    size_t count = 0;

    if (conf_file_read(set->arena, file, file, FILE_MAX, &unread, &text) != 0)
        return;
    for (const char *at = text.ptr, *end = text.ptr + text.len;
         (at = memmem(at, (size_t)(end - at), mark.ptr, mark.len)) != NULL; at += mark.len)
        count++;
    if (count > 0)
        buf_addf(out, "%s: còn %zu chỗ ghi \"" IMPORT_MARK "\" phải đọc lại trước khi công bố\n",
                 file, count);
}

static void report_text(struct buf *out, struct plugin_set *set)
{
    conf_errors_write(out, &set->errors);
    if (conf_errors_total(&set->errors) > 0)
        buf_addf(out, "%zu lỗi\n", conf_errors_total(&set->errors));
    else
        buf_addf(out, "%zu thủ tục, không có lỗi\n", set->read);
    for (size_t i = 0; i < set->count; i++)
        report_marks(out, set, set->files[i]);
}

static int add_all(struct ctl *ctl, struct plugin_set *set, int argc, char **argv)
{
    int status = 0;

    if (argc == 0)
        return plugin_set_add_all(set, !ctl->json && isatty(STDERR_FILENO));
    for (int i = 0; i < argc && status != CTL_E_USAGE; i++)
        status = plugin_set_add(set, argv[i], NULL);
    return status == CTL_E_USAGE ? status : 0;
}

int ctl_plugin_check(struct ctl *ctl, int argc, char **argv)
{
    static const struct option options[] = {{NULL, 0, NULL, 0}};
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct buf out = BUF_INIT(REPORT_MAX);
    struct plugin_set set;
    int status;

    if (getopt_long(argc, argv, "", options, NULL) != -1)
        return CTL_E_USAGE;
    status = plugin_set_open(ctl, arena, &set);
    if (status == 0)
        status = add_all(ctl, &set, argc - optind, argv + optind);
    if (status != 0)
        return status;
    plugin_set_link(&set);
    if (ctl->json)
        report_json(&out, &set);
    else
        report_text(&out, &set);
    fputs(out.ptr, stdout);
    buf_release(&out);
    return conf_errors_total(&set.errors) > 0 ? CTL_FAILED : CTL_OK;
}
