/* main.c - dvcctl: finds the command and takes out the options that every command has. Exit status
 * as dvcd's: 0 done, 1 failed, 100 wrong use or configuration, 101 no database. */
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "ctl/commands.h"

static const struct ctl_command commands[] = {
    {"account", "add|passwd|disable|enable|grant|revoke|list|import ...",
     "accounts and their roles; `account add --admin NAME` makes the first administrator",
     ctl_account},
    {"agency", "list [WORDS] | import FILE [--apply]",
     "the agencies that dvcd.yaml names, and a file of them to be taken in", ctl_agency},
    {"backup", "DIR", "a verified base backup of the running database into DIR", ctl_backup},
    {"doctor", "", "what is wrong and what to do; exit status 2: warnings only", ctl_doctor},
    {"outbox", "list | retry ID --reason TEXT | skip ID --reason TEXT",
     "deliveries that were put aside: seen, tried again, given up", ctl_outbox},
    {"plugin", "help | check | diff | graph | import | new | ...",
     "tools for writing procedures: proved before they are published", ctl_plugin},
    {"reload", "[--take-back]",
     "read the configuration anew, without stopping the service. With --take-back also\n"
     "                                  agencies and calendars that newer ones have replaced",
     ctl_reload},
    {"restore", "DIR --to DATADIR [--until TIME] [--wal DIR]",
     "bring a backup and the WAL since then into a new data folder, and prove it", ctl_restore},
    {"verify", "[--audit] [CODE...]", "recompute the event chains of all dossiers, or of these",
     ctl_verify},
};

static const char options_help[] =
    "\n"
    "  --config FILE            configuration, default " CTL_CONFIG "\n"
    "  --data DIR               data folder, instead of paths.data\n"
    "  --database CONNINFO      another login for the database, as libpq reads it\n"
    "  --json                   answer for a program\n";

static void help_of(const struct ctl_command *command)
{
    char usage[256];
    int width = snprintf(usage, sizeof(usage), "%s %s", command->name, command->arguments);

    /* What does not fit into the column has its help on the next line. */
    if (width > 24)
        printf("  dvcctl %s\n  %*s%s\n", usage, 32, "", command->help);
    else
        printf("  dvcctl %-25s%s\n", usage, command->help);
}

static int help(void)
{
    fputs("dvcctl - the administrator's and auditor's tool of dvcd\n\n", stdout);
    for (size_t i = 0; i < DVC_COUNT(commands); i++)
        help_of(&commands[i]);
    fputs(options_help, stdout);
    return CTL_OK;
}

/* "--name VALUE" and "--name=VALUE"; true when argv[*at] is that option. *ret is NULL when its
 * value is missing. */
static bool takes(const char *name, int argc, char **argv, int *at, const char **ret)
{
    size_t len = strlen(name);

    if (strncmp(argv[*at], name, len) != 0)
        return false;
    if (argv[*at][len] == '=') {
        *ret = argv[*at] + len + 1;
        return true;
    }
    if (argv[*at][len] != '\0')
        return false;
    *ret = *at + 1 < argc ? argv[++*at] : NULL;
    return true;
}

/* Moves what is left to the front of argv. The number left, or -1 when a value is missing. */
static int take_options(int argc, char **argv, struct ctl *ctl)
{
    int kept = 0;

    for (int i = 0; i < argc; i++) {
        const char *value = "";

        if (strcmp(argv[i], "--") == 0) {
            while (i < argc)
                argv[kept++] = argv[i++];
            break;
        }
        if (takes("--config", argc, argv, &i, &value))
            ctl->config = value;
        else if (takes("--data", argc, argv, &i, &value))
            ctl->data = value;
        else if (takes("--database", argc, argv, &i, &value))
            ctl->database = value;
        else if (strcmp(argv[i], "--json") == 0)
            ctl->json = true;
        else
            argv[kept++] = argv[i];
        if (value == NULL)
            return -1;
    }
    argv[kept] = NULL;
    return kept;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
    if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0)
        return help();
    for (size_t i = 0; i < DVC_COUNT(commands); i++) {
        if (strcmp(argv[0], commands[i].name) != 0)
            continue;
        optind = 1;
        if (commands[i].run != ctl_plugin && ctl_asks_help(argc, argv)) {
            help_of(&commands[i]);
            fputs(options_help, stdout);
            return CTL_OK;
        }
        return commands[i].run(ctl, argc, argv);
    }
    return ctl_misuse("unknown command '%s'", argv[0]);
}

int main(int argc, char **argv)
{
    struct ctl ctl = {.config = CTL_CONFIG};
    int status;

    setlocale(LC_CTYPE, "C.UTF-8"); /* patterns of forms count letters, not bytes */
    signal(SIGPIPE, SIG_IGN);
    log_setup("dvcctl", LOG_LEVEL_WARN);
    argc = take_options(argc - 1, argv + 1, &ctl);
    if (argc < 0)
        status = ctl_misuse("an option lacks its value");
    else if (argc == 0)
        status = ctl_misuse("no command");
    else
        status = run(&ctl, argc, argv + 1);
    ctl_release(&ctl);
    return status;
}
