/* migrate.h - brings the schema to what this binary needs: forward only, by the owner's login. */
#ifndef DVC_STORE_MIGRATE_H
#define DVC_STORE_MIGRATE_H

#include "store/fault.h"

/* The schema versions this binary serves. A migration that an older binary survives leaves MIN
 * where it was. */
#define STORE_SCHEMA_MIN 23
#define STORE_SCHEMA_MAX 23

enum migrate_error {
    MIGRATE_E_CHANGED = 100, /* a file that was applied differs now */
    MIGRATE_E_FILES,         /* numbers missing or twice, unreadable folder, bad name */
    MIGRATE_E_NEWER,         /* the database is beyond what this folder knows */
    MIGRATE_E_BUSY,          /* another migration is running, or a lock was not to be had */
};

struct migrate_report {
    int from, to;          /* schema versions; 0 = empty database */
    int applied;           /* files run now */
    int functions;         /* files of sql/functions run */
    char file[128];        /* the file at fault, or "" */
    struct db_error error; /* the database's fault, code 0 when there was none */
};

struct migrate_options {
    const char *sql_dir;     /* holds setup/, migrations/, functions/, grants.sql */
    int64_t lock_timeout_us; /* how long one statement may wait for a lock */
    /* Called before each file; may be NULL. */
    void (*progress)(void *ctx, const char *file, int index, int count);
    void *ctx;
};

/* Applies what is missing, each file in a transaction of its own together with its line in
 * schema_version; then all functions and grants in one transaction. Running it again changes
 * nothing. 0, STORE_E_* or MIGRATE_E_*, and *ret_report filled in every case. */
int store_migrate(const char *conninfo, const struct migrate_options *options,
                  struct migrate_report *ret_report) DVC_MUSTCHECK;
/* The database's schema version (0 = none) without changing anything. */
int store_schema_version(const char *conninfo, const char *sql_dir, int *ret_version,
                         struct db_error *ret_error) DVC_MUSTCHECK;
/* Whether this binary serves a database of that version. */
bool store_schema_serves(int version);
const char *migrate_error_name(int code); /* also for STORE_E_* */

#endif
