/* statement.h - named SQL statements, one a file in sql/queries/. The name is the file's without
 * ".sql". Comment lines at the top of the file say how it is used:
 *
 *     -- params: bigint text text[]     types of $1, $2, $3; missing = no parameters
 *     -- one                            at most one row comes back (more is STORE_E_STATEMENT)
 *     -- json                           exactly one column of JSON text, at most one row
 *     -- write                          goes to the writing connection; else to a reader, whose
 *                                       transactions are read-only
 *     -- repeatable                     a write that may be sent again after a lost link
 *
 * Other comments are free text. One statement a file. */
#ifndef DVC_STORE_STATEMENT_H
#define DVC_STORE_STATEMENT_H

#include "store/param.h"

#define STATEMENT_PARAMS_MAX 48

enum statement_shape { STATEMENT_ROWS, STATEMENT_ONE, STATEMENT_JSON };

struct statement {
    const char *name; /* also its name on every connection */
    const char *sql;
    uint32_t id; /* place in the table, from 0, dense */
    enum statement_shape shape;
    bool write, repeatable;
    uint32_t param_count;
    uint32_t param_oids[STATEMENT_PARAMS_MAX];
};

struct statements;

/* Reads every *.sql file of `dir`. 0; -errno when the folder or a file cannot be read; -EINVAL for
 * a bad head comment, and then ret_error (of `size`) says file and reason. */
int statements_load(const char *dir, struct statements **ret, char *ret_error,
                    size_t size) DVC_MUSTCHECK;
struct statements *statements_free(struct statements *table); /* takes NULL, returns NULL */
/* NULL when there is no such file. Look up once, at start; it lives as long as the table. */
const struct statement *statements_find(const struct statements *table, const char *name);
size_t statements_count(const struct statements *table);

#endif
