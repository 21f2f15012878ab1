#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf/plugin_language.h"
#include "ctl/plugin.h"

#define SCHEMA_MAX (1u << 20)

int ctl_plugin_schema(struct ctl *ctl, int argc, char **argv)
{
    struct buf out = BUF_INIT(SCHEMA_MAX);
    bool ok;

    (void)ctl;
    (void)argv;
    if (argc != 1)
        return ctl_misuse("plugin schema takes no arguments");
    plugin_language_schema(&out);
    buf_addc(&out, '\n');
    DVC_REQUIRE(!out.overflow); /* made of the program's own tables */
    ok = fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    buf_release(&out);
    if (ok)
        return CTL_OK;
    ctl_error("standard output: %s", strerror(errno));
    return CTL_FAILED;
}
