/* ctl.h - what every command of dvcctl has: the settings, the database, the way it speaks. A
 * command is one function in a file of its own, with a line in main.c's table. */
#ifndef DVC_CTL_CTL_H
#define DVC_CTL_CTL_H

#include "conf/generation.h"
#include "store/clusterdir.h"
#include "store/sync.h"

#define CTL_CONFIG "/etc/dvcd/dvcd.yaml" /* without --config */

enum ctl_exit { /* as dvcd's; a command may have more of its own and says so in its help */
                CTL_OK = 0,
                CTL_FAILED = 1,
                CTL_E_USAGE = 100, /* wrong use or configuration */
                CTL_E_DATABASE = 101
};

struct ctl {
    const char *config;   /* dvcd.yaml */
    const char *data;     /* overrides paths.data, or NULL */
    const char *database; /* --database: libpq's text used for every role, or NULL */
    bool json;            /* --json: for a program, not for a person */
    /* After ctl_settings: */
    struct generation *generation;   /* its settings; the rest only after ctl_configuration */
    const struct settings *settings; /* NULL before */
    /* After ctl_open: */
    uid_t user; /* as root: in whose name the database let us in, else who we are */
    struct statements *statements;
    char *sql_dir;
};

struct ctl_command {
    const char *name;      /* one word */
    const char *arguments; /* as shown in the help, "" when none */
    const char *help;      /* one line */
    /* argv[0] is the command's name; the options of every command are taken out already. An exit
     * status, after having said what went wrong. */
    int (*run)(struct ctl *ctl, int argc, char **argv);
};

/* Reads dvcd.yaml alone. 0 or CTL_E_USAGE, every fault printed. May be called again. */
int ctl_settings(struct ctl *ctl) DVC_MUSTCHECK;
/* Reads all that dvcd.yaml names, as `dvcd check`; ctl->generation may have faults, which are not
 * printed. 0, or CTL_E_USAGE when dvcd.yaml itself serves nothing. */
int ctl_configuration(struct ctl *ctl) DVC_MUSTCHECK;
/* Loads sql/queries, which ctl_open does, too. 0 or CTL_E_USAGE, printed. */
int ctl_statements(struct ctl *ctl) DVC_MUSTCHECK;
/* A connection in `role`, the embedded cluster's or the external one's (where the superuser is
 * backup.url, and the audit role comes only by --database). As root it is made in the name of the
 * user whose folder the data are, or whose socket. 0, CTL_E_USAGE or CTL_E_DATABASE, what went
 * wrong is printed. */
int ctl_open(struct ctl *ctl, enum cluster_role role, struct store_sync **ret) DVC_MUSTCHECK;
/* The same without printing: the reason comes in ret_error->message. */
int ctl_try_open(struct ctl *ctl, enum cluster_role role, struct store_sync **ret,
                 struct db_error *ret_error) DVC_MUSTCHECK;
/* One statement of sql/queries. 0 or an exit status, the fault is printed. `ret_rows` may be NULL;
 * db_rows_free frees them. */
int ctl_query(struct ctl *ctl, struct store_sync *sync, const char *statement,
              const struct db_param *params, size_t count, struct db_rows **ret_rows) DVC_MUSTCHECK;
/* The text that the last ctl_open in that role was made by. */
int ctl_conninfo(struct ctl *ctl, enum cluster_role role, char *ret, size_t size) DVC_MUSTCHECK;
/* PostgreSQL's programs and who is to run them: the embedded cluster's user, else ctl->user. 0, or
 * CTL_E_USAGE or CTL_E_DATABASE, printed. */
int ctl_place(struct ctl *ctl, struct cluster_place *ret) DVC_MUSTCHECK;

/* --help is among the words after a command's name, before any "--". */
bool ctl_asks_help(int argc, char *const argv[]);
/* The login that gives the command, for what is written down of it; who became root by sudo is
 * named, too. */
const char *ctl_who(struct arena *arena);
/* "dvcctl: ..." and a line's end to standard error. */
void ctl_error(const char *fmt, ...) DVC_PRINTF(1, 2);
/* The same with "dvcctl help" named; gives CTL_E_USAGE. */
int ctl_misuse(const char *fmt, ...) DVC_PRINTF(1, 2);
/* A table for people: columns as wide as their widest cell in letters (not bytes), two blanks
 * between them. Rows of `columns` cells each, the first row is the head. */
void ctl_table(const char *const *cells, size_t rows, size_t columns);
void ctl_release(struct ctl *ctl);

#endif
