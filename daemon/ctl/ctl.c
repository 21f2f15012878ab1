#include "ctl/ctl.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/datadir.h"

void ctl_error(const char *fmt, ...)
{
    va_list args;

    fputs("dvcctl: ", stderr);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
}

int ctl_misuse(const char *fmt, ...)
{
    va_list args;

    fputs("dvcctl: ", stderr);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputs("; see dvcctl help\n", stderr);
    return CTL_E_USAGE;
}

/* ---- configuration ---- */

static void print_errors(struct generation *generation)
{
    struct buf text = BUF_INIT(1u << 20);

    conf_errors_write(&text, &generation->errors);
    fputs(text.ptr, stderr);
    buf_release(&text);
}

int ctl_settings(struct ctl *ctl)
{
    if (ctl->settings != NULL)
        return 0;
    ctl->generation = generation_free(ctl->generation);
    ctl->generation = generation_load_settings(ctl->config, ctl->data);
    if (!ctl->generation->settings_ok) {
        print_errors(ctl->generation);
        return CTL_E_USAGE;
    }
    ctl->settings = &ctl->generation->settings;
    return 0;
}

int ctl_configuration(struct ctl *ctl)
{
    ctl->settings = NULL;
    generation_free(ctl->generation);
    ctl->generation = generation_load(ctl->config, ctl->data);
    if (!ctl->generation->settings_ok)
        return CTL_E_USAGE;
    ctl->settings = &ctl->generation->settings;
    return 0;
}

/* ---- database ---- */

static int load_statements(struct ctl *ctl, struct db_error *ret_error)
{
    const char *dir = ctl->settings != NULL ? ctl->settings->paths.sql : NULL;
    char error[192] = "", *queries = NULL;
    int r;

    if (ctl->statements != NULL)
        return 0;
    free(ctl->sql_dir);
    ctl->sql_dir = dir != NULL ? dvc_strdup(dir) : datadir_find("sql");
    if (ctl->sql_dir == NULL || asprintf(&queries, "%s/queries", ctl->sql_dir) < 0) {
        db_error_set(ret_error, STORE_E_STATEMENT, "the folder of SQL files was not found");
        return CTL_E_USAGE;
    }
    r = statements_load(queries, &ctl->statements, error, sizeof(error));
    if (r != 0)
        db_error_set(ret_error, STORE_E_STATEMENT, error[0] != '\0' ? error : strerror(-r));
    free(queries);
    return r == 0 ? 0 : CTL_E_USAGE;
}

static int look(const struct settings *settings, struct cluster_place *ret)
{
    struct cluster_settings cluster = cluster_settings_default();

    cluster.dir = settings->database.dir;
    cluster.bin_dir = settings->database.bin_dir;
    return cluster_place_look(&cluster, ret);
}

/* libpq's text of a role, and the user in whose name the server is to see us. */
static int find_login(struct ctl *ctl, enum cluster_role role, char *ret, size_t size,
                      uid_t *ret_user, struct db_error *ret_error)
{
    const struct settings *settings = ctl->settings;
    struct cluster_place place;
    const char *text = ctl->database;
    struct stat st;
    int r;

    *ret_user = geteuid();
    if (text == NULL && settings->database.mode == DATABASE_EMBEDDED) {
        r = look(settings, &place);
        if (r == 0 && place.socket[0] == '\0')
            r = CLUSTER_E_SLOW;
        if (r != 0) {
            db_error_set(ret_error, STORE_E_DOWN,
                         r == CLUSTER_E_SLOW ? "the embedded database is not running (dvcd run)"
                         : r < 0             ? strerror(-r)
                                             : cluster_error_name(r));
            return CTL_E_DATABASE;
        }
        cluster_place_conninfo(&place, role, ret);
        *ret_user = place.uid;
        return 0;
    }
    if (text == NULL && role == CLUSTER_OWNER)
        text = settings->database.owner_url;
    else if (text == NULL && role == CLUSTER_APP)
        text = settings->database.url;
    if (text == NULL || strlen(text) >= size) {
        db_error_set(ret_error, STORE_E_STATEMENT,
                     role == CLUSTER_APP     ? "database.url is missing"
                     : role == CLUSTER_OWNER ? "database.owner_url is missing"
                                             : "this login is only known by --database");
        return CTL_E_USAGE;
    }
    memcpy(ret, text, strlen(text) + 1);
    if (*ret_user == 0 && ctl->database == NULL && stat(settings->paths.data, &st) == 0)
        *ret_user = st.st_uid;
    return 0;
}

int ctl_try_open(struct ctl *ctl, enum cluster_role role, struct store_sync **ret,
                 struct db_error *ret_error)
{
    int64_t timeout_us = 5 * US_PER_SECOND;
    char conninfo[1024];
    uid_t user, me = geteuid();
    int r = 0;

    if (ctl->database == NULL && ctl_settings(ctl) != 0) {
        db_error_set(ret_error, STORE_E_STATEMENT, "the configuration has faults");
        return CTL_E_USAGE;
    }
    r = load_statements(ctl, ret_error);
    if (r == 0)
        r = find_login(ctl, role, conninfo, sizeof(conninfo), &user, ret_error);
    if (r != 0)
        return r;
    if (ctl->settings != NULL)
        timeout_us = ctl->settings->database.connect_timeout_ms * 1000;
    /* The server asks the kernel who connects: that is who we are at this moment. */
    if (user != me && seteuid(user) != 0) {
        db_error_set(ret_error, STORE_E_DENIED, strerror(errno));
        return CTL_E_DATABASE;
    }
    r = store_sync_open(conninfo, "dvcctl", timeout_us, ret, ret_error);
    if (user != me)
        DVC_REQUIRE(seteuid(me) == 0);
    return r == 0 ? 0 : CTL_E_DATABASE;
}

int ctl_open(struct ctl *ctl, enum cluster_role role, struct store_sync **ret)
{
    struct db_error error = {0};
    int r = ctl_try_open(ctl, role, ret, &error);

    if (r != 0)
        ctl_error("%s: %s", r == CTL_E_DATABASE ? "no database" : "cannot reach the database",
                  error.message);
    return r;
}

int ctl_query(struct ctl *ctl, struct store_sync *sync, const char *statement,
              const struct db_param *params, size_t count, struct db_rows **ret_rows)
{
    const struct statement *found = statements_find(ctl->statements, statement);
    struct db_error error = {0};
    int r;

    if (found == NULL) {
        ctl_error("%s/queries/%s.sql is missing", ctl->sql_dir, statement);
        return CTL_E_USAGE;
    }
    r = store_sync_query(sync, found, params, count, ret_rows, &error);
    if (r == 0)
        return 0;
    ctl_error("%s: %s (%s%s%s)", statement, error.message, store_error_name(r),
              error.sqlstate[0] != '\0' ? ", SQLSTATE " : "", error.sqlstate);
    return r == STORE_E_DOWN || r == STORE_E_LOST ? CTL_E_DATABASE : CTL_FAILED;
}

int ctl_place(struct ctl *ctl, struct cluster_place *ret)
{
    int r = ctl_settings(ctl);

    if (r != 0)
        return r;
    r = look(ctl->settings, ret);
    if (r == 0)
        return 0;
    ctl_error("%s: %s", ctl->settings->database.dir, r < 0 ? strerror(-r) : cluster_error_name(r));
    return CTL_E_DATABASE;
}

void ctl_release(struct ctl *ctl)
{
    ctl->statements = statements_free(ctl->statements);
    ctl->generation = generation_free(ctl->generation);
    ctl->settings = NULL;
    free(ctl->sql_dir);
    ctl->sql_dir = NULL;
}

/* ---- output ---- */

static size_t letters(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

void ctl_table(const char *const *cells, size_t rows, size_t columns)
{
    size_t *widths = dvc_calloc(columns, sizeof(*widths));

    for (size_t i = 0; i < rows * columns; i++) {
        size_t width = letters(cells[i]);

        if (width > widths[i % columns])
            widths[i % columns] = width;
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            const char *cell = cells[row * columns + column];
            size_t pad = column + 1 == columns ? 0 : widths[column] - letters(cell) + 2;

            printf("%s%*s", cell, (int)pad, "");
        }
        putchar('\n');
    }
    free(widths);
}
