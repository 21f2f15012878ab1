#include "ctl/ctl.h"

#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/datadir.h"

const char *ctl_who(struct arena *arena)
{
    const struct passwd *user = getpwuid(getuid());
    const char *before = getuid() == 0 ? getenv("SUDO_USER") : NULL;
    const char *name =
        user != NULL ? user->pw_name : arena_printf(arena, "uid %u", (unsigned)getuid());

    return before != NULL ? arena_printf(arena, "%s (%s)", before, name) : arena_str(arena, name);
}

bool ctl_asks_help(int argc, char *const argv[])
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0)
            return true;
    return false;
}

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

int ctl_statements(struct ctl *ctl)
{
    struct db_error error = {0};
    int r = load_statements(ctl, &error);

    if (r != 0)
        ctl_error("%s", error.message);
    return r;
}

static int look(const struct settings *settings, struct cluster_place *ret)
{
    struct cluster_settings cluster = cluster_settings_default();

    cluster.dir = settings->database.dir;
    cluster.bin_dir = settings->database.bin_dir;
    return cluster_place_look(&cluster, ret);
}

/* The users in whose name root may come in, best first: whose folder the data are, whose socket it
 * is, and ourselves. */
#define USERS_MAX 3

struct login {
    char conninfo[1024];
    uid_t users[USERS_MAX];
    size_t user_count;
};

static void add_user(struct login *login, uid_t user)
{
    for (size_t i = 0; i < login->user_count; i++)
        if (login->users[i] == user)
            return;
    login->users[login->user_count++] = user;
}

static void add_socket_owner(struct login *login)
{
    const char *host = strstr(login->conninfo, "host=");
    char path[256];
    struct stat st;
    size_t len;

    if (host == NULL)
        return;
    host += strlen("host=");
    if (*host == '\'')
        host++;
    len = strcspn(host, "', ");
    snprintf(path, sizeof(path), "%.*s/.s.PGSQL.5432", (int)len, host);
    if (path[0] == '/' && stat(path, &st) == 0)
        add_user(login, st.st_uid);
}

static const char *external_url(const struct settings *settings, enum cluster_role role,
                                const char **ret_key)
{
    switch (role) {
    case CLUSTER_APP:
        *ret_key = "database.url is missing";
        return settings->database.url;
    case CLUSTER_OWNER:
        *ret_key = "database.owner_url is missing";
        return settings->database.owner_url;
    case CLUSTER_SUPERUSER:
        *ret_key = "backup.url is missing";
        return settings->backup.url;
    case CLUSTER_AUDIT:
        break;
    }
    *ret_key = "this login is only known by --database";
    return NULL;
}

static int find_embedded(const struct settings *settings, enum cluster_role role,
                         struct login *login, struct db_error *ret_error)
{
    struct cluster_place place;
    int r = look(settings, &place);

    if (r == 0 && place.socket[0] != '\0') {
        cluster_place_conninfo(&place, role, login->conninfo);
        add_user(login, geteuid() == 0 ? place.uid : geteuid());
        return 0;
    }
    db_error_set(ret_error, STORE_E_DOWN,
                 r == 0  ? "the embedded database is not running (dvcd run)"
                 : r < 0 ? strerror(-r)
                         : cluster_error_name(r));
    return CTL_E_DATABASE;
}

static int find_login(struct ctl *ctl, enum cluster_role role, struct login *login,
                      struct db_error *ret_error)
{
    const struct settings *settings = ctl->settings;
    const char *text = ctl->database, *missing = "";
    struct stat st;

    *login = (struct login){0};
    if (text == NULL && settings->database.mode == DATABASE_EMBEDDED)
        return find_embedded(settings, role, login, ret_error);
    if (text == NULL)
        text = external_url(settings, role, &missing);
    if (text == NULL || strlen(text) >= sizeof(login->conninfo)) {
        db_error_set(ret_error, STORE_E_STATEMENT, missing);
        return CTL_E_USAGE;
    }
    memcpy(login->conninfo, text, strlen(text) + 1);
    if (geteuid() == 0 && ctl->database == NULL) {
        if (stat(settings->paths.data, &st) == 0)
            add_user(login, st.st_uid);
        add_socket_owner(login);
    }
    if (login->user_count < USERS_MAX)
        add_user(login, geteuid());
    return 0;
}

/* The server asks the kernel who connects: that is who we are at this moment. */
static int open_as(struct ctl *ctl, uid_t user, const struct login *login, struct store_sync **ret,
                   struct db_error *ret_error)
{
    int64_t timeout_us = ctl->settings == NULL ? 5 * US_PER_SECOND
                                               : ctl->settings->database.connect_timeout_ms * 1000;
    uid_t me = geteuid();
    int r;

    if (user != me && seteuid(user) != 0) {
        db_error_set(ret_error, STORE_E_DENIED, strerror(errno));
        return CTL_E_DATABASE;
    }
    r = store_sync_open(login->conninfo, "dvcctl", timeout_us, ret, ret_error);
    if (user != me)
        DVC_REQUIRE(seteuid(me) == 0);
    if (r == 0)
        ctl->user = user;
    return r == 0 ? 0 : CTL_E_DATABASE;
}

int ctl_try_open(struct ctl *ctl, enum cluster_role role, struct store_sync **ret,
                 struct db_error *ret_error)
{
    struct login login;
    int r;

    if (ctl->database == NULL && ctl_settings(ctl) != 0) {
        db_error_set(ret_error, STORE_E_STATEMENT, "the configuration has faults");
        return CTL_E_USAGE;
    }
    r = load_statements(ctl, ret_error);
    if (r == 0)
        r = find_login(ctl, role, &login, ret_error);
    if (r != 0)
        return r;
    for (size_t i = 0; i < login.user_count; i++) {
        r = open_as(ctl, login.users[i], &login, ret, ret_error);
        if (r == 0)
            break;
    }
    return r;
}

int ctl_conninfo(struct ctl *ctl, enum cluster_role role, char *ret, size_t size)
{
    struct login login;
    struct db_error error;
    int r = find_login(ctl, role, &login, &error);

    if (r == 0)
        snprintf(ret, size, "%s", login.conninfo);
    return r;
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
    struct cluster_settings programs = cluster_settings_default();
    int r = ctl_settings(ctl);

    if (r != 0)
        return r;
    programs.bin_dir = ctl->settings->database.bin_dir;
    if (ctl->settings->database.mode == DATABASE_EMBEDDED && ctl->database == NULL)
        r = look(ctl->settings, ret);
    else
        r = cluster_place_programs(&programs, ctl->user, ret);
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
