#include "app/serve.h"

#include <stdlib.h>
#include <unistd.h>

#include "app/authhelper.h"
#include "app/clockworker.h"
#include "app/courierworker.h"
#include "app/gateway.h"
#include "app/record.h"
#include "app/reload.h"
#include "app/sockets.h"
#include "app/supervisor.h"
#include "base/log.h"
#include "http/files.h"

#define DB_STOP_US (10 * US_PER_SECOND)

struct serving {
    const struct startup_options *options;
    struct startup startup;
    struct node_config node;
    struct sockets sockets;
    struct files *files;
    struct supervisor_settings settings;
};

static void auth_ready(void *ctx)
{
    worker_ready(ctx);
}

static int auth_run(const struct worker_env *env)
{
    const struct node_config *node = env->ctx;
    const struct settings *settings = &node->generation->settings;
    struct authhelper_settings auth = authhelper_settings_default();
    struct worker_env mine = *env;

    auth.queue_max = (size_t)settings->workers.auth_queue;
    auth.memory_kib = (uint32_t)settings->workers.auth_memory_kib;
    auth.passes = (uint32_t)settings->workers.auth_passes;
    auth.memory_max_kib = settings->workers.memory_mb * 1024;
    return authhelper_run(&auth, env->helper_fds, env->helper_count, auth_ready, &mine) == 0 ? 0
                                                                                             : 1;
}

/* ---- the embedded database, as the supervisor sees it ---- */

static pid_t db_start(void *ctx)
{
    struct serving *s = ctx;
    pid_t pid = cluster_pid(s->startup.cluster);
    int r;

    /* The first one was started by startup_database and is still running. */
    if (pid > 0 && cluster_poll_ready(s->startup.cluster) == 0)
        return pid;
    r = cluster_start(s->startup.cluster, &pid);
    if (r == 0)
        return pid;
    log_error("database_start_failed", "reason=%s detail=%s", cluster_error_name(r),
              cluster_problem(s->startup.cluster));
    return -1;
}

static int db_ready(void *ctx)
{
    struct serving *s = ctx;

    return cluster_poll_ready(s->startup.cluster);
}

static void db_stop(void *ctx, int64_t timeout_us)
{
    struct serving *s = ctx;

    if (cluster_stop(s->startup.cluster, timeout_us) != 0)
        log_warn("database_stop_slow", "timeout_s=%lld", (long long)(timeout_us / US_PER_SECOND));
}

/* The service goes on without the client: the API and its other users do not need it. */
static void load_web(struct serving *s)
{
    const struct settings *settings = &s->startup.generation->settings;
    const char *missing = NULL;
    char *bad = NULL;

    if (files_load(s->startup.web_dir, &s->files, &bad) != 0)
        log_warn("web_unreadable", "file=%s", bad != NULL ? bad : "-");
    else if (files_add_libraries(s->files, settings->paths.javascript, &missing) > 0)
        log_warn("web_library_missing", "file=%s", missing);
    free(bad);
}

static unsigned gateways(const struct settings *settings)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (settings->workers.gateways > 0)
        return (unsigned)settings->workers.gateways;
    return cores >= 4 ? (unsigned)(cores / 2) : 1;
}

static void all_ready(void *ctx)
{
    (void)ctx;
    log_info("ready", "pid=%d", (int)getpid());
}

static int supervise(struct serving *s)
{
    const struct settings *settings = &s->startup.generation->settings;
    unsigned slots = gateways(settings) < WORKER_SLOTS_MAX ? gateways(settings) : WORKER_SLOTS_MAX;
    const struct worker_type types[] = {
        {.name = "auth",
         .count = 1,
         .serves_auth = true,
         .ends_last = true,
         .run = auth_run,
         .ctx = &s->node},
        {.name = "gateway",
         .count = slots,
         .listens = true,
         .asks_auth = true,
         .overlaps = true,
         .beats = true,
         .run = gateway_run,
         .ctx = &s->node},
        {.name = "clock", .count = 1, .beats = true, .run = clock_run, .ctx = &s->node},
        {.name = "courier",
         .count = (unsigned)settings->workers.couriers,
         .beats = true,
         .run = courier_run,
         .ctx = &s->node},
    };
    const struct supervised_db db = {
        .start = db_start, .ready = db_ready, .stop = db_stop, .ctx = s};
    int r;

    struct reload reload = {
        .options = s->options, .startup = &s->startup, .node = &s->node, .settings = &s->settings};
    const struct supervised_reload reloading = {
        .begin = reload_begin, .go_on = reload_go_on, .cancel = reload_cancel, .ctx = &reload};

    load_web(s);
    s->node = (struct node_config){.name = s->startup.node,
                                   .generation = s->startup.generation,
                                   .published = s->startup.published,
                                   .config_errors = s->startup.config_errors,
                                   .statements = s->startup.statements,
                                   .conninfo = s->startup.conninfo,
                                   .files = s->files};
    s->settings = supervisor_settings_default();
    if (sockets_open(&s->sockets, settings, slots) != 0)
        return 1;
    s->settings.roster.listen_fds = s->sockets.fds;
    s->settings.roster.listen_slots = slots;
    s->settings.roster.listen_count = s->sockets.count;
    s->settings.roster.listen_plain = s->sockets.plain;
    s->settings.roster.types = types;
    s->settings.roster.type_count = DVC_COUNT(types);
    reload_supervisor(s->options, settings, &s->settings);
    s->settings.db = s->startup.cluster != NULL ? &db : NULL;
    s->settings.db_stop_us = DB_STOP_US;
    s->settings.ready = all_ready;
    s->settings.reload = &reloading;
    r = supervisor_run(&s->settings);
    if (r != 0)
        log_error("supervisor_failed", "code=%d", r);
    return r == 0 ? 0 : 1;
}

int serve(const struct startup_options *options)
{
    struct serving *s = dvc_calloc(1, sizeof(*s));
    int r;

    s->options = options;
    r = startup_read(options, &s->startup);
    if (r == 0)
        log_setup("supervisor", reload_log_level(options, &s->startup.generation->settings));
    if (r == 0)
        r = startup_lock(&s->startup);
    if (r == 0)
        r = startup_database(&s->startup);
    if (r == 0)
        r = startup_migrate(&s->startup);
    if (r == 0)
        r = startup_publish(&s->startup);
    if (r == 0 || r == STARTUP_E_CONFLICT)
        record_reading(&s->startup, s->startup.generation, "start", s->startup.config_errors == 0);
    if (r == STARTUP_E_CONFLICT)
        r = 0;
    if (r == 0 && options->demo_accounts != NULL)
        r = startup_demo(&s->startup, options->demo_accounts);
    if (r == 0) {
        startup_look_for_admin(&s->startup);
        r = supervise(s);
    } else if (s->startup.cluster != NULL && cluster_pid(s->startup.cluster) > 0)
        db_stop(s, DB_STOP_US);
    files_free(s->files);
    startup_release(&s->startup);
    free(s);
    return r;
}
