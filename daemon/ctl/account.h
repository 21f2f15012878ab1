/* account.h - what the parts of `dvcctl account` share. */
#ifndef DVC_CTL_ACCOUNT_H
#define DVC_CTL_ACCOUNT_H

#include "ctl/ctl.h"
#include "service/fields.h"

/* One call of `dvcctl account ...`: its options and the database. */
struct account_job {
    struct ctl *ctl;
    struct arena *arena;
    struct store_sync *sync;
    const char *words[4]; /* without options: username, role, agency; or a file */
    size_t word_count;
    struct value *person; /* members given by options: name, kind, phone, ... */
    const char *password_file, *passwords_out, *reason, *from, *to, *agency, *kind;
    const char **roles; /* --role ROLE@AGENCY, several */
    size_t role_count, role_cap;
    bool admin, below, dry_run, keep_password, no_passwords, totp_off;
};

int account_import(struct account_job *job); /* words[0] is the file */
/* Runs a statement that answers {"fault"} or an outcome. 0 with *ret; CTL_FAILED with *ret_fault
 * set to the fault's words (nothing printed), or another status, printed. */
int account_write(struct account_job *job, const char *statement, const struct db_param *params,
                  size_t count, const struct value **ret, const char **ret_fault);
/* The account of `map` as the database takes it; faults are noted. Without roles. */
struct value *account_spec(struct fields *fields, const struct value *map, bool must_change);
/* A day "2026-02-01" as the moment it begins, or anything else as it is. */
const char *account_moment(struct arena *arena, const char *text);

#endif
