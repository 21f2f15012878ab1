#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pidlock.h"
#include "ctl/commands.h"

static int find_dvcd(const struct settings *settings, pid_t *ret_pid)
{
    char *path = NULL;
    int r = asprintf(&path, "%s/dvcd.lock", settings->paths.data) < 0
                ? -ENOMEM
                : pidlock_holder(path, ret_pid);

    free(path);
    return r;
}

/* What has faults is not even offered to the service. */
static int prove(struct ctl *ctl)
{
    struct buf text = BUF_INIT(1u << 20);
    int r = ctl_configuration(ctl);
    bool ok = generation_report(ctl->generation, &text);

    if (!ok)
        fprintf(stderr, "%sdvcctl: not reloaded, what was served before goes on\n", text.ptr);
    buf_release(&text);
    return r != 0 || !ok ? CTL_E_USAGE : CTL_OK;
}

int ctl_reload(struct ctl *ctl, int argc, char **argv)
{
    pid_t pid;
    int r;

    if (argc != 1)
        return ctl_misuse("%s takes no arguments", argv[0]);
    r = prove(ctl);
    if (r != 0)
        return r;
    r = find_dvcd(ctl->settings, &pid);
    if (r == -ESRCH || r == -ENOENT) {
        ctl_error("no dvcd runs on %s", ctl->settings->paths.data);
        return CTL_FAILED;
    }
    if (r == 0 && kill(pid, SIGHUP) != 0)
        r = -errno;
    if (r != 0) {
        ctl_error("cannot tell dvcd: %s", strerror(-r));
        return CTL_FAILED;
    }
    printf("dvcd (pid %d) reads the configuration anew\n", (int)pid);
    return CTL_OK;
}
