#include "ctl/plugin_template.h"

#include <stdlib.h>
#include <string.h>

#include "conf/datadir.h"
#include "conf/file.h"
#include "conf/yaml.h"
#include "ctl/ctl.h"

/* Installed, the project's plugins lie beside its configuration for comparison. */
static char *folder(void)
{
    char *found = datadir_find("config/plugins");

    return found != NULL ? found : datadir_find("plugins");
}

int plugin_template_read(struct arena *arena, struct slice *ret)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    char *dir = folder();
    const char *path = dir == NULL ? NULL : arena_printf(arena, "%s/template.yaml", dir);
    int r = path == NULL ? CONF_E_BAD
                         : conf_file_read(arena, path, path, CONF_YAML_MAX_BYTES, &errors, ret);

    free(dir);
    if (r == 0)
        return 0;
    if (errors.count > 0)
        ctl_error("%s: %s", path, errors.items[0].text);
    else
        ctl_error("the folder with plugins/template.yaml was not found");
    return CTL_FAILED;
}

static bool at_key(struct slice line, const char *key)
{
    return slice_starts(line, key) && line.len > strlen(key) && line.ptr[strlen(key)] == ':';
}

bool plugin_template_line(struct slice text, const char *key, struct slice *ret_line)
{
    struct slice line;

    while (slice_next(&text, '\n', &line)) {
        if (at_key(line, key)) {
            *ret_line = line;
            return true;
        }
    }
    return false;
}

bool plugin_template_part(struct slice text, const char *key, struct slice *ret_part)
{
    struct slice rest = text, line, begin;
    const char *end = text.ptr + text.len;

    if (!plugin_template_line(text, key, &begin))
        return false;
    rest = (struct slice){begin.ptr, (size_t)(end - begin.ptr)};
    while (slice_next(&rest, '\n', &line)) {
        if (line.ptr != begin.ptr && line.len > 0 && strchr(" #", line.ptr[0]) == NULL) {
            end = line.ptr;
            break;
        }
    }
    *ret_part = (struct slice){begin.ptr, (size_t)(end - begin.ptr)};
    return true;
}
