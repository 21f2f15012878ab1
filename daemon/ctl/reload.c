#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/nodename.h"
#include "base/pidlock.h"
#include "ctl/commands.h"
#include "service/publish.h"

#define OUTCOME_US (30 * US_PER_SECOND)

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

#define NONE INT64_MIN

/* When this node last recorded a reading of its configuration, and how that went: `errors` gets
 * what was wrong. NONE when it cannot be known. */
static int64_t last_reading(struct ctl *ctl, bool *ret_served, struct buf *errors)
{
    struct store_sync *sync DVC_CLEANUP(store_sync_closep) = NULL;
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    char node[NODENAME_SIZE];
    struct db_param param;
    struct db_error error;

    /* Where the daemon could not keep a number it goes by the host's name, as this then does. */
    (void)nodename_read(ctl->settings->paths.data, node);
    param = db_str(node);
    if (ctl_try_open(ctl, CLUSTER_APP, &sync, &error) != 0 ||
        ctl_query(ctl, sync, "config_reading", &param, 1, &rows) != 0)
        return NONE;
    *ret_served = db_bool_at(rows, 0, 1);
    buf_clear(errors);
    buf_add_slice(errors, db_text_at(rows, 0, 2));
    return db_int_at(rows, 0, 0, 0);
}

/* The daemon may see what we did not: a version that was published with another content. */
static int wait_outcome(struct ctl *ctl, int64_t before, struct buf *errors)
{
    const struct timespec nap = {0, 200 * 1000 * 1000};
    int64_t end = mono_now().us + OUTCOME_US;
    bool served = false;

    while (mono_now().us < end) {
        int64_t at = last_reading(ctl, &served, errors);

        if (at != NONE && at != before) {
            if (errors->len > 0)
                fprintf(stderr, "%.*s\n", (int)errors->len, errors->ptr);
            puts(served ? "served from now on" : "refused, what was served before goes on");
            return served ? CTL_OK : CTL_FAILED;
        }
        nanosleep(&nap, NULL);
    }
    ctl_error("no outcome yet: see dvcctl doctor");
    return CTL_FAILED;
}

static void tell_conflicts(struct ctl *ctl, const struct conflicts *conflicts)
{
    struct buf text DVC_CLEANUP(buf_release) = BUF_INIT(1u << 20);

    conflicts_tell(conflicts, ctl->generation, &ctl->generation->errors);
    conf_errors_write(&text, &ctl->generation->errors);
    fprintf(stderr, "%s", text.ptr);
    ctl_error("nothing was published");
}

/* Somebody means these files, though agencies or a calendar in them are those of before. */
static int take_back(struct ctl *ctl)
{
    struct store_sync *sync DVC_CLEANUP(store_sync_closep) = NULL;
    struct publish_report report = {0};
    struct db_error error = {0};
    char host[64] = "node";
    struct publish_offer offer = {
        .generation = ctl->generation, .publisher = host, .take_back = true};
    int r;

    (void)gethostname(host, sizeof(host) - 1);
    r = ctl_open(ctl, CLUSTER_APP, &sync);
    if (r != 0)
        return r;
    r = publish(sync, ctl->statements, &offer, &report, &error);
    if (r == PUBLISH_E_CONFLICT)
        tell_conflicts(ctl, &report.conflicts);
    else if (r != 0)
        ctl_error("not published: %s", error.message);
    return r == 0 ? CTL_OK : r == PUBLISH_E_CONFLICT ? CTL_FAILED : CTL_E_DATABASE;
}

int ctl_reload(struct ctl *ctl, int argc, char **argv)
{
    struct buf errors DVC_CLEANUP(buf_release) = BUF_INIT(1u << 20);
    bool back = argc == 2 && strcmp(argv[1], "--take-back") == 0, served;
    int64_t before;
    pid_t pid;
    int r;

    if (argc != (back ? 2 : 1))
        return ctl_misuse("%s [--take-back]", argv[0]);
    r = prove(ctl);
    if (r == 0 && back)
        r = take_back(ctl);
    if (r != 0)
        return r;
    r = find_dvcd(ctl->settings, &pid);
    if (r == -ESRCH || r == -ENOENT) {
        ctl_error("no dvcd runs on %s", ctl->settings->paths.data);
        return CTL_FAILED;
    }
    before = last_reading(ctl, &served, &errors);
    if (r == 0 && kill(pid, SIGHUP) != 0)
        r = -errno;
    if (r != 0) {
        ctl_error("cannot tell dvcd: %s", strerror(-r));
        return CTL_FAILED;
    }
    printf("dvcd (pid %d) reads the configuration anew\n", (int)pid);
    if (before == NONE)
        return CTL_OK; /* without the database nobody tells how it went */
    return wait_outcome(ctl, before, &errors);
}
