#include "ctl/plugin.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "ctl/commands.h"

static const struct ctl_command subcommands[] = {
    {"check", "[FILE|CODE...]",
     "prove these plugins, or all of the configuration; every fault is printed", ctl_plugin_check},
    {"diff", "A B",
     "what changed between two of FILE, CODE, CODE@VERSION (published); exit status 1: they differ",
     ctl_plugin_diff},
    {"graph", "CODE|FILE [--format dot|mermaid] [--dossier CODE]",
     "the workflow as a picture, with a dossier's place in its version marked", ctl_plugin_graph},
    {"import", "FILE.json [--into DIR]",
     "a plugin from a record of the national portal (LayThuTuc); what must be looked at is marked",
     ctl_plugin_import},
    {"migrate",
     "CODE --to W [--from V] [--map old=new]... --reason TEXT [--dry-run] [--no-wait]\n"
     "  dvcctl plugin migrate --status [ORDER] | --cancel ORDER",
     "open dossiers go over to another published version, each with an event; their dates stay.\n"
     "      Without --from those of every older one. Exit status 2: some could not be moved.\n"
     "      --cancel: dossiers that still wait stay where they are; one order at a time",
     ctl_plugin_migrate},
    {"new", "CODE [--name NAME] [--field FIELD] [--into DIR]",
     "a commented template, to standard output or as a new file in DIR", ctl_plugin_new},
    {"schema", "", "the language as JSON Schema 2020-12, for editors", ctl_plugin_schema},
    {"simulate", "FILE|CODE --start 2026-02-12T10:00 [OPTION...]",
     "play the engine along the main path: each step with its dates across holidays, and the "
     "result's\n      due explained. --channel online|direct|post, --delivery, --case, --agency, "
     "--waiver,\n      --form field=value (again and again), --pace limit|half|now, --path "
     "action,step.action,timeout",
     ctl_plugin_simulate},
    {"withdraw", "CODE@VERSION --reason TEXT [--undo]",
     "a version that should not have been published takes no new dossiers; its open ones go on",
     ctl_plugin_withdraw},
};

static int help_of(const struct ctl_command *command)
{
    printf("  dvcctl plugin %s%s%s\n      %s\n", command->name,
           command->arguments[0] != '\0' ? " " : "", command->arguments, command->help);
    return CTL_OK;
}

static int help(void)
{
    fputs("dvcctl plugin - tools for those who write and keep procedures (plugins/README.md)\n\n",
          stdout);
    for (size_t i = 0; i < DVC_COUNT(subcommands); i++)
        (void)help_of(&subcommands[i]);
    return CTL_OK;
}

int ctl_plugin(struct ctl *ctl, int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return help();
    for (size_t i = 0; i < DVC_COUNT(subcommands); i++) {
        if (strcmp(argv[1], subcommands[i].name) != 0)
            continue;
        if (ctl_asks_help(argc - 1, argv + 1))
            return help_of(&subcommands[i]);
        optind = 1;
        return subcommands[i].run(ctl, argc - 1, argv + 1);
    }
    return ctl_misuse("unknown command 'plugin %s': see dvcctl plugin help", argv[1]);
}
