#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/authhelper.h"
#include "app/startup.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/jw.h"
#include "base/log.h"
#include "conf/yaml.h"
#include "store/sync.h"

#define PASSWORD_BYTES 12

/* The password of the demonstration: made at the first start, kept where only its user reads it. */
static int password_of(const char *data, struct buf *password)
{
    char *path = NULL;
    char text[128] = "";
    uint8_t raw[PASSWORD_BYTES];
    int fd, r = -EIO;
    ssize_t n;

    if (asprintf(&path, "%s/demo-password", data) < 0)
        return -ENOMEM;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        n = read(fd, text, sizeof(text) - 1);
        close(fd);
        if (n > 0) {
            buf_add_slice(password, slice_trim((struct slice){text, (size_t)n}));
            r = 0;
        }
        goto out;
    }
    random_bytes(raw, sizeof(raw));
    buf_add_base64url(password, raw, sizeof(raw));
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        r = -errno;
        goto out;
    }
    r = dprintf(fd, "%s\n", password->ptr) > 0 ? 0 : -EIO;
    close(fd);
out:
    free(path);
    return r;
}

static int keep(struct startup *startup, const char *accounts_json, const char *hash)
{
    const struct statement *statement = statements_find(startup->statements, "demo_accounts");
    struct db_param params[] = {db_str(accounts_json), db_str(hash)};
    struct store_sync *sync = NULL;
    struct db_rows *rows = NULL;
    struct db_error error = {0};
    int64_t connect_us = startup->generation->settings.database.connect_timeout_ms * 1000;
    int r;

    DVC_REQUIRE(statement != NULL);
    r = store_sync_open(startup->conninfo, "dvcd demo", connect_us, &sync, &error);
    if (r == 0)
        r = store_sync_query(sync, statement, params, 2, &rows, &error);
    if (r != 0)
        log_error("demo_accounts_failed", "reason=%s detail=%s", store_error_name(r),
                  error.message);
    else
        log_info("demo_accounts", "new=%lld", (long long)db_int_at(rows, 0, 0, 0));
    db_rows_free(rows);
    store_sync_close(sync);
    return r;
}

int startup_demo(struct startup *startup, const char *accounts)
{
    const struct settings *settings = &startup->generation->settings;
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct buf json = BUF_INIT(1u << 20), password = BUF_INIT(256), text = BUF_INIT(1u << 16),
               hash = BUF_INIT(512);
    struct authhelper_settings auth = authhelper_settings_default();
    struct value *tree;
    int r = conf_yaml_load(arena, accounts, accounts, &errors, &tree);

    if (r != 0) {
        conf_errors_write(&text, &errors);
        fputs(text.ptr, stderr);
        goto out;
    }
    value_write(&json, value_get(tree, "accounts"), false);
    r = password_of(settings->paths.data, &password);
    if (r != 0) {
        log_error("demo_password_failed", "code=%d", r);
        goto out;
    }
    auth.memory_kib = (uint32_t)settings->workers.auth_memory_kib;
    auth.passes = (uint32_t)settings->workers.auth_passes;
    r = authhelper_hash(&auth, buf_slice(&password), &hash);
    if (r == 0)
        r = keep(startup, json.ptr, hash.ptr);
out:
    buf_release(&hash);
    buf_release(&text);
    buf_release(&password);
    buf_release(&json);
    arena_free(arena);
    return r != 0 ? STARTUP_E_DEMO : 0;
}
