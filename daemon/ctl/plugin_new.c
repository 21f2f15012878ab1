#include <getopt.h>
#include <string.h>

#include "base/utf8.h"
#include "conf/plugin_head.h"
#include "conf/yaml.h"
#include "conf/yaml_text.h"
#include "ctl/plugin.h"
#include "ctl/plugin_template.h"
#include "ctl/plugin_write.h"

struct making {
    const char *code, *name, *field, *into;
};

/* One line of the template with another value; what is said of it after " #" stays. */
static void add_line(struct buf *out, struct slice line, const char *key, const char *value,
                     bool code)
{
    ptrdiff_t note = slice_find(line, '#', 0);

    buf_addf(out, "%s: ", key);
    if (code)
        yaml_add_quoted(out, slice_str(value));
    else
        yaml_add_text(out, slice_str(value));
    if (note > 0)
        buf_addf(out, "   %.*s", (int)(line.len - (size_t)note), line.ptr + note);
}

static void fill(struct buf *out, struct slice template, const struct making *making)
{
    struct slice line, procedure = SLICE_NULL, name = SLICE_NULL, field = SLICE_NULL;

    (void)!plugin_template_line(template, "procedure", &procedure);
    (void)!plugin_template_line(template, "name", &name);
    (void)!plugin_template_line(template, "field", &field);
    while (slice_next(&template, '\n', &line)) {
        if (line.ptr == procedure.ptr)
            add_line(out, line, "procedure", making->code, true);
        else if (line.ptr == name.ptr && making->name != NULL)
            add_line(out, line, "name", making->name, false);
        else if (line.ptr == field.ptr && making->field != NULL)
            add_line(out, line, "field", making->field, false);
        else
            buf_add_slice(out, line);
        if (template.ptr != NULL)
            buf_addc(out, '\n');
    }
}

/* What the reader would refuse is refused before a file stands there (K010, K023). */
static bool text_ok(const char *what, const char *text, size_t min, size_t max)
{
    struct slice slice = slice_str(text);

    if (text == NULL || (utf8_valid(slice) && !utf8_has_control(slice, "") &&
                         utf8_length(slice) >= min && utf8_length(slice) <= max))
        return true;
    ctl_error("%s: needs %zu to %zu characters of UTF-8", what, min, max);
    return false;
}

static int options(int argc, char **argv, struct making *ret)
{
    static const struct option known[] = {{"name", required_argument, NULL, 'n'},
                                          {"field", required_argument, NULL, 'f'},
                                          {"into", required_argument, NULL, 'i'},
                                          {NULL, 0, NULL, 0}};
    int c;

    while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (c == 'n')
            ret->name = optarg;
        else if (c == 'f')
            ret->field = optarg;
        else if (c == 'i')
            ret->into = optarg;
        else
            return CTL_E_USAGE;
    }
    if (optind + 1 != argc)
        return ctl_misuse("plugin new takes one CODE, --name NAME, --field FIELD, --into DIR");
    ret->code = argv[optind];
    if (!plugin_code_ok(slice_str(ret->code)))
        return ctl_misuse("'%s' is no procedure's code: one digit, a dot, six digits", ret->code);
    return text_ok("--name", ret->name, 3, 500) && text_ok("--field", ret->field, 2, 200)
               ? 0
               : CTL_E_USAGE;
}

int ctl_plugin_new(struct ctl *ctl, int argc, char **argv)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct buf out = BUF_INIT(CONF_YAML_MAX_BYTES);
    struct making making = {NULL};
    struct slice template;
    int r = options(argc, argv, &making);

    (void)ctl;
    if (r == 0)
        r = plugin_template_read(arena, &template);
    if (r != 0)
        return r;
    fill(&out, template, &making);
    r = plugin_write(making.into, making.code, buf_slice(&out));
    buf_release(&out);
    return r;
}
