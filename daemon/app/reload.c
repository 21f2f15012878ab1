#include "app/reload.h"

#include "app/record.h"
#include "base/log.h"

#define KEYS_MAX 64

enum log_level reload_log_level(const struct startup_options *options,
                                const struct settings *settings)
{
    return options->verbose ? LOG_LEVEL_DEBUG : (enum log_level)settings->log.level;
}

void reload_supervisor(const struct startup_options *options, const struct settings *settings,
                       struct supervisor_settings *ret)
{
    ret->roster.restart_min_us = settings->workers.restart_min_ms * 1000;
    ret->roster.restart_max_us = settings->workers.restart_max_ms * 1000;
    ret->roster.log_level = reload_log_level(options, settings);
    ret->drain_us = settings->workers.drain_ms * 1000;
    log_setup("supervisor", ret->roster.log_level);
}

static int log_errors(struct generation *generation)
{
    struct conf_errors *errors = &generation->errors;
    size_t total = conf_errors_total(errors);

    for (size_t i = 0; i < errors->count; i++)
        log_error("config_error", "at=%s:%u:%u detail=%s", errors->items[i].file,
                  errors->items[i].line, errors->items[i].column, errors->items[i].text);
    log_error("reload_refused", "errors=%zu", total);
    return total < INT32_MAX ? (int)total : INT32_MAX;
}

/* What only a restart can change goes on as it was. */
static void keep_what_stays(const struct settings *old, struct generation *generation)
{
    const char *keys[KEYS_MAX];
    size_t count = settings_restart_keys(old, &generation->settings, keys, KEYS_MAX);

    for (size_t i = 0; i < count && i < KEYS_MAX; i++)
        log_warn("reload_needs_restart", "key=%s", keys[i]);
    settings_keep(generation->arena, old, &generation->settings);
}

static void serve_from_now_on(struct reload *reload, struct generation *generation)
{
    struct startup *startup = reload->startup;
    struct generation *old = startup->generation;

    if (startup->sql_dir == old->settings.paths.sql)
        startup->sql_dir = generation->settings.paths.sql;
    startup->generation = generation;
    startup->config_errors = 0;
    reload->node->generation = generation;
    reload_supervisor(reload->options, &generation->settings, reload->settings);
    generation_free(old); /* running workers have their own copy of it */
}

static bool publish_it(struct startup *startup, const struct generation *generation)
{
    int before = startup->config_errors;
    int r;

    startup->config_errors = 0;
    r = startup_publish(startup, generation);
    if (r != 0 && r != STARTUP_E_CONFLICT) {
        startup->config_errors = before; /* no fault of the files */
        log_error("reload_failed", "reason=not_published");
    }
    return r == 0;
}

bool reload_configuration(void *ctx, int *ret_faults)
{
    struct reload *reload = ctx;
    struct startup *startup = reload->startup;
    struct generation *generation =
        generation_load(reload->options->config, reload->options->data);
    bool ok = generation_ok(generation);

    startup->conflict[0] = '\0';
    if (!ok) {
        startup->config_errors = log_errors(generation);
    } else {
        keep_what_stays(&startup->generation->settings, generation);
        ok = publish_it(startup, generation);
    }
    record_reading(startup, generation, "reload", ok);
    if (ok)
        serve_from_now_on(reload, generation);
    else
        generation_free(generation);
    reload->node->config_errors = startup->config_errors;
    *ret_faults = startup->config_errors;
    return ok;
}
