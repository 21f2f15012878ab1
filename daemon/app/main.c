/* main.c - the commands of dvcd. Exit status: 0 done, 1 failed while running, 100 wrong use or
 * configuration, 101 no database, 102 demonstration accounts. */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "app/database.h"
#include "app/serve.h"
#include "base/log.h"

#define DEFAULT_CONFIG "/etc/dvcd/dvcd.yaml"
#define EXIT_USAGE 100

static const char usage[] =
    "dvcd - back office of online public services\n"
    "\n"
    "  dvcd run [options]       start everything and stay in the foreground\n"
    "  dvcd check [options]     read and prove the whole configuration, start nothing\n"
    "  dvcd migrate [options]   bring the database to this program's schema\n"
    "  dvcd database [options]  make and run the database alone, as a service of its own user\n"
    "  dvcd help                this text\n"
    "\n"
    "  --config FILE            configuration, default " DEFAULT_CONFIG "\n"
    "  --data DIR               data folder, instead of paths.data\n"
    "  --demo-accounts FILE     run: accounts of the demonstration that are not there yet\n"
    "  --socket DIR             database: folder of its socket\n"
    "  --client USER            database: who may use it from outside, as role dvcd_app\n"
    "  --verbose                log at debug level\n";

struct arguments {
    const char *command;
    struct startup_options options;
};

static bool parse(int argc, char **argv, struct arguments *ret)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"data", required_argument, NULL, 'd'},
                                            {"demo-accounts", required_argument, NULL, 'a'},
                                            {"socket", required_argument, NULL, 's'},
                                            {"client", required_argument, NULL, 'u'},
                                            {"verbose", no_argument, NULL, 'v'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    int c;

    *ret = (struct arguments){.options = {.config = DEFAULT_CONFIG}};
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'c':
            ret->options.config = optarg;
            break;
        case 'd':
            ret->options.data = optarg;
            break;
        case 'a':
            ret->options.demo_accounts = optarg;
            break;
        case 's':
            ret->options.socket_dir = optarg;
            break;
        case 'u':
            ret->options.client = optarg;
            break;
        case 'v':
            ret->options.verbose = true;
            break;
        case 'h':
            ret->command = "help";
            return true;
        default:
            return false;
        }
    }
    if (optind != argc - 1)
        return false;
    ret->command = argv[optind];
    return true;
}

static int check(const struct startup_options *options)
{
    struct generation *generation = generation_load(options->config, options->data);
    struct buf text = BUF_INIT(1u << 20);
    bool ok = generation_report(generation, &text);

    fputs(text.ptr, ok ? stdout : stderr);
    buf_release(&text);
    generation_free(generation);
    return ok ? 0 : STARTUP_E_CONFIG;
}

static int migrate(const struct startup_options *options)
{
    struct startup startup;
    int r = startup_read(options, &startup);

    if (r == 0)
        r = startup_database(&startup);
    if (r == 0)
        r = startup_migrate(&startup);
    if (startup.cluster != NULL && cluster_pid(startup.cluster) > 0)
        r |= cluster_stop(startup.cluster, 10 * US_PER_SECOND) != 0;
    startup_release(&startup);
    return r;
}

int main(int argc, char **argv)
{
    struct arguments arguments;

    setlocale(LC_CTYPE, "C.UTF-8"); /* patterns of forms count letters, not bytes */
    if (!parse(argc, argv, &arguments)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    log_setup("supervisor", arguments.options.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
    if (strcmp(arguments.command, "run") == 0)
        return serve(&arguments.options);
    if (strcmp(arguments.command, "check") == 0)
        return check(&arguments.options);
    if (strcmp(arguments.command, "migrate") == 0)
        return migrate(&arguments.options);
    if (strcmp(arguments.command, "database") == 0)
        return database_serve(&arguments.options);
    if (strcmp(arguments.command, "help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    fprintf(stderr, "dvcd: unknown command '%s'\n\n%s", arguments.command, usage);
    return EXIT_USAGE;
}
