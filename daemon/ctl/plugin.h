/* plugin.h - the sub-commands of `dvcctl plugin`, see ctl_command.run: argv[0] is the sub-command's
 * name. A line each in plugin.c's table, a file plugin_<name>.c each. */
#ifndef DVC_CTL_PLUGIN_H
#define DVC_CTL_PLUGIN_H

#include "ctl/ctl.h"

int ctl_plugin_check(struct ctl *ctl, int argc, char **argv);
int ctl_plugin_diff(struct ctl *ctl, int argc, char **argv);
int ctl_plugin_graph(struct ctl *ctl, int argc, char **argv);
int ctl_plugin_import(struct ctl *ctl, int argc, char **argv);
int ctl_plugin_migrate(struct ctl *ctl, int argc, char **argv);
int ctl_plugin_new(struct ctl *ctl, int argc, char **argv);
int ctl_plugin_schema(struct ctl *ctl, int argc, char **argv);
int ctl_plugin_simulate(struct ctl *ctl, int argc, char **argv);
int ctl_plugin_withdraw(struct ctl *ctl, int argc, char **argv);

#endif
