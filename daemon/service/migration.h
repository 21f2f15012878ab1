/* migration.h - an administrator's order to move open dossiers of a procedure to another version
 * (sql/migrations/0017_migration.sql): what the clock decides by, and how it tells what came of it.
 */
#ifndef DVC_SERVICE_MIGRATION_H
#define DVC_SERVICE_MIGRATION_H

#include "service/decide.h"

struct migration_plan;

/* From the order as the statement migration_page gives it. NULL while this worker does not know the
 * version (published a moment ago), or for ever when it cannot be used. */
struct migration_plan *migration_plan_new(struct service *service, const struct value *order);
struct migration_plan *
migration_plan_free(struct migration_plan *plan); /* takes NULL, returns NULL */
int64_t migration_plan_order(const struct migration_plan *plan);
bool migration_plan_rehearses(const struct migration_plan *plan);
/* The command for every dossier of the order; borrows from the plan. */
struct command migration_plan_command(const struct migration_plan *plan);

/* A line of the report, texts in `arena`. */
struct migration_line {
    const char
        *outcome; /* moved, refused, ended, failed; NULL: not settled, it is to be tried again */
    const char *rule, *message; /* "" none */
    const char *steps;          /* JSON [["from", "to"], ...] of the tokens, "" unknown */
};
void migration_line(struct arena *arena, const struct decided *decided, bool again,
                    struct migration_line *ret);

#endif
