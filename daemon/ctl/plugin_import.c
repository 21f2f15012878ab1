#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "conf/plugin_head.h"
#include "conf/yaml.h"
#include "ctl/import_plugin.h"
#include "ctl/plugin.h"
#include "ctl/plugin_template.h"
#include "ctl/plugin_write.h"

/* d.dddddd at the beginning of MATTHC, which may go on with the agency's number. */
static const char *code_of(struct arena *arena, const struct national_record *record)
{
    struct slice text = slice_str(record->code), code = slice_sub(text, 0, 8);

    if (!plugin_code_ok(code) || (text.len > 8 && text.ptr[8] != '.'))
        return NULL;
    return arena_slice_str(arena, code);
}

static void print_errors(struct conf_errors *errors)
{
    struct buf text = BUF_INIT(1u << 20);

    conf_errors_write(&text, errors);
    fputs(text.ptr, stderr);
    buf_release(&text);
}

static int read_record(struct arena *arena, const char *file, struct conf_errors *errors,
                       struct national_record *ret, const char **ret_code)
{
    struct slice text;

    if (conf_file_read(arena, file, file, RECORD_BYTES_MAX, errors, &text) != 0 ||
        national_record_read(arena, file, text, errors, ret) != 0)
        return CTL_FAILED;
    *ret_code = code_of(arena, ret);
    if (*ret_code != NULL)
        return 0;
    conf_error(errors, file, 0, 0,
               "\"MATTHC\": mã thủ tục sai dạng, cần \"d.dddddd\", ở đây là \"%.60s\"", ret->code);
    return CTL_FAILED;
}

/* 0, or CTL_E_USAGE, printed. */
static int read_arguments(int argc, char **argv, const char **ret_file, const char **ret_into)
{
    static const struct option options[] = {{"into", required_argument, NULL, 'i'},
                                            {NULL, 0, NULL, 0}};
    int c;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c != 'i')
            return CTL_E_USAGE;
        *ret_into = optarg;
    }
    if (optind + 1 != argc)
        return ctl_misuse("plugin import takes one FILE of JSON and --into DIR");
    *ret_file = argv[optind];
    return 0;
}

int ctl_plugin_import(struct ctl *ctl, int argc, char **argv)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct buf out = BUF_INIT(CONF_YAML_MAX_BYTES);
    const char *file, *into = NULL, *code;
    struct national_record record;
    struct clock clock = {0};
    struct slice template;
    int r = read_arguments(argc, argv, &file, &into);

    (void)ctl;
    if (r != 0)
        return r;
    r = read_record(arena, file, &errors, &record, &code);
    if (r != 0)
        print_errors(&errors);
    else
        r = plugin_template_read(arena, &template);
    if (r != 0)
        return r;
    import_plugin(arena, &record, code, day_of(clock_now(&clock)), template, &out);
    if (out.overflow) {
        ctl_error("%s: the plugin would be larger than %d bytes", file, CONF_YAML_MAX_BYTES);
        r = CTL_FAILED;
    } else {
        r = plugin_write(into, code, buf_slice(&out));
    }
    buf_release(&out);
    return r;
}
