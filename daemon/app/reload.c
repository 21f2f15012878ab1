#include "app/reload.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/record.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/generation_reader.h"
#include "service/published.h"

#define KEYS_MAX 64
#define SLICE_US 5000

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

static void serve_from_now_on(struct reload *reload, struct published *published)
{
    struct startup *startup = reload->startup;
    struct generation *generation = reload->generation, *old = startup->generation;

    if (startup->sql_dir == old->settings.paths.sql)
        startup->sql_dir = generation->settings.paths.sql;
    published_free(startup->published);
    startup->published = published;
    startup->generation = generation;
    startup->config_errors = 0;
    reload->generation = NULL;
    reload->node->generation = generation;
    reload->node->published = published;
    reload_supervisor(reload->options, &generation->settings, reload->settings);
    generation_free(old); /* running workers have their own copy of it */
}

/* ---- the child that talks to the database ---- */

struct reload_answer {
    int result;        /* 0 or STARTUP_E_* */
    size_t answer_len; /* of published_ask's answer, which follows */
};

static void write_all(int fd, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        ssize_t written = write(fd, at, len);

        if (written < 0 && errno != EINTR)
            _exit(1);
        at += written > 0 ? written : 0;
        len -= written > 0 ? (size_t)written : 0;
    }
}

static void run_child(struct reload *reload)
{
    struct startup *startup = reload->startup;
    struct arena *arena = arena_new();
    struct reload_answer answer = {.result = STARTUP_E_CONFIG};
    struct slice text = SLICE_NULL;
    sigset_t none;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    startup->conflicts.count = startup->conflicts.total = 0;
    if (reload->sound)
        answer.result = startup_publish_ask(startup, reload->generation, arena, &text);
    record_reading(startup, reload->generation, "reload", answer.result == 0);
    answer.answer_len = text.len;
    write_all(reload->answer_fd, &answer, sizeof(answer));
    write_all(reload->answer_fd, text.ptr, text.len);
    _exit(0);
}

static bool start_child(struct reload *reload)
{
    reload->answer_fd = memfd_create("reload", MFD_CLOEXEC);
    if (reload->answer_fd < 0)
        return false;
    reload->child = fork();
    if (reload->child == 0)
        run_child(reload);
    if (reload->child > 0)
        return true;
    reload->child = 0;
    close(reload->answer_fd);
    return false;
}

static bool read_at(int fd, void *data, size_t len, off_t offset)
{
    char *at = data;

    while (len > 0) {
        ssize_t got = pread(fd, at, len, offset);

        if (got <= 0)
            return false;
        at += got;
        offset += got;
        len -= (size_t)got;
    }
    return true;
}

/* 0, or why what was read cannot serve. */
static int take_answer(struct reload *reload, struct published **ret)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct reload_answer answer;
    struct published *published;
    struct stat info;
    char *text;

    if (fstat(reload->answer_fd, &info) != 0 ||
        !read_at(reload->answer_fd, &answer, sizeof(answer), 0) ||
        (uint64_t)info.st_size != sizeof(answer) + answer.answer_len)
        return STARTUP_E_DATABASE;
    if (answer.result != 0)
        return answer.result;
    text = arena_alloc(arena, answer.answer_len + 1);
    if (!read_at(reload->answer_fd, text, answer.answer_len, sizeof(answer)))
        return STARTUP_E_DATABASE;
    published = published_for(reload->startup->published, reload->generation);
    if (published_add(published, reload->generation, (struct slice){text, answer.answer_len}) !=
        0) {
        published_free(published);
        return STARTUP_E_DATABASE;
    }
    *ret = published;
    return 0;
}

/* ---- slice by slice ---- */

static void drop(struct reload *reload)
{
    if (reload->reader != NULL)
        generation_free(generation_reader_end(reload->reader));
    reload->reader = NULL;
    reload->generation = generation_free(reload->generation);
}

static enum reload_state ended(struct reload *reload, int result, int *ret_faults)
{
    struct startup *startup = reload->startup;
    struct published *published;

    if (result == 0)
        result = take_answer(reload, &published);
    if (result == 0) {
        serve_from_now_on(reload, published);
    } else if (reload->sound) {
        /* A conflict is a fault of the files; what the database did is none. */
        if (result == STARTUP_E_CONFLICT)
            startup->config_errors = 1;
        else
            log_error("reload_failed", "reason=not_published");
    }
    drop(reload);
    close(reload->answer_fd);
    reload->node->config_errors = startup->config_errors;
    *ret_faults = startup->config_errors;
    return result == 0 ? RELOAD_SERVES : RELOAD_REFUSED;
}

static enum reload_state read_on(struct reload *reload, int *ret_faults)
{
    struct startup *startup = reload->startup;

    if (!generation_reader_step(reload->reader, SLICE_US))
        return RELOAD_BUSY;
    reload->generation = generation_reader_end(reload->reader);
    reload->reader = NULL;
    reload->sound = generation_ok(reload->generation);
    if (reload->sound)
        keep_what_stays(&startup->generation->settings, reload->generation);
    else
        startup->config_errors = log_errors(reload->generation);
    if (start_child(reload))
        return RELOAD_WAITS;
    log_error("reload_failed", "reason=no_process");
    drop(reload);
    reload->node->config_errors = startup->config_errors;
    *ret_faults = startup->config_errors;
    return RELOAD_REFUSED;
}

static enum reload_state wait_on(struct reload *reload, int *ret_faults)
{
    int status = 0;
    pid_t ended_pid = waitpid(reload->child, &status, WNOHANG);

    if (ended_pid == 0)
        return RELOAD_WAITS;
    reload->child = 0;
    return ended(reload, ended_pid > 0 && status == 0 ? 0 : STARTUP_E_DATABASE, ret_faults);
}

void reload_begin(void *ctx)
{
    struct reload *reload = ctx;

    reload->began = mono_now();
    reload->longest_us = 0;
    reload->startup->conflicts.count = reload->startup->conflicts.total = 0;
    reload->startup->older[0] = '\0';
    reload->reader = generation_reader_new(reload->options->config, reload->options->data,
                                           reload->startup->generation);
}

enum reload_state reload_go_on(void *ctx, int *ret_faults)
{
    struct reload *reload = ctx;
    mono_t now = mono_now();
    enum reload_state state =
        reload->child != 0 ? wait_on(reload, ret_faults) : read_on(reload, ret_faults);
    mono_t then = mono_now();

    if (then.us - now.us > reload->longest_us)
        reload->longest_us = then.us - now.us;
    if (state == RELOAD_SERVES || state == RELOAD_REFUSED)
        log_info("reload_done", "ms=%lld longest_us=%lld served=%s",
                 (long long)(then.us - reload->began.us) / 1000, (long long)reload->longest_us,
                 state == RELOAD_SERVES ? "yes" : "no");
    return state;
}

void reload_cancel(void *ctx)
{
    struct reload *reload = ctx;

    if (reload->child != 0) {
        (void)kill(reload->child, SIGKILL);
        (void)waitpid(reload->child, NULL, 0);
        close(reload->answer_fd);
        reload->child = 0;
    }
    drop(reload);
}
