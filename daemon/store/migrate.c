#include "store/migrate.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/num.h"
#include "store/sqlfile.h"
#include "store/sync.h"

#define CONNECT_TIMEOUT_US (10 * US_PER_SECOND)
#define VERSION_MAX 9999

struct migration {
    struct store_sync *sync;
    const struct migrate_options *options;
    struct migrate_report *report;
    struct statements *statements;
    struct sql_files files, functions;
    int applied;
};

static const struct {
    int code;
    const char *name;
} names[] = {
    {MIGRATE_E_CHANGED, "migration_changed"},
    {MIGRATE_E_FILES, "migration_files"},
    {MIGRATE_E_NEWER, "schema_newer"},
    {MIGRATE_E_BUSY, "migration_busy"},
};

const char *migrate_error_name(int code)
{
    for (size_t i = 0; i < DVC_COUNT(names); i++)
        if (names[i].code == code)
            return names[i].name;
    return store_error_name(code);
}

bool store_schema_serves(int version)
{
    return version >= STORE_SCHEMA_MIN && version <= STORE_SCHEMA_MAX;
}

static int query(struct migration *migration, const char *name, const struct db_param *params,
                 size_t count, struct db_rows **ret_rows)
{
    const struct statement *statement = statements_find(migration->statements, name);

    if (statement == NULL) {
        snprintf(migration->report->file, sizeof(migration->report->file), "setup/%s.sql", name);
        return MIGRATE_E_FILES;
    }
    return store_sync_query(migration->sync, statement, params, count, ret_rows,
                            &migration->report->error);
}

static void say(struct migration *migration, const char *file, int index, int count)
{
    snprintf(migration->report->file, sizeof(migration->report->file), "%s", file);
    if (migration->options->progress != NULL)
        migration->options->progress(migration->options->ctx, file, index, count);
}

/* NNNN_name.sql, numbered from 1 without a gap: the count is the version. */
static int check_numbers(struct migration *migration)
{
    const struct sql_files *files = &migration->files;

    if (files->count == 0 || files->count > VERSION_MAX)
        return MIGRATE_E_FILES;
    for (size_t i = 0; i < files->count; i++) {
        struct slice name = slice_str(files->names[i]);
        int64_t number;

        if (name.len < 6 || name.ptr[4] != '_' ||
            num_parse_i64(slice_sub(name, 0, 4), 1, VERSION_MAX, &number) != 0 ||
            number != (int64_t)i + 1) {
            snprintf(migration->report->file, sizeof(migration->report->file), "%s",
                     files->names[i]);
            return MIGRATE_E_FILES;
        }
    }
    return 0;
}

static int load_files(struct migration *migration)
{
    char path[PATH_MAX];
    const char *dir = migration->options->sql_dir;
    char *problem = migration->report->error.message;

    snprintf(path, sizeof(path), "%s/setup", dir);
    if (statements_load(path, &migration->statements, problem,
                        sizeof(migration->report->error.message)) != 0)
        return MIGRATE_E_FILES;
    snprintf(path, sizeof(path), "%s/migrations", dir);
    if (sql_files_list(path, &migration->files) != 0)
        return MIGRATE_E_FILES;
    snprintf(path, sizeof(path), "%s/functions", dir);
    if (sql_files_list(path, &migration->functions) != 0)
        return MIGRATE_E_FILES;
    return check_numbers(migration);
}

static int read_text(struct migration *migration, const char *sub, const char *file,
                     char **ret_text)
{
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s%s", migration->options->sql_dir, sub);
    return sql_file_read(path, file, ret_text) != 0 ? MIGRATE_E_FILES : 0;
}

/* One migration runs at a time, whoever else may be asked to; the loser is told rather than queued.
 */
static int take_lock(struct migration *migration)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    char ms[24];
    struct db_param param;
    int rc;

    snprintf(ms, sizeof(ms), "%lld", (long long)(migration->options->lock_timeout_us / 1000));
    param = db_str(ms);
    rc = query(migration, "migrate_session", &param, 1, NULL);
    if (rc == 0)
        rc = query(migration, "migrate_lock", NULL, 0, &rows);
    if (rc == 0 && !db_bool_at(rows, 0, 0))
        rc = MIGRATE_E_BUSY;
    return rc;
}

static int same_as_applied(struct migration *migration, const struct db_rows *rows, size_t row)
{
    const char *file = migration->files.names[row];
    char hex[SHA256_HEX_SIZE];
    char *text;
    int rc;

    snprintf(migration->report->file, sizeof(migration->report->file), "%s", file);
    if (db_int_at(rows, row, 0, 0) != (int64_t)row + 1)
        return MIGRATE_E_FILES;
    rc = read_text(migration, "/migrations", file, &text);
    if (rc != 0)
        return rc;
    sha256_hex(sha256_of(slice_str(text)), hex);
    free(text);
    if (!slice_is(db_text_at(rows, row, 1), file) || !slice_is(db_text_at(rows, row, 2), hex))
        return MIGRATE_E_CHANGED;
    return 0;
}

static int check_applied(struct migration *migration)
{
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    size_t count;
    int rc = query(migration, "migrate_table", NULL, 0, NULL);

    if (rc == 0)
        rc = query(migration, "migrate_applied", NULL, 0, &rows);
    if (rc != 0)
        return rc;
    count = db_rows_count(rows);
    if (count > migration->files.count)
        return MIGRATE_E_NEWER;
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = same_as_applied(migration, rows, i);
    migration->applied = (int)count;
    return rc;
}

static int in_transaction(struct migration *migration, int (*fn)(struct migration *, size_t),
                          size_t index)
{
    struct db_error ignored;
    int rc = store_sync_script(migration->sync, "BEGIN", NULL, &migration->report->error);

    if (rc == 0)
        rc = fn(migration, index);
    if (rc == 0)
        return store_sync_script(migration->sync, "COMMIT", NULL, &migration->report->error);
    (void)!store_sync_script(migration->sync, "ROLLBACK", NULL, &ignored);
    return rc;
}

static int run_file(struct migration *migration, const char *sub, const char *file,
                    struct sha256 *ret_digest)
{
    char *text;
    int rc = read_text(migration, sub, file, &text);

    if (rc != 0)
        return rc;
    *ret_digest = sha256_of(slice_str(text));
    rc = store_sync_script(migration->sync, text, NULL, &migration->report->error);
    free(text);
    return rc;
}

static int apply_one(struct migration *migration, size_t index)
{
    const char *file = migration->files.names[index];
    char hex[SHA256_HEX_SIZE];
    struct sha256 digest;
    struct db_param params[3];
    int rc;

    say(migration, file, (int)index, (int)migration->files.count);
    rc = run_file(migration, "/migrations", file, &digest);
    if (rc != 0)
        return rc;
    sha256_hex(digest, hex);
    params[0] = db_int((int64_t)index + 1);
    params[1] = db_str(file);
    params[2] = db_str(hex);
    return query(migration, "migrate_record", params, DVC_COUNT(params), NULL);
}

static int make_functions(struct migration *migration, const char *checked)
{
    const struct sql_files *files = &migration->functions;
    struct db_param param = db_str(checked);
    struct sha256 digest;
    int rc = query(migration, "migrate_check_bodies", &param, 1, NULL);

    for (size_t i = 0; rc == 0 && i < files->count; i++) {
        say(migration, files->names[i], (int)i, (int)files->count);
        rc = run_file(migration, "/functions", files->names[i], &digest);
    }
    return rc;
}

static int apply_functions(struct migration *migration, size_t unused)
{
    int count = (int)migration->functions.count;
    struct sha256 digest;
    int rc = make_functions(migration, "off");

    (void)unused;
    if (rc == 0)
        rc = make_functions(migration, "on");
    if (rc != 0)
        return rc;
    migration->report->functions = count;
    say(migration, "grants.sql", count, count);
    return run_file(migration, "", "grants.sql", &digest);
}

static int run(struct migration *migration)
{
    int rc = take_lock(migration);

    if (rc == 0)
        rc = check_applied(migration);
    if (rc != 0)
        return rc;
    migration->report->from = migration->report->to = migration->applied;
    for (size_t i = (size_t)migration->applied; i < migration->files.count; i++) {
        rc = in_transaction(migration, apply_one, i);
        if (rc != 0)
            return rc;
        migration->report->to = (int)i + 1;
        migration->report->applied++;
    }
    return in_transaction(migration, apply_functions, 0);
}

int store_migrate(const char *conninfo, const struct migrate_options *options,
                  struct migrate_report *ret_report)
{
    struct migration migration = {.options = options, .report = ret_report};
    int rc;

    *ret_report = (struct migrate_report){0};
    rc = load_files(&migration);
    if (rc == 0)
        rc = store_sync_open(conninfo, "dvcd migrate", CONNECT_TIMEOUT_US, &migration.sync,
                             &ret_report->error);
    if (rc == 0)
        rc = run(&migration);
    if (rc == STORE_E_CONFLICT)
        rc = MIGRATE_E_BUSY;
    if (rc == 0)
        ret_report->file[0] = '\0';
    store_sync_close(migration.sync); /* which releases the lock */
    statements_free(migration.statements);
    sql_files_release(&migration.files);
    sql_files_release(&migration.functions);
    return rc;
}

int store_schema_version(const char *conninfo, const char *sql_dir, int *ret_version,
                         struct db_error *ret_error)
{
    struct store_sync *sync DVC_CLEANUP(store_sync_closep) = NULL;
    struct db_rows *rows DVC_CLEANUP(db_rows_freep) = NULL;
    char path[PATH_MAX], *text;
    int rc;

    snprintf(path, sizeof(path), "%s/queries", sql_dir);
    *ret_error = (struct db_error){0};
    rc = sql_file_read(path, "schema_version.sql", &text);
    if (rc != 0)
        return rc;
    rc = store_sync_open(conninfo, "dvcd check", CONNECT_TIMEOUT_US, &sync, ret_error);
    if (rc == 0)
        rc = store_sync_script(sync, text, &rows, ret_error);
    free(text);
    if (rc != 0 && strcmp(ret_error->sqlstate, "42P01") != 0)
        return rc;
    *ret_version = rc == 0 ? (int)db_int_at(rows, 0, 0, 0) : 0;
    return 0;
}
