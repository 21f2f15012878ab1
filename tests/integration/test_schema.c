/* Migrations, and what the workers' and the auditor's logins cannot do. Starts on an empty
 * database. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"
#include "store/migrate.h"
#include "tap.h"

static char copy[4096]; /* of the sql folder, ours to spoil */

static void DVC_PRINTF(1, 2) shell(const char *fmt, ...)
{
    char line[16384];
    va_list args;

    va_start(args, fmt);
    vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    if (system(line) != 0) {
        printf("Bail out! %s\n", line);
        exit(99);
    }
}

static int migrate(struct migrate_report *ret_report)
{
    struct migrate_options options = {.sql_dir = copy, .lock_timeout_us = US_PER_SECOND};

    return store_migrate(tap_env("DVCD_TEST_OWNER"), &options, ret_report);
}

static int version(void)
{
    struct db_error error;
    int number = -1;

    if (store_schema_version(tap_env("DVCD_TEST_APP"), copy, &number, &error) != 0)
        printf("# %s\n", error.message);
    return number;
}

static void test_first(void)
{
    struct migrate_report report;
    int rc;

    tap_about("from nothing, and again");
    CHECK(version() == 0 && !store_schema_serves(0));
    rc = migrate(&report);
    CHECK_SAY(rc == 0, "migrated: %s %s %s", migrate_error_name(rc), report.file,
              report.error.message);
    CHECK(report.from == 0 && report.to == report.applied && report.functions > 0);
    CHECK_SAY(version() == STORE_SCHEMA_MAX, "the newest migration is what this binary serves");
    CHECK(store_schema_serves(version()));
    rc = migrate(&report);
    CHECK(rc == 0 && report.applied == 0 && report.from == STORE_SCHEMA_MAX);
}

static void test_refusals(void)
{
    struct store_sync *holder = stage_look("DVCD_TEST_OWNER");
    struct migrate_report report;
    char next[32];

    tap_about("what a migration refuses");
    snprintf(next, sizeof(next), "%04d", STORE_SCHEMA_MAX + 1);
    shell("cd '%s/migrations' && echo 'CREATE TABLE half (a int); SELECT 1/0;' > %s_bad.sql", copy,
          next);
    CHECK(migrate(&report) == STORE_E_DATA && strstr(report.file, "_bad.sql") != NULL);
    CHECK(version() == STORE_SCHEMA_MAX);
    CHECK(stage_number(holder, "SELECT (to_regclass('half') IS NULL)::int") == 1);
    shell("rm '%s'/migrations/%s_bad.sql", copy, next);

    CHECK(stage_number(holder, "SELECT pg_try_advisory_lock(hashtextextended('dvcd migration',"
                               " 0))::int") == 1);
    CHECK(migrate(&report) == MIGRATE_E_BUSY);
    /* Given back by name: a server may take its time to notice that somebody hung up. */
    CHECK(stage_number(holder, "SELECT pg_advisory_unlock(hashtextextended('dvcd migration',"
                               " 0))::int") == 1);
    store_sync_close(holder);

    shell("echo '-- one more line' >> '%s'/migrations/%s", copy, "0002_procedures.sql");
    CHECK(migrate(&report) == MIGRATE_E_CHANGED);
    CHECK(strcmp(report.file, "0002_procedures.sql") == 0);
    shell("sed -i '$d' '%s'/migrations/%s", copy, "0002_procedures.sql");
    CHECK(migrate(&report) == 0);

    shell("mv '%s'/migrations/0001_people.sql '%s'/kept", copy, copy);
    CHECK(migrate(&report) == MIGRATE_E_FILES);
    shell("mv '%s'/kept '%s'/migrations/0001_people.sql", copy, copy);

    snprintf(next, sizeof(next), "%04d", STORE_SCHEMA_MAX);
    shell("cd '%s'/migrations && mv %s_*.sql ..", copy, next);
    CHECK(migrate(&report) == MIGRATE_E_NEWER);
    shell("cd '%s' && mv %s_*.sql migrations", copy, next);
    CHECK(migrate(&report) == 0);
}

static void refuse_all(const char *role, const char *const *statements, size_t count)
{
    struct store_sync *sync = stage_look(role);
    struct db_error unused;

    /* What only a setting forbids is not forbidden. */
    (void)stage_failure(sync, "SET default_transaction_read_only = off", &unused);
    for (size_t i = 0; i < count; i++) {
        struct db_error error;

        CHECK_SAY(strcmp(stage_failure(sync, statements[i], &error), "42501") == 0, "%s: %s",
                  statements[i], error.sqlstate);
    }
    store_sync_close(sync);
}

static void test_worker(void)
{
    static const char *const forbidden[] = {
        "UPDATE event SET body = ''",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE event_p0 SET body = ''",
        "DELETE FROM event_p0",
        "INSERT INTO event_p0 SELECT * FROM event",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "ALTER TABLE event DETACH PARTITION event_p0",
        "DROP TABLE event_p0",
        "CREATE RULE quiet AS ON INSERT TO event DO INSTEAD NOTHING",
        "CREATE TRIGGER quiet BEFORE INSERT ON event EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger()",
        "UPDATE timer_fire SET rung = 9",
        "DELETE FROM timer_fire",
        "TRUNCATE timer_fire",
        "UPDATE outbox SET body = ''",
        "DELETE FROM outbox",
        "DROP TABLE outbox_p0",
        "TRUNCATE dossier",
        "UPDATE schema_version SET version = 99",
        "CREATE TABLE mine (a int)",
        "ALTER FUNCTION partitions_ahead_v1(bigint) RENAME TO gone",
        "SET ROLE dvcd_owner",
        "SET SESSION AUTHORIZATION dvcd_owner",
        "SET session_replication_role = replica",
        "ALTER SYSTEM SET fsync = off",
        "COPY event TO PROGRAM 'cat'",
        "CREATE ROLE other",
    };
    struct store_sync *sync = stage_look("DVCD_TEST_APP");

    tap_about("a worker's login cannot change, delete or disable what protects events");
    refuse_all("DVCD_TEST_APP", forbidden, DVC_COUNT(forbidden));
    CHECK(stage_number(sync,
                       "SELECT count(*) FROM pg_class WHERE relowner = 'dvcd_app'::regrole") == 0);
    CHECK(stage_number(sync, "SELECT count(*) FROM pg_auth_members WHERE member ="
                             " 'dvcd_app'::regrole") == 0);
    /* The server only warns of a grant that gives nothing. */
    (void)stage_number(sync, "GRANT DELETE ON event TO dvcd_app");
    CHECK(stage_number(sync, "SELECT has_table_privilege('event', 'DELETE')::int") == 0);
    CHECK(stage_number(sync, "SELECT partitions_ahead_v1(100000)") == 0);
    store_sync_close(sync);
}

static void test_auditor(void)
{
    static const char *const forbidden[] = {
        "DELETE FROM task",
        "INSERT INTO lease VALUES ('x', 'x', 1, now())",
        "SELECT * FROM server_key",
        "SELECT * FROM session",
        "SELECT password_hash FROM account",
        "SELECT partitions_ahead_v1(100000)",
    };
    struct store_sync *sync = stage_look("DVCD_TEST_AUDIT");

    tap_about("the auditor reads and no more");
    CHECK(stage_number(sync, "SELECT count(*) FROM event") == 0);
    CHECK(stage_number(sync, "SELECT count(username) FROM account") >= 0);
    refuse_all("DVCD_TEST_AUDIT", forbidden, DVC_COUNT(forbidden));
    store_sync_close(sync);
}

static void test_partitions(void)
{
    struct store_sync *owner = stage_look("DVCD_TEST_OWNER");
    struct store_sync *app = stage_look("DVCD_TEST_APP");
    static const char *const forbidden[] = {"DELETE FROM event_p2", "SELECT * FROM event_p2"};

    tap_about("partitions are made ahead, without rights of their own");
    CHECK(stage_number(owner, "SELECT setval('dossier_id_seq', 1000001)") == 1000001);
    CHECK(stage_number(app, "SELECT partitions_ahead_v1(1000000)") == 1);
    CHECK(stage_number(app, "SELECT partitions_ahead_v1(1000000)") == 0);
    refuse_all("DVCD_TEST_APP", forbidden, DVC_COUNT(forbidden));
    store_sync_close(owner);
    store_sync_close(app);
}

int main(void)
{
    snprintf(copy, sizeof(copy), "%s/sql", tap_env("DVCD_TEST_DIR"));
    shell("cp -R '%s' '%s'", tap_env("DVCD_TEST_SQL"), copy);
    test_first();
    test_refusals();
    test_worker();
    test_auditor();
    test_partitions();
    return tap_end();
}
